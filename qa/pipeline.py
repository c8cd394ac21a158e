"""QA: a library of articles that answers questions. Wires the stages together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from qa.answer import MIN_CONFIDENCE
from qa.answering import Answerer
from qa.chunk import MAX_WORDS, chunk_article
from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from qa.index import VectorIndex, refresh
from qa.index_file import Stamp
from qa.load import check_text, load_file
from qa.question import clean_question, content_words
from qa.read import SHIPPED_READER, SpanReader
from qa.retrieve import CANDIDATES, fuse
from qa.store import PROBE, Store
from qa.talk.courtesy import strip_courtesy
from qa.talk.shorthand import write_out
from qa.types import Answer, Article, Embedder, Hit, Passage, Progress, Reader, Slice, Timing, Turn
from qa.whole import Librarian, find_whole

if TYPE_CHECKING:
    from qa.chat import Chat
    from qa.types import Rows

# Passages that are read for a question. More only cost time: of 840 questions among 1,680 paragraphs the right place
# is cited first for .857 with four, .850 with six, .848 with eight, F1 is .666, .665 and .665, and the median takes
# 81, 108 and 163 ms; of 600 asked of whole articles it is .817 with each of four to eight (2026-11-25).
HITS = 5
_BATCH = 32  # passages between two signs of progress
_PREFERRED = 200  # passages of the article that a conversation is about, which are compared whatever the index says


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
        self._answerer = Answerer(embedder, reader, min_confidence)
        self._librarian = Librarian(store, embedder, reader.name)
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

    def ask(self, question: str, *, about: str | None = None, said: Sequence[Slice] = ()) -> Answer:
        """Answer a question in the articles' own words, or say that they do not answer it.

        `about` is the id of the article that a conversation is about, whose passages go first; nothing that overlaps
        what was `said` is an answer. Raises QuestionError for a question without words or of more than 1,000
        characters.
        """
        started = time.perf_counter()
        words = strip_courtesy(write_out(clean_question(question)))
        whole = find_whole(words)
        if whole and self._librarian.knows(whole):
            return self._librarian.answer(
                question, whole, about, lambda topic: [hit.passage for hit in self.retrieve(topic)]
            )
        self._load_reader()
        hits = self.retrieve(words, about=about)
        retrieve = 1000 * (time.perf_counter() - started)
        answer = self._answerer.read(words, hits, said)
        timing = Timing(retrieve, answer.ms.read, retrieve + answer.ms.read)
        return replace(answer, question=question, ms=timing)

    def read(self, question: str, hits: Sequence[Hit]) -> Answer:
        """Answer a question out of given passages, as `ask` does out of those that `retrieve` finds."""
        return replace(self._answerer.read(question, hits), question=question)

    def chat(self, turns: Iterable[Turn] = ()) -> Chat:
        """Begin a conversation, or go on with one of which `turns` are remembered, the oldest first."""
        from qa.chat import Chat  # what it compiles costs a twentieth of a second that a single question need not pay

        return Chat(self, turns)

    @property
    def embedder(self) -> Embedder:
        """What passages and questions are embedded with."""
        return self._embedder

    @property
    def reader_name(self) -> str:
        """The name of what reads the passages."""
        return self._reader.name

    def retrieve(self, question: str, *, limit: int = HITS, about: str | None = None) -> list[Hit]:
        """Return the passages that fit a question best, best first, by their vectors and their words.

        Of two that fit alike, the one of the article `about` goes first.
        """
        question = clean_question(question)
        if self._store.model() is None:  # no articles
            return []
        self._check_model()
        vector = self._embedder.encode([question], query=True)[0]
        with self._store.snapshot():
            self._check_model()  # another process may have emptied the library and filled it with another model
            nearest = self._refresh_index().search(vector, CANDIDATES)
            bm25 = dict(self._store.search_text(content_words(question), CANDIDATES))
            preferred = set(self._store.numbers_of(about)[:_PREFERRED]) if about else set()
            numbers, rows = self._store.vectors({*nearest, *bm25, *preferred})
            cosines = dict(zip(numbers.tolist(), (rows @ vector).tolist() if len(rows) else [], strict=True))
            return [
                Hit(self._store.passage(number), score, cosines[number], bm25.get(number, 0.0))
                for number, score in fuse(cosines, bm25, limit, preferred=preferred)
            ]

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
