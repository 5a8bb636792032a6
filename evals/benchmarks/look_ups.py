"""Are instruments and clauses found by every way of writing them: ``python -m evals.benchmarks.look_ups``.

Every policy of the shipped corpus by every form of its title and document number, every clause of them by every form of its number,
and for each instrument with clauses one that the knowledge base does not hold. A look-up is right when the first passage is of that
instrument and clause, or, for a clause that is not held, when the answer says so and cites nothing. Prints a Markdown table and saves it.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from assistant.types import Question, Verdict
from assistant.wiring import Parts, build
from evals.making.perturbations import to_traditional
from evals.suites import LABELLED_ON
from knowledge_base.publishing.ingest import ingest
from knowledge_base.search.retrieval import Filters
from knowledge_base.text.clauses import ClauseNumber, find_clauses, to_chinese
from knowledge_base.types import Document, Kind

SAVED = Path(__file__).parents[1] / "results" / "look_ups.md"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_YEAR = re.compile(r"〔(\d{4})〕")


@dataclass(frozen=True, slots=True)
class LookUp:
    """A question that names an instrument, and perhaps a clause, outright. ``titles`` are those it may mean."""

    form: str
    text: str
    titles: frozenset[str]
    clause: ClauseNumber | None = None
    held: bool = True


def name_forms(document: Document) -> Iterator[tuple[str, str]]:
    """Ways of writing an instrument's title and short titles."""
    bare = document.title.removeprefix("中华人民共和国")
    yield "全称", document.title
    yield "全称加书名号", f"《{document.title}》"
    yield "全称加书名号，缺一半", f"《{document.title}"
    yield "繁体", to_traditional(document.title)
    yield "带空格", f"{document.title[: len(document.title) // 2]} {document.title[len(document.title) // 2 :]}"
    if bare != document.title:
        yield "省国名", bare
        yield "省国名加书名号", f"《{bare}》"
    for short in document.short_titles:
        yield "简称", short


def number_forms(doc_no: str) -> Iterator[tuple[str, str]]:
    """Ways of writing a document number."""
    yield "文号", doc_no
    yield "文号全角", doc_no.translate(_FULL_WIDTH)
    if _YEAR.search(doc_no):
        for name, opening, closing in (
            ("[]", "[", "]"),
            ("()", "(", ")"),
            ("（）", "（", "）"),
            ("【】", "【", "】"),
            ("［］", "［", "］"),
        ):
            yield f"文号用{name}", _YEAR.sub(rf"{opening}\1{closing}", doc_no)
        yield "文号无括号", _YEAR.sub(r"\1", doc_no)
        yield "文号写“年”", _YEAR.sub(r"\1年", doc_no)
        yield "文号写“第”", _YEAR.sub(r"〔\1〕第", doc_no)
        yield "文号带空格", _YEAR.sub(r" 〔\1〕 ", doc_no)
        yield "文号汉字", _YEAR.sub(lambda m: f"〔{m.group(1).translate(_CHINESE_DIGITS)}〕", doc_no)
        yield "文号汉字号数", re.sub(r"〕(\d+)号", lambda m: f"〕{to_chinese(int(m.group(1)))}号", doc_no)
    if order := re.fullmatch(r"(.*令)第(\d+)号", doc_no):
        body, number = order.groups()
        yield "令号无“第”", f"{body}{number}号"
        yield "令号汉字", f"{body}第{to_chinese(int(number))}号"
        yield "令号逐字汉字", f"{body}第{number.translate(_CHINESE_DIGITS)}号"
        yield "令号倒写", f"{body.removesuffix('令')}第{number}号令"
        yield "令号带空格", f"{body} 第 {number} 号"


def clause_forms(clause: ClauseNumber) -> Iterator[tuple[str, str]]:
    """Ways of writing a clause number, with and without a 款 or 项."""
    digits = f"第{clause.number}条" + (f"之{clause.insert}" if clause.insert else "")
    yield "条：汉字", str(clause)
    yield "条：数字", digits
    yield "条：无第", digits.removeprefix("第")
    yield "条：汉字无第", str(clause).removeprefix("第")
    yield "条：全角", digits.translate(_FULL_WIDTH)
    yield "条：空格", digits.replace("第", "第 ", 1).replace("条", " 条", 1)
    yield "条：繁体", str(clause).replace("条", "條")
    yield "条：带款", f"{clause}第二款"
    yield "条：带款项", f"{digits}第1款第（三）项"
    yield "条：带项", f"{clause}（二）项"


def look_ups(parts: Parts) -> list[LookUp]:
    """Every look-up of the shipped policies, in a fixed order."""
    catalogue = parts.index.get().catalogue
    documents = [entry.document for entry in catalogue.entries.values()]
    policies = sorted((d for d in documents if d.kind is Kind.POLICY), key=lambda d: d.slug)
    by_name = _titles_by_name(documents)
    held: dict[str, set[ClauseNumber]] = defaultdict(set)
    for document in policies:
        passages = (p for p in catalogue.passages_of(document.doc_id) if "附录" not in p.clause)
        held[document.title].update(clause for p in passages for clause in find_clauses(p.clause))
    made: dict[str, LookUp] = {}
    for document in policies:
        for asked in _look_ups_of(document, held[document.title], by_name):
            made.setdefault(asked.text, asked)
    return list(made.values())


def _titles_by_name(documents: Iterable[Document]) -> Mapping[str, set[str]]:
    """Titles of the documents that a name may mean."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for _, name in (*name_forms(document), *number_forms(document.doc_no)):
            by_name[name].add(document.title)
    return by_name


def _look_ups_of(document: Document, held: set[ClauseNumber], by_name: Mapping[str, set[str]]) -> Iterator[LookUp]:
    """A document by each of its names, each clause by names and forms in turn, and one clause that it does not have."""
    names = [*name_forms(document), *(number_forms(document.doc_no) if re.search(r"\d", document.doc_no) else ())]
    for form, name in names:
        yield LookUp(form, name, frozenset(by_name[name]))
    titles = frozenset({document.title})
    for place, clause in enumerate(sorted(held)):
        for number, (form, written) in enumerate(clause_forms(clause)):
            _, name = names[(place + number) % len(names)]
            if len(by_name[name]) == 1:
                yield LookUp(form, f"{name}{written}", titles, clause)
    if held:
        lacking = next(ClauseNumber(n) for n in range(2, 999) if ClauseNumber(n) not in held)
        for form, written in list(clause_forms(lacking))[:3]:
            yield LookUp(f"没有的{form}", f"{document.title}{written}讲啥", titles, lacking, held=False)


def right(parts: Parts, asked: LookUp) -> bool:
    """Whether a look-up finds what it names."""
    reader = parts.readers()
    if not asked.held:
        answer = parts.assistant.ask(Question(asked.text, as_of=LABELLED_ON))
        return answer.verdict is Verdict.ABSTAINED and str(asked.clause) in answer.text and not answer.citations
    found = reader.retriever.retrieve(asked.text, 1, Filters(LABELLED_ON))
    if not found or reader.generation.catalogue.document(found[0].passage.doc_id).title not in asked.titles:
        return False
    return asked.clause is None or asked.clause in find_clauses(found[0].passage.clause)


def table(asked: Sequence[LookUp], wrong: Sequence[LookUp]) -> str:
    """Shares right by form, as Markdown."""
    totals, missed = Counter(a.form for a in asked), Counter(w.form for w in wrong)
    lines = [
        "# 按名称、文号、条号查找",
        "",
        "随程序的每一份政策、每一条，用每一种写法各查一次；第一段就是所指的那一份、那一条才算对。库里没有的条，说明没有、不拿别的条代替才算对。",
        "",
        "重做：`python -m evals.benchmarks.look_ups`。",
        "",
        "| 写法 | n | 对的份额 |",
        "|---|---|---|",
        *(f"| {form} | {n} | {1 - missed[form] / n:.3f} |" for form, n in totals.items()),
        f"| **合计** | {len(asked)} | 错 {len(wrong)} 次 |",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table and what was wrong, and save the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=SAVED)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = build(Settings(data_dir=Path(folder)))
        ingest(parts.folder, parts.embedder)
        asked = look_ups(parts)
        wrong = [a for a in asked if not right(parts, a)]
        parts.close()
    text = table(asked, wrong)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201
    for missed in wrong:
        print(f"{missed.form}: {missed.text}")  # noqa: T201


if __name__ == "__main__":
    main()
