"""Targets: the product in this process, and a running service over HTTP."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from evals_pieces import PASSAGE, make_answer

from assistant.types import Turn
from evals.chat import ChatModel
from evals.errors import JudgeError, TargetError
from evals.judging import Judge
from evals.samples import Expected, Sample
from evals.targets import HttpTarget, InProcessTarget

ASKED = Sample("q1", "女职工生育产假国家规定是多少天？", Expected.ANSWER, gold_facts=("NZG-007",), must_include=(("98天",),))


@contextmanager
def served(answers: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """A service of canned JSON by path on a free port, with the bodies that it was sent; an unknown path is a 404."""
    bodies: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send()

        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self._send()

        def _send(self) -> None:
            data = json.dumps(answers.get(self.path)).encode()
            self.send_response(200 if self.path in answers else 404)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_product_answers_with_passages_and_a_ranking(product: InProcessTarget, shipped_judge: Judge) -> None:
    reply = product.reply(ASKED)

    assert reply.answer is not None
    assert {c.passage_id for c in reply.answer.citations} == set(reply.passages)
    assert reply.ranking is not None
    assert len(reply.ranking.source_ids) == 10
    assert reply.ranking.relevant >= 1
    assert shipped_judge.judge(ASKED, reply).right


def test_the_product_is_described_by_what_it_was_built_from(product: InProcessTarget) -> None:
    index = {"generation", "store", "embedder", "dimension", "tokeniser", "corpus_hash", "documents", "passages", "questions"}
    assert set(product.describe()) == {"kind", "model", "region", *index}


def test_a_service_is_asked_as_its_users_ask() -> None:
    asked = Sample("q", "那三级呢", Expected.ANSWER, history=(Turn("user", "几级"),), as_of=dt.date(2025, 1, 2), region="四川省")
    answers = {
        "/readyz": {},
        "/v1/ask": json.loads(make_answer().model_dump_json()),
        "/v1/passages/p1": {"passage_id": "p1", "doc_id": "d1", "text": PASSAGE, "start": 0, "end": len(PASSAGE)},
    }

    with served(answers) as (url, bodies):
        target = HttpTarget(url)
        reply = target.reply(asked)
        target.close()

    assert bodies == [{"question": "那三级呢", "history": [{"role": "user", "content": "几级"}], "as_of": "2025-01-02", "region": "四川省"}]
    assert reply.passages == {"p1": PASSAGE}
    assert Judge().judge(ASKED, reply).right


def test_a_passage_that_the_service_lacks_is_a_broken_citation() -> None:
    with served({"/readyz": {}, "/v1/ask": json.loads(make_answer().model_dump_json())}) as (url, _):
        target = HttpTarget(url)
        row = Judge().judge(ASKED, target.reply(ASKED))
        target.close()

    assert "[1] 的段落 p1 读不到" in row.faults


def test_a_service_that_fails_raises_for_the_runner_to_make_a_row() -> None:
    with served({"/readyz": {}}) as (url, _):
        target = HttpTarget(url)
        with pytest.raises(httpx.HTTPStatusError):
            target.reply(ASKED)
        target.close()


def test_a_service_that_is_not_there_is_told() -> None:
    with pytest.raises(TargetError, match="没有就绪"):
        HttpTarget("http://127.0.0.1:9")


def test_a_chat_model_is_asked_at_temperature_zero() -> None:
    with served({"/v1/chat/completions": {"choices": [{"message": {"content": "好"}}]}}) as (url, bodies):
        assert ChatModel(f"{url}/v1", "m", "k").complete("系统", "问") == "好"

    assert bodies[0]["temperature"] == 0
    assert [m["role"] for m in bodies[0]["messages"]] == ["system", "user"]


@pytest.mark.parametrize("answer", [{}, {"choices": []}, {"choices": [{"message": {}}]}])
def test_an_answer_that_is_not_of_the_protocol_is_told(answer: object) -> None:
    with served({"/v1/chat/completions": answer}) as (url, _), pytest.raises(JudgeError, match="没有给出回答"):
        ChatModel(f"{url}/v1", "m").complete("系统", "问")
