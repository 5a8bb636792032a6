"""The HTTP interface: FastAPI over one :class:`~assistant.answering.Assistant`."""

from assistant.api.app import create_app

__all__ = ["create_app"]
