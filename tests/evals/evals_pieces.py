"""Rows, answers, replies and a scripted target, made for a test."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.wire.schemas import AnswerOut, CitationOut
from evals.rows import Row
from evals.samples import Sample
from evals.targets import Reply

PASSAGE = "女职工生育享受98天产假，其中产前可以休假15天。难产的，应增加产假15天。"


def make_row(sample_id: str = "q1", *, right: bool = True, expected: str = "answer", **fields: object) -> Row:
    verdict = fields.pop("verdict", "answered")
    return Row(sample_id=sample_id, dataset="d", slice="s", expected=expected, text="问", right=right, verdict=str(verdict), **fields)  # type: ignore[arg-type]


def make_answer(
    text: str = "女职工生育享受98天产假[1]。",
    *,
    verdict: str = "answered",
    quote: str = "女职工生育享受98天产假",
    start: int = 0,
    cited: bool = True,
    **fields: object,
) -> AnswerOut:
    citation = CitationOut(
        marker="1",
        passage_id="p1",
        doc_id="d1",
        title="女职工劳动保护特别规定",
        clause="第七条",
        status="现行",
        quote=quote,
        start=start,
        end=start + len(quote),
        source_ids=["NZG-007"],
    )
    return AnswerOut.model_validate(
        {"message_id": "m", "conversation_id": "c", "verdict": verdict, "text": text, "citations": [citation] if cited else [], **fields}
    )


def make_reply(answer: AnswerOut | None = None, passages: Mapping[str, str] | None = None) -> Reply:
    return Reply(answer or make_answer(), passages if passages is not None else {"p1": PASSAGE}, ms=5.0)


class ScriptedTarget:
    """Answers from a script; a text that the script lacks raises."""

    name = "剧本"

    def __init__(self, script: Mapping[str, Reply], threads: int = 1) -> None:
        self._script = script
        self.threads = threads
        self.asked: list[str] = []

    def describe(self) -> Mapping[str, object]:
        return {"kind": "scripted"}

    def reply(self, sample: Sample) -> Reply:
        self.asked.append(sample.sample_id)
        return self._script[sample.text]

    def close(self) -> None:
        pass
