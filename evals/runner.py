"""Samples to rows: every sample gives one, whatever happens."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from evals.judging import Judge
from evals.rows import Row
from evals.samples import Sample
from evals.targets import Reply, Target

logger = logging.getLogger(__name__)

_LONGEST_ERROR = 300


def run_samples(
    samples: Sequence[Sample], target: Target, judge: Judge, *, progress: Callable[[int, int], None] = lambda *_: None
) -> Iterator[Row]:
    """Rows in the order of the samples, each as soon as it and those before it are there."""

    def one(sample: Sample) -> Row:
        return judge.judge(sample, _reply(sample, target))

    if target.threads == 1:
        for done, sample in enumerate(samples, 1):
            yield one(sample)
            progress(done, len(samples))
        return
    with ThreadPoolExecutor(target.threads) as pool:
        for done, row in enumerate(pool.map(one, samples), 1):
            yield row
            progress(done, len(samples))


def _reply(sample: Sample, target: Target) -> Reply:
    begun = time.perf_counter()
    try:
        return target.reply(sample)
    except Exception as exc:  # noqa: BLE001 - the outermost edge: whatever fails is a row that counts as wrong
        logger.warning("sample %s failed: %s", sample.sample_id, type(exc).__name__)
        return Reply(None, ms=1000 * (time.perf_counter() - begun), error=f"{type(exc).__name__}: {exc}"[:_LONGEST_ERROR])
