"""Editors' tools: checks, catalogue, glossary, learning paths, quizzes."""
