"""The house's own words and places to ask, beside those that come with the program; in force at once, without a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter, Depends

from assistant.api.access import Officer, require_admin
from assistant.api.state import State, Stated
from assistant.composing.referrals import REFERRALS_FILE, faults_of, load_referrals, save_referrals
from assistant.storage.changes import Action
from assistant.types import Referral
from assistant.wire import schemas
from knowledge_base import CORPUS
from knowledge_base.errors import CorpusError
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.query.own_words import WordLines, advice_on, as_lines, load_own, read_lines, save_own
from knowledge_base.text.normalise import normalise
from knowledge_base.validity import today

router = APIRouter(tags=["词表和电话（管理）"], dependencies=[Depends(require_admin)])

_AROUND = 4


@router.get("/v1/lexicon", summary="自己加的词")
def read_lexicon(state: Stated) -> schemas.LexiconOut:
    """The house's own words, one a line, and how many come with the program."""
    return _present_lexicon(load_own(state.parts.settings.data_dir), state)


@router.put("/v1/lexicon", summary="改自己加的词", responses={422: {"model": schemas.Problem}})
def write_lexicon(lines: schemas.LexiconLines, state: Stated, officer: Officer) -> schemas.LexiconOut:
    """Keep words in the place of the former own ones; refused, each fault with its line, when one does not hold."""
    own = read_lines(WordLines(lines.dialect, lines.synonyms, lines.terms))
    former = load_own(state.parts.settings.data_dir)
    save_own(state.parts.settings.data_dir, own)
    state.parts.take_up_words()
    state.parts.changes.record(officer, Action.LEXICON_CHANGED, "lexicon", _difference(former, own))
    return _present_lexicon(own, state)


@router.post("/v1/lexicon/preview", summary="试一试这些词", responses={422: {"model": schemas.Problem}})
def try_lexicon(trial: schemas.LexiconTrial, state: Stated) -> schemas.LexiconTrialOut:
    """How a question would be understood with these words; nothing is kept."""
    own = read_lines(WordLines(trial.dialect, trial.synonyms, trial.terms))
    understood = Lexicon.load(CORPUS / "lexicon.yaml").joined_by(own).understand(trial.question)
    return schemas.LexiconTrialOut(
        before=state.parts.lexicon.understand(trial.question).text,
        after=understood.text,
        searched=list(understood.expansions),
        notes=list(understood.notes),
        advice=advice_on(own, _occurrences(state)),
    )


@router.get("/v1/referrals", summary="求助电话和去处")
def read_referrals(state: Stated) -> schemas.ReferralBook:
    """The house's own places to ask, and the shipped ones."""
    path = state.parts.settings.data_dir / REFERRALS_FILE
    own = load_referrals(path) if path.exists() else ()
    return schemas.ReferralBook(
        own=[_present_referral(r) for r in own], shipped=[_present_referral(r) for r in load_referrals(CORPUS / REFERRALS_FILE)]
    )


@router.put("/v1/referrals", summary="改自己加的电话和去处", responses={422: {"model": schemas.Problem}})
def write_referrals(request: schemas.ReferralsRequest, state: Stated, officer: Officer) -> schemas.ReferralBook:
    """Keep places in the place of the former own ones; refused, each fault with its entry, when one does not hold."""
    shipped = {r.referral_id for r in load_referrals(CORPUS / REFERRALS_FILE)}
    faults: list[str] = []
    own: dict[str, Referral] = {}
    for number, entry in enumerate(request.items, 1):
        referral = _referral(entry)
        found = faults_of(referral)
        if not found and referral.checked > today().isoformat():
            found.append(f"核对日期 {referral.checked} 还没有到")
        if referral.referral_id not in shipped and not referral.words:
            found.append("没有写关键词，不会出现在回答里")
        if referral.referral_id in own:
            found.append("和前面一条重复")
        faults += [f"第 {number} 条“{referral.name}”：{fault}" for fault in found]
        own[referral.referral_id] = referral
    if faults:
        raise CorpusError("；".join(faults))
    save_referrals(state.parts.settings.data_dir / REFERRALS_FILE, list(own.values()))
    state.parts.take_up_words()
    state.parts.changes.record(officer, Action.REFERRALS_CHANGED, "referrals", "、".join(r.name for r in own.values()) or "全部去掉")
    return read_referrals(state)


def _present_lexicon(own: Lexicon, state: State) -> schemas.LexiconOut:
    lines = as_lines(own)
    shipped = Lexicon.load(CORPUS / "lexicon.yaml")
    return schemas.LexiconOut(
        dialect=lines.dialect,
        synonyms=lines.synonyms,
        terms=lines.terms,
        advice=advice_on(own, _occurrences(state)),
        shipped={"dialect": len(shipped.dialect), "synonyms": len(shipped.synonyms), "terms": len(shipped.terms)},
    )


def _occurrences(state: State) -> Callable[[str], str]:
    """Gives where a word stands in the knowledge base, with some characters around it; "" where it does not."""
    catalogue = state.parts.readers().generation.catalogue
    titles = [f"{e.document.title} {e.document.doc_no}" for e in catalogue.entries.values()]
    text = normalise("\n".join((*titles, *(f"{' '.join(p.heading_path)}\n{p.text}" for p in catalogue.passages()))))

    def occurs(word: str) -> str:
        place = text.find(word)
        return " ".join(text[max(0, place - _AROUND) : place + len(word) + _AROUND].split()) if place >= 0 else ""

    return occurs


def _difference(former: Lexicon, own: Lexicon) -> str:
    """Which words came and went."""
    before, after = (
        set("\n".join((lines.dialect, lines.synonyms, lines.terms)).split("\n")) - {""} for lines in map(as_lines, (former, own))
    )
    came, went = sorted(after - before), sorted(before - after)
    parts = [f"加 {len(came)} 条：{'；'.join(came)}" if came else "", f"去 {len(went)} 条：{'；'.join(went)}" if went else ""]
    return "。".join(filter(None, parts)) or "没有变化"


def _referral(entry: schemas.ReferralEntry) -> Referral:
    referral = Referral(
        referral_id=entry.id,
        name=entry.name,
        number=entry.number,
        purpose=entry.purpose,
        topics=tuple(entry.topics),
        region=entry.region,
        checked=entry.checked,
        words=tuple(dict.fromkeys(w.strip() for w in entry.words if w.strip())),
    )
    if referral.referral_id:
        return referral
    digest = hashlib.sha256(f"{entry.name}\n{entry.number}".encode()).hexdigest()[:8]
    return replace(referral, referral_id=f"own-{digest}")


def _present_referral(referral: Referral) -> schemas.ReferralEntry:
    return schemas.ReferralEntry(
        id=referral.referral_id,
        name=referral.name,
        number=referral.number,
        purpose=referral.purpose,
        topics=list(referral.topics),
        words=list(referral.words),
        region=referral.region,
        checked=referral.checked,
    )
