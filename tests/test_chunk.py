"""Article -> passages: size, overlap, and the laws on any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_sentences import TEXTS

from qa import Article
from qa.chunk import chunk_article


def test_seed(seed: Article) -> None:
    """The shipped article makes passages of 60 to 120 words that overlap by a sentence."""
    passages = chunk_article(seed)
    assert [len(passage.text.split()) for passage in passages] == [106, 118, 97]
    assert [(passage.start, passage.end) for passage in passages] == [(1, 765), (659, 1481), (1332, 2030)]
    shared = seed.text[passages[1].start : passages[0].end]
    assert shared.startswith("He also highlighted")
    assert shared.endswith("within the sector.")


def test_text_without_sentence_ends_is_cut_at_words() -> None:
    """Two hundred words without a full stop become two passages of whole words."""
    article = Article(" ".join(f"word{n}" for n in range(200)))
    passages = chunk_article(article)
    assert [len(passage.text.split()) for passage in passages] == [120, 80]
    assert " ".join(passage.text for passage in passages) == article.text


def test_last_passage_reaches_back() -> None:
    """A last sentence too short to stand alone brings the ones before it along."""
    article = Article(" ".join(f"Sentence {n} has five words." for n in range(5)))
    texts = [passage.text for passage in chunk_article(article, max_words=20)]
    assert texts == [
        "Sentence 0 has five words. Sentence 1 has five words. Sentence 2 has five words. Sentence 3 has five words.",
        "Sentence 3 has five words. Sentence 4 has five words.",
    ]


def test_short_article_is_one_passage() -> None:
    """White space around a short text is not part of its passage."""
    (passage,) = chunk_article(Article("\n Hello there. \n"))
    assert (passage.start, passage.end, passage.text) == (2, 14, "Hello there.")


def test_max_words_must_be_positive() -> None:
    """A bound of no words is a mistake of the caller."""
    with pytest.raises(ValueError, match="got 0"):
        chunk_article(Article("x"), max_words=0)


@given(TEXTS, st.integers(1, 12), st.integers(0, 8))
def test_laws(text: str, max_words: int, body_start: int) -> None:
    """Passages are slices in order, inside the bound, of whole words, and lose nothing but white space."""
    article = Article(text, body_start=min(body_start, len(text)))
    covered = 0
    starts = [-1]
    for passage in chunk_article(article, max_words=max_words):
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert 1 <= len(passage.text.split()) <= max_words
        assert passage.start > starts[-1]
        assert not text[covered : passage.start].strip()
        covered = max(covered, passage.end)
        starts.append(passage.start)
    assert not text[covered:].strip()


@given(st.lists(st.text("ab😀é", min_size=1, max_size=8), min_size=1, max_size=60), st.integers(1, 12))
def test_cuts_between_words_only(words: list[str], max_words: int) -> None:
    """In a text without sentence ends no word is cut or lost."""
    text = " ".join(words)
    passages = chunk_article(Article(text), max_words=max_words)
    assert [word for passage in passages for word in passage.text.split()] == words
