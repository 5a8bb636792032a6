"""What a person states about a document, beside the file that holds it: ``通知.docx.meta.yaml`` corrects ``通知.docx``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from knowledge_base.errors import LoadError
from knowledge_base.types import Kind, Status
from knowledge_base.validity import NATIONWIDE, first_day, is_date, last_day

SUFFIX = ".meta.yaml"
MAX_ID = 100
"""Characters of an id that a file or a person states; with the digest a doc_id stays within 128."""

ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MAX_ID - 1}}}")
WRITTEN_STATUSES = (Status.IN_FORCE, Status.EXPIRED, Status.DRAFT, Status.REPORTED)
LEVELS = ("入门", "进阶", "骨干")

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "id": "编号",
        "kind": "类型",
        "title": "标题",
        "issuer": "发布机关",
        "doc_no": "文号",
        "issued": "发布日期",
        "effective": "施行日期",
        "expires": "有效期至",
        "status": "状态",
        "region": "适用地区",
        "topic": "主题",
        "level": "难度",
    }
)
"""What can be stated, with its name in Chinese."""

_MOST_CHARACTERS = 200
# A region begins with a province in full, so that it can be compared by its beginning.
_PROVINCES = (
    "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 "
    "广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省 内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 "
    "新疆维吾尔自治区 香港特别行政区 澳门特别行政区"
)
PROVINCES = tuple(_PROVINCES.split())


def faults_of_stated(stated: Mapping[str, str]) -> list[str]:
    """What is wrong with what a person states, in Chinese; empty when nothing is. A field left empty means not stated."""
    return list(_faults(stated))


def _faults(stated: Mapping[str, str]) -> Iterator[str]:
    for name, value in stated.items():
        if name not in FIELDS:
            yield f"不认识“{name}”这一项，能写的有：{'、'.join(FIELDS)}"
        elif len(value) > _MOST_CHARACTERS:
            yield f"{FIELDS[name]}太长了，请缩短到 {_MOST_CHARACTERS} 字以内"
    if "title" in stated and not stated["title"].strip():
        yield "标题不能是空的"
    if "id" in stated and not ID.fullmatch(stated["id"]):
        yield f"编号“{stated['id']}”只能用英文字母、数字、“-”“_”“.”，以字母或数字开头，不超过 {MAX_ID} 个字符"
    if "kind" in stated and stated["kind"] not in tuple(Kind):
        yield f"类型“{stated['kind']}”不认识，只能是 {'、'.join(Kind)} 之一"
    for name in ("issued", "effective", "expires"):
        if stated.get(name) and not is_date(stated[name]):
            yield f"{FIELDS[name]}“{stated[name]}”不是日期。请写成 2025-11-28、2025-11 或 2025，没有载明就留空"
    if stated.get("status") and stated["status"] not in WRITTEN_STATUSES:
        yield f"状态“{stated['status']}”不认识，只能是 {'、'.join(WRITTEN_STATUSES)} 之一，没有载明就留空"
    region = stated.get("region", "")
    if region and region != NATIONWIDE and not region.startswith(PROVINCES):
        yield f"适用地区“{region}”要从省写起，例如 四川省、四川省成都市；全国通用的写 {NATIONWIDE}"
    if stated.get("level") and stated["level"] not in LEVELS:
        yield f"难度“{stated['level']}”不认识，只能是 {'、'.join(LEVELS)} 之一，没有就留空"
    yield from order_faults(stated.get("issued", ""), stated.get("effective", ""), stated.get("expires", ""))


def order_faults(issued: str, effective: str, expires: str) -> Iterator[str]:
    """What is wrong with the order of dates; those that are none or not stated are passed over."""
    begins = next((date for date in (effective, issued) if date and is_date(date)), "")
    if begins and expires and is_date(expires) and last_day(expires) < first_day(begins):
        yield f"有效期至 {expires} 早于 {begins}，请核对日期"


def read_stated(path: Path) -> dict[str, str]:
    """What is stated beside a file; empty when nothing is.

    Raises:
        LoadError: the file that states it is not a list of fields.
    """
    beside = path.with_name(path.name + SUFFIX)
    try:
        data: Any = yaml.load(beside.read_text(encoding="utf-8"), yaml.BaseLoader)  # makes strings only
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise LoadError(f"{beside.name} 读不懂：{exc}。请改成一行一项，例如 title: 标题") from exc
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise LoadError(f"{beside.name} 读不懂。请改成一行一项，例如 title: 标题")
    return {str(name): value.strip() for name, value in data.items()}


def write_stated(path: Path, stated: Mapping[str, str]) -> None:
    """State something beside a file; nothing leaves no file there."""
    beside = path.with_name(path.name + SUFFIX)
    if not stated:
        beside.unlink(missing_ok=True)
        return
    beside.write_text(yaml.safe_dump(dict(stated), allow_unicode=True, sort_keys=False), encoding="utf-8")
