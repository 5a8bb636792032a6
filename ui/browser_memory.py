"""What the reader's own browser keeps for her: what she learned, saved and asked. It is never sent to the API.

Streamlit runs on the server, so a small component reads the browser's storage once and writes to it when a page says so.
Three lists are kept; each maps an id to a title.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

ListName = Literal["learned", "saved", "talks"]

MOST_ENTRIES = 50
"""Entries a list keeps; the oldest go first."""

_STATE = "browser-memory"
_NAMES: tuple[ListName, ...] = ("learned", "saved", "talks")

_SCRIPT = """
const NAME = "women-workers-assistant";
const read = () => {
  try { return JSON.parse(localStorage.getItem(NAME)) || {}; } catch { return {}; }
};
export default function ({ data, setStateValue }) {
  const seen = (window.assistantMemory ??= {});
  const kept = read();
  for (const change of data.changes) {
    if (change.number <= (seen[data.session] ?? 0)) continue;
    seen[data.session] = change.number;
    const others = (Array.isArray(kept[change.list]) ? kept[change.list] : []).filter((entry) => entry && entry[0] !== change.id);
    kept[change.list] = change.title === null ? others : [...others, [change.id, change.title]].slice(-data.most);
  }
  try { if (data.changes.length) localStorage.setItem(NAME, JSON.stringify(kept)); } catch { /* storage is switched off */ }
  if (!data.known) setStateValue("kept", JSON.stringify(kept));
}
"""

_component = st.components.v2.component("browser_memory", js=_SCRIPT)


@dataclass(slots=True)
class _Memory:
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    known: bool = False
    changes: list[dict[str, object]] = field(default_factory=list)
    lists: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in _NAMES})

    def change(self, name: str, entry_id: str, title: str | None) -> None:
        """Put an entry at the end of a list, or take it out when ``title`` is None."""
        self.lists[name].pop(entry_id, None)
        if title is not None:
            self.lists[name][entry_id] = title
            for oldest in list(self.lists[name])[:-MOST_ENTRIES]:
                del self.lists[name][oldest]


def exchange_with_browser() -> None:
    """Learn what the browser keeps, once a session, and hand it what changed. Call it once a run, before the page is drawn."""
    memory = _memory()
    told = _component(
        key="memory",
        data={"session": memory.session, "known": memory.known, "changes": memory.changes, "most": MOST_ENTRIES},
        default={"kept": None},
        on_kept_change=lambda: None,
    )
    if not memory.known and told.kept:
        memory.known = True
        for name, entries in _entries_of(str(told.kept)).items():
            memory.lists[name] = entries
        for change in memory.changes:
            title = change["title"]
            memory.change(str(change["list"]), str(change["id"]), None if title is None else str(title))


def browser_has_told() -> bool:
    """Whether the browser has told what it keeps."""
    return _memory().known


def remembered(name: ListName) -> Mapping[str, str]:
    """Titles of a list by id, oldest first; empty until the browser has told."""
    return _memory().lists[name]


def remember(name: ListName, entry_id: str, title: str = "") -> None:
    """Put an entry at the end of a list; one that is there with this title stays where it is."""
    if remembered(name).get(entry_id) != title:
        _note(name, entry_id, title)


def forget(name: ListName, entry_id: str) -> None:
    """Take an entry out of a list."""
    if entry_id in remembered(name):
        _note(name, entry_id, None)


def _note(name: ListName, entry_id: str, title: str | None) -> None:
    memory = _memory()
    memory.change(name, entry_id, title)
    memory.changes.append({"number": len(memory.changes) + 1, "list": name, "id": entry_id, "title": title})


def _memory() -> _Memory:
    memory: _Memory = st.session_state.setdefault(_STATE, _Memory())
    return memory


def _entries_of(kept: str) -> dict[str, dict[str, str]]:
    """The lists in what a browser sent, which may be anything; what has not the form of an entry is left out."""
    try:
        told = json.loads(kept)
    except ValueError:
        return {}
    found: dict[str, dict[str, str]] = {}
    for name in _NAMES:
        entries = told.get(name) if isinstance(told, dict) else None
        found[name] = {
            entry[0]: entry[1]
            for entry in (entries if isinstance(entries, list) else [])
            if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) and len(part) <= 200 for part in entry)
        }
    return found
