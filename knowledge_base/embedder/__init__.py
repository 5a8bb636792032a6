"""The built-in embedding and its weights."""
