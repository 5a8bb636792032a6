"""Metrics: pure functions from judged rows and rankings to values with n and an interval."""
