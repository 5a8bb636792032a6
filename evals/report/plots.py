"""Plots of a run as SVG, drawn by Vega-Lite (altair) without a browser. Colours are told apart in grey too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import altair as alt
import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # pandas ships no types

from evals.calibration import Calibration
from evals.metrics.answers import verdict_confusion
from evals.metrics.intervals import Estimate
from evals.rows import Row

_BLUE, _ORANGE, _GREY = "#1f5f8b", "#c8553d", "#8a8f98"
_FONT = "Noto Sans CJK SC, Noto Serif CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
_VERDICTS = ("answered", "partial", "clarify", "abstained", "referred", "refused", "error")
_EXPECTED = ("answer", "partial", "abstain", "refer", "refuse")


def plot_estimates(estimates: Mapping[str, Estimate], title: str, *, low: float = 0.0, high: float = 1.0) -> str:
    """Values with their intervals, one a line, worst first; "" when there are none."""
    known = sorted((e.value, f"{name}（n={e.n}）", e.low, e.high) for name, e in estimates.items() if e.value is not None)
    if not known:
        return ""
    rows = pd.DataFrame(known, columns=["值", "名称", "低", "高"])
    y = alt.Y("名称:N", sort=list(rows["名称"]), title=None, axis=alt.Axis(labelLimit=320))
    scale = alt.Scale(domain=[low, high])
    base = alt.Chart(rows)
    line = base.mark_rule(color=_BLUE, strokeWidth=2).encode(x=alt.X("低:Q", scale=scale, title=title), x2="高:Q", y=y)
    point = base.mark_point(color=_BLUE, filled=True, size=60, opacity=1).encode(x=alt.X("值:Q", scale=scale), y=y)
    return _svg(alt.layer(line, point), width=420, height=18 * len(rows) + 10)


def plot_confusion(rows: Sequence[Row]) -> str:
    """Counts by what was expected (rows) and verdict (columns)."""
    table = verdict_confusion(rows)
    cells = [(e, v, table[e].get(v, 0)) for e in _EXPECTED if e in table for v in _VERDICTS]
    if not cells:
        return ""
    most = max(count for _, _, count in cells)
    base = alt.Chart(pd.DataFrame(cells, columns=["应当", "实际", "题数"])).encode(
        x=alt.X("实际:N", sort=list(_VERDICTS), title="实际结论", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("应当:N", sort=list(_EXPECTED), title="应当"),
    )
    fill = base.mark_rect().encode(
        color=alt.Color("题数:Q", scale=alt.Scale(range=["#ffffff", _BLUE], type="sqrt", interpolate="rgb"), legend=None)
    )
    text = base.mark_text(fontSize=13).encode(
        text="题数:Q", color=alt.condition(alt.datum["题数"] > most / 3, alt.value("white"), alt.value("#222"))
    )
    return _svg(alt.layer(fill, text), width=480, height=34 * len(table))


def plot_tradeoff(rows: Sequence[Row]) -> str:
    """Abstention trade-off: what a bar on the best retrieval score alone would give, and where the system stands.

    Across: answerable questions wrongly withheld; up: unanswerable ones answered. Nearer to the lower left is better.
    """
    scored = [r for r in rows if r.best_score is not None and not r.error]
    answerable = np.array([r.best_score for r in scored if r.answerable], dtype=np.float64)
    unanswerable = np.array([r.best_score for r in scored if r.expected == "abstain"], dtype=np.float64)
    if not len(answerable) or not len(unanswerable):
        return ""
    bars = np.unique(np.quantile(np.concatenate([answerable, unanswerable]), np.linspace(0, 1, 60)))
    curve = pd.DataFrame(
        [{"误拒": float((answerable < b).mean()), "误答": float((unanswerable >= b).mean()), "次序": i} for i, b in enumerate(bars)]
    )
    withheld = [r.verdict in ("abstained", "referred", "refused", "clarify") for r in scored if r.answerable]
    answered = [not r.right for r in scored if r.expected == "abstain"]
    here = pd.DataFrame([{"误拒": float(np.mean(withheld)), "误答": float(np.mean(answered)), "名": "本系统"}])
    x = alt.X("误拒:Q", scale=alt.Scale(domain=[0, 1]), title="可答却没有答（误拒）")
    y = alt.Y("误答:Q", scale=alt.Scale(domain=[0, 1]), title="没有却答了（误答）")
    line = alt.Chart(curve).mark_line(color=_GREY, strokeDash=[5, 3]).encode(x=x, y=y, order="次序:O")
    point = alt.Chart(here).mark_point(color=_ORANGE, filled=True, size=130, opacity=1, shape="diamond").encode(x=x, y=y)
    label = alt.Chart(here).mark_text(align="left", dx=10, dy=-6, color=_ORANGE, fontSize=13).encode(x=x, y=y, text="名:N")
    return _svg(alt.layer(line, point, label), width=340, height=280)


def plot_calibration(calibration: Calibration) -> str:
    """Both errors out of fold for every bar: across, answerable questions not answered outright; up, unanswerable ones that were."""
    names = ("所选的信号", "只看共享的信息量")
    curves = [
        {"保留": x, "误答": y, "次序": i, "门槛": name}
        for name, curve in zip(names, (calibration.curve, calibration.curve_of_shared), strict=True)
        for i, (x, y) in enumerate(curve)
    ]
    held = (calibration.errors.refused.value or 0.0) + (calibration.errors.reserved.value or 0.0)
    here = pd.DataFrame([{"保留": held, "误答": calibration.errors.outright.value or 0.0, "名": "所选的门槛"}])
    x = alt.X("保留:Q", scale=alt.Scale(domain=[0, 1]), title="可答却没有毫无保留地答")
    y = alt.Y("误答:Q", scale=alt.Scale(domain=[0, 1]), title="没有却毫无保留地答")
    line = (
        alt.Chart(pd.DataFrame(curves))
        .mark_line()
        .encode(
            x=x,
            y=y,
            order="次序:O",
            color=alt.Color(
                "门槛:N", scale=alt.Scale(domain=list(names), range=[_BLUE, _GREY]), legend=alt.Legend(orient="bottom", title=None)
            ),
            strokeDash=alt.StrokeDash("门槛:N", legend=None, scale=alt.Scale(domain=list(names), range=[[1, 0], [5, 3]])),
        )
    )
    point = alt.Chart(here).mark_point(color=_ORANGE, filled=True, size=130, opacity=1, shape="diamond").encode(x=x, y=y)
    label = alt.Chart(here).mark_text(align="left", dx=10, dy=-6, color=_ORANGE, fontSize=13).encode(x=x, y=y, text="名:N")
    return _svg(alt.layer(line, point, label), width=340, height=280)


def plot_latency(rows: Sequence[Row]) -> str:
    """Histogram of milliseconds to the whole answer; the slowest hundredth is drawn in the last bar."""
    times = [r.ms for r in rows if r.ms is not None and not r.error]
    if not times:
        return ""
    shown = np.minimum(times, np.quantile(times, 0.99))
    chart = (
        alt.Chart(pd.DataFrame({"毫秒": shown}))
        .mark_bar(color=_BLUE)
        .encode(x=alt.X("毫秒:Q", bin=alt.Bin(maxbins=40), title="毫秒（整句答完）"), y=alt.Y("count()", title="题数"))
    )
    return _svg(chart, width=420, height=220)


def can_draw() -> bool:
    """Whether the library that draws is installed; it is large, and a service does without."""
    return find_spec("vl_convert") is not None


def plot_growth(points: Sequence[tuple[int, float, float]]) -> str:
    """Milliseconds a query (median and 95th percentile) over the number of passages, both on logarithmic axes."""
    rows = [{"段落数": n, "毫秒": ms, "名称": name} for n, p50, p95 in points for name, ms in (("中位数", p50), ("95 百分位", p95))]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("段落数:Q", scale=alt.Scale(type="log")),
        y=alt.Y("毫秒:Q", scale=alt.Scale(type="log"), title="毫秒（一次检索）"),
        color=alt.Color("名称:N", scale=alt.Scale(range=[_ORANGE, _BLUE]), title=None),
    )
    return _svg(alt.layer(base.mark_line(), base.mark_point(filled=True, size=60, opacity=1)), width=420, height=240)


def _svg(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, width: int, height: int) -> str:
    import vl_convert

    specification = chart.to_dict()
    specification |= {"width": width, "height": height, "background": "transparent"}
    specification["config"] = {"font": _FONT, "view": {"stroke": None}}
    return str(vl_convert.vegalite_to_svg(json.dumps(specification)))
