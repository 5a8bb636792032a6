"""The officer's part of the API as typed calls, with her key and her name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from assistant.wire.schemas import (
    ApprovedList,
    ApprovedOut,
    ApprovedRequest,
    ChangeList,
    DocumentList,
    DraftList,
    DraftOut,
    GenerationList,
    LexiconLines,
    LexiconOut,
    LexiconTrial,
    LexiconTrialOut,
    PublicationOut,
    ReferralBook,
    ReferralEntry,
    UnansweredList,
    UpkeepOut,
)
from ui.client import Client, identifier, read_as


class OfficerClient(Client):
    """An API to whose closed part a key opens. Safe to share between threads."""

    def __init__(self, base_url: str, key: str, name: str) -> None:
        """Speak as ``name`` with the admin key, which must be ASCII as every HTTP header. A tab that is closed leaves nothing open."""
        super().__init__(base_url, key, keep_alive=False)
        self.name = name
        self._http.headers["X-Officer"] = quote(name)

    def add_draft(self, name: str, data: bytes) -> DraftOut:
        """A file as a draft, with what was recognised in it or why it cannot be read."""
        return read_as(DraftList, self._send("POST", "/v1/drafts", files=[("files", (name, data))])).items[0]

    def drafts(self) -> list[DraftOut]:
        """Every draft, the newest first."""
        return self._get(DraftList, "/v1/drafts").items

    def correct_draft(self, draft_id: str, correction: dict[str, str]) -> DraftOut:
        """A draft with what is corrected of it."""
        return read_as(DraftOut, self._send("PATCH", f"/v1/drafts/{identifier(draft_id)}", json={**correction}))

    def remove_draft(self, draft_id: str) -> None:
        """Drop a draft."""
        self._send("DELETE", f"/v1/drafts/{identifier(draft_id)}")

    def uploads(self) -> DocumentList:
        """The documents in use that did not come with the program."""
        return self._get(DocumentList, "/v1/uploads")

    def publish(self, draft_ids: Sequence[str], remove: Sequence[str] = ()) -> PublicationOut:
        """Begin to publish drafts and to take documents out."""
        asked: dict[str, object] = {"draft_ids": list(draft_ids), "remove": list(remove)}
        return read_as(PublicationOut, self._send("POST", "/v1/publication", json=asked))

    def publication(self) -> PublicationOut:
        """How far the running publication is, or how the last one went."""
        return self._get(PublicationOut, "/v1/publication")

    def generations(self) -> GenerationList:
        """The versions of the knowledge base, the newest first."""
        return self._get(GenerationList, "/v1/generations")

    def roll_back(self, generation: str) -> None:
        """Go back to a version."""
        self._send("POST", f"/v1/generations/{identifier(generation)}/rollback")

    def upkeep(self) -> UpkeepOut:
        """What wants looking after."""
        return self._get(UpkeepOut, "/v1/upkeep")

    def mark_reviewed(self, doc_id: str) -> None:
        """Keep that she looked at a document today."""
        self._send("POST", f"/v1/documents/{identifier(doc_id)}/review")

    def unanswered(self, *, limit: int, offset: int = 0) -> UnansweredList:
        """Questions that got no good answer, similar ones together, the most asked first."""
        return self._get(UnansweredList, "/v1/unanswered", {"limit": str(limit), "offset": str(offset)})

    def approved(self) -> list[ApprovedOut]:
        """Every approved answer, the newest first."""
        return self._get(ApprovedList, "/v1/approved").items

    def approve(self, request: ApprovedRequest, approved_id: str = "") -> ApprovedOut:
        """Hand in an answer, or another one in the place of an approved one."""
        method, path = ("PUT", f"/v1/approved/{identifier(approved_id)}") if approved_id else ("POST", "/v1/approved")
        return read_as(ApprovedOut, self._send(method, path, json=request.model_dump(mode="json")))

    def expire(self, approved_id: str) -> None:
        """End an approved answer now."""
        self._send("POST", f"/v1/approved/{identifier(approved_id)}/expire")

    def withdraw(self, approved_id: str) -> None:
        """Remove an approved answer from the list."""
        self._send("DELETE", f"/v1/approved/{identifier(approved_id)}")

    def lexicon(self) -> LexiconOut:
        """The house's own words."""
        return self._get(LexiconOut, "/v1/lexicon")

    def save_lexicon(self, lines: LexiconLines) -> LexiconOut:
        """Keep the house's own words in the place of the former ones."""
        return read_as(LexiconOut, self._send("PUT", "/v1/lexicon", json=lines.model_dump(include={"dialect", "synonyms", "terms"})))

    def try_lexicon(self, trial: LexiconTrial) -> LexiconTrialOut:
        """How a question would be understood with words that are not kept yet."""
        return read_as(LexiconTrialOut, self._send("POST", "/v1/lexicon/preview", json=trial.model_dump()))

    def referral_book(self) -> ReferralBook:
        """The house's own places to ask, and the shipped ones."""
        return self._get(ReferralBook, "/v1/referrals")

    def save_referrals(self, entries: Sequence[ReferralEntry]) -> ReferralBook:
        """Keep the house's own places to ask in the place of the former ones."""
        return read_as(ReferralBook, self._send("PUT", "/v1/referrals", json={"items": [entry.model_dump() for entry in entries]}))

    def changes(self, *, limit: int, offset: int = 0) -> ChangeList:
        """Who changed what, the newest first."""
        return self._get(ChangeList, "/v1/changes", {"limit": str(limit), "offset": str(offset)})


def approval(questions: Sequence[str], text: str, passage_ids: Sequence[str], author: str, expires: date) -> ApprovedRequest:
    """An answer to be handed in."""
    return ApprovedRequest(questions=list(questions), text=text, passage_ids=list(passage_ids), author=author, expires=expires)
