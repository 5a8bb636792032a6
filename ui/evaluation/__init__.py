"""The evaluator's pages."""
