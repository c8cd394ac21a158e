"""What a user types -> a question, or the reason why it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import QuestionError
from qa.question import clean_question, content_words, count_named, find_topic


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d\ufeff", "?!...", "\n\t", "🙂🙂", "\x00"])
def test_without_words(text: str) -> None:
    """Nothing, white space, zero-width characters and punctuation are no questions."""
    with pytest.raises(QuestionError, match="no words in it"):
        clean_question(text)


def test_too_long() -> None:
    """A question that the model could not read to its end is refused with both numbers."""
    assert len(clean_question("why " * 250)) == 999
    with pytest.raises(QuestionError, match=r"10,000 characters long, the limit is 1,000"):
        clean_question("x" * 10_000)


def test_cleaned() -> None:
    """White space is squeezed, what cannot be seen is dropped, accents are composed."""
    assert clean_question("  Who\u200b met\n the  cafe\u0301 owner? ") == "Who met the café owner?"


def test_content_words() -> None:
    """Stop words go, unless there is nothing else; "US" is not the pronoun."""
    assert content_words("What did the US say about US firms?") == ["us", "say", "firms"]
    assert content_words("Who is he?") == ["who", "is", "he"]


@given(st.text(max_size=1200))
def test_any_text(text: str) -> None:
    """Any text is a question with words, or a QuestionError."""
    try:
        question = clean_question(text)
    except QuestionError:
        return
    assert content_words(question) or not any(c.isalnum() for c in question)
    assert clean_question(question) == question


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did she say about exports?", ["exports"]),
        ("Tell me about the port of Gdynia", ["port", "gdynia"]),
        ("What was agreed regarding Baltic ferries, and when?", ["baltic", "ferries"]),
        ("who spoke on the subject of tariffs", ["tariffs"]),
        ("Were there about 50 people?", []),
        ("Who is about to leave?", []),
        ("What is it about?", []),
        ("What did he say about it?", []),
        ("Who met the minister?", []),
    ],
)
def test_topics(question: str, topic: list[str]) -> None:
    """They stand behind "about" and its like; numbers and pronouns are none."""
    assert find_topic(question) == topic


def test_named_words() -> None:
    """A word counts whatever its ending, and once."""
    assert count_named("The exporter exported ferries.", ["exports", "ferry", "tariffs"]) == 2
    assert count_named("", ["exports"]) == 0
