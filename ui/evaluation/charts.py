"""Charts of the evaluator's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import altair as alt

LINE, INK = "#A32638", "#2A211E"


@dataclass(frozen=True, slots=True)
class Interval:
    """A named share with its interval."""

    name: str
    value: float
    low: float
    high: float


def interval_chart(intervals: Sequence[Interval], title: str) -> alt.LayerChart:
    """Points with their intervals, a line each, in the given order from the top."""
    names = [i.name for i in intervals]
    data = alt.InlineData(values=[asdict(i) for i in intervals])
    base = alt.Chart(data).encode(y=alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labelLimit=260)))
    bars = base.mark_rule(color=LINE, strokeWidth=2).encode(
        x=alt.X("low:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(zero=True)), x2="high:Q"
    )
    points = base.mark_point(color=LINE, filled=True, size=70, opacity=1).encode(x="value:Q")
    chart: alt.LayerChart = (bars + points).properties(height=26 * len(intervals))
    configured: alt.LayerChart = chart.configure_axis(labelColor=INK, titleColor=INK, labelFontSize=13)
    return configured
