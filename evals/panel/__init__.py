"""Panels: questions by writers who have seen nothing, asked turn by turn, and judged by people who read each answer whole."""
