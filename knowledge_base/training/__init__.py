"""Makes the small models: the embedder, and the reader from base weights to shipped files. Nothing that serves imports it.

Training the reader needs the extra ``training``.
"""
