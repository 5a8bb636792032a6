"""An answer while it is being streamed, read in a thread of its own.

The page only looks at it. So a rerun, a locked phone or a reload neither asks the question again nor loses the answer:
whoever looks next sees the same object.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace

from assistant.wire.schemas import AnswerOut, AskRequest
from ui.client import Client, ClientError, Done, Meta, Sources, StreamEvent, Token
from ui.wording import say

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of an answer at one moment. ``found`` counts the passages; None until the search is over."""

    conversation_id: str = ""
    message_id: str = ""
    found: int | None = None
    text: str = ""
    answer: AnswerOut | None = None
    error: str = ""

    @property
    def finished(self) -> bool:
        """Whether nothing more will come: there is an answer or an error."""
        return self.answer is not None or bool(self.error)


class AnswerInProgress:
    """One question that was sent, once."""

    def __init__(self, question: str) -> None:
        self.question = question
        self._changed = threading.Condition()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """What is known now."""
        return self._progress

    def wait_beyond(self, seen: Progress, seconds: float) -> Progress:
        """What is known as soon as it is newer than ``seen``, or after ``seconds`` anyhow."""
        with self._changed:
            self._changed.wait_for(lambda: self._progress is not seen, timeout=seconds)
            return self._progress

    def advance(self, progress: Progress) -> None:
        """Make ``progress`` what is known."""
        with self._changed:
            self._progress = progress
            self._changed.notify_all()


class AnswersInProgress:
    """All answers that are being streamed in this process, found again by their conversation."""

    def __init__(self) -> None:
        self._by_conversation: dict[str, AnswerInProgress] = {}

    def find(self, conversation_id: str) -> AnswerInProgress | None:
        """The answer that this conversation is waiting for, if any."""
        return self._by_conversation.get(conversation_id)

    def start(self, client: Client, request: AskRequest) -> AnswerInProgress:
        """Send the question and read its answer in the background."""
        answer = AnswerInProgress(request.question)
        threading.Thread(target=self._read, args=(client, request, answer), name="answer", daemon=True).start()
        return answer

    def _read(self, client: Client, request: AskRequest, answer: AnswerInProgress) -> None:
        progress = Progress(conversation_id=request.conversation_id or "")
        try:
            for event in client.stream_answer(request):
                progress = _after(progress, event)
                if progress.conversation_id and not progress.finished:
                    self._by_conversation[progress.conversation_id] = answer
                answer.advance(progress)
        except ClientError as exc:
            answer.advance(replace(progress, error=str(exc)))
        except Exception:
            # The outermost edge of this thread: a page that waits for it must not wait for ever.
            logger.exception("an answer could not be read")
            answer.advance(replace(progress, error=say("client.interrupted")))
        finally:
            self._by_conversation.pop(progress.conversation_id, None)


def _after(progress: Progress, event: StreamEvent) -> Progress:
    match event:
        case Meta():
            return replace(progress, conversation_id=event.conversation_id, message_id=event.message_id)
        case Sources():
            return replace(progress, found=len(event.items))
        case Token():
            return replace(progress, text=progress.text + event.text)
        case Done():
            answer = event.answer
            return replace(progress, answer=answer, conversation_id=answer.conversation_id, message_id=answer.message_id)
        case _:
            return progress
