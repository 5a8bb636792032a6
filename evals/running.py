"""A plan carried out: targets asked, rows kept as they come, a summary at the end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from evals.judging import Judge
from evals.rows import Row, dump_row
from evals.run_folder import RUNS, Run, RunFolder, describe_run, save_systems
from evals.runner import run_samples
from evals.suites import POISON, Plan
from evals.summary import Summary
from evals.targets import InProcessTarget, Target, connect

TargetMaker = Callable[[Path, tuple[Path, ...]], Target]
"""Makes a target from a folder for its index and documents to ingest beside the corpus."""


def make_product(data_dir: Path, extra: tuple[Path, ...]) -> Target:
    """The product in this process."""
    return InProcessTarget(data_dir, extra=extra)


def run_plan(
    plan: Plan,
    folder: RunFolder,
    judge: Judge,
    *,
    make: TargetMaker = make_product,
    url: str = "",
    index: Path = RUNS / "index",
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Run:
    """Ask every sample of a plan that the folder has no row of yet.

    A running service is not given poisoned documents: those samples are left out for a ``url``.

    Raises:
        TargetError: the target cannot be built or reached.
        RunError: the folder holds a run of other data.
    """
    with ExitStack() as stack:
        target: Target = stack.enter_context(closing(connect(url) if url else make(index / "plain", ())))
        groups = [(target, plan.samples)]
        if plan.poisoned and not url:
            groups.append((stack.enter_context(closing(make(index / "poisoned", (POISON,)))), plan.poisoned))
        total = sum(len(samples) for _, samples in groups)
        config = describe_run(plan.suite, target.name, target.describe(), plan.datasets, total, plan.asked_on)
        rows = folder.begin(config)
        done = {row.sample_id for row in rows}
        progress(len(done), total)
        with folder.appending() as file:
            for asked, samples in groups:
                for row in run_samples([s for s in samples if s.sample_id not in done], asked, judge):
                    file.write(dump_row(row) + "\n")
                    file.flush()
                    rows.append(row)
                    progress(len(rows), total)
    ordered = _in_order(rows, plan)
    return Run(folder.path.name, config, ordered, folder.finish(ordered))


def run_systems(
    plan: Plan, folder: Path, judge: Judge, *, index: Path = RUNS / "index", progress: Callable[[int, int], None] = lambda *_: None
) -> dict[str, Summary]:
    """Ask a plan of every system of the baseline table; a run folder a system, and ``systems.json`` with their summaries."""
    from evals.baselines import build_baselines  # LangChain and Chroma's wrapper: only where they are compared with

    summaries = {}
    makers = build_baselines(index)
    for number, (name, make) in enumerate(makers.items(), 1):
        run = run_plan(plan, RunFolder(folder / f"{number}"), judge, make=lambda _, __, made=make: made(), progress=progress)  # type: ignore[misc]
        summaries[name] = run.summary
    save_systems(summaries, folder / "systems.json")
    return summaries


def _in_order(rows: list[Row], plan: Plan) -> tuple[Row, ...]:
    """Rows in the plan's order, whatever order a resumed run left them in."""
    order = {s.sample_id: i for i, s in enumerate((*plan.samples, *plan.poisoned))}
    return tuple(sorted(rows, key=lambda row: order.get(row.sample_id, len(order))))
