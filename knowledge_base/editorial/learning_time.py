"""How long a training takes, where its document says so."""

from __future__ import annotations

import re

from knowledge_base.types import Document, Kind

_TIME = re.compile(
    r"(?:培训|课程|晋级)[^，。；：]{0,6}学时：[^。；]*\d"  # 培训参考学时：五级60标准学时
    r"|(?:学完|安排|课程|培训)[^，。；]{0,4}\d[^，。；]{0,4}(?:学时|课时|小时|分钟|天)"  # 常见安排是1到2天
)


def stated_time(document: Document) -> str:
    """The first statement of a training document that says how long learning it takes, as it stands there; "" when none does."""
    if document.kind is not Kind.TRAINING:
        return ""
    for statement in document.statements:
        text = document.text[statement.start : statement.end].strip().removeprefix("- ").strip()
        if _TIME.search(text):
            return text
    return ""
