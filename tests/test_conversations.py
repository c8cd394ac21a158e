"""Forty conversations about the shipped article, held with the real models.

They were written by hand before the code that they test was finished; a line of `tests/data/conversations.jsonl` is
one conversation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from talks import CONVERSATIONS, hold, read_conversations

from qa import QA, Answer, Article, Turn
from qa.embed import SentenceTransformerEmbedder
from qa.read import SpanReader

WITHOUT_FAULT = 0.85  # 36 of forty here (2026-11-25); a processor of another kind may judge one or two otherwise
QUESTIONS = CONVERSATIONS.parent / "questions.jsonl"
POINTS_BACK = {"What did they say about the gaming industry?"}  # of the sixty; it changes with who "they" are


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory, seed: Article) -> Iterator[QA]:
    """A library of the shipped article, with the models that ship."""
    folder: Path = tmp_path_factory.mktemp("conversations")
    with QA.open(folder / "library", model=SentenceTransformerEmbedder(), reader=SpanReader()) as qa:
        qa.add(seed)
        yield qa


def test_their_form() -> None:
    """Each conversation has turns, and each turn a question and something to be judged by."""
    conversations = read_conversations()
    assert len(conversations) >= 40
    assert all(len(turns) >= 2 for turns in conversations)
    assert all(turn["ask"].strip() and len(turn) > 1 for turns in conversations for turn in turns)


@pytest.mark.slow
def test_conversations(qa: QA) -> None:
    """Most conversations have no fault from their first turn to their last; the faults of the others are printed."""
    conversations = read_conversations()
    sound = 0
    for number, turns in enumerate(conversations, start=1):
        faults = [
            f"  {turn['ask']!r} understood as {answer.understood_as!r}: {fault}"
            for turn, answer, fault in hold(qa.chat(), turns)
            if fault
        ]
        sound += not faults
        if faults:
            print(f"{number}.", *faults, sep="\n")  # noqa: T201 - shown if the test fails
    assert sound >= WITHOUT_FAULT * len(conversations), f"{sound} of {len(conversations)} have no fault"


def tell(answer: Answer) -> tuple[object, ...]:
    """Return what an answer says."""
    return answer.text, answer.kind, answer.note, answer.when, answer.citations


@pytest.mark.slow
def test_standing_alone(qa: QA) -> None:
    """A question that stands alone gets the same answer with a conversation before it as without one."""
    chat = qa.chat()
    for message in ("hi", "Who is the US ambassador?", "What did he highlight?", "what else did he say?"):
        chat.ask(message)
    turns: tuple[Turn, ...] = chat.turns
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len(turns) == 3
    assert len(asked) == 60
    changed = []
    for question in asked:
        alone, after = qa.ask(question), qa.chat(turns).ask(question)
        if question not in POINTS_BACK and tell(alone) != tell(after):
            changed.append((question, after.understood_as, alone.text, after.text))
    assert changed == []
