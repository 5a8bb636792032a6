"""Make the reader's small model: base weights, vocabulary, data, training, export and calibration.

Nothing that serves imports this package. It needs the extra ``training``.
"""
