"""Labelled questions, asked -> what became of each.

Closed, a question is read with its own paragraph or article and nothing else; open, it is asked of a library.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.chunk import MAX_WORDS, chunk_article
from qa.errors import ArticleError, QuestionError
from qa.head import read_head
from qa.labelled import LabelledArticle, LabelledQuestion, is_lines, load_labelled, load_squad
from qa.metrics import Outcome
from qa.pipeline import QA
from qa.question import clean_question
from qa.retrieve import CANDIDATES
from qa.types import Answer, Article, Hit, Passage, Progress

WHOLE_PARAGRAPH = 100_000  # words: every paragraph is one passage


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the paragraph that it is about, and the article of the library that the paragraph is in.

    `shift` is where in the article the paragraph begins. Both are None if the question names no text.
    """

    question: LabelledQuestion
    paragraph: Article | None
    article: Article | None
    shift: int

    def is_at(self, article: Article, start: int, end: int) -> bool:
        """Say whether a stretch of an article of the library touches a labelled answer."""
        if self.article is None or article.id != self.article.id:
            return False
        return any(s + self.shift < end and start < e + self.shift for s, e in self.question.places)


@dataclass(frozen=True, slots=True)
class Test:
    """What a library is filled with and asked. `max_words` bound its passages, `closed_words` those read closed."""

    articles: list[Article]
    cases: list[Case]
    max_words: int
    closed_words: int


def prepare(
    file: Path,
    *,
    setting: str,
    whole_articles: bool,
    distractors: Path | None,
    distractor_articles: int,
    questions: int | None,
    only: Collection[str] = (),
) -> Test:
    """Read a file of labelled questions, and one of articles that join the library; ArticleError if one is bad.

    Each paragraph is an article of one passage; or each article has its paragraphs joined by blank lines, and is
    cut into passages as usual. Without any text in the file there are no articles: ask the user's own library.
    With titles in `only` the questions of the other articles are not asked.
    """
    lines = is_lines(file)
    labelled = load_labelled(file)
    if missing := sorted(set(only) - {article.title for article in labelled}):
        raise ArticleError(f"{file}: no article with the title {missing[0]!r}")
    asked = [article for article in labelled if not only or article.title in only]
    cases = _sample([case for article in asked for case in _make_cases(article, joined=whole_articles)], questions)
    _check(file, cases, setting)
    if distractors:
        if not any(paragraph.text for article in labelled for paragraph in article.paragraphs):
            raise ArticleError(f"{file}: its questions name no article, so {distractors} cannot be put beside any")
        labelled += load_squad(distractors)[:distractor_articles]
    articles = [text for article in labelled for text in _make_articles(article, joined=whole_articles)]
    return Test(
        articles,
        cases,
        max_words=MAX_WORDS if lines or whole_articles else WHOLE_PARAGRAPH,
        closed_words=MAX_WORDS if lines else WHOLE_PARAGRAPH,
    )


def _check(file: Path, cases: Sequence[Case], setting: str) -> None:
    """Raise ArticleError for what would only show, or not even that, when the questions are asked."""
    if not any(case.question.answers for case in cases):
        raise ArticleError(f"{file}: no question with an answer in it, so there is nothing to measure")
    if setting == "closed" and not any(case.paragraph for case in cases):
        raise ArticleError(f"{file}: its questions name no article that they could be read with; ask them open")
    for case in cases:
        try:
            clean_question(case.question.text)
        except QuestionError as error:
            raise ArticleError(f"{file}: {case.question.text[:80]!r}: {error}") from error


def _sample(cases: Sequence[Case], count: int | None) -> list[Case]:
    """Return at most `count` answerable and as many unanswerable questions in their order, the same at every run."""
    if count is None:
        return list(cases)
    kinds = [[i for i, case in enumerate(cases) if bool(case.question.answers) == kind] for kind in (True, False)]
    pick = random.Random(0).sample  # noqa: S311 - no secret
    return [cases[i] for i in sorted(i for kind in kinds for i in pick(kind, min(count, len(kind))))]


def _make_articles(labelled: LabelledArticle, *, joined: bool) -> list[Article]:
    texts = [paragraph.text for paragraph in labelled.paragraphs if paragraph.text is not None]
    return [_make_article(text, labelled.title) for text in (["\n\n".join(texts)] if joined and texts else texts)]


def _make_article(text: str, title: str) -> Article:
    """Make an article; one without a title, as in JSON lines, has a head of its own, as one that a user adds."""
    if title:
        return Article(text, title=title)
    head = read_head(text)
    return Article(text, title=head.title, date=head.date, place=head.place, body_start=head.body_start)


def _make_cases(labelled: LabelledArticle, *, joined: bool) -> Iterator[Case]:
    articles = iter(_make_articles(labelled, joined=joined))
    whole = next(articles, None) if joined else None
    shift = 0
    for paragraph in labelled.paragraphs:
        if paragraph.text is None:
            yield from (Case(question, None, None, 0) for question in paragraph.questions)
            continue
        alone = _make_article(paragraph.text, labelled.title)
        yield from (Case(question, alone, whole or alone, shift) for question in paragraph.questions)
        shift += len(paragraph.text) + 2 if joined else 0


def ask(qa: QA, test: Test, setting: str, progress: Progress) -> dict[str, list[Outcome]]:
    """Ask a test's questions of a library opened with `min_confidence=0`, "closed", "open" or "both"."""
    outcomes: dict[str, list[Outcome]] = {}
    if setting != "open":
        closed = list(ask_closed(qa, test.cases, progress, max_words=test.closed_words))
        outcomes |= {"closed": closed} if closed else {}
    if setting != "closed":
        for article in test.articles:
            qa.add(article)
        outcomes["open"] = list(ask_open(qa, test.cases, progress))
    return outcomes


def ask_closed(qa: QA, cases: Sequence[Case], progress: Progress, *, max_words: int) -> Iterator[Outcome]:
    """Yield what becomes of each question when it is read with the passages of its own text."""
    passages: dict[str, list[Passage]] = {}
    asked = [(case.question, case.paragraph) for case in cases if case.paragraph]
    for number, (question, text) in enumerate(asked):
        progress("closed: question", number, len(asked))
        if text.id not in passages:
            passages[text.id] = list(chunk_article(text, max_words=max_words))
        hits = [Hit(passage, 1.0, 1.0, 0.0) for passage in passages[text.id]]
        answer = qa.read(question.text, hits)
        yield _judge(Case(question, text, text, 0), answer, {})


def ask_open(qa: QA, cases: Sequence[Case], progress: Progress) -> Iterator[Outcome]:
    """Yield what becomes of each question when it is asked of the library."""
    for number, case in enumerate(cases):
        progress("open: question", number, len(cases))
        answer = qa.ask(case.question.text)
        ranks = _rank(qa, case) if case.article and case.question.answers else {}
        yield _judge(case, answer, ranks)


def _rank(qa: QA, case: Case) -> dict[str, float]:
    """Return the right passage's place by vectors, by words and by both, inf where it is not found."""
    hits = qa.retrieve(case.question.text, limit=2 * CANDIDATES)
    orders = {
        "vectors": sorted(hits, key=lambda hit: -hit.cosine),
        "words": sorted((hit for hit in hits if hit.bm25), key=lambda hit: -hit.bm25),
        "both": hits,
    }
    return {name: next(_find_right(case, order), math.inf) for name, order in orders.items()}


def _find_right(case: Case, hits: Sequence[Hit]) -> Iterator[float]:
    for place, hit in enumerate(hits, start=1):
        if case.is_at(hit.passage.article, hit.passage.start, hit.passage.end):
            yield place


def _judge(case: Case, answer: Answer, ranks: Mapping[str, float]) -> Outcome:
    """Compare an answer, given with nothing refused, with the labels."""
    if not answer.citations:  # there was nothing to read
        return Outcome(case.question.answers, "", 0.0, "", answer.ms.total, ranks=ranks)
    first = answer.citations[0]
    return Outcome(
        case.question.answers,
        answer.text,
        answer.confidence,
        first.quote,
        answer.ms.total,
        cites_place=case.is_at(first.article, first.start, first.end),
        first_is_right=case.is_at(first.article, first.passage.start, first.passage.end),
        ranks=ranks,
    )
