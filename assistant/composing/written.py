"""A language model's answer in the place of an extract: its prose as it comes, and the lines around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.checking.markers import renumbered
from assistant.composing.answer_model import AnswerModel
from assistant.composing.draft import Draft
from assistant.composing.lines import caveats_of, closing_lines, missing_line
from assistant.composing.prose import write_prose
from assistant.texts.library import Texts
from assistant.types import Verdict
from assistant.understanding.privacy import mask
from assistant.understanding.turn import Understanding
from knowledge_base.query.lexicon import Lexicon


class Writing:
    """One answer that a model writes. Read ``pieces`` to their end, then ``finished``."""

    def __init__(self, model: AnswerModel, lexicon: Lexicon, understanding: Understanding, draft: Draft, texts: Texts) -> None:
        self._model, self._draft, self._phrases = model, draft, texts.phrases
        asked = mask(understanding.standalone)  # no personal data goes to another service
        self._prose, self._pieces = write_prose(model, asked, draft.candidates, lexicon.terms, understanding.most_sentences, texts)
        self._text = ""

    def pieces(self) -> Iterator[str]:
        """The text up to the end of the prose; nothing when none of it passes the check."""
        for piece in self._pieces:
            opening = "" if self._text else f"{self._phrases.ai_notice}\n\n{self._lead()}"
            self._text += opening + piece
            yield opening + piece

    def finished(self) -> Draft:
        """The prose with what it rests on; with the extract behind it where it broke off; the extract alone where there is none."""
        extract, prose, phrases = self._draft, self._prose, self._phrases
        dropped = extract.dropped + len(prose.faults)
        if not self._text:
            return replace(extract, caveats=(*extract.caveats, phrases.caveat_model), dropped=dropped)
        citations, text = prose.citations, self._text
        if extract.missing:
            text += f"\n{missing_line(extract.missing, phrases)}"
        caveats: tuple[str, ...] = ()
        if prose.enough:
            if (now := extract.remarks.now) and now.passage not in [c.passage for c in citations]:
                text = "\n".join((text, *extract.remarks.now_lines(len(citations) + 1, phrases)))
                citations = (*citations, replace(now, marker=len(citations) + 1))
            text = "\n".join((text, *extract.remarks.below_lines()))
            text = "\n".join((text, *closing_lines(citations, extract.referrals, phrases)))
        else:
            text = "\n".join((text, *closing_lines(citations, (), phrases)[:-2], "", phrases.model_broke_off, ""))
            shifted = {c.marker: c.marker + len(citations) for c in extract.citations}
            text += renumbered(extract.text, shifted)
            moved = (replace(c, marker=shifted[c.marker]) for c in extract.citations)
            citations, caveats = (*citations, *moved), (phrases.caveat_model_partly,)
        return replace(
            extract,
            text=text,
            citations=citations,
            caveats=(*caveats_of(citations, phrases), *caveats),
            label=phrases.label_generated,
            model_id=self._model.model_id,
            dropped=dropped,
        )

    def _lead(self) -> str:
        leads = [self._phrases.partial_lead] if self._draft.verdict is Verdict.PARTIAL else []
        return "".join(f"{line}\n\n" for line in (*leads, *self._draft.remarks.above))
