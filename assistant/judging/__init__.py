"""Whether what was found answers what was asked."""
