"""QA: a library of articles that answers questions. Wires the stages together."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from qa.answer import MIN_CONFIDENCE, cite, find_nearest
from qa.calibration import Fit, find_fit
from qa.chat import Chat
from qa.chunk import MAX_WORDS, chunk_article
from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from qa.index import VectorIndex, refresh
from qa.index_file import Stamp
from qa.load import check_text, load_file
from qa.question import clean_question, content_words
from qa.read import SHIPPED_READER, SpanReader
from qa.retrieve import CANDIDATES, fuse
from qa.store import PROBE, Store
from qa.types import Answer, Article, Embedder, Hit, Passage, Progress, Reader, Timing

if TYPE_CHECKING:
    from qa.types import Rows

# Passages that are read for a question. More only cost time: of 840 questions among 1,680 paragraphs the right place
# is cited first for .857 with four, .850 with six, .848 with eight, F1 is .666, .665 and .665, and the median takes
# 81, 108 and 163 ms; of 600 asked of whole articles it is .817 with each of four to eight (2026-11-25).
HITS = 5
_BATCH = 32  # passages between two signs of progress


def default_library() -> Path:
    """Return the folder of the user's own library, as the platform has it."""
    from platformdirs import user_data_path

    return user_data_path("article-qa", appauthor=False) / "library"


class QA:
    """A library of articles and what it takes to answer questions about them.

    Safe to use from several threads; several processes may use one library at once.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        embedder: Embedder,
        reader: Reader,
        *,
        max_words: int = MAX_WORDS,
        min_confidence: float = MIN_CONFIDENCE,
        progress: Progress | None = None,
    ) -> None:
        """Take finished parts; `QA.open` makes them."""
        self._folder = folder
        self._store = store
        self._embedder = embedder
        self._reader = reader
        self._max_words = max_words
        self._min_confidence = min_confidence
        self._progress = progress or _ignore_progress
        self._probe: Rows | None = None
        self._index: VectorIndex | None = None
        self._changed_here = False
        self._loading = threading.Lock()

    @classmethod
    def open(
        cls,
        folder: str | Path | None = None,
        *,
        model: str | Embedder | None = None,
        reader: str | Reader = SHIPPED_READER,
        max_words: int = MAX_WORDS,
        min_confidence: float = MIN_CONFIDENCE,
        offline: bool = False,
        progress: Progress | None = None,
    ) -> QA:
        """Open the library in a folder, made if missing; without one, the user's default library.

        `model` is a sentence-transformers model's name or folder, or any Embedder; left out, it is the one that
        made the library. `reader` is an extractive question-answering model's name or folder, or any Reader; left
        out, it is the one that ships with the package. `max_words` bounds the passages of articles added from now
        on. `min_confidence` is the probability, 0 to 1, under which a question is refused. `offline` asks
        nothing of a model hub. `progress` is told of long work.

        Raises LibraryError if the folder cannot be used. A model is loaded, and a wrong one refused, when it is
        first needed.
        """
        if not 0.0 <= min_confidence <= 1.0:
            raise ValueError(f"min_confidence must be from 0 to 1, got {min_confidence}")
        if max_words < 1:
            raise ValueError(f"max_words must be at least 1, got {max_words}")
        path = default_library() if folder is None else Path(folder)
        store = Store(path)
        if model is None or isinstance(model, str):
            model = SentenceTransformerEmbedder(model or store.model() or DEFAULT_MODEL, offline=offline)
        return cls(
            path,
            store,
            model,
            SpanReader(reader, offline=offline) if isinstance(reader, str) else reader,
            max_words=max_words,
            min_confidence=min_confidence,
            progress=progress,
        )

    def __enter__(self) -> QA:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Bring the index file up to date and release the library."""
        changed, self._changed_here = self._changed_here, False
        try:
            if changed:
                with self._store.snapshot():
                    self._refresh_index()
        finally:
            self._store.close()

    @property
    def is_new(self) -> bool:
        """Whether the library never held an article."""
        return Stamp(*self._store.stamp()).generation == 0

    # Articles.

    def add(self, source: str | Path | Article) -> Article:
        """Add a text or Markdown file, "-" for standard input, or an article, and return the article.

        All of it is added or nothing. The same text is not added twice; a file that has changed since it was
        added replaces its old text. Raises ArticleError, ModelError or LibraryError.
        """
        article = source if isinstance(source, Article) else load_file(source)
        check_text(article.text, article.source or "the article")
        if self._store.holds(article.id, article.source):
            return self._store.article(article.id)
        probe = self._check_model()
        self._progress("splitting", 0, 0)
        passages = chunk_article(article, max_words=self._max_words)
        vectors = np.empty((len(passages), len(probe)), dtype=np.float32)
        for first in range(0, len(passages), _BATCH):
            self._progress("embedding", first, len(passages))
            batch = passages[first : first + _BATCH]
            vectors[first : first + _BATCH] = self._embedder.encode([passage.text for passage in batch])
        stamp = Stamp(*self._store.stamp())
        if self._index is None and stamp.generation == 0:  # there is no file to be missed
            self._index = VectorIndex.build(0, len(probe), lambda _: iter(()), stamp)
        self._store.add(article, passages, vectors, model=self._embedder.name, probe=probe)
        self._changed_here = True
        return article

    def remove(self, article_id: str) -> Article:
        """Remove an article and return it; LibraryError if there is none with this id."""
        article = self._store.article(article_id)
        self._store.remove(article_id)
        self._changed_here = True
        return article

    def articles(self) -> list[Article]:
        """Return all articles in the order in which they were added."""
        return [self._store.article(article_id) for article_id in self._store.article_ids()]

    def article_ids(self) -> list[str]:
        """Return the ids of all articles in the order in which they were added."""
        return self._store.article_ids()

    def article(self, article_id: str) -> Article:
        """Return one article; LibraryError if there is none with this id."""
        return self._store.article(article_id)

    def passages(self, article_id: str) -> list[Passage]:
        """Return an article's passages in its order; LibraryError if there is no such article."""
        return self._store.passages_of(article_id)

    # Questions.

    def ask(self, question: str) -> Answer:
        """Answer a question in the articles' own words, or say that they do not answer it.

        Raises QuestionError for a question without words or of more than 1,000 characters.
        """
        started = time.perf_counter()
        clean_question(question)
        self._load_reader()
        hits = self.retrieve(question)
        retrieve = 1000 * (time.perf_counter() - started)
        answer = self.read(question, hits)
        return replace(answer, ms=Timing(retrieve, answer.ms.read, retrieve + answer.ms.read))

    def read(self, question: str, hits: Sequence[Hit]) -> Answer:
        """Answer a question out of given passages, as `ask` does out of those that `retrieve` finds."""
        started = time.perf_counter()
        reading = self._reader.read(clean_question(question), hits)
        citations = cite(reading.spans, self._fit, self._min_confidence)
        read = 1000 * (time.perf_counter() - started)
        return Answer(
            question=question,
            understood_as=reading.question,
            text=citations[0].words if citations else "",
            confidence=max((self._fit.confidence(span.score) for span in reading.spans), default=0.0),
            citations=citations,
            nearest=find_nearest(reading.spans, hits),
            embedder=self._embedder.name,
            reader=self._reader.name,
            ms=Timing(retrieve=0.0, read=read, total=read),
        )

    def chat(self) -> Chat:
        """Begin a conversation."""
        return Chat(self)

    def retrieve(self, question: str, *, limit: int = HITS) -> list[Hit]:
        """Return the passages that fit a question best, best first, by their vectors and their words."""
        question = clean_question(question)
        if self._store.model() is None:  # no articles
            return []
        self._check_model()
        vector = self._embedder.encode([question], query=True)[0]
        with self._store.snapshot():
            self._check_model()  # another process may have emptied the library and filled it with another model
            nearest = self._refresh_index().search(vector, CANDIDATES)
            bm25 = dict(self._store.search_text(content_words(question), CANDIDATES))
            numbers, rows = self._store.vectors({*nearest, *bm25})
            cosines = dict(zip(numbers.tolist(), (rows @ vector).tolist() if len(rows) else [], strict=True))
            return [
                Hit(self._store.passage(number), score, cosines[number], bm25.get(number, 0.0))
                for number, score in fuse(cosines, bm25, limit)
            ]

    @cached_property
    def _fit(self) -> Fit:
        """What makes the reader's scores probabilities; a pair without one warns at its first answer."""
        return find_fit(self._embedder.name, self._reader.name)

    def _load_reader(self) -> None:
        """Let the reader load while the embedder does: a cold question takes .43 s instead of .55 (2026-11-25)."""

        def read_nothing() -> None:
            with suppress(Exception):  # it shows when there is something to read
                self._reader.read(PROBE, [])

        if self._probe is None and self._reader.name == SHIPPED_READER:
            threading.Thread(target=read_nothing, name="reader").start()

    def _check_model(self) -> Rows:
        """Load the model if it is not yet, refuse it if it is not the library's, return its probe vector."""
        with self._loading:
            if self._probe is None:
                self._progress("loading the model", 0, 0)
                self._probe = self._embedder.encode([PROBE])[0]
        self._store.check_model(self._embedder.name, self._probe)
        return self._probe

    def _refresh_index(self) -> VectorIndex:
        """Return the index of the library's present generation."""
        self._index = refresh(self._index, self._folder, self._store, lambda: self._progress("indexing", 0, 0))
        return self._index


def _ignore_progress(label: str, done: int, total: int) -> None:
    """Tell nobody."""
