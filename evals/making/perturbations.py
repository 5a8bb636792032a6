"""Other ways of asking: clean questions rewritten by seeded functions, one a way, that keep what is asked.

A way returns None where it has nothing to change. Amounts, clause numbers and dates are never touched.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import opencc
import rjieba
from pypinyin import lazy_pinyin

from evals.samples import Expected, Sample
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.clauses import to_chinese

SEED = 412
PARENTS = 90
"""Clean questions that are rewritten: enough for an interval of ±10 points a way."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_FUNCTION_WORDS = (
    "请问",
    "一下",
    "的话",
    "是不是",
    "到底",
    "现在",
    "我们",
    "咱们",
    "的",
    "了",
    "吗",
    "呢",
    "嘛",
    "是",
    "有",
    "要",
    "能",
    "会",
)
_FILLERS = ("嗯", "那个", "就是说", "喂你好", "我想问一哈")
_PARTICLES = ("嘛", "噻", "哈")
_PUNCTUATION = re.compile(r"[，。？！、；：“”‘’《》（）,.?!;:\"'()\s]")
_LOOKALIKES: Mapping[str, str] = {
    "已": "己", "未": "末", "员": "圆", "师": "帅", "证": "怔", "贴": "帖", "训": "训练", "级": "极", "职": "识", "销": "消",
    "营": "莹", "网": "冈", "待": "侍", "历": "厉", "拔": "拨", "侯": "候", "育": "盲", "享": "亨", "技": "枝", "限": "很",
}  # fmt: skip
_ENGLISH: Mapping[str, str] = {
    "直播": "live", "补贴": "subsidy", "证书": "certificate", "产假": "maternity leave", "工资": "salary", "培训": "training",
    "老板": "boss", "公司": "company", "合同": "contract", "视频": "video", "加班": "overtime", "社保": "social insurance",
    "工作室": "studio", "联盟": "alliance", "专利": "patent", "案例": "case", "数据": "data", "标准": "standard", "考证": "考certificate",
    "学时": "hours",
    "平台": "platform", "手机": "phone",
    "热线": "hotline", "仲裁": "arbitration", "试用期": "probation", "年假": "annual leave",
}  # fmt: skip


@dataclass(frozen=True)
class Rewriter:
    """Rewrites questions with the words of a lexicon and the characters of a body of text."""

    lexicon: Lexicon
    homophones: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, lexicon: Lexicon, texts: Iterable[str]) -> Rewriter:
        """A rewriter whose homophones are the characters that a body of text uses at least five times."""
        counts = Counter(c for text in texts for c in text if _HAN.match(c))
        by_sound: dict[str, list[str]] = {}
        for character in sorted(c for c, n in counts.items() if n >= 5):
            by_sound.setdefault(lazy_pinyin(character)[0], []).append(character)
        return cls(lexicon, by_sound)

    def homophone(self, text: str, chance: random.Random) -> str | None:
        """One or two characters misheard or picked wrong in the input method."""
        places = [i for i, c in enumerate(text) if _HAN.match(c) and c not in "一二三四五六七八九十百千第条款项不没莫" and self._others(c)]
        if not places:
            return None
        characters = list(text)
        for place in chance.sample(places, min(len(places), 2 if len(text) > 12 else 1)):
            characters[place] = chance.choice(self._others(characters[place]))
        return "".join(characters)

    def dialect(self, text: str, chance: random.Random) -> str | None:
        """Standard words in Sichuan dialect, by the lexicon read backwards, with a particle at the end."""
        words: dict[str, list[str]] = {}
        for dialect, standard in self.lexicon.dialect.items():
            words.setdefault(standard, []).append(dialect)
        changed = text
        for standard in sorted((w for w in words if len(w) >= 2), key=len, reverse=True):
            if standard in changed:
                changed = changed.replace(standard, chance.choice(sorted(words[standard])))
        changed = changed.rstrip("？?。吗呢") + chance.choice(_PARTICLES)
        return changed if changed != text else None

    def _others(self, character: str) -> list[str]:
        return [c for c in self.homophones.get(lazy_pinyin(character)[0], ()) if c != character]


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def to_traditional(text: str) -> str:
    """The text in traditional characters."""
    return str(_converter().convert(text))


Way = Callable[[Rewriter, str, random.Random], str | None]


def _typo(_: Rewriter, text: str, chance: random.Random) -> str | None:
    """A look-alike character, or two neighbours swapped."""
    alike = [i for i, c in enumerate(text) if c in _LOOKALIKES and len(_LOOKALIKES[c]) == 1]
    if alike:
        place = chance.choice(alike)
        return text[:place] + _LOOKALIKES[text[place]] + text[place + 1 :]
    pairs = [i for i in range(len(text) - 1) if _HAN.match(text[i]) and _HAN.match(text[i + 1]) and text[i] != text[i + 1]]
    pairs = [i for i in pairs if not set(text[i : i + 2]) & set("一二三四五六七八九十百千第条")]
    if not pairs:
        return None
    place = chance.choice(pairs)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _traditional(_: Rewriter, text: str, __: random.Random) -> str | None:
    """Traditional characters, by OpenCC."""
    changed = to_traditional(text)
    return changed if changed != text else None


def _width(_: Rewriter, text: str, __: random.Random) -> str | None:
    """Full-width letters and digits, half-width marks, and an ideographic space in the middle."""
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)
    wide = wide.translate(str.maketrans("，。？！：；", ",.?!:;"))
    middle = len(wide) // 2
    return f"{wide[:middle]}\u3000{wide[middle:]}"


def _dropped(_: Rewriter, text: str, __: random.Random) -> str | None:
    """Function words and marks left out, as in a search box."""
    changed = text
    for word in _FUNCTION_WORDS:
        changed = changed.replace(word, "")
    changed = _PUNCTUATION.sub(" ", changed).strip()
    return changed if changed != text and len(changed) >= 4 else None


def _pinyin(_: Rewriter, text: str, __: random.Random) -> str | None:
    """The longest word in toneless pinyin: she could not find the characters."""
    words = [
        w for w in rjieba.cut(text) if 2 <= len(w) <= 4 and all(_HAN.match(c) for c in w) and not re.search("[一二三四五六七八九十百千]", w)
    ]
    if not words:
        return None
    word = max(words, key=len)
    return text.replace(word, "".join(lazy_pinyin(word)), 1)


def _voice(_: Rewriter, text: str, chance: random.Random) -> str | None:
    """As speech input gives it: no marks, a filler, a word said twice, small numbers in characters."""
    spoken = re.sub(
        r"(?<!\d)\d{1,2}(?!\d)", lambda m: to_chinese(int(m.group())) if int(m.group()) else m.group(), _PUNCTUATION.sub("", text)
    )
    words = rjieba.cut(spoken)
    place = chance.randrange(len(words))
    return chance.choice(_FILLERS) + "".join([*words[: place + 1], words[place] if _HAN.match(words[place]) else "", *words[place + 1 :]])


def _english(_: Rewriter, text: str, __: random.Random) -> str | None:
    """Chinese mixed with English words."""
    changed = text
    for chinese, english in _ENGLISH.items():
        changed = changed.replace(chinese, english)
    return changed if changed != text else None


WAYS: Mapping[str, Way] = {
    "错字": _typo,
    "同音字": Rewriter.homophone,
    "方言": Rewriter.dialect,
    "繁体": _traditional,
    "全半角": _width,
    "漏字": _dropped,
    "拼音": _pinyin,
    "语音": _voice,
    "中英混": _english,
}
"""Name of a way to its function."""


def perturb(parents: Sequence[Sample], rewriter: Rewriter, *, seed: int = SEED, limit: int = PARENTS) -> list[Sample]:
    """Rewritten questions of at most ``limit`` parents, every way where it changes something. Same seed, same questions.

    Parents are answerable questions of 8 to 40 characters, without history and without anything that must not be said.
    A rewritten question keeps its parent's labels.
    """
    fit = [p for p in parents if p.expected is Expected.ANSWER and not p.history and not p.must_not and 8 <= len(p.text) <= 40]
    chance = random.Random(seed)
    chosen = sorted(chance.sample(fit, min(limit, len(fit))), key=lambda p: p.sample_id)
    made = []
    for parent in chosen:
        for number, (name, way) in enumerate(WAYS.items(), 1):
            text = way(rewriter, parent.text, random.Random(f"{seed}/{parent.sample_id}/{name}"))
            if text and text != parent.text:
                made.append(
                    replace(
                        parent, sample_id=f"{parent.sample_id}-{number}", text=text, parent=parent.sample_id, way=name, slice=name, note=""
                    )
                )
    return made
