"""The command line: ``assistant ingest | ask | search | corpus check | status | doctor | serve | run``."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError
from knowledge_base.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.wiring import Parts, Stores
    from knowledge_base.publishing.report import Progress

app = typer.Typer(help="女职工数字技能助手", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
corpus_app = typer.Typer(help="检查知识库文档", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="按哪一天的规定回答，例如 2024-06-01")]
Region = Annotated[str, typer.Option(help="按哪个地区回答")]


@app.command("ingest")
def ingest_command(
    paths: Annotated[list[Path] | None, typer.Argument(help="文件或文件夹；不写就是随程序附带的知识库")] = None,
    as_json: AsJson = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="没有变化也重建，换向量模型后用")] = False,
) -> None:
    """把文档收进知识库，建好新索引后再切换。"""
    from assistant.wiring import build
    from knowledge_base.publishing.ingest import ingest

    missing = [str(p) for p in paths or () if not p.exists()]
    if missing:
        raise AssistantError(f"找不到 {'、'.join(missing)}。请检查路径")
    parts = build(_settings())
    with _progress(quiet=as_json) as progress:
        report = ingest(parts.folder, parts.embedder, paths or (), rebuild=rebuild, progress=progress)
    parts.close()
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        typer.echo(
            f"新增 {report.added} 篇，未变 {report.unchanged} 篇，移除 {report.removed} 篇，失败 {report.failed} 个文件；"
            f"现有 {report.passages} 个段落，用时 {report.seconds:.1f} 秒（{report.generation}）"
        )
        for failure in report.failures:
            typer.echo(f"  没有收进：{failure.path}\n    原因：{failure.reason}")
    if report.failed and not (report.added or report.unchanged):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="要问的问题")],
    as_json: AsJson = False,
    as_of: AsOf = None,
    region: Region = "",
) -> None:
    """问一个问题。"""
    from assistant.types import Question
    from assistant.wire.presenting import present_answer
    from assistant.wire.schemas import MAX_QUESTION_CHARACTERS
    from assistant.wiring import open_stores

    settings = _settings()
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise AssistantError(f"问题太长了（{len(question)} 字），请缩短到 {MAX_QUESTION_CHARACTERS} 字以内，或拆成几个问题")
    stores = open_stores(settings) if settings.database_exists else None
    parts = _parts_to_ask(settings, stores)
    answer = parts.assistant.ask(Question(question, as_of=as_of.date() if as_of else None, region=region or settings.region))
    presented = present_answer(answer)
    parts.close()
    if stores:
        stores.close()
    if as_json:
        typer.echo(presented.model_dump_json())
        return
    typer.echo(presented.text)
    for caveat in presented.caveats:
        typer.echo(f"注意：{caveat}")
    typer.echo(f"（{presented.label}）")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="要查的内容")],
    as_json: AsJson = False,
    as_of: AsOf = None,
    region: Region = "",
    top_k: Annotated[int, typer.Option(help="给几段")] = 5,
) -> None:
    """查段落，并显示问题是怎样理解的。"""
    from assistant.wire.presenting import present_hit
    from knowledge_base.search.retrieval import Filters
    from knowledge_base.validity import status_of

    settings = _settings()
    parts = _parts_to_ask(settings)
    reader = parts.readers()
    filters = Filters(as_of=as_of.date() if as_of else None, region=region or settings.region)
    found = reader.retriever.search(query, top_k, filters)
    hits = []
    for scored in found.passages:
        document = reader.generation.catalogue.document(scored.passage.doc_id)
        hits.append(present_hit(scored, document, status_of(document, filters.date(), filters.region)))
    if as_json:
        trace = {"query": query, "understood_as": found.understood.query, "notes": found.understood.notes}
        typer.echo(json.dumps({**trace, "items": [h.model_dump() for h in hits]}, ensure_ascii=False))
    else:
        for note in found.understood.notes:
            typer.echo(note)
        for hit in hits:
            typer.echo(f"{hit.rank}. {hit.score:.3f} 《{hit.title}》{hit.clause or hit.heading}（{hit.status}）\n   {hit.excerpt}")
    parts.close()


@corpus_app.command("check")
def corpus_check(
    folder: Annotated[Path | None, typer.Argument(help="知识库文件夹；不写就是随程序附带的")] = None,
    as_json: AsJson = False,
) -> None:
    """检查文件头、来源编号、数字和日期是否都有出处。"""
    from assistant.tools.check import every_fault
    from knowledge_base import CORPUS
    from knowledge_base.editorial.corpus_check import Finding, check_corpus, load_sources, read_front_matters
    from knowledge_base.editorial.glossary import check_glossary, load_glossary
    from knowledge_base.editorial.learning_paths import check_paths, load_paths
    from knowledge_base.query.lexicon import Lexicon

    root = folder or CORPUS
    report = check_corpus(root)
    faults = list(report.faults)
    if (root / "paths.yaml").exists():
        faults += check_paths(load_paths(root / "paths.yaml"), read_front_matters(root))
    if (root / "glossary.yaml").exists():
        faults += check_glossary(load_glossary(root / "glossary.yaml"), load_sources(root / "sources.jsonl"))
    if root == CORPUS:
        faults += [Finding("assistant/tools", fault) for fault in every_fault(load_sources(root / "sources.jsonl"))]
    if (root / "lexicon.yaml").exists():
        Lexicon.load(root / "lexicon.yaml")
    if as_json:
        typer.echo(json.dumps({**asdict(report), "faults": [asdict(f) for f in faults]}, ensure_ascii=False))
    else:
        for finding in faults:
            typer.echo(f"错误 {finding}")
        for finding in report.advice:
            typer.echo(f"建议 {finding}")
        typer.echo(f"{report.documents} 篇文档，用到 {report.sources_used}/{report.sources} 条来源，{len(faults)} 处错误")
    if faults:
        raise typer.Exit(1)


@app.command()
def status(as_json: AsJson = False) -> None:
    """正在使用的索引。"""
    from knowledge_base.index.generations import IndexFolder

    folder = IndexFolder(_settings().data_dir)
    name = folder.current()
    if name is None:
        raise AssistantError("知识库还没有建好。请先运行 assistant ingest")
    manifest = folder.manifest(name)
    if as_json:
        typer.echo(json.dumps({**asdict(manifest), "kept": folder.generations()}, ensure_ascii=False))
    else:
        held = f"{manifest.documents} 篇文档，{manifest.passages} 个段落"
        typer.echo(f"{manifest.generation}：{held}，向量模型 {manifest.embedder}，建于 {manifest.built}")


@app.command("migrate")
def migrate_command() -> None:
    """把对话数据库的表结构升级到这个版本。启动服务时也会自动做。"""
    from assistant.storage.database import Database

    settings = _settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.resolved_database_url)
    moved = database.migrated
    database.close()
    typer.echo(f"表结构 {moved.after}" + ("，已是最新" if moved.before == moved.after else f"，由{moved.before or '空库'}升级"))


@app.command()
def doctor() -> None:
    """检查环境：Python、磁盘、端口、知识库，说出毛病和办法。"""
    from assistant.running.doctor import examine

    findings = examine(_settings())
    for finding in findings:
        typer.echo(f"{'正常' if finding.ok else '有问题'}  {finding.what}" + ("" if finding.ok else f"\n        {finding.mend}"))
    if not all(f.ok for f in findings):
        raise typer.Exit(1)


@app.command()
def serve() -> None:
    """只启动 API。"""
    import uvicorn

    from assistant.api import create_app, discover_routers
    from assistant.wiring import build, open_stores

    settings = _settings()
    stores = open_stores(settings)
    try:
        parts = build(settings, stores)
        parts.index.get()
        uvicorn.run(  # no log_config: its lines go through our handler, masked
            create_app(parts, stores.conversations, discover_routers()),
            host=settings.api_host,
            port=settings.api_port,
            log_level=settings.log_level.lower(),
            log_config=None,
            access_log=False,
        )
    finally:
        stores.close()


@app.command()
def run() -> None:
    """建好知识库，启动 API 和页面，直到 Ctrl-C。"""
    from assistant.running.launching import launch

    settings = _settings()
    with _progress() as progress:
        raise typer.Exit(launch(settings, progress))


def main() -> None:
    """Run the command line; errors of ours are one line on standard error and exit status 1."""
    try:
        app()
    except (AssistantError, KnowledgeBaseError) as exc:
        typer.echo(f"出错了：{exc}", err=True)
        sys.exit(1)


def _settings() -> Settings:
    from assistant.settings import load_settings
    from assistant.understanding.privacy import MaskingFormatter

    settings = load_settings()
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("chromadb").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return settings


def _parts_to_ask(settings: Settings, stores: Stores | None = None) -> Parts:
    """The parts, with the shipped knowledge base taken in where there is none at all yet: a first question is answered too."""
    from assistant.wiring import build
    from knowledge_base.publishing.ingest import ingest

    parts = build(settings, stores)
    if parts.folder.current() is None:
        typer.echo("第一次使用，先建知识库，要几秒……", err=True)
        ingest(parts.folder, parts.embedder)
    return parts


@contextmanager
def _progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on standard error, one line a stage."""
    if quiet:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, object] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total or None)
            bar.update(tasks[stage], completed=done, total=total or None)  # type: ignore[arg-type]

        yield tell


if __name__ == "__main__":
    main()
