"""From candidates to the lines of an answer."""
