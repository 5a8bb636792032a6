"""Whether every statement stands in what it cites."""
