"""How much evidence is enough, chosen by cross-validation: both errors out of fold, the trade-off between them, and the thresholds.

A question is a point: the signals that its verdict rests on, and whether the knowledge base holds an answer. How sure an answer is, is
fitted by logistic regression on three signals; where to draw the line, on the training folds alone. Partly answerable questions are left
out: both verdicts are right for them.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # scikit-learn ships no types
from sklearn.model_selection import StratifiedKFold

from assistant.answering import Assistant
from assistant.judging.passage_view import PassageView
from assistant.judging.verdict import NEARLY_ALL, Evidence, Signals, Thresholds, Weigh, decide, read_signals
from assistant.types import Verdict
from assistant.understanding.needs import QuestionNeeds
from assistant.wiring import Parts
from evals.metrics.intervals import Estimate, share
from evals.samples import Expected, load_named
from evals.suites import LABELLED_ON
from evals.targets import InProcessTarget

DATASETS = ("dev", "multi_turn", "time_place", "near_miss", "plain", "routing", "asked_anew")
"""Questions that the thresholds are chosen on; of ``routing`` those that are searched for."""

ONE_SIDED = ("asked_anew",)
"""Datasets that hold answerable questions alone: how sure an answer is, is not fitted on them, else their manner (long, in other words)
would pass for evidence. They count where refusals do."""

OTHER_SUBJECTS = ("别的事", "超出范围")
"""Slices with questions about something else altogether: not even the nearest passages should be shown as an answer."""

FOLDS = 10
SEED = 20261123
MOST_OUTRIGHT = 0.07
"""Share of the unanswerable training questions that may be answered without reservation; the target out of fold is 0.10."""

MOST_REFUSED = 0.015
"""Share of the answerable training questions that may be refused; the target is 0.06, and the same questions in other wordings
(``perturbations``) are refused about three times as often."""

_RELATED = (4.0, 4.5, 5.0, 5.5, 6.0)
_RELATED_FEW = (2.5, 3.0, 3.5, 4.0)
_RELATED_SHARE = (0.4, 0.45, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Point:
    """A question with the signals that its verdict rests on."""

    sample_id: str
    group: str
    answerable: bool
    signals: Signals

    @property
    def other_subject(self) -> bool:
        """Whether the question is about something else altogether."""
        return self.group.endswith(OTHER_SUBJECTS)


@dataclass(frozen=True, slots=True)
class Errors:
    """Both errors, and the reservation between them."""

    outright: Estimate
    """Unanswerable questions answered without reservation."""
    shown: Estimate
    """Questions about other subjects for which anything was shown as an answer."""
    refused: Estimate
    """Answerable questions that got no answer."""
    reserved: Estimate
    """Answerable questions answered with reservation."""


@dataclass(frozen=True)
class Calibration:
    """Thresholds chosen on all points, the verdicts out of fold, and the trade-off out of fold (one row a bar)."""

    thresholds: Thresholds
    points: tuple[Point, ...]
    verdicts: tuple[Verdict, ...]
    errors: Errors
    in_sample: Errors
    of_group: Mapping[str, Errors]
    curve: tuple[tuple[float, float], ...]
    """(answerable not answered outright, unanswerable answered outright) for every bar on how sure an answer is."""
    curve_of_shared: tuple[tuple[float, float], ...]
    """The same for a bar on shared information alone."""


class _Recorder:
    """Judges as the assistant does, and keeps the signals of the last question."""

    def __init__(self) -> None:
        self._signals: Signals | None = None
        self._judge: Weigh | None = None

    def over(self, judge: Weigh) -> Weigh:
        """This recorder, judging as another judge does."""
        self._judge = judge
        return self

    def take(self) -> Signals | None:
        """The signals of the last question; None when no threshold judged it."""
        taken, self._signals = self._signals, None
        return taken

    def __call__(
        self, needs: QuestionNeeds, passages: Sequence[PassageView], statements: Sequence[PassageView], *, exact: bool = False
    ) -> Evidence:
        assert self._judge is not None  # set by ``over`` before the first question
        self._signals = read_signals(needs, passages, statements) if passages and not exact else None
        return self._judge(needs, passages, statements, exact=exact)


def collect_points(data_dir: Path, *, progress: Callable[[int, int], None] = lambda *_: None) -> list[Point]:
    """The points of the shipped datasets; questions that are routed or name a clause are judged by no threshold and left out."""
    recorder = _Recorder()

    def recording(parts: Parts) -> Assistant:
        return replace(parts.assistant, weigh=recorder.over(parts.assistant.weigh))

    target = InProcessTarget(data_dir, adjust=recording)
    samples = [s for d in load_named(DATASETS) for s in d.samples if s.expected in (Expected.ANSWER, Expected.ABSTAIN)]
    points: list[Point] = []
    for done, sample in enumerate(samples, 1):
        target.reply(replace(sample, as_of=sample.as_of or LABELLED_ON))
        if signals := recorder.take():
            group = f"{sample.dataset}·{sample.slice}" if sample.dataset in ("near_miss", "routing") else sample.dataset
            points.append(Point(sample.sample_id, group, sample.answerable, signals))
        progress(done, len(samples))
    target.close()
    return points


def calibrate(points: Sequence[Point]) -> Calibration:
    """Thresholds for the points, with the errors that thresholds chosen without a question make on it."""
    labels = np.array([p.answerable for p in points])
    verdicts: list[Verdict] = [Verdict.ABSTAINED] * len(points)
    sure = np.zeros(len(points))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(np.zeros((len(points), 1)), labels):
        chosen = choose_thresholds([points[i] for i in train])
        for i in test:
            verdicts[i] = decide(points[i].signals, chosen)
            sure[i] = _bar_of(points[i].signals, chosen)
    chosen = choose_thresholds(points)
    groups: dict[str, list[int]] = defaultdict(list)
    for i, point in enumerate(points):
        groups[point.group].append(i)
    shared = np.array([p.signals.shared for p in points])
    return Calibration(
        chosen,
        tuple(points),
        tuple(verdicts),
        errors_of(points, verdicts),
        errors_of(points, [decide(p.signals, chosen) for p in points]),
        {name: errors_of([points[i] for i in of], [verdicts[i] for i in of]) for name, of in sorted(groups.items())},
        tuple(trade_off(sure, labels)),
        tuple(trade_off(shared, labels)),
    )


def choose_thresholds(points: Sequence[Point]) -> Thresholds:
    """The thresholds that reserve least among those that keep to :data:`MOST_OUTRIGHT` and :data:`MOST_REFUSED` on the points."""
    fitted = _fit([p for p in points if p.group not in ONE_SIDED and not p.signals.missing and not p.signals.elsewhere])
    related = _choose_related(points, fitted)
    unsure = [related.sure(p.signals) for p in points if not p.answerable and _stands_or_falls(p.signals, related)]
    unanswerable = sum(not p.answerable for p in points)
    anyway = sum(not p.answerable and decide(p.signals, replace(related, constant=-1e9)) is Verdict.ANSWERED for p in points)
    allowed = max(0, int(MOST_OUTRIGHT * unanswerable) - anyway)
    ranked = sorted(unsure, reverse=True)
    bar = ranked[allowed] + 1e-6 if len(ranked) > allowed else min(ranked, default=0.0) - 1.0
    return replace(related, constant=math.floor(1000 * (related.constant - bar)) / 1000)


def _fit(points: Sequence[Point]) -> Thresholds:
    features = np.array([_features(p.signals) for p in points])
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features, [p.answerable for p in points])
    passage, focus, weight = (round(float(c), 3) for c in model.coef_[0])
    return Thresholds(0.0, 0.0, 0.0, round(float(model.intercept_[0]), 3), passage, focus, weight)


def _features(signals: Signals) -> list[float]:
    return [signals.passage, signals.focus, float(np.log(max(1.0, signals.weight)))]


def _choose_related(points: Sequence[Point], fitted: Thresholds) -> Thresholds:
    """The bars on shared information: least shown of other subjects, where refusals keep to :data:`MOST_REFUSED`; else fewest refusals."""
    grid = [
        replace(fitted, related=r, related_few=f, related_share=s) for r, f, s in itertools.product(_RELATED, _RELATED_FEW, _RELATED_SHARE)
    ]

    def cost(thresholds: Thresholds) -> tuple[bool, float]:
        verdicts = [decide(p.signals, thresholds) for p in points]
        errors = errors_of(points, verdicts)
        refused, shown = errors.refused.value or 0.0, errors.shown.value or 0.0
        return (refused > MOST_REFUSED, refused if refused > MOST_REFUSED else shown + refused)

    return min(grid, key=cost)


def _stands_or_falls(signals: Signals, thresholds: Thresholds) -> bool:
    """Whether how sure an answer is decides the verdict: nothing else reserves or refuses it."""
    return decide(signals, replace(thresholds, constant=1e9)) is not decide(signals, replace(thresholds, constant=-1e9))


def _bar_of(signals: Signals, thresholds: Thresholds) -> float:
    """How sure an answer is where that decides; else it lies above or below every bar."""
    if _stands_or_falls(signals, thresholds):
        return thresholds.sure(signals)
    return 1e6 if decide(signals, thresholds) is Verdict.ANSWERED else -1e6


def errors_of(points: Sequence[Point], verdicts: Sequence[Verdict]) -> Errors:
    """Both errors of verdicts on points."""
    pairs = list(zip(points, verdicts, strict=True))
    return Errors(
        outright=share([v is Verdict.ANSWERED for p, v in pairs if not p.answerable]),
        shown=share([v is not Verdict.ABSTAINED for p, v in pairs if p.other_subject]),
        refused=share([v is Verdict.ABSTAINED for p, v in pairs if p.answerable]),
        reserved=share([v is Verdict.PARTIAL for p, v in pairs if p.answerable]),
    )


def trade_off(
    sure: np.ndarray[tuple[int], np.dtype[np.float64]], labels: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[tuple[float, float]]:
    """(answerable below a bar, unanswerable at or above it), for every bar between two values, lowest first."""
    for bar in [*np.unique(sure), float(sure.max()) + 1.0]:
        yield float((sure[labels] < bar).mean()), float((sure[~labels] >= bar).mean())


def render_calibration(calibration: Calibration) -> str:
    """A calibration as Markdown."""
    errors, fitted = calibration.errors, calibration.in_sample
    answerable = sum(p.answerable for p in calibration.points)
    lines = [
        "# 多少依据才算够",
        "",
        f"由 `python -m evals calibrate --write` 生成。{len(calibration.points)} 题：可答 {answerable}，",
        f"库里没有 {len(calibration.points) - answerable}；{FOLDS} 折交叉验证，每一题的结论都由没有见过它的折选定的门槛给出。",
        "题目是开发题：所看的信号是看着其中一些题想出来的，对外面的题要打折扣看。",
        "",
        "![两种错误的此消彼长](tradeoff.svg)",
        "",
        "| 错误 | 折外 | 同题选门槛（偏乐观） |",
        "|---|---|---|",
        f"| 库里没有，却毫无保留地作答 | {errors.outright} | {fitted.outright} |",
        f"| 问的是别的事，却拿出内容来 | {errors.shown} | {fitted.shown} |",
        f"| 库里有，却说没有（误拒） | {errors.refused} | {fitted.refused} |",
        f"| 库里有，作答但有保留 | {errors.reserved} | {fitted.reserved} |",
        "",
        "| 题 | 没有却直接答 | 误拒 | 有保留 |",
        "|---|---|---|---|",
        *(f"| {name} | {e.outright} | {e.refused} | {e.reserved} |" for name, e in calibration.of_group.items()),
        "",
        "门槛（`assistant/texts/evidence.yaml`）：",
        "",
        "| 名字 | 值 |",
        "|---|---|",
        *(f"| `{name}` | {value:g} |" for name, value in asdict(calibration.thresholds).items()),
        "",
        "缺了所问的那一样（年份、地点、等级、数目……），不论分数都有保留；共享信息不到 `related` 时，段落至少要含问题的 "
        f"{NEARLY_ALL:.0%} 才能毫无保留。",
        "",
    ]
    return "\n".join(lines)


def render_thresholds(thresholds: Thresholds) -> str:
    """The data file of thresholds."""
    head = (
        "# 多少依据才算够（见 assistant/judging/verdict.py）。"
        "由 python -m evals calibrate --write 用交叉验证选定，不要手改。\nthresholds:\n"
    )
    return head + "".join(f"  {name}: {value:g}\n" for name, value in asdict(thresholds).items())
