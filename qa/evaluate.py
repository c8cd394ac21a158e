"""Questions with known answers -> figures on retrieval, reading and refusal."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.answer import MIN_CONFIDENCE
from qa.errors import ArticleError
from qa.pipeline import QA
from qa.retrieve import CANDIDATES
from qa.types import Answer, Article, Hit

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE_PARAGRAPH = 100_000  # words: every paragraph is one passage
WRONG_IN_A_DETAIL = "wrong in a detail"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its paragraph and the offsets of its answers there, none if it has no answer."""

    text: str
    paragraph: str
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How often the right passage came first, among the first five, and its mean reciprocal rank."""

    name: str
    hit_at_1: float
    hit_at_5: float
    mrr: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one kind of questions: the share refused, and whose first citation has the answer."""

    name: str
    questions: int
    refused: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error in ten bins, and what would mend it.

    `slope` and `intercept` are to be applied to the log-odds of the stated confidences; 1 and 0 change nothing.
    """

    error: float
    slope: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Test:
    """What a library is filled with and asked."""

    paragraphs: list[str]
    answerable: list[Labelled]
    wrong_in_a_detail: list[Labelled]
    something_else: list[Labelled]

    def sample_kinds(self, count: int) -> dict[str, list[Labelled]]:
        """Return at most `count` questions of each kind that there is, the same ones at every run."""
        kinds = {
            "answerable": self.answerable,
            WRONG_IN_A_DETAIL: self.wrong_in_a_detail,
            "something else": self.something_else,
        }
        pick = random.Random(0).sample  # noqa: S311 - no secret
        return {name: pick(pool, min(count, len(pool))) for name, pool in kinds.items() if pool}


def load_test(squad: Path, distractors: Path | None, distractor_articles: int) -> Test:
    """Read two files in SQuAD's format, gzip or not; ArticleError if one is not.

    The library is to hold the paragraphs of `squad` and of the first articles of `distractors`; the questions of
    those that are left over are about something else.
    """
    articles = _load_squad(squad)
    others = _load_squad(distractors) if distractors else []
    asked = [question for _, questions in articles for question in questions]
    if not any(question.answers for question in asked):
        raise ArticleError(f"{squad}: no question with an answer in it; expected a file in SQuAD's format")
    return Test(
        paragraphs=[text for texts, _ in articles + others[:distractor_articles] for text in texts],
        answerable=[question for question in asked if question.answers],
        wrong_in_a_detail=[question for question in asked if not question.answers],
        something_else=[question for _, questions in others[distractor_articles:] for question in questions],
    )


def _load_squad(path: Path) -> list[tuple[list[str], list[Labelled]]]:
    """Return the paragraphs and the questions of each article."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            data = json.load(file)["data"]
        return [([p["context"] for p in a["paragraphs"]], [*_read_questions(a["paragraphs"])]) for a in data]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise ArticleError(f"{path}: not a file in SQuAD's format ({error})") from error


def _read_questions(paragraphs: Iterable[Mapping[str, Any]]) -> Iterator[Labelled]:
    for paragraph in paragraphs:
        for question in paragraph["qas"]:
            starts = tuple(answer["answer_start"] for answer in question["answers"])
            yield Labelled(question["question"], paragraph["context"], starts)


def add_paragraphs(qa: QA, paragraphs: Iterable[str]) -> None:
    """Add each paragraph as an article of one passage."""
    for paragraph in paragraphs:
        qa.add(Article(paragraph))


def measure_retrieval(qa: QA, questions: Sequence[Labelled]) -> list[Ranking]:
    """Rank the passages for each question by vectors, by words and by both."""
    orders = {
        "vectors": lambda hit: hit.cosine,
        "full text": lambda hit: hit.bm25,
        "hybrid": lambda hit: hit.score,
    }
    ranks: dict[str, list[float]] = {name: [] for name in orders}
    for question in questions:
        hits = qa.retrieve(question.text, limit=2 * CANDIDATES)
        for name, key in orders.items():
            ordered = sorted(hits, key=key, reverse=True)
            ranks[name].append(_rank(ordered, question.paragraph))
    return [
        Ranking(name, float((r <= 1).mean()), float((r <= 5).mean()), float((1 / r).mean()))
        for name, r in ((name, np.array(values)) for name, values in ranks.items())
    ]


def _rank(hits: Sequence[Hit], paragraph: str) -> float:
    places = (place for place, hit in enumerate(hits, start=1) if hit.passage.article.text == paragraph)
    return next(places, np.inf)


def measure_reading(qa: QA, kinds: Mapping[str, Sequence[Labelled]]) -> tuple[list[Reading], Calibration]:
    """Ask every question of a library opened with `min_confidence=0` and judge the answers.

    An answer is right if its first quote holds the start of a labelled answer in the right paragraph. What is
    refused is counted at the default threshold. Questions that are wrong in a detail are left out of the
    calibration: only a reader that reads can tell them.
    """
    readings = []
    confidences: list[float] = []
    rights: list[bool] = []
    for name, questions in kinds.items():
        answers = [qa.ask(question.text) for question in questions]
        right = [_is_right(answer, question) for answer, question in zip(answers, questions, strict=True)]
        refused = [answer.confidence < MIN_CONFIDENCE for answer in answers]
        readings.append(Reading(name, len(questions), float(np.mean(refused)), float(np.mean(right))))
        if name != WRONG_IN_A_DETAIL:
            confidences += [answer.confidence for answer in answers]
            rights += right
    return readings, _calibrate(np.array(confidences), np.array(rights))


def _is_right(answer: Answer, question: Labelled) -> bool:
    return any(
        citation.article.text == question.paragraph
        and any(citation.start <= s < citation.end for s in question.answers)
        for citation in answer.citations[:1]
    )


def _calibrate(confidences: NDArray[np.float64], rights: NDArray[np.bool_]) -> Calibration:
    """Compare stated confidences with what was right; fit a logistic regression by Newton's method."""
    bins = np.minimum((confidences * 10).astype(int), 9)
    gaps = [abs(np.sum(confidences[bins == b] - rights[bins == b])) for b in range(10)]
    logits = np.log(confidences / (1 - confidences))
    features = np.stack([logits, np.ones_like(logits)], axis=1)
    weights = np.zeros(2)
    for _ in range(25):
        fitted = 1 / (1 + np.exp(-features @ weights))
        curvature = features.T @ (features * (fitted * (1 - fitted))[:, None])
        weights += np.linalg.solve(curvature + 1e-9 * np.eye(2), features.T @ (rights - fitted))
    return Calibration(float(sum(gaps) / len(confidences)), float(weights[0]), float(weights[1]))
