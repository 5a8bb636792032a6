"""A chat model behind the OpenAI protocol, asked for one message at temperature 0."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from evals.errors import JudgeError


@dataclass(frozen=True, slots=True)
class ChatModel:
    """Address up to and with ``/v1``, model name and key of a chat model."""

    url: str
    model: str
    key: str = ""
    timeout: float = 120.0

    def complete(self, system: str, user: str) -> str:
        """The model's message.

        Raises:
            JudgeError: the model cannot be reached, or its answer is not of the protocol.
        """
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        }
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            response = httpx.post(f"{self.url.rstrip('/')}/chat/completions", json=body, headers=headers, timeout=self.timeout)
            response.raise_for_status()
            return str(response.json()["choices"][0]["message"]["content"])
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as exc:
            raise JudgeError(f"模型 {self.model}（{self.url}）没有给出回答：{exc}") from exc
