"""Fixed phrases and word lists, and what reads them."""
