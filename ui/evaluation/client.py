"""The evaluator's routes as typed calls, with her key. Failures are those of :mod:`ui.client`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.wire.evaluation_schemas import (
    DatasetList,
    DatasetOut,
    DownloadFormat,
    JudgementRequest,
    PanelList,
    PanelResultsOut,
    PanelTurnList,
    PanelTurnOut,
    RemarkOut,
    RemarkRequest,
    RowList,
    RowOut,
    RunComparisonOut,
    RunList,
    RunOut,
    RunSummary,
    TemplateFormat,
)
from ui.client import Client, read_as


@dataclass(frozen=True, slots=True)
class RowFilters:
    """What rows must fit. Empty means any."""

    wrong: bool = False
    noted: bool = False
    group: str = ""
    expected: str = ""
    verdict: str = ""
    words: str = ""

    def parameters(self) -> dict[str, str]:
        """Query parameters, without the empty ones."""
        named = {
            "wrong": "true" if self.wrong else "",
            "noted": "true" if self.noted else "",
            "group": self.group,
            "expected": self.expected,
            "verdict": self.verdict,
            "q": self.words,
        }
        return {name: value for name, value in named.items() if value}


class EvaluationClient(Client):
    """The API as the holder of an evaluator's key uses it."""

    def runs(self) -> RunList:
        """Runs, the newest first, the committed baseline last."""
        return self._get(RunList, "/v1/evals/runs")

    def run(self, name: str) -> RunOut:
        """The figures of a run."""
        return self._get(RunOut, f"/v1/evals/runs/{name}")

    def progress(self, name: str) -> RunSummary:
        """How far a run is."""
        return self._get(RunSummary, f"/v1/evals/runs/{name}/progress")

    def rows(self, name: str, filters: RowFilters, *, limit: int, offset: int = 0) -> RowList:
        """A page of the rows that fit."""
        return self._get(RowList, f"/v1/evals/runs/{name}/rows", {"limit": str(limit), "offset": str(offset), **filters.parameters()})

    def row(self, name: str, number: int) -> RowOut:
        """A question with its answer in full."""
        return self._get(RowOut, f"/v1/evals/runs/{name}/rows/{number}")

    def remark(self, name: str, remark: RemarkRequest) -> RemarkOut:
        """Keep a label or a note on a row."""
        return read_as(RemarkOut, self._send("POST", f"/v1/evals/runs/{name}/remarks", json=remark.model_dump(mode="json")))

    def compare(self, before: str, after: str) -> RunComparisonOut:
        """Two runs side by side."""
        return self._get(RunComparisonOut, "/v1/evals/comparison", {"before": before, "after": after})

    def datasets(self) -> DatasetList:
        """What can be run."""
        return self._get(DatasetList, "/v1/evals/datasets")

    def upload(self, name: str, data: bytes) -> DatasetOut:
        """Hand in questions."""
        return read_as(DatasetOut, self._send("POST", "/v1/evals/datasets", files=[("file", (name, data))]))

    def start(self, key: str) -> RunSummary:
        """Begin a run."""
        return read_as(RunSummary, self._send("POST", "/v1/evals/runs", json={"key": key}))

    def stop(self, name: str) -> None:
        """Stop a run; it can go on later."""
        self._send("POST", f"/v1/evals/runs/{name}/stop")

    def resume(self, name: str) -> None:
        """Go on with a stopped run."""
        self._send("POST", f"/v1/evals/runs/{name}/resume")

    def download(self, name: str, format: DownloadFormat) -> bytes:
        """A run as a file."""
        return self._send("GET", f"/v1/evals/runs/{name}/download", parameters={"format": format}).content

    def panels(self) -> PanelList:
        """Panels that have been asked, the one asked last first."""
        return self._get(PanelList, "/v1/evals/panels")

    def panel_turns(self, name: str, judge: str) -> PanelTurnList:
        """Every turn of a panel, and which of them this judge has judged."""
        return self._get(PanelTurnList, f"/v1/evals/panels/{name}/turns", {"judge": judge})

    def panel_turn(self, name: str, number: int, judge: str) -> PanelTurnOut:
        """A turn with its conversation, its answer and this judge's own row."""
        return self._get(PanelTurnOut, f"/v1/evals/panels/{name}/turns/{number}", {"judge": judge})

    def judge(self, name: str, row: JudgementRequest) -> None:
        """Keep a judge's row."""
        self._send("POST", f"/v1/evals/panels/{name}/judgements", json=row.model_dump(mode="json"))

    def panel_results(self, name: str) -> PanelResultsOut:
        """The figures of a panel."""
        return self._get(PanelResultsOut, f"/v1/evals/panels/{name}/results")

    def panel_workbook(self, name: str) -> bytes:
        """A panel's judgements as a spreadsheet."""
        return self._send("GET", f"/v1/evals/panels/{name}/download").content

    def template(self, format: TemplateFormat) -> bytes:
        """A file to fill in."""
        return self._send("GET", "/v1/evals/template", parameters={"format": format}).content
