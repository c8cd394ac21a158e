"""The sentence reader."""

from __future__ import annotations

import pytest
from fakes import WordEmbedder

from qa import Article, Hit, Passage
from qa.read import SentenceReader


def read(text: str, question: str, **head: object) -> list[tuple[str, float]]:
    article = Article(text, **head)  # type: ignore[arg-type]
    hits = [Hit(Passage(article, 0, len(text)), 1.0, 1.0, 1.0)]
    spans = SentenceReader(WordEmbedder()).read(question, hits)
    return [(span.text, round(span.score, 3)) for span in sorted(spans, key=lambda span: -span.score)]


def test_scores() -> None:
    """A sentence counts its cosine and its share of the question's words; stems count as words."""
    scores = dict(read("Dogs bark. Cats sleep.", "sleeping cats"))
    assert scores == {"Cats sleep.": pytest.approx(0.5 + 1.0), "Dogs bark.": 0.0}


def test_the_sentence_before_counts_in_part() -> None:
    """ "He" is whom the sentence before spoke of."""
    scores = dict(read("Khan spoke. He praised firms.", "Khan praised"))
    assert scores["He praised firms."] == pytest.approx(1 / 6**0.5 + (1 + 0.4) / 2, abs=1e-3)


def test_headings_titles_and_datelines_answer_nothing() -> None:
    """What names the matter does not say anything about it."""
    text = "LAHORE: Rain fell.\n\n# Rain in Lahore\n\nFlood news"
    assert [sentence for sentence, _ in read(text, "Lahore rain flood", body_start=8, title="Flood news")] == [
        "Rain fell."
    ]


def test_what_stands_before_a_dateline_and_a_text_of_one_line_can_answer() -> None:
    """Sentences answer wherever they stand, and so does a text that is nothing but its title."""
    text = "Dogs bark. LAHORE: Rain fell."
    assert {sentence for sentence, _ in read(text, "dogs", body_start=19)} == {"Dogs bark.", "Rain fell."}
    assert read("The minister met Khan", "met Khan", title="The minister met Khan")


def test_accents_may_be_composed_or_not() -> None:
    """An accent is the same however it is written."""
    assert dict(read("The cafe\u0301 opened.", "café"))["The cafe\u0301 opened."] >= 1


def test_a_shared_sentence_goes_to_the_better_passage() -> None:
    """A sentence in two passages is read once."""
    article = Article("One went. Two went. Three went.")
    hits = [Hit(Passage(article, 10, 31), 2.0, 1.0, 1.0), Hit(Passage(article, 0, 19), 1.0, 1.0, 1.0)]
    spans = SentenceReader(WordEmbedder()).read("two", hits)
    assert {span.text: span.passage.start for span in spans} == {"Two went.": 10, "Three went.": 10, "One went.": 0}


def test_sentences_are_embedded_once() -> None:
    """The second question about an article embeds only itself."""
    embedder = WordEmbedder()
    reader = SentenceReader(embedder)
    hits = [Hit(Passage(Article("One went. Two went."), 0, 19), 1.0, 1.0, 1.0)]
    reader.read("one", hits)
    reader.read("two", hits)
    assert (embedder.documents, embedder.queries) == (["One went.", "Two went."], ["one", "two"])


def test_nothing_to_read() -> None:
    """No passages, no spans."""
    assert SentenceReader(WordEmbedder()).read("one", []) == []
