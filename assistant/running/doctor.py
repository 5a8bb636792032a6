"""What must hold before the service can start, each with what to do when it does not."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from knowledge_base.embedder.embedding import build_embedder
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.index.generations import IndexFolder
from knowledge_base.index.stores import build_store
from knowledge_base.publishing.ingest import MIN_FREE_BYTES


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what mends it."""

    ok: bool
    what: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Python, disk, ports and knowledge base, in the order in which they are needed."""
    findings = [python_version(), disk(settings.data_dir)]
    findings.append(port(settings.api_host, settings.api_port, "API", "ASSISTANT_API_PORT"))
    findings.append(port("127.0.0.1", settings.ui_port, "页面", "ASSISTANT_UI_PORT"))
    findings.append(_knowledge_base(settings))
    return findings


def python_version() -> Finding:
    """The interpreter is one that the lock was made for."""
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding(sys.version_info[:2] == (3, 11), f"Python {found}", "需要 Python 3.11。请安装后用 make PYTHON=python3.11 run")


def disk(folder: Path) -> Finding:
    """The data folder can be written and has room for an index beside the one in use."""
    existing = folder.resolve()
    while not existing.exists():
        existing = existing.parent
    if not os.access(existing, os.W_OK):
        return Finding(False, f"数据文件夹 {folder} 不能写", "请换一个能写的文件夹：ASSISTANT_DATA_DIR=…")
    free = shutil.disk_usage(existing).free
    what = f"数据文件夹 {folder} 所在磁盘剩 {free // 1_000_000} MB"
    return Finding(
        free >= MIN_FREE_BYTES, what, f"至少要 {MIN_FREE_BYTES // 1_000_000} MB。请清理磁盘，或用 ASSISTANT_DATA_DIR 换到别的磁盘"
    )


def port(host: str, number: int, name: str, setting: str) -> Finding:
    """Nothing listens on the port yet."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                return Finding(False, f"{name}的端口 {number} 已被占用", f"请关掉占用它的程序，或换一个端口：{setting}={number + 10}")
            return Finding(False, f"{name}的地址 {host}:{number} 不能用（{exc.strerror}）", f"请检查 {setting}")
    return Finding(True, f"{name}的端口 {number} 空着")


def _knowledge_base(settings: Settings) -> Finding:
    try:
        folder = IndexFolder(settings.data_dir, build_store(settings.store))
        generation = folder.open(build_embedder(settings.embedder))
    except KnowledgeBaseError as exc:
        return Finding(False, "知识库打不开", str(exc))
    manifest = generation.manifest
    generation.close()
    folder.store.close()
    return Finding(True, f"知识库 {manifest.generation}，{manifest.documents} 篇文档，{manifest.passages} 个段落")
