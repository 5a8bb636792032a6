"""A panel asked: every conversation turn by turn, as a user would, through a conversation id."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import httpx

from assistant.answering import Assistant
from assistant.api import questions as routes
from assistant.api.metrics import Metrics
from assistant.api.state import State
from assistant.api.tool_state import Tools
from assistant.desk.publishing import Publisher
from assistant.storage.conversations import MaskedConversations, SqlConversationStore
from assistant.wire.schemas import AnswerOut, AskRequest
from assistant.wiring import Parts
from evals.errors import RunError, TargetError
from evals.panel.folder import Asking, PanelFolder
from evals.panel.phone import as_read
from evals.panel.turns import GivenAnswer, PanelTurn, by_conversation
from evals.remarks import now
from evals.run_folder import commit_of_checkout
from evals.settings import EvalSettings
from evals.targets import describe_parts
from knowledge_base.publishing.drafts import DraftFolder

logger = logging.getLogger(__name__)

_LONGEST_ERROR = 300


class Conversing(Protocol):
    """Answers turns of conversations. ``ask`` may raise anything: it makes a row with an error."""

    def describe(self) -> Mapping[str, object]:
        """What an asking says of it: generation, settings, address."""
        ...

    def ask(self, text: str, conversation_id: str) -> AnswerOut:
        """The answer to the next turn of a conversation; "" begins one."""
        ...


class PartsConversing:
    """The product's own routes in this process, over parts and a store of conversations: what a user would get over HTTP."""

    def __init__(self, parts: Parts, store: SqlConversationStore, assistant: Assistant | None = None) -> None:
        """Take the parts; ``assistant`` is asked in the place of theirs. The caller closes parts and store."""
        self._parts = replace(parts, assistant=assistant) if assistant else parts
        drafts = DraftFolder(parts.settings.data_dir)
        publisher = Publisher(parts.folder, parts.embedder, parts.settings.uploads, drafts, parts.changes)
        self._state = State(self._parts, MaskedConversations(store), {}, Metrics(), drafts, publisher, Tools())

    def describe(self) -> Mapping[str, object]:
        """The generation that answers and the settings that answers depend on."""
        return describe_parts(self._parts, "in-process")

    def ask(self, text: str, conversation_id: str) -> AnswerOut:
        """The answer to the next turn of a conversation."""
        return routes.ask(AskRequest(question=text, conversation_id=conversation_id or None), self._state)


class HttpConversing:
    """A running service."""

    def __init__(self, url: str, *, api_key: str = "", timeout: float = 60.0) -> None:
        """Connect.

        Raises:
            TargetError: nothing answers at the address, or it is not ready.
        """
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=timeout)
        try:
            self._status: Mapping[str, object] = self._client.get("/readyz").raise_for_status().json()
        except (httpx.HTTPError, ValueError) as exc:
            raise TargetError(f"{url} 没有就绪：{exc}。请先运行 make run，或改 --url") from exc

    def describe(self) -> Mapping[str, object]:
        """The address, and what the service says that it serves."""
        return {"kind": "http", "url": str(self._client.base_url), **self._status}

    def ask(self, text: str, conversation_id: str) -> AnswerOut:
        """The answer to the next turn of a conversation."""
        body = {"question": text, **({"conversation_id": conversation_id} if conversation_id else {})}
        return AnswerOut.model_validate_json(self._client.post("/v1/ask", json=body).raise_for_status().content)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


@contextmanager
def conversing_over(parts: Parts, assistant: Assistant | None = None) -> Iterator[PartsConversing]:
    """The product's own routes over parts, with a store of conversations that is thrown away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqlConversationStore(f"sqlite:///{Path(folder) / 'conversations.db'}")
        try:
            yield PartsConversing(parts, store, assistant)
        finally:
            store.close()


@contextmanager
def conversing_at(url: str) -> Iterator[HttpConversing]:
    """The running service at an address, with the key that the environment has for it."""
    target = HttpConversing(url, api_key=EvalSettings().api_key)
    try:
        yield target
    finally:
        target.close()


def ask_panel(folder: PanelFolder, target: Conversing, progress: Callable[[int, int], None] = lambda *_: None) -> list[GivenAnswer]:
    """Ask every conversation that has no whole answer yet, and keep each turn as it comes; the answers given now.

    A panel whose writers had seen nothing is no longer fresh from then on. An asking that was broken off goes on where it stopped,
    at the beginning of the conversation.

    Raises:
        RunError: the panel has no question, or was asked of another product.
    """
    turns = folder.turns()
    if not turns:
        raise RunError(f"{folder.path.name} 里还没有题。请先用 panel import 收题")
    asking = _asking(target)
    before = folder.asking()
    if before and not before.same_product(asking):
        raise RunError(f"{folder.path.name} 已经问过另一个版本（{before.generation} {before.commit[:10]}）。请另建一个，再收同样的题")
    folder.write_asking(before or asking)
    _spend(folder, asking.asked)
    known = folder.answers()
    given: list[GivenAnswer] = []
    for conversation in by_conversation(turns).values():
        if not all(t.key in known and not known[t.key].error for t in conversation):
            for answer, whole in converse(conversation, target):
                folder.add_answer(answer, whole)
                given.append(answer)
        progress(len(given), len(turns))
    return given


def converse(turns: Sequence[PanelTurn], target: Conversing) -> Iterator[tuple[GivenAnswer, AnswerOut | None]]:
    """Answers to the turns of one conversation, in their order; a turn that fails leaves the conversation as it was before."""
    conversation_id = ""
    for turn in turns:
        begun = time.perf_counter()
        try:
            answer = target.ask(turn.text, conversation_id)
        except Exception as exc:  # noqa: BLE001 - the outermost edge: whatever fails is a row that counts as unanswered
            logger.warning("turn %s %d failed: %s", turn.conversation, turn.turn, type(exc).__name__)
            yield GivenAnswer(*turn.key, error=f"{type(exc).__name__}: {exc}"[:_LONGEST_ERROR]), None
            continue
        conversation_id = answer.conversation_id
        ms = round(1000 * (time.perf_counter() - begun), 1)
        yield GivenAnswer(*turn.key, answer.verdict, as_read(answer), tuple(answer.followups), ms), answer


def _asking(target: Conversing) -> Asking:
    described = dict(target.describe())
    commit, dirty = commit_of_checkout()
    return Asking(now(), str(described.pop("generation", "")), commit, dirty, described)


def _spend(folder: PanelFolder, when: str) -> None:
    """Write down the day on which a panel's results are seen for the first time."""
    card = folder.card()
    if not card.origin.spent:
        folder.write_card(replace(card, origin=replace(card.origin, spent=when[:10])))
