"""Routes that other packages bring along: entry points of the group ``assistant.routers``, each naming an ``APIRouter``."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points

from fastapi import APIRouter

logger = logging.getLogger(__name__)

GROUP = "assistant.routers"


def discover_routers() -> tuple[APIRouter, ...]:
    """The routers of installed packages, by name. One that cannot be loaded is logged and left out: answering goes first."""
    routers = []
    for found in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            router = found.load()
        except (ImportError, AttributeError) as exc:
            logger.warning("the routes %s (%s) are left out: %s", found.name, found.value, exc)
            continue
        if isinstance(router, APIRouter):
            routers.append(router)
        else:
            logger.warning("the routes %s (%s) are left out: no APIRouter", found.name, found.value)
    return tuple(routers)
