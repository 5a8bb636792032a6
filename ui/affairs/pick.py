"""Choosing one of many things in two taps: a group, then a thing of it. The address keeps what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import streamlit as st

from ui.markup import element_key, literal
from ui.wording import say


class Listed(Protocol):
    """Something to choose: a name for the address, a title for people, and the group it stands in."""

    @property
    def name(self) -> str:
        """The name in the address."""
        ...

    @property
    def title(self) -> str:
        """The title that people read."""
        ...

    @property
    def group(self) -> str:
        """The group that it stands in."""
        ...


_Thing = TypeVar("_Thing", bound=Listed)


def pick(things: Sequence[_Thing], parameter: str) -> _Thing | None:
    """Draw the groups and the things of the chosen one; the chosen thing, None while there is none."""
    named = {thing.name: thing for thing in things}
    given = named.get(st.query_params.get(parameter, ""))
    groups = list(dict.fromkeys(thing.group for thing in things))
    key = element_key("group", parameter)
    group = st.pills(say("affairs.group"), groups, default=_default(key, given.group if given else None), key=key)
    if group is None:
        st.info(say("affairs.choose"))
        return None
    fitting = [thing.name for thing in things if thing.group == group]
    chosen_key = element_key(parameter, groups.index(group))
    chosen = st.pills(
        say("affairs.which"),
        fitting,
        default=_default(chosen_key, given.name if given and given.name in fitting else fitting[0] if len(fitting) == 1 else None),
        format_func=lambda name: literal(named[name].title),
        key=chosen_key,
    )
    if chosen is None:
        st.query_params.pop(parameter, None)
        return None
    st.query_params[parameter] = chosen
    return named[chosen]


def _default(key: str, value: str | None) -> str | None:
    """A default for a widget that has no value yet; Streamlit takes none beside a value of its own."""
    return value if key not in st.session_state else None
