"""Makes the small models; imported by nothing that serves."""
