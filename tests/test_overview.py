"""Which questions ask what an article says as a whole, and which of its sentences say that."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from qa import Article, Passage
from qa.chunk import chunk_article
from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from qa.load import load_file
from qa.overview import MAX_EMBEDDED, Overview, choose_sentences, find_overview, pick_central

NEWS = Path(__file__).parent / "data" / "news"


@pytest.mark.parametrize(
    ("question", "topic", "count"),
    [
        ("summarise", "", 4),
        ("Summarise the article", "", 4),
        ("can you summarize it in three points?", "", 3),
        ("Could you please give me a short summary of the article?", "", 4),
        ("what is this about?", "", 2),
        ("what's it about", "", 2),
        ("Whats this article about?", "", 2),
        ("Can you tell me what this article is about?", "", 2),
        ("key points", "", 4),
        ("main points of the story", "", 4),
        ("What are the three main takeaways from this article?", "", 3),
        ("tl;dr", "", 2),
        ("TLDR please", "", 2),
        ("give me an overview", "", 4),
        ("So what happened?", "", 2),
        ("what's going on?", "", 2),
        ("what does the article say?", "", 3),
        ("What does the article about the strike say?", "the strike", 3),
        ("summarise the article about the floods", "the floods", 4),
        ("give me a summary of the floods in 2 sentences", "the floods", 2),
        ("sum up the story in one sentence", "", 1),
        ("one-sentence summary", "", 1),
        ("Summarise the news in 99 bullet points", "", 10),
        ("a summary in 50 words", "", 2),
        ("summarise it in a paragraph", "", 4),
        ("What's the main idea?", "", 2),
        ("tell me about the article", "", 4),
    ],
)
def test_overviews(question: str, topic: str, count: int) -> None:
    """An overview is asked for in many ways, of a length and on a topic."""
    assert find_overview(question) == Overview(topic, count)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "😀",
        "what does it say about exports?",
        "what happened to the minister?",
        "what happened in 2010?",
        "What is the main idea of the theory?",
        "What are the main points of the treaty?",
        "Who wrote the summary?",
        "what is a summary?",
        "tell me about the minister",
        "what is the story of Moses about?",
        "What was said about gaming?",
        "what is it?",
        "What is the article?",
        "what is this about and who wrote it?",
    ],
)
def test_no_overviews(question: str) -> None:
    """What asks for one thing asks for no overview."""
    assert find_overview(question) is None


@pytest.mark.parametrize("part", ["so ", "please ", "the article ", "what is ", "about ", "in ", "a"])
def test_long_questions(part: str) -> None:
    """However long a question is, it is judged at once."""
    start = time.perf_counter()
    find_overview("summarise " + part * 50)
    find_overview(part * 300)
    find_overview((part * 300)[:199])
    assert time.perf_counter() - start < 0.5


def choose(article: Article) -> list[str]:
    passages = chunk_article(article)
    vectors = np.ones((len(passages), 1), dtype=np.float32)
    return [article.text[start:end] for start, end in choose_sentences(article, passages, vectors)]


def test_only_sentences() -> None:
    """Heading, dateline, byline, an offer to read more and fragments are no sentences of an overview."""
    text = (
        "Flood hits the old town again\n\nBy Ann Smith and Bob Jones, Daily News.\n\n14 March 2025\n\n"
        "# More news today\n\n"
        "The river rose by two metres on Sunday night. By Monday morning, the old town was under water. He left.\n\n"
        "Read more: ten things to know about floods."
    )
    assert choose(Article(text, title="Flood hits the old town again")) == [
        "The river rose by two metres on Sunday night.",
        "By Monday morning, the old town was under water.",
    ]


def test_the_head_is_left_out() -> None:
    """A wire-style head is no sentence, what follows it is one."""
    article = Article("LAHORE, PUNJAB, PAKISTAN TODAY: Khan came home after six years. Others stayed.", body_start=32)
    assert choose(article) == ["Khan came home after six years."]


@pytest.mark.parametrize(
    ("text", "chosen"), [("Rain today", ["Rain today"]), ("😀", []), ("- a\n- b", ["- a", "- b"])]
)
def test_nothing_but_fragments(text: str, chosen: list[str]) -> None:
    """Where there are no sentences, what there is stands in for them."""
    assert choose(Article(text)) == chosen


def test_no_passages() -> None:
    """An article without passages has nothing to choose from."""
    assert choose_sentences(Article("Khan came home."), [], np.empty((0, 3), dtype=np.float32)) == []


def test_a_sentence_that_is_cut_is_left_out() -> None:
    """A passage that begins or ends inside a sentence does not give its part for a sentence."""
    article = Article("The long sentence goes on here for ever. The next one is short and whole.")
    passages = [Passage(article, 4, 73)]
    assert choose_sentences(article, passages, np.ones((1, 1), dtype=np.float32)) == [(41, 73)]


def test_a_huge_article() -> None:
    """Of a huge article no more than sixty sentences are chosen: the first ones and those nearest to the mean."""
    article = Article(
        "\n\n".join(f"Sentence number {n} says that it rains. It is the {n}th so far." for n in range(20_000))
    )
    passages = chunk_article(article)
    vectors = np.zeros((len(passages), 2), dtype=np.float32)
    vectors[:, 0], vectors[0], vectors[500] = 0.5, (-1, 0), (1, 0)
    start = time.perf_counter()
    chosen = choose_sentences(article, passages, vectors)
    assert time.perf_counter() - start < 2
    assert len(chosen) == MAX_EMBEDDED
    assert chosen == sorted(chosen)
    assert chosen[0][0] == passages[0].start
    assert any(passages[500].start <= begin < passages[500].end for begin, _ in chosen)


def test_the_most_central() -> None:
    """The sentence that is most like the others is taken, though it is the last; a second like it is not."""
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.57, 0.56], [0.6, 0.57, 0.56]], dtype=np.float32)
    assert pick_central(vectors, ["Odd one.", "Two.", "Three.", "All.", "All again."], 2) == [0, 3]


def test_what_leans_on_another() -> None:
    """Of two that are alike the earlier is taken, unless it begins with "She" and is not behind one that is taken."""
    vectors = np.array([[1, 0, 0], [0, 0, 1], [0.6, 0.8, 0], [0.6, 0.8, 0]], dtype=np.float32)
    assert pick_central(vectors, ["A.", "B.", "Ann left.", "Bob left."], 2) == [0, 2]
    assert pick_central(vectors, ["A.", "B.", "She left.", "Bob left."], 2) == [0, 3]
    alike = vectors[[0, 2, 3, 1]]
    assert pick_central(alike, ["A.", "She left.", "Bob left.", "C."], 2) == [0, 1]


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_never_more_than_there_are(count: int) -> None:
    """As many as are wanted, or all, each once and in order."""
    places = pick_central(np.eye(3, dtype=np.float32), ["A.", "B.", "C."], count)
    assert places == sorted(set(places))
    assert len(places) == min(3, count)


def test_no_sentences() -> None:
    """Of nothing nothing is picked."""
    assert pick_central(np.empty((0, 3), dtype=np.float32), [], 2) == []


@pytest.mark.slow
def test_news() -> None:
    """Of a news story the lead is taken, and no heading, date or byline."""
    embedder = SentenceTransformerEmbedder(DEFAULT_MODEL, offline=True)
    for name, lead in (("port.txt", "ROTTERDAM - Container"), ("tram.txt", "The city council of Bydgoszcz voted")):
        article = load_file(NEWS / name)
        passages = chunk_article(article)
        spans = choose_sentences(article, passages, embedder.encode([passage.text for passage in passages]))
        texts = [article.text[start:end] for start, end in spans]
        picked = [texts[place] for place in pick_central(embedder.encode(texts), texts, 3)]
        assert picked[0].startswith(lead)
        assert len(picked) == 3
        assert all(text.endswith((".", '"')) for text in picked)
