"""Text itself: normal form, numbers, clause numbers, likeness, YAML."""
