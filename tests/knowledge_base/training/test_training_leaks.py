from pathlib import Path

from knowledge_base.training.data import Folders, measured_questions
from knowledge_base.training.labelled import OWN
from knowledge_base.training.leaks import Known
from knowledge_base.training.sources import read_jsonl, training_files

EVALS = Path(__file__).parents[3] / "evals" / "datasets"


def test_punctuation_does_not_hide_a_repeated_question():
    known = Known(["四川产假一共多少天？"])

    assert known.repeats("四川产假，一共多少天")
    assert not known.repeats("四川婚假一共多少天，怎么请")


def test_our_labelled_turns_repeat_no_question_of_the_measures():
    known = Known(measured_questions(Folders(EVALS, measures=(EVALS,))))

    routes = [str(row["text"]) for path in training_files(OWN, "routes*.jsonl") for row in read_jsonl(path)]

    assert len(routes) > 500
    assert [text for text in routes if known.repeats(text)] == []
