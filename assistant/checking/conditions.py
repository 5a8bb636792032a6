"""What must survive when a clause is said in other words: figures with their units, bounds, negations, duties, exceptions, names.

Pure functions over text that :func:`prepare` has folded; no model. A statement is compared with the stretch of its sources that it
follows, found by shared character pairs. Words stand in ``texts/condition_words.yaml``.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.checking.condition_words import any_of, not_negation, places, plain, words
from assistant.checking.negations import affirmed, dropped_or_put_in, turned, without_figures_of_speech
from assistant.texts.wording import load_texts
from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers

FOLLOWS = 0.5
"""Share of the best stretch's likeness from which another stretch with the same figure counts as what a statement follows."""

NEAR = 8
"""Characters on either side of a figure that say what it counts."""

BEFORE = 4
"""Characters before a figure that tell a copied one."""

COPIED = 0.65
"""Least likeness (Dice, of character pairs) of a clause that counts as copied but for a word …"""

WHOLE_COPIED = 0.9
"""… and of a whole sentence: one that leaves a clause out is no copy."""

GAIN = 0.12
"""Share of a statement's character pairs that a further stretch must add to count as one that it follows."""

ABOUT_AS_LIKE = 0.85
"""Share of the best segment's likeness from which another counts as followed, too."""

LEAST_SUPPORT = 0.7
"""Least share of a statement's content characters that must stand in its sources."""

FEW_CHARACTERS = 4
"""Content characters below which a share of them says nothing."""

_SEGMENT = re.compile(r"[。！？!?；;\n【】]+")
_CLAUSE = re.compile(r"[。！？!?；;\n【】，,：:|]+")
_SHARED_TIAO = re.compile(r"第(\d+)((?:[、,和及至—-]第?\d+)+)条")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?!\d)")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9#%.+-]+")
_FIGURE = re.compile(
    r"(第?)(\d+(?:\.\d+)?)(?:余|多)?(个工作日|个月|个小时|万元|亿元|万人|平方米|公里|工作日|小时|分钟|周岁|学时|课时|"
    r"条|款|项|天|日|月|年|元|块|角|分|万|亿|周|次|级|岁|家|人|名|%|‰|倍|孩|类|种|门|期|批|届|亩|件|场|台|所|部门|步|章|号|个)?"
)
_TWICE = re.compile(r"(第\d+条)[、,和及至—-]\1")
_DAY_OF_MONTH = re.compile(r"(\d+月)\d+日")
_DENY = "不未无没非禁免勿"
_SAME_UNIT = {"日": "天", "块": "元", "个小时": "小时", "周岁": "岁", "个工作日": "工作日", "课时": "学时", "名": "人"}
_TITLE = re.compile(r"《([^》]{2,60})》")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit where it stands in a text. ``ordinal`` is "第" for 第X条 and the like."""

    ordinal: str
    value: str
    unit: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What two figures share when they say the same."""
        return (self.ordinal, self.value, self.unit)


def prepare(text: str) -> str:
    """A text folded for comparison: numerals, widths, script; dates as 年月日; 第1、2条 as 第1条、第2条; blanks gone but for line ends."""
    lines = _SHARED_TIAO.sub(_each_tiao, _ISO_DATE.sub(_spelt_date, fold_numbers(text))).split("\n")
    return "\n".join(re.sub(r"\s+", "", normalise(line)) for line in lines)


def segments(prepared: str) -> list[str]:
    """Sentences and their parts between semicolons."""
    return [s for s in _SEGMENT.split(prepared) if s]


def figures_in(prepared: str) -> list[Figure]:
    """Numbers with their units."""
    found = []
    for match in _FIGURE.finditer(prepared):
        ordinal, value, unit = match.group(1), match.group(2), match.group(3) or ""
        whole, _, fraction = value.partition(".")
        value = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
        found.append(Figure(ordinal, value, _SAME_UNIT.get(unit, unit), match.start(), match.end()))
    return found


def condition_faults(statement: str, passages: Sequence[str], particulars: str, names: Sequence[str] = ()) -> list[str]:
    """Why a statement, all :func:`prepare`-d, does not keep to what its sources say; empty when it does.

    Args:
        statement: one sentence, without its markers.
        passages: texts of the cited passages.
        particulars: titles, clauses, numbers and dates of their documents and headings, a line each.
        names: terms of art and proper names; one that the statement names must stand in the sources.
    """
    held = [s for passage in passages for s in segments(passage)]
    ground = "\n".join((*passages, particulars))
    followed = list(dict.fromkeys(text for part in (statement, *segments(statement)) for text in _followed(part, held)))
    faults = [
        *_unsupported(statement, ground),
        *_other_figures(statement, held, particulars),
        *_exchanged(statement, ground, names),
        *_misplaced(statement, held, ground),
        *_other_names(statement, ground, names),
        *turned(statement, followed),
        *dropped_or_put_in(statement, held),
        *affirmed(statement, held),
        *_mispaired(statement, held, names),
        *_other_bounds(statement, followed),
        *_other_duties(statement, held),
        *_dropped_exceptions(statement, followed),
        *_miscopied(segments(statement), held, particulars, names, WHOLE_COPIED),
        *_miscopied(_clauses(statement), [c for s in held for c in _clauses(s)], particulars, names, COPIED),
    ]
    return list(dict.fromkeys(faults))


def likeness(statement: str, text: str) -> float:
    """Share of a statement's character pairs that stand in a text; neither need be prepared."""
    return _likeness(_pairs(prepare(statement)), _pairs(prepare(text)))


def alike(one: str, other: str) -> float:
    """How alike two prepared texts are (Dice, of character pairs) with every figure as one mark; from 0 to 1."""
    return _dice(_pairs(one), _pairs(other))


def _content(prepared: str) -> list[str]:
    """Characters that carry content: no figures, no marks, none that plain speech puts in."""
    return [c for run in _RUN.findall(prepared) for c in run if c not in plain() and not c.isdigit()]


def _unsupported(statement: str, ground: str) -> Iterable[str]:
    wanted = _content(statement)
    share = sum(c in ground for c in wanted) / max(1, len(wanted))
    if len(wanted) >= FEW_CHARACTERS and share < LEAST_SUPPORT:
        yield f"只有 {share:.0%} 的内容在所引段落里"


def _other_figures(statement: str, held: Sequence[str], particulars: str) -> Iterable[str]:
    """Figures that do not stand, with their unit, among words like those that the statement puts around them."""
    days = {m.group() for m in _DAY_OF_MONTH.finditer(particulars)}
    dates = {f.key for m in _DAY_OF_MONTH.finditer(statement) if m.group() in days for f in figures_in(m.group())}
    given = {f.key for f in figures_in(_DAY_OF_MONTH.sub(r"\1", particulars))} | dates
    placed = [(f, _pairs(_around(clause, f))) for s in held for clause in _clauses(s) for f in figures_in(clause)]
    in_tables = {f.value for s in held if "|" in s for f in figures_in(s) if not f.unit}
    in_text = {f.value for f, _ in placed if not f.unit}
    for clause in _clauses(statement):
        for figure in figures_in(clause):
            if figure.key in given:
                continue
            pairs = _pairs(_around(clause, figure))
            alike = [
                (_likeness(pairs, others), f.key == figure.key)
                for f, others in placed
                if (f.ordinal, f.unit) == (figure.ordinal, figure.unit)
            ]
            best = max((likeness for likeness, _ in alike), default=0.0)
            if any(same and likeness >= FOLLOWS * best for likeness, same in alike):
                continue
            if figure.value in in_tables or (figure.unit == "号" and figure.value in in_text):
                continue  # a table's cell or a number to ring: its unit stands elsewhere
            yield f"“{figure.ordinal}{figure.value}{figure.unit}”和所引段落对不上"


def _exchanged(statement: str, ground: str, names: Sequence[str]) -> Iterable[str]:
    """Figures, names and places put where the source, in the same words around them, has another: 可以在1年内 as 可以在1天内."""
    theirs = figures_in(ground)
    for figure in figures_in(statement):
        before = statement[max(0, figure.start - BEFORE) : figure.start]
        copied = [f for f in theirs if f.unit and ground[: f.start].endswith(before)]
        alike = [f for f in copied if figure.unit in (f.unit, "") or figure.value == f.value]
        if len(before) == BEFORE and figure.unit and not figure.ordinal and alike and all(f.key != figure.key for f in copied):
            yield f"“{before}{figure.value}{figure.unit}”和原文不同"
    for known in (tuple(names), places()):
        if not known:
            continue
        held: dict[str, set[str]] = {}
        for match in any_of(known).finditer(ground):
            held.setdefault(_beside(ground, match), set()).add(match.group())
        for match in any_of(known).finditer(statement):
            there = held.get(_beside(statement, match), {match.group()})
            if match.group() not in there:
                yield f"“{match.group()}”在原文里是“{'、'.join(sorted(there))}”"


def _beside(text: str, match: re.Match[str]) -> str:
    """The two characters before and after a word, with its place between them; a text's edge is a mark."""
    return f"{text[max(0, match.start() - 2) : match.start()]:·>2}…{text[match.end() : match.end() + 2]:·<2}"


def _around(clause: str, figure: Figure) -> str:
    return clause[max(0, figure.start - NEAR) : figure.end + NEAR]


def _other_names(statement: str, ground: str, names: Sequence[str]) -> Iterable[str]:
    """Titles and names that the sources do not hold. A name inside a longer one is not that name: 技师 is not 高级技师."""
    lines = ground.split("\n")
    for title in _TITLE.findall(statement):
        if title not in ground and not any(_abbreviates(title, line) for line in lines):
            yield f"《{title}》不在所引段落里"
    for known in (tuple(names), places()):
        if not known:
            continue
        held = set(any_of(known).findall(ground))
        for name in dict.fromkeys(any_of(known).findall(statement)):
            if name not in held:
                yield f"“{name}”不在所引段落里"


def _abbreviates(title: str, line: str) -> bool:
    """Whether a title's characters stand in a line in their order: 劳动争议司法解释(一) in …审理劳动争议案件…解释(一)."""
    characters = iter(line)
    denied = [sum(text.count(c) for c in _DENY) for text in (title, line)]  # 反正当竞争法 is not 反不正当竞争法
    return len(line) < 80 and denied[0] == denied[1] and all(c in characters for c in title)


def _mispaired(statement: str, held: Sequence[str], names: Sequence[str]) -> Iterable[str]:
    """Figures put to a condition or name that another belongs to: 未满4个月 with the days of 满4个月, 中级工 with 初级工's amount."""
    of_segment = [(text, figures_in(text)) for text in held]
    for segment in segments(statement):
        for one, other in itertools.pairwise(f for f in figures_in(segment) if not f.ordinal):
            if one.unit == other.unit or one.end == other.start:  # parts of a date are no condition of one another
                continue
            bound = _bound(segment, one)
            together = [(fs, i) for text, fs in of_segment for i, f in enumerate(fs) if f.key == one.key and _bound(text, f) == bound]
            stands = any(f.key == other.key for fs, _ in together for f in fs)
            if not stands and any(f.unit == other.unit for fs, i in together for f in fs[i + 1 :]):
                yield f"“{other.value}{other.unit}”不是“{one.value}{one.unit}”的"
    if not names:
        return
    pattern = any_of(tuple(names))
    pieces = [(set(pattern.findall(piece)), figures_in(piece), "|" in piece) for text in held for piece in _pieces(text)]
    all_named = set(pattern.findall(statement))
    for piece in _pieces(statement):
        named = set(pattern.findall(piece))
        for figure in (f for f in figures_in(piece) if len(named) == 1 and not f.ordinal):
            of_unit = [(others, f.value) for others, fs, row in pieces for f in fs if f.unit == figure.unit or (row and not f.unit)]
            hers = [value for others, value in of_unit if named <= others]
            owners = [others - all_named for others, value in of_unit if value == figure.value]
            if hers and figure.value not in hers and owners and all(owners):
                yield f"“{figure.value}{figure.unit}”不是“{'、'.join(named)}”的"


def _misplaced(statement: str, held: Sequence[str], ground: str) -> Iterable[str]:
    """A 款 or 项 that what is said of it does not stand under, one 条 named twice in a row, and a place of no such rank."""
    for segment in segments(statement):
        closest = _followed(segment, held)[:1]
        for unit in ("款", "项"):
            mine, theirs = ({f.value for f in figures_in(text) if f.ordinal and f.unit == unit} for text in (segment, "".join(closest)))
            if mine and theirs and not mine & theirs:
                yield f"“第{'、'.join(sorted(mine))}{unit}”和原文不同"
    if (twice := _TWICE.search(statement)) and twice.group() not in ground:
        yield f"“{twice.group()}”重复"
    for ranked in re.findall(rf"(?:{any_of(places()).pattern})(?:省|市(?![场民面]))", statement):
        if ranked not in ground and ranked[:-1] + ("市" if ranked.endswith("省") else "省") in ground:
            yield f"“{ranked}”不在所引段落里"


def _pieces(text: str) -> list[str]:
    """Clauses and the members of lists in them; rows of tables whole."""
    return [text] if "|" in text else [p for clause in _clauses(text) for p in clause.split("、") if p]


def _other_bounds(statement: str, followed: Sequence[str]) -> Iterable[str]:
    """Figures whose bound (至多, 至少) was dropped, put in or turned."""
    held: dict[tuple[str, str, str], list[tuple[str, frozenset[str]]]] = {}
    for text in (c for s in followed for c in _clauses(s)):
        for figure in figures_in(text):
            held.setdefault(figure.key, []).append((_bound(text, figure), _bounds(text)))
    for clause in _clauses(statement):
        for figure in figures_in(clause):
            theirs = held.get(figure.key)
            mine = (_bound(clause, figure), _bounds(clause))
            if (
                theirs
                and not figure.ordinal
                and not any(mine[0] == of_figure and (of_clause <= mine[1] or mine[0]) for of_figure, of_clause in theirs)
            ):
                yield f"“{figure.value}{figure.unit}”的界限（以上、以内、满、不超过）变了"


def _other_duties(statement: str, held: Sequence[str]) -> Iterable[str]:
    """What must be done told as what may be, or the other way round, where what a segment follows says one of them alone."""
    for segment in segments(statement):
        mine = _outright(segment)
        closest = _followed(segment, held)[:1]
        theirs = [_outright(text) for text in closest]
        if len(mine) == 1 and any(len(kinds) == 1 and kinds != mine for kinds in theirs):
            yield "“应当”和“可以”说反了"
        clauses = [(c, _outright(c)) for text in closest for c in _clauses(text)]
        for said in _clauses(segment):
            bare, duty = _stripped(said), _outright(said)
            if len(duty) == 1 and any(len(kinds) == 1 and kinds != duty and _stripped(c) == bare for c, kinds in clauses):
                yield f"“{said[:20]}”里“应当”和“可以”说反了"


def _outright(text: str) -> frozenset[str]:
    """The kinds of duty that a text's own words of duty say, whatever plain speech adds."""
    bare = without_figures_of_speech(text).replace("能够", "　　")  # 其他能够适应的劳动: of what is, not of what may be done
    return frozenset(kind for kind in ("must", "may") if words(kind).search(bare))


def _bounds(text: str) -> frozenset[str]:
    return frozenset("upper" if words("upper").fullmatch(m.group()) else "lower" for m in words("bounds").finditer(text))


def _dropped_exceptions(statement: str, followed: Sequence[str]) -> Iterable[str]:
    exception = words("exception")
    if exception.search(statement):
        return
    pairs = _pairs(statement)
    for text in followed:
        match = exception.search(text)
        if (
            match
            and _likeness(pairs, _pairs(text[: match.start()] + text[match.end() :])) >= FOLLOWS
            and len(text) > len(match.group()) + 4
        ):
            yield "例外（除外）丢了"


def _miscopied(stretches: Sequence[str], held: Sequence[str], particulars: str, names: Sequence[str], least: float) -> Iterable[str]:
    """What a stretch that is all but copied from a source changes: negations, bounds, duties, and words in the place of others."""
    sources = [(text, _pairs(_stripped(text), masked=False)) for text in held if len(text) >= 4]
    for said in stretches:
        pairs = _pairs(_stripped(said), masked=False)
        if len(pairs) < 2:
            continue
        alike = sorted(((_dice(pairs, other), text) for text, other in sources), reverse=True)
        best = alike[0][0] if alike else 0.0
        if best < least:
            continue
        close = [text for likeness, text in alike if likeness >= best - 0.03]
        if not any(_agree(said, text) for text in close):
            yield f"“{said[:20]}”里的否定、界限或“应当、可以”和原文不同"
        if any(said in text for text in close):
            continue
        changed = [[*_replacements(said, text), *_other_named(said, text, particulars, names)] for text in close]
        if all(changed):
            yield f"“{said[:20]}”里换了原文的词：{'、'.join(changed[0])}"


def _agree(said: str, source: str) -> bool:
    """Whether a stretch negates, bounds, obliges and allows as its source does; what comes in other words counts as the same."""
    if _strict(said) != _strict(source):
        return False
    mine, theirs = _duties(said), _duties(source)
    dropped = any(words in source and kind not in mine for words, kind in (("应当", "must"), ("必须", "must"), ("可以", "may")))
    turned = ("must" in mine and "must" not in theirs) or ("may" in mine and "must" in theirs and "may" not in theirs)
    return not dropped and not turned


def _strict(text: str) -> tuple[object, ...]:
    of_figures = sorted(b for f in figures_in(text) if (b := _bound(text, f)))
    return (sum(text.count(c) for c in _DENY), of_figures, _bounds(text), bool(words("exclusive").search(text)))


def _duties(text: str) -> set[str]:
    bare = without_figures_of_speech(text)
    plainly = {"must": "[要须应得需]", "may": "[可能]"}
    return {kind for kind in ("must", "may") if words(kind).search(bare) or re.search(plainly[kind], bare)}


def _other_named(said: str, source: str, particulars: str, names: Sequence[str]) -> list[str]:
    """Names and places that a stretch has and its source has not."""
    found = []
    for known in (tuple(names), places()):
        if known:
            held = set(any_of(known).findall(source))
            found += [n for n in dict.fromkeys(any_of(known).findall(said)) if n not in held and n not in particulars]
    return found


def _replacements(said: str, source: str) -> list[str]:
    """Content words, of four characters at most, that stand in the place of others."""
    put_in = plain()
    found = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, source, said, autojunk=False).get_opcodes():
        old, new = source[i:j], said[k:m]
        short = max(len(old), len(new)) <= 4 and new.isalnum() and old.isalnum()
        if tag == "replace" and short and any(c not in put_in and c not in old for c in new) and any(c not in put_in for c in old):
            found.append(new)
    return found


def _followed(statement: str, held: Sequence[str]) -> list[str]:
    """Segments that a statement follows, the likest first: those about as like it, and those that add what these lack."""
    wanted = _pairs(statement)
    options = [(s, wanted & _pairs(s)) for s in dict.fromkeys(held)]
    most = max((len(shared) for _, shared in options), default=0)
    if not most:
        return []
    options.sort(key=lambda o: -len(o[1]))
    chosen = [o for o in options if len(o[1]) >= ABOUT_AS_LIKE * most]
    rest, left = options[len(chosen) :], wanted.difference(*(shared for _, shared in chosen))
    while rest:
        best = max(rest, key=lambda o: len(left & o[1]))
        if len(left & best[1]) < max(1, GAIN * len(wanted)):
            break
        chosen.append(best)
        rest.remove(best)
        left = left - best[1]
    return [text for text, _ in chosen]


def _bound(text: str, figure: Figure) -> str:
    """Which bound a figure has: "upper", "lower" or ""; of two that fit before it the longer (不少于, not 少于)."""
    bounds = load_texts("condition_words")["bounds"]
    before, after = text[max(0, figure.start - 8) : figure.start], text[figure.end : figure.end + 6]
    fitting = [(m.start(), kind) for kind in ("upper", "lower") if (m := re.search(rf"(?:{bounds[kind]['before']})[每约为到了]?$", before))]
    if fitting:
        return min(fitting)[1]
    # 5000人次以上: a unit that no list holds may stand between.
    return next((kind for kind in ("upper", "lower") if re.match(rf"[\u4e00-\u9fff]{{0,2}}?(?:{bounds[kind]['after']})", after)), "")


def _stripped(text: str) -> str:
    """The text without its negations, bounds and words of duty: what two stretches are compared by before these are."""
    text = not_negation().sub("", text)
    for kind in ("bounds", "negation", "must", "may", "exclusive"):
        text = words(kind).sub("", text)
    return text


def _clauses(text: str) -> list[str]:
    return [c for c in _CLAUSE.split(text) if c]


def _pairs(text: str, *, masked: bool = True) -> frozenset[str]:
    """Character pairs of a text; masked, with digits as one mark."""
    if masked:
        text = re.sub(r"\d+(?:\.\d+)?", "〇", text)
    return frozenset(a + b for run in re.findall(r"[^\W_]+", text) for a, b in itertools.pairwise(run))


def _likeness(pairs: frozenset[str], other: frozenset[str]) -> float:
    return len(pairs & other) / len(pairs) if pairs else 0.0


def _dice(pairs: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(pairs & other) / (len(pairs) + len(other)) if pairs and other else 0.0


def _each_tiao(match: re.Match[str]) -> str:
    return "、".join(f"第{number}条" for number in re.findall(r"\d+", match.group()))


def _spelt_date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year}年{int(month)}月" + (f"{int(day)}日" if day else "")
