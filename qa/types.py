"""The nouns of the pipeline, without logic.

Every `start` and `end` is an offset into `Article.text`, in code points, `end` exclusive. A text property is
always a slice of the article, never a copy that could differ from it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known about it.

    `body_start` is where the text goes on after a wire-style head ("ISLAMABAD: "), 0 without one. `id` is
    derived from the text: two articles with the same text are the same article. `source` is where it is from; in a
    library, an article replaces the one from the same source.
    """

    text: str = field(repr=False)
    title: str = ""
    date: dt.date | None = None
    place: str | None = None
    source: str | None = None
    body_start: int = 0
    id: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        object.__setattr__(self, "id", digest[:16])


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of an article: the unit that is embedded and retrieved."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The passage's words, a slice of the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question.

    `score` orders the hits of one question. It is made of the `cosine` of question and passage, -1 to 1, and of
    `bm25`, 0 or more, which is 0 for a passage that has none of the question's words.
    """

    passage: Passage
    score: float
    cosine: float
    bm25: float


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a passage that a reader takes for the answer.

    `score` is the reader's own: higher is surer, comparable between questions, made a probability by the
    calibration of that reader.
    """

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The answering words, a slice of the article."""
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: candidate answers in any order, for `question` as far as it could read it."""

    question: str
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: `number` from 1, the quoted sentences, and the answering words in them.

    `agrees` is false where a passage gives another answer than the first citation, and nearly as surely. `speaker` is
    the slice of the article that names who says what is quoted, None where nobody is said to say it.
    """

    number: int
    passage: Passage
    start: int
    end: int
    answer: tuple[int, int]
    agrees: bool = True
    speaker: tuple[int, int] | None = None

    @property
    def article(self) -> Article:
        """The article that is cited."""
        return self.passage.article

    @property
    def quote(self) -> str:
        """The sentence or sentences that hold the answer, a slice of the article."""
        return self.article.text[self.start : self.end]

    @property
    def words(self) -> str:
        """The answering words, a slice of the article."""
        return self.article.text[slice(*self.answer)]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a question took, in milliseconds. The first question of a process also loads the models."""

    retrieve: float
    read: float
    total: float


class AnswerKind(StrEnum):
    """What an answer is."""

    WORDS = "words"  # the words that answer, or a refusal
    SENTENCE = "sentence"  # a sentence that bears on a question for yes or no, or how many, and does not decide it
    YES = "yes"  # a sentence that says so
    NO = "no"  # a sentence that says the opposite
    MEMBERS = "members"  # several things, one a citation
    OVERVIEW = "overview"  # the most central sentences of an article
    FACT = "fact"  # what is known of the article itself; `note` is "date", "source", "author", "title" or "place"
    TALK = "talk"  # no question about the articles; `note` is one of `qa.talk.small_talk.INTENTS`
    WHICH = "which"  # cannot be told what is asked; `choices` are the questions that it may be, if any
    FOREIGN = "foreign"  # refused, in a language that the models do not read; `note` is its code, such as "ur"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say to a question, or that they do not say it.

    `understood_as` is the question that was read: whole where it was a follow-up, without what cannot be seen, its
    spelling mended, cut where the reader's room ends. When `found` is false, `text` is empty, there are no citations,
    and `nearest` is the passage that came closest, if the library has any. `confidence` is the probability that the
    answer is right, 0 to 1. `passages` are all that were read, the cited first. `when` is the date that the
    words mean, such as "Wednesday, 15 May 2024" for "on Wednesday", empty where nothing says it.
    """

    question: str
    understood_as: str
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    nearest: Passage | None
    embedder: str
    reader: str
    ms: Timing
    kind: AnswerKind = AnswerKind.WORDS
    note: str = ""
    choices: tuple[str, ...] = ()
    when: str = ""
    passages: tuple[Passage, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the articles answer the question."""
        return bool(self.citations)


class Slice(NamedTuple):
    """A stretch of an article, by the article's id."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What a conversation remembers of a question: as it was understood, the answer, and where its words stand.

    `choices` are the questions that were offered instead of an answer. Slices of articles that the library does not
    have, or that lie outside them, are ignored.
    """

    question: str
    answer: str = ""
    words: tuple[Slice, ...] = ()
    choices: tuple[str, ...] = ()


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their likeness."""

    @property
    def name(self) -> str:
        """The model's name or folder, as a user would give it."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Rows:
        """Return one row of length 1 a text, float32, shape (len(texts), dimension).

        `query` says that the texts are questions: some models embed them differently from passages.
        """


class Reader(Protocol):
    """Marks the words that answer a question."""

    @property
    def name(self) -> str:
        """The reader's name, under which its calibration is kept."""

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Return candidate answers out of the hits' passages; the caller judges them."""


class Progress(Protocol):
    """Is told how far a long piece of work has come."""

    def __call__(self, label: str, done: int, total: int) -> None:
        """`done` of `total` steps are through; `total` 0 means that it cannot be told."""
