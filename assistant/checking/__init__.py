"""Whether every statement is supported by what it cites."""
