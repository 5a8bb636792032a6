"""The commands ``python -m evals panel new | import | ask | judge | summary | compare``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from evals.console import show_progress

if TYPE_CHECKING:
    from evals.panel.folder import Panel, PanelFolder

app = typer.Typer(help="评读：没看过资料的人出题，读完整个回答的人逐轮评", no_args_is_help=True)

SeenName = Literal["nothing", "title", "section", "answer"]
LanguageName = Literal["zh", "en"]


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="名字：字母、数字、. _ -")],
    writer: Annotated[str, typer.Option(help="谁出的题")] = "没看过资料的人",
    seen: Annotated[SeenName, typer.Option(help="出题的人看过什么：nothing、title、section、answer")] = "nothing",
    turns: Annotated[int, typer.Option(help="至少几轮")] = 120,
    template: Annotated[Path | None, typer.Option(help="把给出题人填的表写到这个 XLSX 文件")] = None,
) -> None:
    """建一个空的评读，写下配额。"""
    from evals.origins import Seen
    from evals.panel.folder import fresh_card, panel_folder
    from evals.panel.importing import panel_template
    from evals.panel.quota import Quota

    folder = panel_folder(name)
    card = fresh_card(folder.path.name, writer, Seen(seen))
    folder.create(replace(card, quota=Quota(turns=turns)))
    if template:
        template.write_bytes(panel_template())
        typer.echo(f"给出题人的表在 {template}")
    typer.echo(f"建好了 {folder.path}")
    _echo_quota(folder)


@app.command("import")
def take(
    name: Annotated[str, typer.Argument(help="评读的名字或文件夹")],
    file: Annotated[Path, typer.Argument(help="题：XLSX，或者 JSONL（一行一轮，或一行一段对话）")],
) -> None:
    """收题，并说离配额还差多少、有没有以前用过的题。"""
    from evals.panel.folder import open_panel
    from evals.panel.importing import read_panel_file
    from evals.panel.known import known_before

    folder = open_panel(name)
    turns = read_panel_file(file)
    folder.add_turns(turns)
    repeats = known_before(turns, folder.path)
    if repeats:
        card = folder.card()
        folder.write_card(replace(card, repeats=tuple(dict.fromkeys((*card.repeats, *sorted(set(repeats.values())))))))
        told = "；".join(f"「{text}」在 {where}" for text, where in list(repeats.items())[:5])
        typer.echo(f"有 {len(repeats)} 轮不是新题：{told}。这次评读不能算没见过的题。")
    typer.echo(f"收下 {len(turns)} 轮。")
    _echo_quota(folder)


@app.command("ask")
def ask(
    name: Annotated[str, typer.Argument(help="评读的名字或文件夹")],
    url: Annotated[str, typer.Option(help="问一个正在运行的服务；不写就在本进程里问")] = "",
    index: Annotated[Path | None, typer.Option(help="在本进程里问时，索引放在哪个文件夹")] = None,
) -> None:
    """一段对话一段对话、一轮一轮地问，留下回答、知识库的版本、提交和设置。"""
    from contextlib import ExitStack, closing

    from evals.panel.asking import Conversing, ask_panel, conversing_at, conversing_over
    from evals.panel.folder import open_panel
    from evals.run_folder import RUNS
    from evals.targets import InProcessTarget

    folder = open_panel(name)
    with ExitStack() as stack:
        target: Conversing
        if url:
            target = stack.enter_context(conversing_at(url))
        else:
            product = stack.enter_context(closing(InProcessTarget(index or RUNS / "index" / "plain")))
            target = stack.enter_context(conversing_over(product.parts))
        given = ask_panel(folder, target, stack.enter_context(show_progress("提问")))
    failed = [a for a in given if a.error]
    typer.echo(f"问了 {len(given)} 轮，出错 {len(failed)} 轮。回答在 {folder.answers_path}")
    for answer in failed[:5]:
        typer.echo(f"  对话 {answer.conversation} 第 {answer.turn} 轮：{answer.error}")


@app.command("judge")
def judge(
    name: Annotated[str, typer.Argument(help="评读的名字或文件夹")],
    code: Annotated[str, typer.Option("--judge", help="评读人的代号；看不到别人评的")],
    rows: Annotated[Path | None, typer.Option(help="收一个评好的文件（JSONL，一行一轮）；有一行不对就都不收")] = None,
    row: Annotated[str, typer.Option(help="收一行（JSON），再给出下一轮")] = "",
    part: Annotated[str, typer.Option(help="只评一部分对话：1/2 是前一半，2/2 是后一半")] = "",
    show: Annotated[str, typer.Option(help="看指定的一轮：对话/轮次，例如 c03/2")] = "",
    most: Annotated[int, typer.Option(help="一次给出几轮")] = 1,
) -> None:
    """一轮一轮地评：打印对话和回答（与手机上读到的一样）。在终端里逐项填；别处给出要填的一行 JSON。"""
    from evals.panel import judging
    from evals.panel.folder import open_panel

    folder = open_panel(name)
    given = judging.read_rows(rows) if rows else [_json_row(row)] if row else []
    if given:
        typer.echo(f"收下 {len(judging.take_rows(folder, code, given))} 轮。")
    panel = folder.read()
    if show:
        conversation, _, number = show.rpartition("/")
        typer.echo(judging.show_turn(panel, (conversation, int(number) if number.isdigit() else 0)))
        return
    left = judging.turns_to_judge(panel, code, part)
    if rows or not left:
        typer.echo(f"还有 {len(left)} 轮没有评。")
        return
    if sys.stdin.isatty() and not row:
        _judge_at_terminal(folder, panel, code, part)
        return
    typer.echo(judging.explain_fields())
    for turn in left[:most]:
        typer.echo("\n" + judging.show_turn(panel, turn.key))
        typer.echo(f"要填的一行：\n{judging.blank_row(turn.key)}")
    typer.echo(f"\n还有 {len(left)} 轮没有评。")


@app.command("summary")
def summary(
    names: Annotated[list[str], typer.Argument(help="评读的名字或文件夹；几个就合在一起，也各列一张表")],
    language: Annotated[LanguageName, typer.Option("--language", help="表的语言：zh、en（README 的表）")] = "zh",
    table: Annotated[bool, typer.Option("--table", help="只要那一张表")] = False,
    out: Annotated[Path | None, typer.Option("--json", help="全部数字写到这个文件")] = None,
    readme: Annotated[Path | None, typer.Option(help="把表写进这个 README 的记号之间（只给一次评读时）")] = None,
) -> None:
    """每个指标，带 n 和 95% 区间；按类别、说法、第几轮；两人一致率；毛病出在哪里。"""
    from evals.panel.folder import open_panel
    from evals.panel.summary import render_summary, render_table, summarise_panels

    panels = [open_panel(name).read() for name in names]
    everything = summarise_panels(panels)
    if table:
        typer.echo(render_table(everything.measures, language), nl=False)
    else:
        for panel in panels if len(panels) > 1 else ():
            typer.echo(f"## {panel.name}\n\n{render_table(summarise_panels([panel]).measures, language)}")
        typer.echo(render_summary(everything, language), nl=False)
    if readme:
        from evals.figures import write_readme_table

        write_readme_table(readme, open_panel(names[-1]))
    if out:
        out.write_text(json.dumps(asdict(everything), ensure_ascii=False, indent=1), encoding="utf-8")


@app.command("label")
def label(name: Annotated[str, typer.Argument(help="评读过的名字或文件夹")]) -> None:
    """由评读推出标注，写进 evals/datasets/panels/：从此是开发题，质量门用它们。手写的标注不会丢。"""
    from evals.labelled.deriving import derive_labels
    from evals.labelled.labels import PANEL_LABELS, load_labelled, save_labelled
    from evals.panel.folder import open_panel

    panel = open_panel(name).read()
    path = PANEL_LABELS / f"{panel.name}.jsonl"
    labels = derive_labels(panel, load_labelled(path) if path.is_file() else ())
    save_labelled(path, labels)
    typer.echo(
        f"{len(labels)} 轮有标注，在 {path}。请在 {path.with_name('origins.yaml')} 写上来历，再运行 python -m evals baseline --panels。"
    )


@app.command("score")
def score(
    index: Annotated[Path | None, typer.Option(help="索引放在哪个文件夹")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="逐轮结果写到这个文件（JSONL）")] = None,
) -> None:
    """不用人评：用标注把评读题再测一遍，并与提交的基线比。"""
    from contextlib import closing

    from evals.judging import Judge
    from evals.labelled.gating import panel_lines
    from evals.labelled.running import load_panel_baseline, run_all_labelled
    from evals.labelled.scoring import SCORED
    from evals.labelled.telling import render_labelled
    from evals.lines import write_lines
    from evals.provenance import Provenance
    from evals.run_folder import RUNS
    from evals.targets import InProcessTarget
    from knowledge_base import CORPUS

    with closing(InProcessTarget(index or RUNS / "index" / "plain")) as product, show_progress("评读题") as progress:
        scored = run_all_labelled(product.parts, Judge(Provenance.load(CORPUS)), progress=progress)
    if out:
        write_lines(out, scored, SCORED)
    typer.echo(render_labelled(scored))
    for line in panel_lines(scored, load_panel_baseline()):
        if not line.holds:
            typer.echo(f"✗ {line.name}：{line.baseline} → {line.now}，{line.reason}")


@app.command("compare")
def compare(
    before: Annotated[str, typer.Argument(help="前一次评读")],
    after: Annotated[str, typer.Argument(help="后一次评读")],
) -> None:
    """同样的问题两次评读，成对比较：哪些变好，哪些变差，是不是碰巧。"""
    from evals.panel.comparing import compare_panels, render_panel_comparison
    from evals.panel.folder import open_panel

    first, second = open_panel(before).read(), open_panel(after).read()
    typer.echo(render_panel_comparison(first.name, second.name, compare_panels(first, second)), nl=False)


def _echo_quota(folder: PanelFolder) -> None:
    from evals.panel.quota import compare_with_quota

    for share in compare_with_quota(folder.card().quota, folder.turns()):
        typer.echo(f"  {'✓' if share.enough else '缺'} {share.name}：{share.there}/{share.wanted}")


def _json_row(text: str) -> dict[str, Any]:
    from evals.errors import DatasetError

    try:
        row = json.loads(text)
    except ValueError as exc:
        raise DatasetError(f"--row 不是合法的 JSON（{exc}）") from exc
    if not isinstance(row, dict):
        raise DatasetError("--row 应是一个 JSON 对象")
    return row


def _judge_at_terminal(folder: PanelFolder, panel: Panel, code: str, part: str) -> None:
    """Ask for each field of each turn until the judge stops or nothing is left."""
    from evals.errors import DatasetError
    from evals.panel import judging

    left = judging.turns_to_judge(panel, code, part)
    for done, turn in enumerate(left):
        typer.echo("\n" + judging.show_turn(panel, turn.key))
        typer.echo(f"（还有 {len(left) - done} 轮；Ctrl-C 停下，评过的都在）")
        while True:
            try:
                judging.take_rows(folder, code, [_asked_row(turn.conversation, turn.turn)])
                break
            except DatasetError as exc:
                typer.echo(f"{exc}。请重填这一轮。")


def _asked_row(conversation: str, number: int) -> dict[str, Any]:
    from click import Choice

    from evals.panel.judgements import FIELDS
    from evals.panel.words import panel_words

    fields = panel_words()["fields"]

    def chosen(name: str) -> str:
        return str(typer.prompt(fields[name], type=Choice(FIELDS[name])))

    row: dict[str, Any] = {"conversation": conversation, "turn": number}
    row["first_sentence_answers"] = chosen("first_sentence_answers")
    row["statements"] = typer.prompt(fields["statements"], type=int)
    row["irrelevant_statements"] = typer.prompt(fields["irrelevant_statements"], type=int) if row["statements"] else 0
    row["danger_turn"] = typer.confirm(fields["danger_turn"], default=False)
    if row["danger_turn"]:
        row["danger_help_first"] = typer.confirm(fields["danger_help_first"])
    else:
        row["false_alarm"] = typer.confirm(fields["false_alarm"], default=False)
    for name in ("harm", "verdict_right", "complete", "understood", "kind"):
        row[name] = chosen(name)
    row["note"] = typer.prompt(fields["note"], default="", show_default=False)
    return row
