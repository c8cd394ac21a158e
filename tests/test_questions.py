"""Sixty questions about the shipped article, answered by the real models.

The first thirty were written before there was a reader of spans, the others before its last weights were asked
anything. `qa eval tests/data/questions.jsonl` prints the figures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa import Article, cli
from qa.embed import SentenceTransformerEmbedder
from qa.metrics import RIGHT_F1, f1
from qa.read import SpanReader

pytestmark = pytest.mark.slow

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
# Wrong words, a wrong refusal, or an answer that is none. Three of them ask what was said or done about something.
NOT_YET = {
    "What potential did Ambassador Blome recognise in Pakistan?",
    "What did they say about the gaming industry?",
    "What is being done about broadband?",
    "What about the judicial system?",
    "Who attended the meeting as Additional Secretary?",
    "Which university did the minister attend?",
}


@pytest.fixture(scope="module")
def models() -> tuple[SentenceTransformerEmbedder, SpanReader]:
    """What `qa ask` loads, loaded once and not sixty times."""
    return SentenceTransformerEmbedder(), SpanReader()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the library is that the first question makes."""
    return tmp_path_factory.mktemp("library")


def test_there_are_sixty() -> None:
    """Both answers and refusals are asked for."""
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS) == 60
    assert sum(question["quote"] is None for question in QUESTIONS) == 20


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(q, id=q["question"], marks=[pytest.mark.xfail] if q["question"] in NOT_YET else [])
        for q in QUESTIONS
    ],
)
def test_question(
    asked: dict[str, Any],
    models: tuple[SentenceTransformerEmbedder, SpanReader],
    folder: Path,
    seed: Article,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`qa ask --json` gives the words that answer and quotes the sentence that has them, or refuses."""
    monkeypatch.setattr("qa.pipeline.SentenceTransformerEmbedder", lambda *_, **__: models[0])
    monkeypatch.setattr("qa.pipeline.SpanReader", lambda *_, **__: models[1])
    status = cli.run(["ask", "--json", "--library", str(folder), asked["question"]])
    answer = json.loads(capsys.readouterr().out)
    assert answer["question"] == asked["question"]
    if asked["quote"] is None:
        assert (status, answer["found"], answer["answer"], answer["citations"]) == (1, False, "", [])
        return
    first = answer["citations"][0]
    assert (status, answer["found"]) == (0, True)
    assert max(f1(answer["answer"], label) for label in asked["answers"]) >= RIGHT_F1
    assert asked["quote"] in first["quote"]
    assert seed.text[first["start"] : first["end"]] == first["quote"]
    assert seed.text[first["answer_start"] : first["answer_end"]] == answer["answer"]
