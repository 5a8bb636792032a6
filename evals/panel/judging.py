"""One turn at a time for a judge on the command line: the conversation so far, the answer as it is read, and the row to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.errors import DatasetError
from evals.panel.folder import Panel, PanelFolder
from evals.panel.judgements import FIELDS, Judgement, parse_judgement
from evals.panel.turns import Key, PanelTurn, by_conversation
from evals.panel.words import panel_words

_BLANK: dict[str, Any] = {
    "first_sentence_answers": "",
    "irrelevant_statements": 0,
    "statements": 0,
    "harm": "none",
    "verdict_right": "",
    "complete": "",
    "understood": "",
    "kind": "",
    "danger_turn": False,
    "danger_help_first": None,
    "false_alarm": False,
    "note": "",
}


def turns_to_judge(panel: Panel, judge: str, part: str = "") -> list[PanelTurn]:
    """Answered turns that a judge has not judged yet, conversation by conversation.

    Args:
        panel: the panel.
        judge: code of the judge; rows of other judges do not count.
        part: "1/2" is the first half of the conversations; "" is all.

    Raises:
        DatasetError: the part is not of the form.
    """
    done = {j.key for j in panel.judgements if j.judge == judge}
    conversations = _part(list(by_conversation(panel.turns).values()), part)
    return [t for turns in conversations for t in turns if t.key in panel.answers and t.key not in done]


def show_turn(panel: Panel, key: Key) -> str:
    """A turn as its judge reads it: the turns before it with their answers, then its question and its whole answer.

    Raises:
        DatasetError: the panel has no such turn, or no answer to it.
    """
    return "\n".join(_shown(panel, key))


def blank_row(key: Key) -> str:
    """The row to fill in, as JSON."""
    return json.dumps({"conversation": key[0], "turn": key[1], **_BLANK}, ensure_ascii=False)


def explain_fields() -> str:
    """What each field of a row asks and may say."""
    fields, values = panel_words()["fields"], panel_words()["values"]
    lines = []
    for name, asks in fields.items():
        choices = "；".join(f"{value} {values[name][value]}" for value in FIELDS[name]) if name in FIELDS else ""
        lines.append(f"  {name}：{asks}{f'（{choices}）' if choices else ''}")
    return "\n".join(lines)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of judgements (JSONL), not checked yet.

    Raises:
        DatasetError: the file cannot be read, or a line is no JSON object.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}") from exc
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as exc:
                raise DatasetError(f"{path.name} 第 {number} 行：不是合法的 JSON（{exc}）") from exc
            if not isinstance(row, dict):
                raise DatasetError(f"{path.name} 第 {number} 行：每行应是一个 JSON 对象")
            rows.append(row)
    return rows


def take_rows(folder: PanelFolder, judge: str, rows: Sequence[dict[str, Any]]) -> list[Judgement]:
    """Keep rows of one judge; when one has a fault none is kept.

    Raises:
        DatasetError: a row has a fault, or the panel has no answer to its turn; the message names the turn.
    """
    answered = folder.answers()
    checked = [_checked(row, answered.keys()) for row in rows]
    return [folder.add_judgement(replace(judgement, judge=judge)) for judgement in checked]


def _checked(row: dict[str, Any], answered: Any) -> Judgement:
    place = f"对话 {row.get('conversation')} 第 {row.get('turn')} 轮"
    given = {name: value for name, value in row.items() if name not in ("judge", "second", "judged")}
    try:
        judgement = parse_judgement(given)
    except DatasetError as exc:
        raise DatasetError(f"{place}：{exc}") from exc
    if judgement.key not in answered:
        raise DatasetError(f"{place}：没有这一轮的回答")
    return judgement


def _shown(panel: Panel, key: Key) -> Iterator[str]:
    conversation, number = key
    turns = by_conversation(panel.turns).get(conversation, ())
    if number not in {t.turn for t in turns} or key not in panel.answers:
        raise DatasetError(f"对话 {conversation} 第 {number} 轮没有题或没有回答")
    for turn in turns[:number]:
        answer = panel.answers.get(turn.key)
        now = "" if turn.turn < number else "   ← 评这一轮"
        yield f"═══ 对话 {conversation} 第 {turn.turn} 轮{now}"
        yield f"问：{turn.text}"
        if answer:
            yield ""
            yield answer.answer or f"（出错了：{answer.error}）"
            yield from (f"〔可以点：{button}〕" for button in answer.buttons)
        yield ""


def _part(conversations: Sequence[Sequence[PanelTurn]], part: str) -> Sequence[Sequence[PanelTurn]]:
    if not part:
        return conversations
    try:
        which, of = (int(piece) for piece in part.split("/"))
    except ValueError as exc:
        raise DatasetError(f"--part {part} 应写成 1/2、2/2 这样") from exc
    if not 1 <= which <= of:
        raise DatasetError(f"--part {part} 应写成 1/2、2/2 这样")
    edges = [round(place * len(conversations) / of) for place in (which - 1, which)]
    return conversations[edges[0] : edges[1]]
