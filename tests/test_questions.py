"""Sixty questions about the shipped article, answered by the real models.

The first thirty were written before there was a reader of spans, the others after its weights were final. Lines of
`qa eval`: `qa eval tests/data/questions.jsonl` prints the figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import QA, Article
from qa.embed import SentenceTransformerEmbedder
from qa.metrics import RIGHT_F1, f1

pytestmark = pytest.mark.slow

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
# Wrong words, a wrong refusal, or an answer that is none. Five of them ask what was said or done about something.
NOT_YET = {
    "which post does Muhammad Jahanzeb Rahim hold",
    "What did Blome say about US firms?",
    "What did they say about the gaming industry?",
    "What is being done about broadband?",
    "What about the judicial system?",
    "did the minister talk about business-to-business relations?",
    "Who attended the meeting as Additional Secretary?",
    "Which university did the minister attend?",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, seed: Article) -> Iterator[QA]:
    """The shipped article, read by the model that ships."""
    with QA.open(tmp_path_factory.mktemp("library"), model=SentenceTransformerEmbedder()) as qa:
        qa.add(seed)
        yield qa


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
def test_question(asked: dict[str, Any], library: QA, seed: Article) -> None:
    """The words that answer are given and the sentence that has them is quoted, or the question is refused."""
    answer = library.ask(asked["question"])
    if asked["quote"] is None:
        assert (answer.found, answer.text, answer.citations) == (False, "", ())
        return
    first = answer.citations[0]
    assert max(f1(answer.text, label) for label in asked["answers"]) >= RIGHT_F1
    assert asked["quote"] in first.quote
    assert seed.text[first.start : first.end] == first.quote
    assert seed.text[slice(*first.answer)] == answer.text
