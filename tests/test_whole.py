"""Questions that are asked of an article as a whole."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import QA, AnswerKind, Article
from qa.overview import Overview
from qa.whole import Whole, find_whole

BRIDGE = "The old bridge in Oslo is closed."
DAM = "The dam in Ghent broke today."


def make_article(text: str, title: str) -> Article:
    return Article(
        f"{text} It rained.", title=title, date=dt.date(2024, 5, 15), source=f"https://example.org/{len(text)}"
    )


@pytest.mark.parametrize(
    ("question", "fact", "title"),
    [
        ("When was this article published?", "date", ""),
        ("Who wrote this article?", "author", ""),
        ("What is the title?", "title", ""),
        ("what's the source", "source", ""),
        ("When was “Bridge shut” published?", "date", "Bridge shut"),
        ('Who wrote "Bridge shut"?', "author", "Bridge shut"),
        ("What is the title of “Bridge shut”?", "title", "Bridge shut"),
        ("What is the source of “The “Emma” row”?", "source", "The “Emma” row"),
    ],
)
def test_facts(question: str, fact: str, title: str) -> None:
    """A question for a fact of an article is known, with the title in quotes if there is one."""
    assert find_whole(question) == Whole(None, fact, title)


@pytest.mark.parametrize(
    ("question", "overview", "title"),
    [
        ("What is this article about?", Overview("", 2), ""),
        ("tl;dr", Overview("", 2), ""),
        ("summarise the article in three sentences", Overview("", 3), ""),
        ("summary of the flood", Overview("the flood", 4), ""),
        ("What is “Bridge shut” about?", Overview("", 2), "Bridge shut"),
        ("Summarise “Bridge shut”", Overview("", 4), "Bridge shut"),
    ],
)
def test_overviews(question: str, overview: Overview, title: str) -> None:
    """So is one for an overview, with what it is to be of."""
    assert find_whole(question) == Whole(overview, None, title)


@pytest.mark.parametrize(
    "question",
    [
        "Who built the bridge?",
        "Who wrote the book “Emma”?",
        "When was the bridge published?",
        "What did she say about the article?",
        "Who said “the bridge is closed”?",
        "What is “a bridge”?",
        "What is the date of the match?",
        "",
        "“”",
    ],
)
def test_contents(question: str) -> None:
    """A question about what an article says is for the reader."""
    assert find_whole(question) is None


@pytest.fixture
def two(library: QA) -> tuple[Article, Article]:
    """Two articles in the library."""
    return library.add(make_article(BRIDGE, "Bridge shut")), library.add(make_article(DAM, "Dam broken"))


def test_the_only_article(library: QA) -> None:
    """Of one article alone everything is asked."""
    article = library.add(make_article(BRIDGE, "Bridge shut"))
    answer = library.ask("When was this article published?")
    assert (answer.kind, answer.note, answer.text) == (AnswerKind.FACT, "date", "15 May 2024")
    overview = library.ask("What is this article about?")
    assert overview.kind is AnswerKind.OVERVIEW
    assert overview.text == " ".join(citation.quote for citation in overview.citations)
    assert [citation.article for citation in overview.citations] == [article] * len(overview.citations)
    assert BRIDGE in overview.text


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("What is this article about?", ("What is “Bridge shut” about?", "What is “Dam broken” about?")),
        (
            "When was this article published?",
            ("When was “Bridge shut” published?", "When was “Dam broken” published?"),
        ),
        ("Who wrote this article?", ("Who wrote “Bridge shut”?", "Who wrote “Dam broken”?")),
    ],
)
@pytest.mark.usefixtures("two")
def test_which_of_two(library: QA, question: str, choices: tuple[str, ...]) -> None:
    """Of several articles the answer is a choice of them, as questions that can be asked."""
    answer = library.ask(question)
    assert (answer.kind, answer.choices, answer.found) == (AnswerKind.WHICH, choices, False)
    assert [find_whole(choice) is not None for choice in choices] == [True, True]


def test_a_named_one(library: QA, two: tuple[Article, Article]) -> None:
    """The one that is named, or talked about, or on the topic, is answered for."""
    answer = library.ask("What is the title of “Dam broken”?")
    assert (answer.kind, answer.text) == (AnswerKind.FACT, "Dam broken")
    assert library.ask("What is this article about?", about=two[0].id).citations[0].article == two[0]
    assert library.ask("summary of the dam").citations[0].article == two[1]


@pytest.mark.usefixtures("two")
def test_a_title_that_no_article_has(library: QA) -> None:
    """Of an article that is not there nothing is said, and none other is offered."""
    answer = library.ask("What is the title of “Fog lifts”?")
    assert (answer.found, answer.choices) == (False, ())


def test_a_fact_that_is_not_there(library: QA) -> None:
    """A fact that an article does not have is refused, and still said to be one."""
    library.add(Article(BRIDGE, title="Bridge shut"))
    answer = library.ask("Who wrote this article?")
    assert (answer.kind, answer.note, answer.found) == (AnswerKind.FACT, "author", False)


def test_at_most_five_are_offered(library: QA) -> None:
    """Of many articles five are offered."""
    for number in range(8):
        library.add(Article(f"The river {number} rose.", title=f"River {number}"))
    assert library.ask("What is this article about?").choices == tuple(
        f"What is “River {n}” about?" for n in range(5)
    )


def test_no_articles(library: QA) -> None:
    """In an empty library nothing is offered and nothing found."""
    for question in ("What is this article about?", "When was it published?", "summary of the flood"):
        answer = library.ask(question)
        assert (answer.found, answer.choices) == (False, ())


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    """Any text asks for one of the two or for nothing."""
    whole = find_whole(text)
    assert whole is None or (whole.overview is None) != (whole.fact is None)


@pytest.mark.parametrize(
    "text",
    [
        "and " * 250,
        "what " * 200,
        "A" * 1000,
        "“" * 1000,
        '"' * 1000,
        "“a”" * 333,
        "summarise the " * 71,
        "the " * 250,
    ],
)
def test_long(text: str) -> None:
    """A question as long as they may be takes no time."""
    started = time.process_time()
    find_whole(text)
    find_whole(f"{text.strip()[:190]} about")
    assert time.process_time() - started < 0.1
