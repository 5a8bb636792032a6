"""Speech written down by a service that speaks the OpenAI protocol."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import httpx
import pytest
from assistant_server import Service
from speech_server import SpeechServer, recording, speech_server

from assistant.errors import SettingsError, TranscriptionFailed
from assistant.running.transcription import MOST_SECONDS, OpenAITranscriber, build_transcriber

SAID = "四川现在产假好多天"


@pytest.fixture(scope="module")
def module_speech() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


@pytest.fixture
def speech(module_speech: SpeechServer) -> SpeechServer:
    module_speech.status, module_speech.wait = 200, 0.0
    module_speech.says(SAID)
    module_speech.bodies.clear()
    module_speech.keys.clear()
    return module_speech


@pytest.fixture
def configured(start: Callable[..., Service], speech: SpeechServer) -> Service:
    """A service whose transcriber is the local server."""
    return start(transcription="openai:whisper-1", transcription_base_url=speech.url, transcription_api_key="钥匙".encode().hex())


def send(service: Service, content: bytes, name: str = "recording.wav") -> httpx.Response:
    return httpx.post(f"{service.url}/v1/audio/transcriptions", files={"file": (name, content)}, data={"model": "any"}, timeout=30)


def test_what_is_said_comes_back_as_text_and_goes_out_with_model_language_and_key(configured: Service, speech: SpeechServer) -> None:
    speech.says(f"  {SAID}\n")
    content = recording()

    assert send(configured, content).json() == {"text": SAID}
    assert content in speech.bodies[-1]
    assert b"whisper-1" in speech.bodies[-1]
    assert b"zh" in speech.bodies[-1]
    assert speech.keys[-1] == f"Bearer {'钥匙'.encode().hex()}"
    assert httpx.get(f"{configured.url}/v1/features").json() == {"transcription": True}


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.wav", "录音是空的"),
        (b"RIFF but no more", "a.wav", "录音坏了"),
        (recording(MOST_SECONDS + 1, rate=100), "a.wav", "说短一点"),
        (b"words", "a.txt", ".txt"),
        (b"words", "", "file"),
    ],
)
def test_a_recording_that_cannot_be_taken_is_a_problem_that_says_why(
    configured: Service, speech: SpeechServer, content: bytes, name: str, words: str
) -> None:
    answer = send(configured, content, name)

    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert speech.bodies == []


def test_a_recording_over_the_limit_is_refused_unread(start: Callable[..., Service], speech: SpeechServer) -> None:
    service = start(transcription="openai:whisper-1", transcription_base_url=speech.url, max_audio_bytes=5000)

    assert send(service, recording(0.2)).status_code == 200
    assert send(service, recording(1)).status_code == 413
    assert len(speech.bodies) == 1


@pytest.mark.parametrize(("status", "body"), [(500, b"{}"), (401, b"{}"), (429, b"no"), (200, b"{}"), (200, b"not json")])
def test_a_service_that_fails_is_a_clear_problem(configured: Service, speech: SpeechServer, status: int, body: bytes) -> None:
    speech.status, speech.body = status, body

    answer = send(configured, recording())

    assert answer.status_code == 503
    assert "打字" in answer.json()["detail"]


def test_a_service_that_is_too_slow_or_not_there_is_an_error_of_ours(speech: SpeechServer) -> None:
    speech.wait = 3.0
    with pytest.raises(TranscriptionFailed, match="太久"):
        OpenAITranscriber("whisper-1", speech.url, "", timeout=0.2).transcribe(recording(), "wav")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        with pytest.raises(TranscriptionFailed, match="用不了"):
            OpenAITranscriber("whisper-1", nobody, "").transcribe(recording(), "wav")


def test_without_the_setting_the_service_says_so(client: httpx.Client) -> None:
    answer = client.post("/v1/audio/transcriptions", files={"file": ("a.wav", recording())})

    assert answer.status_code == 404
    assert "ASSISTANT_TRANSCRIPTION" in answer.json()["detail"]
    assert client.get("/v1/features").json() == {"transcription": False}


@pytest.mark.parametrize("spec", ["whisper-1", "openai:", "other:whisper-1"])
def test_a_malformed_setting_is_refused_at_the_start(spec: str) -> None:
    with pytest.raises(SettingsError, match="openai:模型名"):
        build_transcriber(spec, base_url="", api_key="")
