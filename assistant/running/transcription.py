"""Speech written down: the port :class:`Transcriber`, and its adapter for services that speak the OpenAI protocol."""

from __future__ import annotations

import io
import wave
from typing import Protocol

from assistant.errors import SettingsError, SpeechRefused, TranscriptionFailed

MOST_SECONDS = 120
"""Longest recording: a spoken question takes seconds, and a service that bills by the minute should not be fed an evening."""

WAIT_SECONDS = 60.0
"""How long to wait for the service; a small model on a processor takes about as long as the recording."""

MEDIA_SUFFIXES = frozenset({"flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"})
"""Endings that services of the OpenAI protocol take."""


class Transcriber(Protocol):
    """Writes down what is said in a recording, in Chinese.

    Raises TranscriptionFailed when the service cannot be reached, is too slow or refuses. Gives "" for silence.
    """

    def transcribe(self, recording: bytes, suffix: str) -> str:
        """What is said. ``suffix`` names the format of the recording: wav, mp3, …"""
        ...


class OpenAITranscriber:
    """A model behind ``/audio/transcriptions`` of the OpenAI protocol. The recording goes there, and is kept nowhere here."""

    def __init__(self, model: str, base_url: str, api_key: str, timeout: float = WAIT_SECONDS) -> None:
        self._model, self._timeout = model, timeout
        self._base_url, self._api_key = base_url or None, api_key or "none"  # servers of one's own want no key, the client some

    def transcribe(self, recording: bytes, suffix: str) -> str:
        """What is said, as the service wrote it down."""
        import openai

        with openai.OpenAI(base_url=self._base_url, api_key=self._api_key, timeout=self._timeout, max_retries=0) as client:
            try:
                written = client.audio.transcriptions.create(
                    model=self._model, file=(f"recording.{suffix}", recording), language="zh", response_format="json"
                )
            except openai.APITimeoutError as exc:
                raise TranscriptionFailed("听写的服务太久没有回应，请说短一点再试，或者打字") from exc
            except (openai.OpenAIError, ValueError) as exc:  # what is not JSON comes out of the client as it is
                raise TranscriptionFailed(f"听写的服务用不了（{exc.__class__.__name__}），请打字，或者过一会儿再说") from exc
        text = getattr(written, "text", None)
        if not isinstance(text, str):
            raise TranscriptionFailed("听写的服务回的内容看不懂，请打字，或者告诉管理员")
        return text.strip()


def build_transcriber(spec: str, *, base_url: str, api_key: str) -> Transcriber | None:
    """The transcriber that a setting such as ``openai:whisper-1`` names; None for an empty one.

    Raises:
        SettingsError: the setting has another form.
    """
    if not spec:
        return None
    provider, _, model = spec.partition(":")
    if provider != "openai" or not model:
        raise SettingsError(f"ASSISTANT_TRANSCRIPTION={spec} 不对：要写成 openai:模型名，例如 openai:whisper-1")
    return OpenAITranscriber(model, base_url, api_key)


def check_recording(recording: bytes, suffix: str) -> None:
    """Pass a recording that may be sent on.

    Raises:
        SpeechRefused: it is empty, of a format that services do not take, or too long. The length of a WAV is in its head;
            that of other formats only the limit on bytes bounds.
    """
    if not recording:
        raise SpeechRefused("录音是空的，请按住说话再发一次")
    if suffix not in MEDIA_SUFFIXES:
        raise SpeechRefused(f"听写不认识 .{suffix} 这种录音，请用 {'、'.join(sorted(MEDIA_SUFFIXES))}")
    if suffix == "wav" and _seconds_of(recording) > MOST_SECONDS:
        raise SpeechRefused(f"录音超过了 {MOST_SECONDS} 秒，请说短一点")


def _seconds_of(recording: bytes) -> float:
    try:
        with wave.open(io.BytesIO(recording)) as opened:
            return float(opened.getnframes()) / (opened.getframerate() or 1)
    except (wave.Error, EOFError) as exc:
        raise SpeechRefused("录音坏了或者不是 WAV，请再录一次") from exc
