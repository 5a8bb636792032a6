"""The reader: a small neural model, trained here, that reads questions. It runs on a CPU in milliseconds.

``Encoder`` turns texts into vectors; ``Judge`` says how likely a candidate answers; ``Noticer`` reads danger and route;
``TurnReader`` says how a turn belongs to the one before. Importing does no work; ``Reader.open`` reads the files once.
"""

from knowledge_base.reader.encoder import Encoder, Encodes
from knowledge_base.reader.judge import Candidate, Judge
from knowledge_base.reader.notices import Danger, Notice, Noticer
from knowledge_base.reader.reader import Reader
from knowledge_base.reader.turns import TurnReader, TurnReading

__all__ = ["Reader", "Encoder", "Encodes", "Judge", "Candidate", "Noticer", "Notice", "Danger", "TurnReader", "TurnReading"]
