"""What the knowledge base has of regions, issuers, topics and years, for the filters to offer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from ui.client import Client, Filters

KEPT_SECONDS = 600
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Facets:
    """Values that occur, the most frequent first."""

    regions: list[str]
    issuers: list[str]
    topics: list[str]
    years: list[str]
    """Of taking effect or else of being issued; the newest first."""

    policies: dict[str, str]
    """Titles of policies by slug."""


def known_facets(client: Client) -> Facets:
    """What occurs in all documents; looked up anew every ten minutes."""
    return _facets_of(client.base_url, client)


@st.cache_data(ttl=KEPT_SECONDS, show_spinner=False)
def _facets_of(base_url: str, _client: Client) -> Facets:
    """``base_url`` names the cache entry; Streamlit leaves arguments with an underscore out of its key."""
    regions: Counter[str] = Counter()
    issuers: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    years: set[str] = set()
    policies: dict[str, str] = {}
    offset, total = 0, 1
    while offset < total:
        page = _client.documents(Filters(), limit=_BATCH, offset=offset)
        regions.update(item.region for item in page.items)
        issuers.update(item.issuer for item in page.items)
        topics.update(item.topic for item in page.items if item.kind == "policy")
        years |= {(item.effective or item.issued)[:4] for item in page.items if item.kind == "policy"}
        policies |= {item.slug: item.title for item in page.items if item.kind == "policy"}
        offset, total = offset + _BATCH, page.total
    return Facets(_by_frequency(regions), _by_frequency(issuers), _by_frequency(topics), sorted(years - {""}, reverse=True), policies)


def _by_frequency(counted: Counter[str]) -> list[str]:
    return [value for value, _ in counted.most_common() if value]
