"""What we know and how it is found. Knows no language model, no HTTP and no screen."""
