"""Answers as JSON and as terminal text."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from rich.console import Console
from rich.padding import Padding

from qa import QA, Answer, Article, Citation, Passage, Timing, load_text
from qa.render import describe, printable, to_blocks, to_json


@pytest.fixture
def answer(library: QA) -> Answer:
    library.add(
        load_text("A cat sat.\nThe dog chased it.", title="Pets", date=dt.date(2024, 5, 5), source="pets.txt")
    )
    return library.ask("dog chased?")


def test_json_contract(answer: Answer) -> None:
    """The object has the documented keys and nothing else."""
    got = json.loads(json.dumps(to_json(answer)))
    assert set(got.pop("ms")) == {"retrieve", "read", "total"}
    assert got.pop("confidence") == pytest.approx(answer.confidence, abs=1e-4)
    assert got == {
        "question": "dog chased?",
        "understood_as": "dog chased?",
        "kind": "words",
        "note": "",
        "found": True,
        "answer": "The dog chased it.",
        "when": "",
        "choices": [],
        "citations": [
            {
                "n": 1,
                "article": answer.citations[0].article.id,
                "title": "Pets",
                "source": "pets.txt",
                "date": "2024-05-05",
                "start": 11,
                "end": 29,
                "quote": "The dog chased it.",
                "answer_start": 11,
                "answer_end": 29,
                "agrees": True,
                "speaker": None,
            }
        ],
        "model": {"embedder": "words", "reader": "minilm-reader"},
    }


def render(answer: Answer, width: int) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width, color_system="standard")
    for indent, text in to_blocks(answer):
        console.print(Padding(text, (0, 0, 0, indent)))
    return out.getvalue()


def test_terminal(answer: Answer) -> None:
    """The answer is bold, then the passage with the answering words in green and the source under it."""
    assert [line.replace(" \x1b", "\x1b").rstrip() for line in render(answer, 60).splitlines()] == [
        "\x1b[1mThe dog chased it.\x1b[0m",
        "",
        "   \x1b[1;36m[1]\x1b[0mA cat sat.\x1b[1;32mThe dog chased it.\x1b[0m",
        "   \x1b[2mPets · 5 May 2024 · pets.txt\x1b[0m",
    ]
    assert max(len(line) for line in render(answer, 20).splitlines()) <= 20 + len(
        "\x1b[1;36m\x1b[0m\x1b[1;32m\x1b[0m"
    )


def test_refusal(library: QA) -> None:
    """A refusal says so and shows the closest passage as such."""
    assert "".join(text.plain for _, text in to_blocks(library.ask("dog?"))) == "Not in the articles."
    library.add(load_text("A cat sat."))
    text = "\n".join(text.plain for _, text in to_blocks(library.ask("what about a dog?")))
    assert text == "Not in the articles.\n\nThe closest passage, which does not answer it:\nA cat sat.\nA cat sat."


def test_nothing_steers_the_terminal() -> None:
    """Control codes and overrides of direction in an article are shown, not obeyed; line breaks are spaces."""
    assert printable("a\x1b[31mb\x9bc\u202ed\n\n e\ttab\x07") == "a�[31mb�c�d e tab�"
    assert describe(Article("x", title="T\x1b]0;x", place="ROME")) == "T�]0;x · ROME"


def test_contradiction() -> None:
    """Another answer stands under the first, with the number of its passage."""
    passages = [Passage(Article(f"It opened in {year}."), 0, 18) for year in (1990, 1980)]
    citations = tuple(Citation(n, p, 0, 18, (10, 17), agrees=n == 1) for n, p in enumerate(passages, start=1))
    answer = Answer(
        "When?", "When?", "in 1990", 0.9, citations, None, "words", "minilm-reader", Timing(0.0, 0.0, 0.0)
    )
    lines = [text.plain for _, text in to_blocks(answer)]
    assert lines[:2] == ["in 1990", "Another passage says: in 1980 [2]"]
    assert [c["agrees"] for c in to_json(answer)["citations"]] == [True, False]
