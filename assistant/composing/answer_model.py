"""A language model that writes the prose of an answer: the port :class:`AnswerModel` and its adapter on LangChain chat models.

What it writes is checked sentence by sentence (``assistant.composing.prose``) before a reader sees it.
Prompts are in ``texts/prompts``.
Nothing of LangChain is imported before a model is built.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.errors import ModelFailed, SettingsError
from assistant.texts.wording import load_prompt, phrase

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

_FENCE = re.compile(r"[<＜]\s*/?\s*(资料|问题)")
_MARKER = re.compile(r"\[(\d+)\]")
_TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")


@dataclass(frozen=True, slots=True)
class Material:
    """A passage that the model may use, under the number by which it cites it."""

    number: int
    title: str
    clause: str
    status: str
    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be written: a question that stands alone, and the only passages that may be used.

    ``most_sentences`` is what the reader asked for, None without a wish; ``faults`` are sentences of an earlier draft that did not stand.
    """

    question: str
    materials: tuple[Material, ...]
    most_sentences: int | None = None
    faults: tuple[str, ...] = ()


class AnswerModel(Protocol):
    """Writes prose that cites numbered passages.

    ``write`` yields text as it comes, in pieces of any length. It raises ModelFailed, at the start or midway, when the model cannot be
    reached, is too slow, refuses, or ends before its end. It yields nothing that the model did not write.
    """

    @property
    def model_id(self) -> str:
        """Name of the model, as answers state it."""
        ...

    def write(self, task: Task) -> Iterator[str]:
        """The prose, piece by piece."""
        ...


class LangChainAnswerModel:
    """Any LangChain chat model."""

    def __init__(self, chat: BaseChatModel, model_id: str, timeout: float) -> None:
        self._chat, self._model_id, self._timeout = chat, model_id, timeout

    @property
    def model_id(self) -> str:
        """Name of the model."""
        return self._model_id

    def write(self, task: Task) -> Iterator[str]:
        """The prose as the model streams it; all of it within the time-out."""
        import httpx2
        import openai
        from langchain_core.messages import HumanMessage, SystemMessage

        system, question = render_prompts(task)
        deadline = time.monotonic() + self._timeout
        finish = ""
        try:
            for chunk in self._chat.stream([SystemMessage(system), HumanMessage(question)]):
                if time.monotonic() > deadline:
                    raise ModelFailed(f"模型 {self._model_id} 超过 {self._timeout:g} 秒没有写完")
                finish = str(chunk.response_metadata.get("finish_reason") or finish)
                if chunk.text:
                    yield str(chunk.text)
        # A server that is not what it says can make the client stumble over its chunks, too.
        except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
            raise ModelFailed(f"模型 {self._model_id} 没有写成：{exc.__class__.__name__}") from exc
        if not finish:
            raise ModelFailed(f"模型 {self._model_id} 写到一半断了")
        if finish == "content_filter":
            raise ModelFailed(f"模型 {self._model_id} 拒绝回答")


def render_prompts(task: Task) -> tuple[str, str]:
    """The system and the user message of a task. Passages and question are fenced: nothing inside can close its fence."""
    numbers = " ".join(f"[{m.number}]" for m in task.materials)
    length = phrase("prompt_length", most=task.most_sentences) if task.most_sentences else ""
    passages = "\n".join(
        load_prompt("passage")
        .format(
            number=m.number,
            title=_attribute(m.title),
            clause=_attribute(m.clause),
            status=_attribute(m.status),
            region=_attribute(m.region),
            text=_data(m.text),
        )
        .strip()
        for m in task.materials
    )
    question = _data(task.question)
    if task.faults:
        user = load_prompt("repair").format(passages=passages, question=question, faults="\n".join(f"- {_data(f)}" for f in task.faults))
    else:
        user = load_prompt("question").format(passages=passages, question=question)
    return load_prompt("answer").format(numbers=numbers, length=length), user


def build_answer_model(spec: str, *, base_url: str, api_key: str, timeout: float, max_tokens: int) -> AnswerModel | None:
    """The model that a setting such as ``openai:deepseek-chat`` names; None for an empty one.

    Raises:
        SettingsError: the setting has another form, or names a provider that is not known.
    """
    if not spec:
        return None
    provider, _, name = spec.partition(":")
    if provider not in CHAT_MODELS or not name:
        known = "、".join(CHAT_MODELS)
        raise SettingsError(f"ASSISTANT_MODEL={spec} 不对：要写成“提供方:模型名”，提供方有 {known}，例如 openai:deepseek-chat")
    # Questions go to the model and to nobody else, whatever the environment says to LangChain.
    os.environ.update(dict.fromkeys(_TRACING, "false"))
    return LangChainAnswerModel(CHAT_MODELS[provider](name, base_url, api_key, timeout, max_tokens), name, timeout)


def _openai(name: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> BaseChatModel:
    """A model behind the OpenAI protocol, whoever speaks it."""
    from langchain.chat_models import init_chat_model

    return init_chat_model(
        name,
        model_provider="openai",
        base_url=base_url or None,
        api_key=api_key or "none",  # servers of one's own want none, the client some
        temperature=0,
        timeout=timeout,
        max_retries=0,  # a reader waits; the extract is there at once
        stream_usage=False,  # not every server takes stream_options
        use_responses_api=False,
        extra_body={"max_tokens": max_tokens},  # the name that every server knows; the client would write max_completion_tokens
    )


CHAT_MODELS: dict[str, Callable[[str, str, str, float, int], BaseChatModel]] = {"openai": _openai}


def _data(text: str) -> str:
    """Text that cannot close its fence nor bring markers of its own."""
    return _MARKER.sub(r"（\1）", _FENCE.sub(r"‹\1", text))


def _attribute(text: str) -> str:
    return _data(text).replace('"', "”").replace("\n", " ")
