"""Publishing document drafts: one job at a time, in the background, with its progress; and going back to an earlier generation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.clock import now
from assistant.errors import AssistantError, PublishRefused
from assistant.storage.changes import Action, ChangeLog
from knowledge_base.embedder.embedding import Embedder
from knowledge_base.errors import IngestError, KnowledgeBaseError
from knowledge_base.index.generation import Manifest
from knowledge_base.index.generations import IndexFolder
from knowledge_base.publishing.drafts import Draft, DraftFolder
from knowledge_base.publishing.ingest import roll_back
from knowledge_base.publishing.report import IngestReport
from knowledge_base.publishing.uploads import Upload, apply_uploads

logger = logging.getLogger(__name__)


class JobState(StrEnum):
    """How far a publication is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PublicationJob:
    """One publication. ``stage`` is in Chinese; ``total`` is 0 while it is not known; ``failures`` are reasons by the file's own name."""

    author: str
    begun: str
    state: JobState = JobState.RUNNING
    stage: str = ""
    done: int = 0
    total: int = 0
    report: IngestReport | None = None
    failures: tuple[tuple[str, str], ...] = ()
    error: str = ""


class Publisher:
    """Turns drafts into a new generation. Safe to use from several threads."""

    def __init__(self, folder: IndexFolder, embedder: Embedder, uploads: Path, drafts: DraftFolder, changes: ChangeLog) -> None:
        """Publish from ``drafts`` through ``uploads`` into ``folder``; ``changes`` keeps who did what."""
        self._folder, self._embedder, self._uploads, self._drafts, self._changes = folder, embedder, uploads, drafts, changes
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._job: PublicationJob | None = None

    @property
    def current(self) -> PublicationJob | None:
        """The publication that is running, or the last one."""
        return self._job

    def start(self, drafts: Sequence[Draft], remove: Mapping[str, str], author: str) -> PublicationJob:
        """Begin to publish drafts and to take documents out, given by id with their titles.

        Raises:
            IngestError: another publication or ingest is running.
            PublishRefused: there is nothing to do, or a draft cannot be read.
        """
        unreadable = [d.name for d in drafts if d.document is None]
        if unreadable:
            raise PublishRefused(f"{'、'.join(unreadable)} 读不了，发布不了。请换一个文件，或先从草稿里去掉")
        if not drafts and not remove:
            raise PublishRefused("没有要发布的草稿。请先上传文件")
        with self._lock:
            if self._job is not None and self._job.state is JobState.RUNNING:
                raise IngestError("上一次发布还没有完成，请等它结束再发布")
            self._refuse_when_locked()
            self._job = PublicationJob(author, now())
            self._thread = threading.Thread(
                target=self._publish, args=(tuple(drafts), dict(remove), author), name="publication", daemon=True
            )
            self._thread.start()
            return self._job

    def roll_back(self, name: str, author: str) -> Manifest:
        """Switch to an earlier generation.

        Raises:
            IngestError: it is not kept, is in use already, or a publication is running.
            IndexUnavailable: it cannot be opened.
        """
        before = self._folder.current() or ""
        manifest = roll_back(self._folder, self._embedder, name)
        self._changes.record(author, Action.ROLLED_BACK, name, f"从 {before} 回到 {name}（{manifest.documents} 篇文档）")
        return manifest

    def wait(self, seconds: float | None = None) -> None:
        """Return when no publication is running any more, or after some seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _refuse_when_locked(self) -> None:
        self._folder.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder.lock_path, timeout=0):
                pass
        except Timeout as exc:
            raise IngestError("另一个 assistant ingest 正在运行。请等它结束再发布") from exc

    def _publish(self, drafts: Sequence[Draft], remove: Mapping[str, str], author: str) -> None:
        changes = self._changes
        try:
            files: dict[str, Upload] = {draft.stored: self._drafts.upload(draft) for draft in drafts}
            report = apply_uploads(self._folder, self._embedder, self._uploads, files, remove=remove, author=author, progress=self._tell)
            failed = {Path(f.path).name: f.reason for f in report.failures}
            published = [d for d in drafts if d.stored not in failed]
            for draft in published:
                self._drafts.remove(draft.draft_id)
            changes.record(author, Action.PUBLISHED, report.generation, _in_words(published, remove))
            failures = tuple((d.name, failed[d.stored]) for d in drafts if d.stored in failed)
            self._set(replace(self._running, state=JobState.DONE, report=report, failures=failures))
        except (KnowledgeBaseError, AssistantError, OSError) as exc:
            self._set(replace(self._running, state=JobState.FAILED, error=_reason(exc)))
            self._record_failure(changes, author, _reason(exc))
        except Exception:
            logger.exception("a publication broke off")
            self._set(replace(self._running, state=JobState.FAILED, error="服务内部出错，没有发布成，原来的版本仍在使用。请看服务的日志"))
            self._record_failure(changes, author, "内部出错")

    @property
    def _running(self) -> PublicationJob:
        assert self._job is not None  # set before the thread began
        return self._job

    def _record_failure(self, changes: ChangeLog, author: str, reason: str) -> None:
        try:
            changes.record(author, Action.PUBLISH_FAILED, self._folder.current() or "", reason)
        except AssistantError as exc:
            logger.warning("a failed publication was not kept: %s", exc)

    def _tell(self, stage: str, done: int, total: int) -> None:
        self._set(replace(self._running, stage=stage, done=done, total=total))

    def _set(self, publication: PublicationJob) -> None:
        self._job = publication


def _in_words(drafts: Sequence[Draft], remove: Mapping[str, str]) -> str:
    """What was published and taken out, by title."""
    parts = []
    if drafts:
        parts.append(f"发布 {len(drafts)} 篇：" + "、".join(f"《{d.document.title}》" for d in drafts if d.document))
    if remove:
        parts.append(f"撤下 {len(remove)} 篇：" + "、".join(f"《{title}》" for title in remove.values()))
    return "；".join(parts)


def _reason(exc: Exception) -> str:
    if isinstance(exc, OSError):
        return f"文件读写失败（{exc.strerror or type(exc).__name__}），没有发布成，原来的版本仍在使用。请检查磁盘空间和权限"
    return str(exc)
