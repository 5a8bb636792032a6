"""The HTTP interface: FastAPI over one :class:`~assistant.answering.Assistant`."""

from assistant.api.app import create_app
from assistant.api.plugins import discover_routers

__all__ = ["create_app", "discover_routers"]
