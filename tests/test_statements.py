"""What somebody says, and what is said about something."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.statements import find_deeds, find_statements, find_teller
from qa.types import Article, Hit, Passage

SAID = "Mayor Ann Smith said the old bridge is closed."
PROMISED = "She promised repairs."
EXPORTS = "Governor Bob Jones said exports fell."
DAM = "The dam broke on Monday."
FERRIES = "Ann Smith highlighted the role of ferries."
TEXT = " ".join([SAID, PROMISED, EXPORTS, DAM, FERRIES])


def make_hits(*articles: Article) -> list[Hit]:
    return [Hit(Passage(article, 0, len(article.text)), 10.0, 0.5, 1.0) for article in articles]


HITS = make_hits(Article(TEXT))


def find(question: str, hits: list[Hit]) -> list[str]:
    _, statements = find_statements(question, hits)
    return [passage.article.text[start:end] for passage, start, end in statements]


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("What did the mayor say?", [SAID, PROMISED, FERRIES]),
        ("What did Ann Smith say?", [SAID, PROMISED, FERRIES]),
        ("and what did the governor say", [EXPORTS]),
        ("What did the mayor say about the bridge?", [SAID]),
        ("What did Ann Smith highlight?", [FERRIES]),
        ("What did Smith promise?", [PROMISED]),
        ("What about exports?", [EXPORTS]),
        ("tell me about the dam", [DAM]),
        ("Is there anything about ferries?", [FERRIES]),
        ("How about the dam?", [DAM]),
        ("What did Bob Jones say about the bridge?", []),
        ("What did the governor promise?", []),
        ("What about taxes?", []),
    ],
)
def test_asked_for(question: str, sentences: list[str]) -> None:
    """The sentences that somebody says, on the topic and in the way that is asked for, in the passages' order."""
    assert find_statements(question, HITS)[0]
    assert find(question, HITS) == sentences


@pytest.mark.parametrize(
    "question",
    [
        "Who said exports fell?",
        "When did the dam break?",
        "What broke on Monday?",
        "Did the mayor say the bridge is closed?",
        "Why did the governor say so?",
        "What about?",
        "exports",
        "",
    ],
)
def test_not_asked_for(question: str) -> None:
    """No other question asks for statements."""
    assert find_statements(question, HITS) == (False, [])


def test_each_once_and_no_head() -> None:
    """A sentence that two passages hold is stated once, and what stands before the body is no statement."""
    assert find("What about exports?", [*HITS, *HITS]) == [EXPORTS]
    text = "EXPORTS CITY: The dam broke. Exports fell."
    article = Article(text, body_start=text.index("The"))
    assert find("What about exports?", make_hits(article)) == ["Exports fell."]


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("What does Peru seek?", ["On Monday Peru again seeks a loan."]),
        ("what did the bank offer", ["The bank offered one."]),
        ("What else has the bank offered?", ["The bank offered one."]),
        ("What does Chile seek?", []),
        ("What does Peru offer?", []),
        ("What did the bank say?", []),
        ("Who seeks a loan?", []),
        ("", []),
    ],
)
def test_deeds(question: str, sentences: list[str]) -> None:
    """What somebody does is told by the sentence in which the name stands before the verb, and not by the head."""
    text = "PERU SEEKS LOAN: On Monday Peru again seeks a loan. The bank offered one. Chile waits. Many seek Peru."
    hits = make_hits(Article(text, body_start=text.index("On")))
    assert [s.passage.article.text[s.start : s.end] for s in find_deeds(question, hits * 2)] == sentences


@pytest.mark.parametrize(
    ("question", "teller"),
    [
        ("Who said “exports fell”?", "Governor Bob Jones"),
        ('who says "exports fell"', "Governor Bob Jones"),
        ("Who said “promised repairs”?", "Mayor Ann Smith"),
        ("Who said “The dam broke on Monday”?", None),
        ("Who said “cheese”?", None),
    ],
)
def test_teller(question: str, teller: str | None) -> None:
    """Who said some words is named where the article names them, also before the sentence that says "she"."""
    asks, span = find_teller(question, HITS)
    assert (asks, span and span.text) == (True, teller)


@pytest.mark.parametrize("question", ["Who said that?", "Who said exports fell?", "Who said “”?", "What is “a”?", ""])
def test_no_teller_asked_for(question: str) -> None:
    """Without the words in quotes nobody is asked for who said them."""
    assert find_teller(question, HITS) == (False, None)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_question(text: str) -> None:
    """Whatever is asked about, what is found are sentences of the article."""
    for question in (text, f"What about {text}?", f"What did {text} say about {text}?", f"Who said “{text}”?"):
        assert set(find(question, HITS)) <= {SAID, PROMISED, EXPORTS, DAM, FERRIES}
        teller = find_teller(question, HITS)[1]
        assert teller is None or teller.text in TEXT


@pytest.mark.parametrize(
    "text", ["what did " * 111, "A" * 1000, "what about " * 90, "“" * 1000, "what she said " * 71, "the " * 250]
)
def test_long(text: str) -> None:
    """A question as long as they may be takes no time."""
    started = time.process_time()
    find_statements(text, HITS)
    find_deeds(text, HITS)
    find_teller(text, HITS)
    assert time.process_time() - started < 0.2
