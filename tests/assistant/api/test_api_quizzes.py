"""The self-check of a learning path over HTTP."""

from __future__ import annotations

import httpx

from assistant.wire.schemas import PathList, QuizOut


def test_every_path_has_a_quiz_whose_right_options_stand_verbatim_in_their_passages(client: httpx.Client) -> None:
    paths = PathList.model_validate(client.get("/v1/paths").json()).items
    asked = 0
    for path in paths:
        named = {"occupation": path.occupation, "goal": path.goal, "level": path.level}
        quiz = QuizOut.model_validate(client.get("/v1/learning/quiz", params=named).json())
        assert {step.doc_id for step in path.steps} >= {item.doc_id for item in quiz.items}
        for item in quiz.items:
            text = client.get(f"/v1/passages/{item.passage_id}").json()["text"]
            assert text[item.start : item.end] == item.quote
            assert item.quote.count(item.options[item.answer]) == 1
            assert len(set(item.options)) == len(item.options) >= 3
        asked += bool(quiz.items)

    assert asked >= 0.9 * len(paths)


def test_a_path_that_does_not_exist_is_a_problem(client: httpx.Client) -> None:
    answer = client.get("/v1/learning/quiz", params={"occupation": "宇航员", "goal": "登月"})

    assert answer.status_code == 404
    assert "宇航员·登月" in answer.json()["detail"]


def test_how_many_questions_can_be_said(client: httpx.Client) -> None:
    named = {"occupation": "工厂一线", "goal": "考证", "most": 2}

    assert len(client.get("/v1/learning/quiz", params=named).json()["items"]) == 2
