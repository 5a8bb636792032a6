"""From files to the generation in use."""
