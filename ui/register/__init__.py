"""The register of documents: clauses, comparison, filters."""
