"""The shapes that leave the process; no FastAPI, so that the pages import them too."""
