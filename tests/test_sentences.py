"""Text -> sentences: abbreviations, quotes, line breaks, and the laws on any text."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Article
from qa.chunk import chunk_article
from qa.sentences import split_article, split_sentences

_LATIN = [
    "Mr. ",
    "U.S. ",
    "No. 5 ",
    "He went. ",
    '"Yes," he said. ',
    "“No.” ",
    "J. K. ",
    "...",
    "?",
    "(",
    ")",
    "word ",
    "3.5 ",
]
_OTHER = [
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\u2028",
    "\u00a0",
    "😀",
    "e\u0301",
    "مرحبا. ",
    "שלום! ",
    "# ",
    "- ",
    "\x00",
    "\u202e",
]
PIECES = st.sampled_from(_LATIN + _OTHER)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Khan met Dr. J. K. Rowling in the U.S. on Tuesday.",
        "The U.S. Senate voted 52-48 on No. 5 at 5 p.m. on Monday.",
        "He paid $3.5 million for it.",
        "Then Ms. Giulia Rossi, the mayor, spoke.",
        '"We will win. We must," he said.',
        "“Are you sure? I am not,” said Gen. Smith.",
        "Prof. A. B. Ali left the St. John's club.",
    ],
)
def test_does_not_break_inside(sentence: str) -> None:
    """Abbreviations, initials, decimals and quotes do not end a sentence."""
    assert split(f"It rained. {sentence} They left.") == ["It rained.", sentence, "They left."]


def test_opening_quote_belongs_to_the_next_sentence() -> None:
    """A straight quote behind a full stop and a space opens what follows."""
    text = 'They left 90% of it. "The drugs had gone," he said. "We know."'
    assert split(text) == ["They left 90% of it.", '"The drugs had gone," he said.', '"We know."']


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A headline\n\nThe text.", ["A headline", "The text."]),
        ("# A heading\nThe text.", ["# A heading", "The text."]),
        ("- one\n- two\n", ["- one", "- two"]),
        ("A headline\nThe text begins here and is much longer than its headline.",
         ["A headline", "The text begins here and is much longer than its headline."]),
        ("The text is wrapped at some thirty\ncolumns and goes on behind them.",
         ["The text is wrapped at some thirty\ncolumns and goes on behind them."]),
        ("", []),
        (" \n \n", []),
    ],
)  # fmt: skip
def test_lines(text: str, sentences: list[str]) -> None:
    """A line break ends a sentence unless the line had to be wrapped."""
    assert split(text) == sentences


def test_seed(seed: Article) -> None:
    """The shipped article is its head and twelve sentences."""
    sentences = [seed.text[start:end] for start, end in split_article(seed)]
    assert len(sentences) == 13
    assert sentences[0] == "date 2024-05-15 ISLAMABAD:"
    assert (seed.text.index(sentences[1]), len(sentences[1])) == (28, 204)


def test_the_line_of_a_dateline_is_measured_whole() -> None:
    """Behind a dateline a wrapped line is as long as it is printed, not as what is left of it."""
    text = "ISLAMABAD: The minister met the\nambassador on Wednesday to talk.\n"
    sentences = [text[start:end] for start, end in split_article(Article(text, body_start=11))]
    assert sentences == ["ISLAMABAD:", "The minister met the\nambassador on Wednesday to talk."]


def test_long_paragraph_is_split_like_a_short_one() -> None:
    """The window that long paragraphs are seen through does not show in the result."""
    sentences = [f"Mr. Smith counted {n} sheep in the U.S. and went on." for n in range(1000)]
    assert split(" ".join(sentences)) == sentences


@given(TEXTS, st.integers(10, 40), st.integers(0, 9))
def test_the_sentences_of_a_passage_are_those_of_the_article(text: str, width: int, body_start: int) -> None:
    """However lines are wrapped, a passage has no sentence that the article has not."""
    wrapped = "\n\n".join(textwrap.fill(part, width) for part in (text, "He met Mr. Khan in the U.S. and left. " * 9))
    article = Article(wrapped, body_start=body_start)
    whole = list(split_article(article))
    for passage in chunk_article(article, max_words=12):
        for start, end in split_article(article, passage.start, passage.end):
            assert any(left <= start and end <= right for left, right in whole)
            assert (start, end) in whole or passage.start == start or passage.end == end


@given(TEXTS, st.integers(0, 10), st.integers(0, 10))
def test_laws(text: str, cut_left: int, cut_right: int) -> None:
    """Sentences are in order, trimmed, inside the stretch, and leave out nothing but white space."""
    left, right = min(cut_left, len(text)), max(len(text) - cut_right, min(cut_left, len(text)))
    position = left
    for start, end in split_sentences(text, left, right):
        assert position <= start < end <= right
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:right].strip()
