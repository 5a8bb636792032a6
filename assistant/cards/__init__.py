"""Cards beside an answer: composed from fields of the knowledge base, never generated.

A card comes where a question asks for what it shows: what to know before applying (``checklist``), what to learn in which order
(``paths``), cases like one's own (``studios``), two rules or things beside each other (``comparison``). Every field is whole
statements with their places in a passage, or says that no source states it. ``texts/cards.yaml`` says which question asks for which
card, and how a text states a field.
"""

from assistant.cards.making import MOST_CARDS, CardMaker

__all__ = ["MOST_CARDS", "CardMaker"]
