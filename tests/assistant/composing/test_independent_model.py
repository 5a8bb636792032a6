"""The model path against an implementation of the protocol that is not ours."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from independent_model_server import transformers_server, write_random_model

from assistant.composing.answer_model import Material, Task, build_answer_model
from assistant.settings import Settings
from assistant.texts.wording import phrase
from assistant.types import Question, Verdict
from assistant.wiring import build

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Setting and address of a random model behind ``transformers serve``."""
    folder = tmp_path_factory.mktemp("random-model")
    write_random_model(folder / "model")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with transformers_server(port, folder / "serve.log") as url:
        yield f"openai:{folder / 'model'}", url


def test_what_it_streams_is_read_to_its_end(random_model: tuple[str, str]) -> None:
    spec, url = random_model
    model = build_answer_model(spec, base_url=url, api_key="", timeout=120, max_tokens=50)
    assert model is not None

    pieces = list(model.write(Task("产假多少天", (Material(1, "规定", "第七条", "现行", "全国", "女职工生育享受98天产假。"),))))

    assert len(pieces) > 1


def test_prose_that_says_nothing_of_the_sources_never_gets_out(random_model: tuple[str, str], shipped_data_dir: Path) -> None:
    spec, url = random_model
    plain = build(Settings(data_dir=shipped_data_dir))
    parts = build(Settings(data_dir=shipped_data_dir, model=spec, model_base_url=url, model_timeout=120, model_max_tokens=50))
    question = Question("女职工生育产假国家规定是多少天？")

    try:
        extract, answer = plain.assistant.ask(question), parts.assistant.ask(question)
    finally:
        plain.close()
        parts.close()

    assert answer.verdict is Verdict.ANSWERED
    assert answer.text == extract.text
    assert not answer.ai_generated
    assert phrase("caveat_model") in answer.caveats
