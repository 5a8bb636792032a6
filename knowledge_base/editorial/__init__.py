"""The editors' tools: checks, catalogue, glossary, learning paths, quizzes."""
