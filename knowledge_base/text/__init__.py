"""Text itself: normal form, numbers, clause numbers, similarity, YAML."""
