"""The systems of the table answer as they are commonly built: the first hit, always."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from evals.baselines import build_baselines
from evals.judging import Judge
from evals.samples import Expected, Sample
from evals.settings import EvalSettings

ASKED = Sample("q1", "女职工生育产假国家规定是多少天", Expected.ANSWER, gold_facts=("NZG-007",))
BESIDE = Sample("q2", "怎么修拖拉机的变速箱", Expected.ABSTAIN)
NAMES = ["仅 BM25", "仅向量", "LangChain（切块+Chroma）", "LangChain Ensemble（BM25+Chroma）", "本系统"]


def test_the_table_has_ours_last_and_no_model_unless_one_is_set() -> None:
    assert list(build_baselines(data_dir=None, settings=EvalSettings(llm_url=""))) == NAMES  # type: ignore[arg-type]
    with_model = EvalSettings(llm_url="http://127.0.0.1:9/v1", llm_model="m")
    assert "LangChain Ensemble + m" in build_baselines(data_dir=None, settings=with_model)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped_data_dir: Path) -> Path:
    """A folder for the systems' indexes, in which ours is built already."""
    made = tmp_path_factory.mktemp("evals-baselines")
    shutil.copytree(shipped_data_dir, made / "plain")
    return made


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_baseline_quotes_its_first_hit_and_never_abstains(name: str, folder: Path) -> None:
    with closing(build_baselines(folder)[name]()) as target:
        rows = [Judge().judge(sample, target.reply(sample)) for sample in (ASKED, BESIDE)]

    assert [r.verdict for r in rows] == ["answered", "answered"]
    assert [len(r.cited) for r in rows] == [1, 1]
    assert rows[0].faults == ()
    assert rows[0].ranks is not None
    assert rows[0].relevant
