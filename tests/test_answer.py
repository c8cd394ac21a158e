"""Spans -> citations and refusals, and the law that a citation is a slice of its article."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_sentences import TEXTS

from qa import Article, Hit, Passage, Span
from qa.answer import cite, find_nearest
from qa.calibration import Fit, find_fit

FIT = Fit(slope=1.0, intercept=0.0, data="made up")  # a score of 0 is a confidence of .5
ARTICLE = Article("Ann met Bob. They spoke. Then Cid came in.")
FIRST, SECOND = Passage(ARTICLE, 0, 24), Passage(ARTICLE, 13, 42)


def test_quote_is_the_sentence_of_the_span() -> None:
    """The answering words are offsets in the article, the quote is the whole sentence around them."""
    (citation,) = cite([Span(FIRST, 8, 11, 3.0)], FIT, 0.5)
    assert (citation.number, citation.quote, citation.answer) == (1, "Ann met Bob.", (8, 11))
    assert citation.article.text[slice(*citation.answer)] == "Bob"


def test_quote_of_a_span_over_two_sentences() -> None:
    """Words from two sentences are quoted with both."""
    (citation,) = cite([Span(FIRST, 4, 17, 3.0)], FIT, 0.5)
    assert citation.quote == "Ann met Bob. They spoke."


def test_order_numbers_and_passages() -> None:
    """Citations are numbered best first, and each stands in a passage that is not yet cited."""
    spans = [Span(FIRST, 0, 12, 1.9), Span(SECOND, 25, 42, 2.0), Span(SECOND, 13, 24, 1.9), Span(FIRST, 13, 24, 1.8)]
    assert [(c.number, c.quote) for c in cite(spans, FIT, 0.5)] == [(1, "Then Cid came in."), (2, "Ann met Bob.")]


def span(text: str, words: str, score: float) -> Span:
    article = Article(text)
    return Span(Passage(article, 0, len(text)), text.index(words), text.index(words) + len(words), score)


def test_the_same_answer_from_several_passages() -> None:
    """Passages that say the same, or only more, bear each other out; the answer is the surest one's."""
    spans = [
        span("The ambassador, Donald Blome, came.", "Donald Blome", 3.0),
        span("A man from Texas came.", "Texas", 1.0),
        span("Blome met Khan.", "Blome", 2.0),
    ]
    assert [(c.number, c.words, c.agrees) for c in cite(spans, FIT, 0.5)] == [
        (1, "Donald Blome", True),
        (2, "Blome", True),
    ]


def test_answers_that_contradict_each_other() -> None:
    """Another answer that is nearly as sure is shown as another one."""
    spans = [span("It opened in 1990.", "in 1990", 3.0), span("It opened in 1980.", "in 1980", 2.8)]
    assert [(c.words, c.agrees) for c in cite(spans, FIT, 0.5)] == [("in 1990", True), ("in 1980", False)]
    less_sure = [spans[0], span("It opened in 1980.", "in 1980", 0.5)]
    assert [c.words for c in cite(less_sure, FIT, 0.5)] == ["in 1990"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blome", "Ambassador Donald Blome"),
        ("Blome's", "Donald Blome"),
        ("Ambassador Blome", "US Ambassador to Pakistan, Donald Blome"),
        ("the mayor", "Mayor"),
        ("Erdoğan", "President Erdogan"),
        ("José", "Jose\u0301"),
        ("on Wednesday", "Wednesday"),
        ("2024", "15 May 2024"),
        ("15 May", "May 15th, 2024"),
        ("three", "3 people"),
        ("twenty-two", "22"),
        ("1,200", "1200 people"),
        ("5%", "five per cent"),
        ("between 5 and 10", "5 to 10"),
        ("😀", "😀"),
    ],
)
def test_answers_that_agree(one: str, other: str) -> None:
    """The same in other words, or with more of them, is the same answer."""
    spans = [span(f"It is {one}", one, 3.0), span(f"So {other}", other, 2.9)]
    assert [c.agrees for c in cite(spans, FIT, 0.5)] == [True, True]
    assert [c.agrees for c in cite([replace(spans[1], score=3.1), spans[0]], FIT, 0.5)] == [True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12", "12 million"),
        ("two", "two million"),
        ("two", "twenty-two"),
        ("5", "1.5"),
        ("200", "1,200"),
        ("-5", "5"),
        ("10", "10 to 20"),
        ("2", "2-1"),
        ("1990", "1990s"),
        ("10", "10:30"),
        ("5%", "5 points"),
        ("12 dead", "12 hurt and 30 dead"),
        ("guilty", "not guilty"),
        ("😀", "😁"),
    ],
)
def test_answers_that_differ(one: str, other: str) -> None:
    """Another number is another answer though it has the same digits, and so is what is denied."""
    spans = [span(f"It is {one}", one, 3.0), span(f"So {other}", other, 2.9)]
    assert [c.agrees for c in cite(spans, FIT, 0.5)] == [True, False]
    assert [c.agrees for c in cite([replace(spans[1], score=3.1), spans[0]], FIT, 0.5)] == [True, False]


def test_a_contradiction_is_not_crowded_out() -> None:
    """Three passages that agree leave room for one that does not, and what it says is cited once."""
    words = ["in 1990", "1990", "May 1990", "1980", "in 1980", "1970"]
    spans = [span(f"{n}. It opened {w}.", w, 3.0 - n / 100) for n, w in enumerate(words)]
    assert [(c.number, c.words, c.agrees) for c in cite(spans, FIT, 0.5)] == [
        (1, "in 1990", True),
        (2, "1990", True),
        (3, "1980", False),
    ]
    assert [c.words for c in cite([spans[0], *spans[3:]], FIT, 0.5)] == ["in 1990", "1980", "1970"]


def test_the_same_span_of_two_passages_that_overlap() -> None:
    """A sentence that stands in two passages is one citation though both are read."""
    spans = [Span(FIRST, 13, 17, 2.1), Span(SECOND, 13, 17, 2.0)]
    assert [(c.passage, c.words) for c in cite(spans, FIT, 0.5)] == [(FIRST, "They")]


def test_an_answer_in_the_head() -> None:
    """The dateline is a sentence of its own, and so is what stands behind it."""
    article = Article("LAHORE: Khan came. He left.", body_start=8)
    passage = Passage(article, 0, 27)
    quotes = [cite([Span(passage, start, end, 1.0)], FIT, 0.5)[0].quote for start, end in ((0, 6), (8, 12))]
    assert quotes == ["LAHORE:", "Khan came."]


def test_nothing_is_quoted_twice() -> None:
    """A sentence that two passages share is cited once."""
    spans = [Span(FIRST, 13, 17, 2.0), Span(SECOND, 18, 23, 2.0)]
    assert [c.quote for c in cite(spans, FIT, 0.5)] == ["They spoke."]


def test_threshold() -> None:
    """Below the asked confidence nothing is cited; a further citation is at least half as sure as the first."""
    assert cite([Span(FIRST, 0, 12, -0.1)], FIT, 0.5) == ()
    spans = [Span(FIRST, 0, 12, 4.0), Span(SECOND, 25, 42, -0.1)]
    assert len(cite(spans, FIT, 0.1)) == 1
    assert cite([], FIT, 0.0) == ()
    assert len(cite([Span(FIRST, 0, 12, 0.0)], FIT, 0.5)) == 1  # exactly as sure as asked
    assert len(cite([Span(FIRST, 0, 12, -1e9)], FIT, 0.0)) == 1


def test_confidence_of_any_score() -> None:
    """A reader's scores may be of any size."""
    assert [FIT.confidence(score) for score in (-1e9, 0.0, 1e9)] == [0.0, 0.5, 1.0]


def test_nearest() -> None:
    """A refusal still knows the passage of the best span, or the best hit if nothing was read."""
    hits = [Hit(SECOND, 1.0, 1.0, 0.0)]
    assert find_nearest([Span(FIRST, 0, 12, -1.0)], hits) == FIRST
    assert find_nearest([], hits) == SECOND
    assert find_nearest([], []) is None


def test_a_pair_without_a_fit_warns(caplog: pytest.LogCaptureFixture) -> None:
    """Confidence is fitted for each pair of embedder and reader."""
    with caplog.at_level(logging.WARNING):
        find_fit("sentence-transformers/all-MiniLM-L6-v2", "minilm-reader")
        assert caplog.messages == []
        find_fit("another", "minilm-reader")
    assert caplog.messages == ["no calibration for another with the reader minilm-reader; confidences are rough"]


@given(TEXTS.filter(str.strip), st.data())
def test_law(text: str, data: st.DataObject) -> None:
    """Whatever the text and the span, the quote is a slice of the article that holds the answer."""
    article = Article(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    (citation,) = cite([Span(Passage(article, 0, len(text)), start, end, 1.0)], FIT, 0.5)
    assert citation.quote == text[citation.start : citation.end]
    assert citation.start <= start < end <= citation.end
