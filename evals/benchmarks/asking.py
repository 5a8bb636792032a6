"""How long a running service takes to answer: ``python -m evals.benchmarks.asking --url http://127.0.0.1:8000``.

Asks the development questions over HTTP, in order and round again up to ``--asks``, with ``--clients`` at once, and prints the
latency percentiles, the throughput and, given ``--pid``, the resident memory of the process. Latencies are milliseconds from
sending to the whole answer; compare them as ratios on one machine, not across machines.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import httpx

QUESTIONS = Path(__file__).parents[1] / "datasets" / "dev.jsonl"


def ask_all(url: str, questions: list[str], clients: int) -> tuple[list[float], float]:
    """Milliseconds of each ask, in order, and seconds for all of them.

    Raises:
        httpx.HTTPError: an ask failed; a benchmark of failures says nothing.
    """
    with httpx.Client(base_url=url, timeout=60) as client:

        def one(question: str) -> float:
            begun = time.perf_counter()
            client.post("/v1/ask", json={"question": question}).raise_for_status()
            return 1000 * (time.perf_counter() - begun)

        one(questions[0])  # the first answer opens files and loads dictionaries; it is measured on its own elsewhere
        begun = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            times = list(pool.map(one, questions))
        return times, time.perf_counter() - begun


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise ValueError(f"process {pid} tells no resident memory")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--asks", type=int, default=200)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--pid", type=int)
    args = parser.parse_args()
    texts = [json.loads(line)["text"] for line in args.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = list(islice(cycle(texts), args.asks))
    print("clients  n    p50 ms  p95 ms  max ms  answers/s")  # noqa: T201
    for clients in args.clients:
        times, seconds = ask_all(args.url, questions, clients)
        cuts = statistics.quantiles(times, n=20)
        figures = f"{statistics.median(times):<7.1f} {cuts[18]:<7.1f} {max(times):<7.1f} {len(times) / seconds:.0f}"
        print(f"{clients:<8} {len(times):<4} {figures}")  # noqa: T201
    if args.pid:
        print(f"resident memory: {resident_megabytes(args.pid):.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
