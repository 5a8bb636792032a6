"""Clause look-ups: every clause of the shipped policies, asked by every form of its number and of its document's name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evals.samples import Expected, Sample
from knowledge_base.splitting import split_document
from knowledge_base.text.clauses import ClauseNumber, find_clauses
from knowledge_base.types import Document, Kind

SEED = 411
_TEMPLATES = (
    "《{name}》{clause}",
    "{name}{clause}讲啥",
    "{name}{clause}的内容",
    "{clause}，{name}里头咋个写的",
    "请问{name}的{clause}是怎么规定的？",
)
_ABSENT = "{name}{clause}写的什么"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class _Held:
    """A clause of a document with the facts of its passages and the clause fields they carry."""

    document: Document
    clause: ClauseNumber
    fields: tuple[str, ...]
    source_ids: tuple[str, ...]


def clause_lookups(documents: Iterable[Document], seed: int = SEED) -> list[Sample]:
    """One look-up a clause, forms taken in turn, and for each document one clause that the knowledge base does not hold."""
    chance = random.Random(seed)
    policies = sorted((d for d in documents if d.kind is Kind.POLICY), key=lambda d: d.slug)
    held = [h for d in policies for h in _held(d)]
    titles: dict[str, set[ClauseNumber]] = {}
    for item in held:
        titles.setdefault(item.document.title, set()).add(item.clause)
    samples = [_look_up(number, item, held, chance) for number, item in enumerate(held)]
    lacking = [_absent(d, titles[d.title]) for d in policies if d.title in titles]
    return samples + [
        Sample(f"C9{n:02d}", _ABSENT.format(name=title, clause=clause), Expected.ABSTAIN, slice="库里没有的条")
        for n, (title, clause) in enumerate(dict.fromkeys(lacking), 1)
    ]


def _look_up(number: int, item: _Held, held: Sequence[_Held], chance: random.Random) -> Sample:
    """The look-up of one clause; ``number`` chooses how it is written."""
    names, forms = _names(item.document), _number_forms(item.clause)
    form, written = forms[number % len(forms)]
    name_form, name = names[chance.randrange(len(names))]
    template = _TEMPLATES[number % len(_TEMPLATES)] if name_form != "文号" else "{name}{clause}"
    same = [h for h in held if h.document.title == item.document.title and h.clause == item.clause]
    return Sample(
        sample_id=f"C{number + 1:03d}",
        text=template.format(name=name, clause=written).replace("《《", "《").replace("》》", "》"),
        expected=Expected.ANSWER,
        slice=f"条号写法：{form}",
        intent=name_form,
        gold_facts=tuple(dict.fromkeys(i for h in same for i in h.source_ids)),
        gold_clauses=tuple(dict.fromkeys(f for h in same for f in h.fields)),
    )


def _held(document: Document) -> Iterator[_Held]:
    found: dict[ClauseNumber, list[tuple[str, Sequence[str]]]] = {}
    for passage in split_document(document):
        if "附录" in passage.clause:
            continue
        for clause in find_clauses(passage.clause):
            found.setdefault(clause, []).append((passage.clause, passage.source_ids))
    for clause, places in found.items():
        yield _Held(document, clause, tuple(dict.fromkeys(f for f, _ in places)), tuple(dict.fromkeys(i for _, ids in places for i in ids)))


def _names(document: Document) -> list[tuple[str, str]]:
    """Forms in which people name a document: full title, title without the country, short titles, document number."""
    names = [("全称", document.title)]
    bare = document.title.removeprefix("中华人民共和国")
    if bare != document.title:
        names.append(("通称", bare))
    names += [("简称", short) for short in document.short_titles if len(short) >= 3]
    if re.search(r"\d", document.doc_no):
        names.append(("文号", document.doc_no))
    return names


def _number_forms(clause: ClauseNumber) -> list[tuple[str, str]]:
    digits = f"第{clause.number}条" + (f"之{clause.insert}" if clause.insert else "")
    return [
        ("汉字", str(clause)),
        ("数字", digits),
        ("无第", digits.removeprefix("第")),
        ("全角", digits.translate(_FULL_WIDTH)),
        ("空格", digits.replace("第", "第 ", 1).replace("条", " 条", 1)),
    ]


def _absent(document: Document, held: set[ClauseNumber]) -> tuple[str, str]:
    """The first clause number above 1 that no passage of the title holds."""
    taken = {c.number for c in held}
    number = next(n for n in range(2, 400) if n not in taken)
    return document.title, str(ClauseNumber(number))
