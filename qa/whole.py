"""Questions that are asked of an article as a whole: what it is about, when it was published, who wrote it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from qa.facts import Fact, find_fact, read_fact
from qa.overview import Overview, choose_sentences, find_overview, pick_central
from qa.store import Store
from qa.types import Answer, AnswerKind, Article, Citation, Embedder, Passage, Timing

_OFFERED = 5  # articles to choose from
_TITLE = re.compile(r"[“\"](.{1,200})[”\"]")
_QUESTIONS = {
    "date": "When was “{}” published?",
    "source": "What is the source of “{}”?",
    "author": "Who wrote “{}”?",
    "place": "Which city is “{}” from?",
    "title": "What is the title of “{}”?",
    "overview": "What is “{}” about?",
}


class Whole(NamedTuple):
    """What is asked of an article: an overview, or a fact by its name; `title` is the article's, "" for none."""

    overview: Overview | None
    fact: str | None
    title: str


def find_whole(question: str) -> Whole | None:
    """Return what a question asks of an article as a whole; None for one about what articles say."""
    named = _TITLE.search(question)
    title = named[1] if named else ""
    plain = f"{question[: named.start()]}the article{question[named.end() :]}" if named else question
    overview, fact = find_overview(plain), find_fact(plain)
    return Whole(overview, None if overview else fact, title) if overview or fact else None


class Librarian:
    """Answers such questions out of the store."""

    def __init__(self, store: Store, embedder: Embedder, reader_name: str) -> None:
        self._store = store
        self._embedder = embedder
        self._reader_name = reader_name

    def knows(self, whole: Whole) -> bool:
        """Say whether the article that is named is there; where none is, it may be any."""
        return not whole.title or bool(self._store.find_title(whole.title))

    def answer(
        self, question: str, whole: Whole, about: str | None, find: Callable[[str], Sequence[Passage]]
    ) -> Answer:
        """Answer out of the article that is named, else of the one that is talked `about`, else of the only one.

        `find` returns passages on a topic, best first. Where it could be any article, the answer is a choice of them.
        """
        started = time.perf_counter()
        article = self._choose(whole, about, find)
        if article is None:
            return self._offer(question, whole, started)
        if whole.overview:
            citations = self._survey(article, whole.overview.count)
            text = " ".join(citation.quote for citation in citations)
            return self._make(question, started, AnswerKind.OVERVIEW, citations, text)
        assert whole.fact is not None  # noqa: S101 - one of the two is asked
        fact = read_fact(article, whole.fact)
        citations = [self._cite_fact(article, fact)] if fact else []
        return self._make(question, started, AnswerKind.FACT, citations, fact.text if fact else "", note=whole.fact)

    def _choose(self, whole: Whole, about: str | None, find: Callable[[str], Sequence[Passage]]) -> Article | None:
        if whole.title:
            ids = self._store.find_title(whole.title)
            return self._store.article(ids[0]) if len(ids) == 1 else None
        if whole.overview and whole.overview.topic:
            passages = find(whole.overview.topic)
            return passages[0].article if passages else None
        ids = [about] if about and self._store.holds(about) else self._store.article_ids(limit=2)
        return self._store.article(ids[0]) if len(ids) == 1 else None

    def _offer(self, question: str, whole: Whole, started: float) -> Answer:
        articles = [self._store.article(article_id) for article_id in self._store.article_ids(limit=_OFFERED)]
        asked = _QUESTIONS["overview" if whole.overview else whole.fact or ""]
        choices = [] if whole.title else [asked.format(article.title) for article in articles if article.title]
        return self._make(question, started, AnswerKind.WHICH, [], "", choices=choices)

    def _survey(self, article: Article, count: int) -> list[Citation]:
        """Return the article's most central sentences as citations, in its order."""
        passages = self._store.passages_of(article.id)
        _, vectors = self._store.vectors(self._store.numbers_of(article.id))
        chosen = choose_sentences(article, passages, vectors)
        texts = [article.text[start:end] for start, end in chosen]
        central = pick_central(self._embedder.encode(texts), texts, count) if texts else []
        return [
            Citation(number, Passage(article, *chosen[place]), *chosen[place], chosen[place])
            for number, place in enumerate(central, start=1)
        ]

    def _cite_fact(self, article: Article, fact: Fact) -> Citation:
        return Citation(1, Passage(article, fact.start, fact.end), fact.start, fact.end, (fact.start, fact.end))

    def _make(
        self,
        question: str,
        started: float,
        kind: AnswerKind,
        citations: Sequence[Citation],
        text: str,
        *,
        note: str = "",
        choices: Sequence[str] = (),
    ) -> Answer:
        took = 1000 * (time.perf_counter() - started)
        return Answer(
            question=question,
            understood_as=question,
            text=text,
            confidence=1.0 if citations else 0.0,
            citations=tuple(citations),
            nearest=None,
            embedder=self._embedder.name,
            reader=self._reader_name,
            ms=Timing(retrieve=took, read=0.0, total=took),
            kind=kind,
            note=note,
            choices=tuple(choices),
            passages=tuple(citation.passage for citation in citations),
        )
