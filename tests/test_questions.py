"""Thirty questions about the shipped article, answered by the real model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa import Article, cli
from qa.embed import SentenceTransformerEmbedder

pytestmark = pytest.mark.slow

QUESTIONS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "questions.jsonl").read_text().splitlines()
]
NOT_YET = {"Why did they meet?"}  # "meeting" has the stem of "meet", "met" has not: takes a reader that reads


@pytest.fixture(scope="module")
def model() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def test_there_are_thirty() -> None:
    """Both answers and refusals are asked for."""
    assert len(QUESTIONS) == 30
    assert sum(question["quote"] is None for question in QUESTIONS) == 9


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(q, id=q["question"], marks=[pytest.mark.xfail] if q["question"] in NOT_YET else [])
        for q in QUESTIONS
    ],
)
def test_question(
    asked: dict[str, str | None],
    model: SentenceTransformerEmbedder,
    seed: Article,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`qa ask --json` quotes the sentence with the expected words, or refuses."""
    monkeypatch.setattr("qa.pipeline.SentenceTransformerEmbedder", lambda _: model)  # loaded once, not thirty times
    status = cli.run(["ask", "--json", "--library", str(tmp_path), str(asked["question"])])
    answer = json.loads(capsys.readouterr().out)
    assert answer["question"] == asked["question"]
    if asked["quote"] is None:
        assert (status, answer["found"], answer["answer"], answer["citations"]) == (1, False, "", [])
        return
    first = answer["citations"][0]
    assert (status, answer["found"]) == (0, True)
    assert asked["quote"] in first["quote"]
    assert seed.text[first["start"] : first["end"]] == first["quote"]
    assert seed.text[first["answer_start"] : first["answer_end"]] == answer["answer"]
