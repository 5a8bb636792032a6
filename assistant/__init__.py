"""One grounded answer: from a question to sentences that the knowledge base carries."""
