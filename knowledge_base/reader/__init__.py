"""The reader: a small neural model, trained here, that reads questions. It runs on a CPU in milliseconds.

``Encoder`` turns texts into vectors; ``Judge`` says how likely a candidate answers; ``Noticer`` reads danger and route;
``TurnReader`` says how a turn belongs to the one before. Importing does no work; ``Reader.open`` reads the files once.
"""
