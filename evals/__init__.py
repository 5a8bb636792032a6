"""Measures answers and rankings, compares runs and gates changes. Looks on: nothing of the product imports it."""
