"""Who holds an office, and who somebody is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.identity import find_identity, find_other
from qa.types import Article, Hit, Passage, Span

TEXT = (
    "Mayor Ann Smith said the old bridge is closed. She promised repairs. Governor Bob Jones said exports fell. "
    "The chairwoman of the Nordic Bank, Eva Lund, resigned. Deputy Prosecutor Tom Reed wept. "
    "Finance Minister Ali Khan met Foreign Minister Noor Shah. Coach Tim Brown praised Leo Marsh."
)


def make_hits(*texts: str) -> list[Hit]:
    return [Hit(Passage(Article(text), 0, len(text)), 10.0, 0.5, 1.0) for text in texts]


HITS = make_hits(TEXT)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who is the mayor?", "Ann Smith"),
        ("who is the governor", "Bob Jones"),
        ("whos the mayor", "Ann Smith"),
        ("And who is the mayor?", "Ann Smith"),
        ("name the governor", "Bob Jones"),
        ("What is the name of the mayor?", "Ann Smith"),
        ("Who is the chairwoman of the Nordic Bank?", "Eva Lund"),
        ("Who is the deputy prosecutor?", "Tom Reed"),
        ("Who is the finance minister?", "Ali Khan"),
        ("Who is the foreign minister?", "Noor Shah"),
        ("Who is the coach?", "Tim Brown"),
        ("Who is Bob Jones?", "Governor"),
        ("who is ann smith", "Mayor"),
        ("What is Ann Smith's position?", "Mayor"),
        ("Which office does Bob Jones hold?", "Governor"),
        ("Who is Eva Lund?", "chairwoman of the Nordic Bank"),
    ],
)
def test_found(question: str, words: str) -> None:
    """An office leads to the name beside it, and a name to the office."""
    span = find_identity(question, HITS)
    assert span is not None
    assert (span.text, span.score) == (words, 0.0)
    assert TEXT[span.start : span.end] == words


@pytest.mark.parametrize(
    "question",
    [
        "Who is the king?",
        "Who is the prosecutor?",  # there is a deputy alone
        "Who is the minister?",  # there are two
        "Who is the deputy mayor?",
        "Who is Leo Marsh?",
        "Who is Greta Holm?",
        "Who met the mayor?",
        "Who is the mayor of Paris?",
        "When did the mayor speak?",
        "Who is the mayor and what did she say?",
        "Who is (((?",
        "Who is .*?",
        "Who is \\?",
        "",
    ],
)
def test_not_found(question: str) -> None:
    """What no sentence says outright, or two people could be, is left to the reader."""
    assert find_identity(question, HITS) is None


def test_one_of_each() -> None:
    """Two passages with two mayors name none, two with the same name her once."""
    assert find_identity("Who is the mayor?", make_hits("Mayor Ann Smith spoke.", "Mayor Bob Reed spoke.")) is None
    assert find_identity("Who is the mayor?", []) is None
    span = find_identity("Who is the mayor?", make_hits("Mayor Ann Smith spoke.", "Mayor Ann Smith sang."))
    assert span is not None
    assert span.passage.text == "Mayor Ann Smith spoke."


@pytest.mark.parametrize(
    ("question", "read", "meant"),
    [
        ("Who did Ali Khan meet?", "Ali Khan", "Noor Shah"),
        ("Who met Noor Shah?", "Noor Shah", "Ali Khan"),
        ("With whom did Ali Khan meet?", "Ali Khan", "Noor Shah"),
        ("Who did Ali Khan meet?", "Noor Shah", None),
        ("What did Ali Khan do?", "Ali Khan", None),
        ("Who wept?", "Tom Reed", None),
        ("Who is Bob Jones?", "Bob Jones", None),
    ],
)
def test_other(question: str, read: str, meant: str | None) -> None:
    """Whom a question names is no answer to "who": the other one in the sentence is, if there is just one."""
    start = TEXT.index(read)
    span = find_other(question, Span(HITS[0].passage, start, start + len(read), 3.0))
    assert (span and (span.text, span.score)) == (meant and (meant, 3.0))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_question(text: str) -> None:
    """Whoever is asked for, what is found is a stretch of the passage."""
    for question in (f"Who is {text}?", f"What is {text} position?", text):
        span = find_identity(question, HITS)
        assert span is None or 0 <= span.start < span.end <= len(TEXT)


@pytest.mark.parametrize("text", ["who is " * 142, "A" * 1000, "the " * 250, "“" * 1000, "name " * 200])
def test_long(text: str) -> None:
    """A question as long as they may be takes no time."""
    started = time.process_time()
    find_identity(text, HITS)
    find_other(text, Span(HITS[0].passage, 0, 5, 0.0))
    assert time.process_time() - started < 0.2
