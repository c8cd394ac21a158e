"""A conversation."""

from __future__ import annotations

from qa import QA, load_text


def test_turns_are_answered_and_bounded(library: QA) -> None:
    """Every turn gets the answer of its question; the last twenty are remembered."""
    library.add(load_text("The dog chased the red ball. A bird sang."))
    chat = library.chat()
    answers = [chat.ask(f"Which dog chased ball {n}?") for n in range(25)]
    assert answers[0].text == "The dog chased the red ball."
    assert chat.turns == tuple(answers[5:])
