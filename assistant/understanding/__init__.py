"""What is asked: the text as meant, the turn it belongs to, its period, its length, its danger."""
