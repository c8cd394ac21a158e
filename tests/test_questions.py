"""Thirty questions about the shipped article, answered by the real model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import QA, Article

pytestmark = pytest.mark.slow

QUESTIONS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "questions.jsonl").read_text().splitlines()
]
NOT_YET = {"Why did they meet?"}  # "meeting" has the stem of "meet", "met" has not: takes a reader that reads


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory, seed: Article) -> Iterator[QA]:
    with QA.open(tmp_path_factory.mktemp("library")) as library:
        library.add(seed)
        yield library


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
def test_question(qa: QA, asked: dict[str, str | None]) -> None:
    """The first quote has the expected words, or the question is refused."""
    answer = qa.ask(str(asked["question"]))
    quotes = [citation.quote for citation in answer.citations]
    if asked["quote"] is None:
        assert quotes == []
    else:
        assert quotes
        assert asked["quote"] in quotes[0]
        citation = answer.citations[0]
        assert citation.article.text[citation.start : citation.end] == quotes[0]
