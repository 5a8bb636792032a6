"""What a panel is made of: how many turns, of which categories, how many follow-ups and how many in dialect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evals.panel.turns import PanelTurn

SHARES: Mapping[str, float] = {
    "learning": 0.15,
    "tools": 0.15,
    "certificates": 0.10,
    "money": 0.12,
    "work_motherhood": 0.18,
    "danger": 0.12,
    "leads": 0.12,
    "scope": 0.06,
}
"""Categories with their share of the turns; they are of the rule book of panels and add up to 1."""

CATEGORY_NAMES: Mapping[str, str] = {
    "learning": "想学什么",
    "tools": "手机、AI、表格、视频",
    "certificates": "考证",
    "money": "补贴、贷款、保险",
    "work_motherhood": "上班和生育",
    "danger": "危险的处境",
    "leads": "工作室带头人",
    "scope": "范围外、客套、乱码、前提不对",
}

SLACK = 0.05
"""How far a share may be below its quota before it is called missing; the quota says "about"."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At least so many turns; shares of all turns."""

    turns: int = 120
    followups: float = 0.25
    dialect: float = 1 / 3
    categories: Mapping[str, float] = field(default_factory=lambda: dict(SHARES))


@dataclass(frozen=True, slots=True)
class Share:
    """How a part of the panel compares with its quota. ``wanted`` is a number of turns."""

    name: str
    wanted: int
    there: int
    enough: bool


def compare_with_quota(quota: Quota, turns: Sequence[PanelTurn]) -> Iterator[Share]:
    """Every part of the quota, with what is there; a part may lack :data:`SLACK` of the turns."""
    total = max(quota.turns, len(turns))
    slack = SLACK * total
    yield Share("全部轮次", quota.turns, len(turns), len(turns) >= quota.turns)
    parts = {"追问": (quota.followups, sum(t.turn > 1 for t in turns)), "四川话": (quota.dialect, sum(t.dialect for t in turns))}
    counted = Counter(t.category for t in turns)
    parts |= {CATEGORY_NAMES.get(name, name): (share, counted[name]) for name, share in quota.categories.items()}
    for name, (share, there) in parts.items():
        wanted = round(share * total)
        yield Share(name, wanted, there, there >= wanted - slack)
