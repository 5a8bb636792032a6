"""Makes datasets by seeded functions: clause look-ups from the corpus, other ways of asking, attacks."""
