"""The command line: ``python -m evals retrieval | answers | run | compare | report | gate | baseline | calibrate | judge | …``."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

import assistant
from assistant.errors import AssistantError
from evals.console import console, show_progress
from evals.errors import EvalError
from evals.panel.commands import app as panel_app
from knowledge_base.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from evals.gate import GateReport
    from evals.judging import Judge
    from evals.labelled.scoring import ScoredTurn
    from evals.run_folder import Run
    from evals.summary import Summary
    from evals.targets import Target

app = typer.Typer(help="答案质量评测", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.add_typer(panel_app, name="panel")

INDEX = Path(__file__).parent / "results" / "runs" / "index" / "plain"
"""Where the index of the in-process target is kept between runs."""

THRESHOLDS = Path(assistant.__file__).parent / "texts" / "evidence.yaml"
READING_WEIGHTS = THRESHOLDS.with_name("readings.yaml")
"""Where the assistant keeps how much evidence is enough."""

SearchMode = Literal["hybrid", "lexical", "dense"]


@app.callback()
def _root() -> None:
    """答案质量评测：测量、对比、把关。"""


@app.command()
def figures(
    questions: Annotated[Path, typer.Option(help="带数字的题，JSONL，格式见 evals/datasets/README.md")],
    url: Annotated[str, typer.Option(help="向这个服务提问；不写就只测读数和规则，计算由题目指定")] = "",
    out: Annotated[Path | None, typer.Option("--json", help="错的题写到这个文件")] = None,
) -> None:
    """带数字的问题：算得对不对，缺数的有没有硬算。"""
    from assistant.tools.toolbox import Toolbox
    from evals.calculations import by_reading, by_service, load_figure_samples, measure_figures

    toolbox = Toolbox.load()
    report = measure_figures(load_figure_samples(questions), by_service(url, toolbox) if url else by_reading(toolbox))
    for label, estimate in (("全对", report.right), ("数齐的算对", report.right_where_complete), ("缺数却算了", report.computed_too_soon)):
        typer.echo(f"{label}：{estimate}")
    if out:
        out.write_text(json.dumps([asdict(row) for row in report.wrong], ensure_ascii=False, indent=2, default=str), encoding="utf-8")


@app.command()
def retrieval(
    task: Annotated[Path, typer.Option(help="任务文件夹：corpus.jsonl、queries.jsonl、qrels.tsv")],
    out: Annotated[Path, typer.Option("--json", help="指标写到这个文件")],
    mode: Annotated[SearchMode, typer.Option(help="检索方式")] = "hybrid",
    run: Annotated[Path | None, typer.Option("--run", help="把排名写成 TREC run")] = None,
) -> None:
    """在 BEIR 格式的任务上测产品自己的检索。"""
    from assistant.settings import load_settings
    from evals.retrieval_task import load_task, search_task, write_run
    from knowledge_base.embedder.embedding import build_embedder

    loaded = load_task(task)
    embedder = build_embedder(load_settings().embedder)
    with show_progress("检索") as progress:
        result = search_task(loaded, embedder, mode, progress=progress)
    if run:
        write_run(run, result.rankings, f"product-{mode}")
    summary = {
        "task": loaded.name,
        "mode": mode,
        "embedder": embedder.fingerprint,
        "documents": len(loaded.documents),
        "n": result.metrics["nDCG@10"].n,
        "metrics": {name: asdict(estimate) for name, estimate in result.metrics.items()},
        "ms_p50": asdict(result.ms_p50),
        "ms_p95": asdict(result.ms_p95),
    }
    out.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    for name, estimate in result.metrics.items():
        typer.echo(f"{name:<12}{estimate}")


@app.command()
def answers(
    questions: Annotated[Path, typer.Option(help="问题文件（JSONL），格式见 evals/datasets/README.md")],
    out: Annotated[Path, typer.Option("--json", help="结果写到这个文件")],
    url: Annotated[str, typer.Option(help="测一个正在运行的服务；不写就在本进程里测")] = "",
    limit: Annotated[int, typer.Option(help="只测前几题；0 是全部")] = 0,
) -> None:
    """用一份问题文件测回答。"""
    from evals.origins import origin_text
    from evals.rows import dump_row
    from evals.runner import run_samples
    from evals.samples import load_dataset
    from evals.summary import dump_summary, summarise

    dataset = load_dataset(questions)
    samples = dataset.samples[: limit or None]
    with _target(url) as target, show_progress("提问") as progress:
        rows = list(run_samples(samples, target, _judge(), progress=progress))
        described = target.describe()
    summary = summarise(rows)
    result = {
        "questions": dataset.name,
        "digest": dataset.digest,
        "origin": origin_text(dataset.origin),
        "target": described,
        "summary": json.loads(dump_summary(summary)),
        "rows": [json.loads(dump_row(row)) for row in rows],
    }
    out.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    _echo_metrics(summary)
    typer.echo(f"题的来历：{origin_text(dataset.origin)}")


@app.command()
def run(
    suite: Annotated[str, typer.Option(help="题集：gate、full、dev、held-out、red-team、baselines")] = "gate",
    questions: Annotated[Path | None, typer.Option(help="不用题集，用自己的问题文件（JSONL）")] = None,
    name: Annotated[str, typer.Option(help="这次评测的名字；再用同一个名字就接着跑")] = "",
    url: Annotated[str, typer.Option(help="测一个正在运行的服务；不写就在本进程里测")] = "",
) -> None:
    """跑一个题集，结果放在 evals/results/runs/ 下。"""
    from evals.origins import mixed_origin
    from evals.run_folder import RUNS, RunFolder
    from evals.running import run_plan, run_systems
    from evals.samples import load_dataset
    from evals.suites import plan_dataset, plan_suite

    plan = plan_dataset(load_dataset(questions)) if questions else plan_suite(suite)
    folder = RUNS / (name or f"{datetime.now():%Y%m%d-%H%M%S}-{plan.suite}")
    if suite == "baselines" and not questions:
        with show_progress("提问") as progress:
            systems = run_systems(plan, folder, _judge(), progress=progress)
        from evals.report.markdown import render_systems

        typer.echo(render_systems(systems))
        return
    with show_progress("提问") as progress:
        finished = run_plan(plan, RunFolder(folder), _judge(), url=url, progress=progress)
    _write_reports(finished, folder)
    _echo_metrics(finished.summary)
    typer.echo(f"题的来历：{mixed_origin(finished.config.origin_of(name) for name in finished.config.datasets)}")
    typer.echo(f"结果在 {folder}")


@app.command()
def compare(
    before: Annotated[str, typer.Argument(help="前一次：名字、文件夹，或 baseline")],
    after: Annotated[str, typer.Argument(help="后一次")],
    out: Annotated[Path | None, typer.Option("--html", help="把对比写成网页")] = None,
) -> None:
    """比较两次评测：哪些题变好，哪些题变差，是不是碰巧。"""
    from evals.comparing import compare_rows
    from evals.report.markdown import render_comparison
    from evals.report.page import render_page
    from evals.run_folder import open_run

    first, second = open_run(before), open_run(after)
    typer.echo(render_comparison(first, second, compare_rows(first.rows, second.rows)))
    if out:
        out.write_text(render_page(second, before=first), encoding="utf-8")


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="评测的名字、文件夹，或 baseline")], out: Annotated[Path, typer.Option(help="写到哪个文件夹")]
) -> None:
    """把一次评测写成 report.html 和 REPORT.md。"""
    from evals.run_folder import open_run

    out.mkdir(parents=True, exist_ok=True)
    _write_reports(open_run(name), out)
    typer.echo(f"写好了 {out / 'report.html'} 和 {out / 'REPORT.md'}")


@app.command()
def gate(
    out: Annotated[Path | None, typer.Option("--markdown", help="把结果表写到这个文件")] = None,
) -> None:
    """质量门：跑 gate 题集和标注过的评读题，并与提交的基线比；越硬线或变差就以 1 退出。"""
    from evals.gate import judge_gate
    from evals.labelled.gating import panel_lines
    from evals.labelled.running import load_panel_baseline
    from evals.report.markdown import render_gate
    from evals.run_folder import RUNS, RunFolder, open_run
    from evals.running import run_plan
    from evals.suites import plan_suite

    _fail_on_leaks()
    folder = RUNS / "gate"
    shutil.rmtree(folder, ignore_errors=True)
    judge = _judge()
    with show_progress("质量门") as progress:
        finished = run_plan(plan_suite("gate"), RunFolder(folder), judge, progress=progress)
    scored = _run_labelled(judge, RUNS / "index" / "plain")
    verdict = judge_gate(finished.rows, open_run("baseline").rows, panel_lines(scored, load_panel_baseline()))
    if out:
        out.write_text(render_gate(verdict), encoding="utf-8")
    _echo_gate(verdict)
    if not verdict.passed:
        _write_reports(finished, folder)
        typer.echo(f"没有通过。逐题结果和网页报告在 {folder}。若是有意的变化，运行 python -m evals baseline 并在提交里说明。")
        raise typer.Exit(1)


@app.command()
def baseline(
    panels: Annotated[bool, typer.Option("--panels", help="只重建评读题的基线")] = False,
) -> None:
    """重建提交的基线：跑 full 和 baselines 题集和评读题，写 evals/results/baseline/。"""
    from evals.comparing import compare_rows
    from evals.errors import RunError
    from evals.labelled.running import save_panel_baseline
    from evals.labelled.telling import render_labelled
    from evals.report.markdown import render_comparison
    from evals.run_folder import BASELINE, RUNS, RunFolder, copy_as_baseline, open_run, save_systems
    from evals.running import run_plan, run_systems
    from evals.suites import plan_suite

    scored = _run_labelled(_judge(), INDEX)
    save_panel_baseline(scored)
    typer.echo(render_labelled(scored))
    if panels:
        return
    try:
        before = open_run("baseline")
    except RunError:
        before = None
    for name in ("baseline-full", "baseline-systems"):
        shutil.rmtree(RUNS / name, ignore_errors=True)
    with show_progress("全部题集") as progress:
        finished = run_plan(plan_suite("full"), RunFolder(RUNS / "baseline-full"), _judge(), progress=progress)
    with show_progress("对照系统") as progress:
        systems = run_systems(plan_suite("baselines"), RUNS / "baseline-systems", _judge(), progress=progress)
    copy_as_baseline(finished)
    save_systems(systems, BASELINE / "systems.json")
    _write_reports(finished, BASELINE)
    if before:
        typer.echo(render_comparison(before, finished, compare_rows(before.rows, finished.rows)))
    typer.echo((BASELINE / "REPORT.md").read_text(encoding="utf-8"))


@app.command()
def calibrate(
    write: Annotated[bool, typer.Option("--write", help="把选定的门槛写进 assistant/texts/evidence.yaml")] = False,
) -> None:
    """用交叉验证选“多少依据才算够”的门槛，报告两种错误，画出此消彼长的曲线。"""
    from evals import calibration
    from evals.report.plots import plot_calibration
    from evals.run_folder import RESULTS

    with show_progress("提问") as progress:
        points = calibration.collect_points(INDEX, progress=progress)
    calibrated = calibration.calibrate(points)
    folder = RESULTS / "calibration"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CALIBRATION.md").write_text(calibration.render_calibration(calibrated), encoding="utf-8")
    (folder / "tradeoff.svg").write_text(plot_calibration(calibrated), encoding="utf-8")
    if write:
        THRESHOLDS.write_text(calibration.render_thresholds(calibrated.thresholds), encoding="utf-8")
    typer.echo(calibration.render_calibration(calibrated))


@app.command("calibrate-readings")
def calibrate_readings(
    writers: Annotated[str, typer.Option("--writers", help="写手的代号，逗号隔开；他们的问法先从知识库里拿掉，再拿来问")] = "W4",
    write: Annotated[bool, typer.Option("--write", help="把拟合的权重写进 assistant/texts/readings.yaml")] = False,
) -> None:
    """拟合“一种理解有多大可能就是她要问的”，报告折外的数字。"""
    from tempfile import TemporaryDirectory

    from assistant.settings import Settings
    from assistant.wiring import build
    from evals import reading_calibration as calibration
    from evals.run_folder import RESULTS
    from knowledge_base import CORPUS
    from knowledge_base.index.generations import IndexFolder
    from knowledge_base.publishing.ingest import ingest

    with TemporaryDirectory() as folder:
        probes = calibration.without_writers(CORPUS, writers.split(","), Path(folder) / "corpus")
        probes += calibration.development_probes()
        parts = build(Settings(data_dir=Path(folder) / "data"))
        ingest(IndexFolder(parts.settings.data_dir), parts.embedder, [Path(folder) / "corpus"])
        with show_progress("提问") as progress:
            fitted = calibration.fit(probes, calibration.collect_rows(parts.readers(), probes, progress=progress))
        parts.close()
    report = calibration.render(fitted, parts.texts.readings["bars"]["show"])
    (RESULTS / "calibration" / "READINGS.md").write_text(report, encoding="utf-8")
    if write:
        READING_WEIGHTS.write_text(calibration.render_weights(fitted, READING_WEIGHTS.read_text(encoding="utf-8")), encoding="utf-8")
    typer.echo(report)


@app.command()
def datasets(
    make: Annotated[bool, typer.Option("--make", help="按固定种子重做条款、换说法、红队三个题集")] = False,
) -> None:
    """列出题集并核对格式。"""
    from evals.making.shipped import MAKERS, write_dataset
    from evals.origins import origin_text
    from evals.samples import load_named
    from knowledge_base import CORPUS

    for name in MAKERS if make else ():
        typer.echo(f"重做 {name}：{write_dataset(name, CORPUS)} 题")
    for dataset in load_named(()):
        typer.echo(f"{dataset.name:<16}{len(dataset.samples):>5} 题  {dataset.digest[:12]}  {origin_text(dataset.origin)}")


@app.command()
def check(
    root: Annotated[Path, typer.Option(help="仓库的文件夹")] = Path(),
) -> None:
    """查来历：每个题集、文档里每张数字表，都要写明谁出的题、出题前看过什么；缺了就以 1 退出。"""
    from evals.figures import find_faults

    faults = find_faults(root)
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo("每个数字都写了题的来历")


@app.command()
def squad(
    file: Annotated[Path, typer.Option(help="SQuAD 2.0 的 JSON，或一行一题的 JSONL（question、passage、answerable）")],
    out: Annotated[Path, typer.Option("--json", help="数字写到这个文件")],
    limit: Annotated[int, typer.Option(help="只测前几题；0 是全部")] = 0,
) -> None:
    """这一段答不答得了这一问：在公开的数据上测本系统的判断，与 BM25、第一段比。"""
    from evals.answerability import load_pairs, measure_file, render_abstention

    pairs = load_pairs(file)[: limit or None]
    with show_progress("判断") as progress:
        found = measure_file(pairs, progress)
    systems = {name: asdict(figures) for name, figures in found.items()}
    out.write_text(json.dumps({"file": file.name, "n": len(pairs), "systems": systems}, ensure_ascii=False, indent=1), encoding="utf-8")
    typer.echo(render_abstention(found, len(pairs)))


@app.command()
def leaks(
    shared: Annotated[Path | None, typer.Option(help="训练数据的文件夹（里面有 retrieval/train）：也查内置向量模型的训练对")] = None,
) -> None:
    """查泄题：评测的问题不能写在知识库文档的问法里，也不能拿来训练。"""
    _fail_on_leaks()
    if shared:
        _fail_on_trained(shared)
    typer.echo("没有泄题")


@app.command()
def judge(
    name: Annotated[str, typer.Argument(help="评测的名字、文件夹")],
    labels: Annotated[Path | None, typer.Option(help="人工标注（JSONL：id、faithful、plain），用来算一致率")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="逐题的评审意见和汇总写到这个文件")] = None,
) -> None:
    """用 EVALS_JUDGE_URL 指的模型评审一次评测里的回答。"""
    from evals.chat import ChatModel
    from evals.errors import JudgeError
    from evals.judges import judge_answer, load_labels, summarise_opinions
    from evals.run_folder import open_run
    from evals.settings import EvalSettings

    settings = EvalSettings()
    if not (settings.judge_url and settings.judge_model):
        raise JudgeError("没有设置评审模型。请设置 EVALS_JUDGE_URL 和 EVALS_JUDGE_MODEL")
    model = ChatModel(settings.judge_url, settings.judge_model, settings.judge_key)
    rows = [r for r in open_run(name).rows if r.cited and r.answer]
    opinions, failed = {}, 0
    with show_progress("评审") as progress:
        for done, row in enumerate(rows, 1):
            try:
                opinions[row.sample_id] = judge_answer(model, row)
            except JudgeError as exc:
                failed += 1
                console.print(f"{row.sample_id}：{exc}", highlight=False)
            progress(done, len(rows))
    summary = summarise_opinions(opinions, failed, load_labels(labels) if labels else {})
    if out:
        said = {sample_id: asdict(opinion) for sample_id, opinion in opinions.items()}
        written = {"run": name, "model": settings.judge_model, "summary": asdict(summary), "opinions": said}
        out.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    for key, value in asdict(summary).items():
        typer.echo(f"{key:<20}{getattr(summary, key) if not isinstance(value, int) else value}")


def _run_labelled(judge: Judge, index: Path) -> list[ScoredTurn]:
    """Labelled panels and utterances of danger, asked of the product in this process."""
    from evals.labelled.running import run_all_labelled
    from evals.targets import InProcessTarget

    with closing(InProcessTarget(index)) as product, show_progress("评读题") as progress:
        return run_all_labelled(product.parts, judge, progress=progress)


def _judge() -> Judge:
    from evals.judging import Judge
    from evals.provenance import Provenance
    from knowledge_base import CORPUS

    return Judge(Provenance.load(CORPUS))


def _write_reports(finished: Run, folder: Path) -> None:
    from evals.figures import newest_panel
    from evals.report.markdown import render_markdown
    from evals.report.page import render_page
    from evals.report.panel_opening import open_with
    from evals.run_folder import BASELINE, load_systems

    systems = load_systems(folder / "systems.json" if folder == BASELINE else folder.parent / "systems.json")
    newest = newest_panel()
    panel = open_with(newest.read()) if newest else None
    (folder / "report.html").write_text(render_page(finished, systems=systems, panel=panel), encoding="utf-8")
    (folder / "REPORT.md").write_text(render_markdown(finished, systems=systems, panel=panel), encoding="utf-8")


def _fail_on_leaks() -> None:
    from evals.errors import DatasetError
    from evals.leaks import find_leaks, load_allowed, unexcused
    from evals.making.shipped import corpus_documents
    from evals.samples import DATASETS, load_named
    from knowledge_base import CORPUS

    samples = [s for d in load_named(()) for s in d.samples]
    found = unexcused(find_leaks(samples, corpus_documents(CORPUS)), load_allowed(DATASETS / "allowed_leaks.yaml"))
    if found:
        told = "；".join(f"{x.sample.sample_id}「{x.sample.text}」像 {x.document} 的问法「{x.ask}」（{x.likeness:.2f}）" for x in found[:5])
        raise DatasetError(f"{len(found)} 题泄到问法里：{told}。请改问法，或在 allowed_leaks.yaml 写明为什么不算")


def _fail_on_trained(shared: Path) -> None:
    import numpy as np

    from evals.errors import DatasetError
    from evals.leaks import find_trained
    from evals.samples import load_named
    from knowledge_base.training.embedder_training import EVALS, Recipe, read_questions, training_pairs

    recipe = Recipe()
    without = read_questions(sorted(EVALS.glob("*.jsonl")))
    pairs = training_pairs(shared / "retrieval" / "train", recipe, without, np.random.default_rng(recipe.seed))
    samples = [s for d in load_named(()) for s in d.samples]
    for origin, many in pairs.items():
        found = find_trained(samples, (p.query for p in many))
        typer.echo(f"{origin:<10}{len(many):>7} 对训练数据，{len(found)} 对像评测题")
        if found:
            raise DatasetError(f"训练对 {origin} 里有评测题：{'；'.join(found[:5])}。请检查 embedder_training 的 --without")


def _echo_gate(verdict: GateReport) -> None:
    table = Table("", "项目", "基线", "现在", "原因", title=f"质量门：{'通过' if verdict.passed else '没有通过'}")
    for line in sorted(verdict.lines, key=lambda item: item.holds):
        table.add_row("✓" if line.holds else "✗", line.name, line.baseline, line.now, line.reason, style="" if line.holds else "red")
    Console(width=160).print(table)
    for row in verdict.lost[:30]:
        typer.echo(f"  丢了 {row.sample_id} {row.text[:50]}：{row.verdict or 'error'}，{'；'.join(row.why)}")


@contextmanager
def _target(url: str) -> Iterator[Target]:
    """The running service at an address, or the product in this process over an index of its own."""
    from evals.targets import InProcessTarget, connect

    target: Target = connect(url) if url else InProcessTarget(INDEX)
    try:
        yield target
    finally:
        target.close()


def _echo_metrics(summary: Summary) -> None:
    from evals.metrics.answers import METRICS

    for metric in METRICS:
        estimate = summary.metrics[metric.name]
        if estimate.n:
            typer.echo(f"{metric.name:<24}{estimate}  {metric.label}")
    typer.echo("硬线：" + "，".join(f"{line} {count}" for line, count in summary.breaches.items()))


def main() -> None:
    """Run the command line; errors of ours are one line on standard error and exit code 2."""
    try:
        app()
    except (EvalError, KnowledgeBaseError, AssistantError) as exc:
        console.print(f"出错了：{exc}", style="red", highlight=False, soft_wrap=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
