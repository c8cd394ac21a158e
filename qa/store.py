"""Articles, passages, vectors and full text in one SQLite file: the library's only truth.

A write is one transaction that also raises the generation; whatever is derived from the store names the
generation that it was made from.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.database import connect, prepare, transaction, translate_errors
from qa.errors import LibraryError
from qa.types import Article, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.types import Rows

STORE_FILE = "library.sqlite3"
_APPLICATION_ID = 0x5141  # "QA": marks the file as ours
_FORMAT = 1
_CACHED_ARTICLES = 32
_SAME_MODEL = 0.999  # cosine of two probe vectors; one model in int8 and float32 differs by .006
_COLUMNS = "id, title, date, place, source, body_start"

_SCHEMA = """
CREATE TABLE library (id TEXT NOT NULL, generation INTEGER NOT NULL, model TEXT, probe BLOB);
INSERT INTO library VALUES ('{library_id}', 0, NULL, NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, date TEXT, place TEXT,
    source TEXT, body_start INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (number),
    start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
CREATE VIRTUAL TABLE full_text USING fts5 (
    text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')
"""


class Store:
    """The SQLite file of one library. Safe to use from several threads and several processes."""

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`, made if missing; raise LibraryError if that cannot be done."""
        self.path = folder / STORE_FILE
        self._lock = threading.RLock()
        self._articles: dict[str, Article] = {}
        self._cached_stamp: tuple[str, int] | None = None
        self._db = connect(self.path)
        try:
            schema = _SCHEMA.format(library_id=uuid.uuid4().hex)
            prepare(self._db, self.path, schema=schema, application_id=_APPLICATION_ID, version=_FORMAT)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold other threads back and see one state of the library until the end of the block."""
        with self._lock, translate_errors(self.path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, translate_errors(self.path), transaction(self._db):
            yield
            self._db.execute("UPDATE library SET generation = generation + 1")
            self._articles.clear()

    def _query(self, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, translate_errors(self.path):
            return self._db.execute(statement, values).fetchall()

    # What the library is.

    def stamp(self) -> tuple[str, int]:
        """Return the library's own random name, and how often its articles have changed."""
        library_id, generation = self._query("SELECT id, generation FROM library")[0]
        return library_id, generation

    def model(self) -> str | None:
        """Return the name of the model that made the vectors, None for a library without articles."""
        name: str | None = self._query("SELECT model FROM library")[0][0]
        return name

    def check_model(self, name: str, probe: Rows) -> None:
        """Raise LibraryError unless the library was made by the model that gives this vector of the probe text."""
        recorded, blob = self._query("SELECT model, probe FROM library")[0]
        if recorded is None:
            return
        vector = np.frombuffer(blob, dtype=np.float32)
        if vector.shape != probe.shape or float(vector @ probe) < _SAME_MODEL:
            raise LibraryError(
                f"{self.path.parent}: made with the model {recorded}, not with {name}; "
                f"leave --model out, or name another folder with --library"
            )

    # Articles.

    def add(self, article: Article, passages: Sequence[Passage], vectors: Rows, *, model: str, probe: Rows) -> None:
        """Add an article with its passages and their vectors, all or nothing.

        An article from the same source is replaced; one with the same text is left as it is.
        """
        with self._writing():
            self.check_model(model, probe)
            for (old,) in self._query(
                "SELECT id FROM articles WHERE source = ? AND id != ?", article.source, article.id
            ):
                self._delete(old)
            if self.holds(article.id):
                return
            day = article.date.isoformat() if article.date else None
            head = (
                article.id,
                article.title,
                day,
                article.place,
                article.source,
                article.body_start,
                article.text,
            )
            number = self._db.execute(
                f"INSERT INTO articles ({_COLUMNS}, text) VALUES (?, ?, ?, ?, ?, ?, ?)", head
            ).lastrowid
            for passage, vector in zip(passages, vectors, strict=True):
                row = self._db.execute(
                    "INSERT INTO passages (article, start, stop, vector) VALUES (?, ?, ?, ?)",
                    (number, passage.start, passage.end, vector.astype(np.float32).tobytes()),
                ).lastrowid
                self._db.execute("INSERT INTO full_text (rowid, text) VALUES (?, ?)", (row, passage.text))
            self._db.execute(
                "UPDATE library SET model = coalesce(model, ?), probe = coalesce(probe, ?)", (model, probe.tobytes())
            )

    def remove(self, article_id: str) -> None:
        """Remove an article and all that was derived from it; LibraryError if there is none of that id."""
        with self._writing():
            self._delete(article_id)
            self._db.execute(
                "UPDATE library SET model = NULL, probe = NULL WHERE NOT EXISTS (SELECT * FROM articles)"
            )

    def _delete(self, article_id: str) -> None:
        text = self.article(article_id).text
        rows = self._query(
            "SELECT p.number, p.start, p.stop FROM passages p JOIN articles a ON a.number = p.article WHERE a.id = ?",
            article_id,
        )
        for number, start, stop in rows:  # a contentless FTS5 table has to be told what it forgets
            self._db.execute(
                "INSERT INTO full_text (full_text, rowid, text) VALUES ('delete', ?, ?)",
                (number, text[start:stop]),
            )
        self._db.executemany("DELETE FROM passages WHERE number = ?", [(number,) for number, *_ in rows])
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def article(self, article_id: str) -> Article:
        """Return the article with this id; LibraryError if there is none."""
        with self._lock:
            if self.stamp() != self._cached_stamp:  # another process may have changed it
                self._articles.clear()
                self._cached_stamp = self.stamp()
            if article_id not in self._articles:
                rows = self._query(f"SELECT {_COLUMNS}, text FROM articles WHERE id = ?", article_id)
                if not rows:
                    raise LibraryError(f"no article {article_id} in {self.path.parent}; see them with: qa list")
                while len(self._articles) >= _CACHED_ARTICLES:
                    del self._articles[next(iter(self._articles))]
                self._articles[article_id] = _to_article(*rows[0])
            return self._articles[article_id]

    def holds(self, article_id: str, source: str | None = None) -> bool:
        """Say whether there is an article with this id, and none with another text from this source."""
        others = self._query("SELECT 1 FROM articles WHERE source = ? AND id != ?", source, article_id)
        return bool(self._query("SELECT 1 FROM articles WHERE id = ?", article_id)) and not others

    def article_ids(self) -> list[str]:
        """Return the ids of all articles in the order in which they were added."""
        return [article_id for (article_id,) in self._query("SELECT id FROM articles ORDER BY number")]

    # Passages.

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in its order."""
        article = self.article(article_id)
        rows = self._query(
            "SELECT p.start, p.stop FROM passages p JOIN articles a ON a.number = p.article "
            "WHERE a.id = ? ORDER BY p.number",
            article_id,
        )
        return [Passage(article, start, stop) for start, stop in rows]

    def passage(self, number: int) -> Passage:
        """Return the passage with this number."""
        ((article_id, start, stop),) = self._query(
            "SELECT a.id, p.start, p.stop FROM passages p JOIN articles a ON a.number = p.article WHERE p.number = ?",
            number,
        )
        return Passage(self.article(article_id), start, stop)

    def vectors(self, numbers: Sequence[int] | None = None) -> tuple[NDArray[np.int64], Rows]:
        """Return the numbers, shape (n,) int64, and vectors, shape (n, dimension), of these or all passages."""
        with self._lock, translate_errors(self.path):
            chosen = "" if numbers is None else f"WHERE number IN ({','.join(map(str, numbers))})"
            (count,) = self._db.execute(f"SELECT count(*) FROM passages {chosen}").fetchone()
            cursor = self._db.execute(f"SELECT number, vector FROM passages {chosen} ORDER BY number")
            ids = np.empty(count, dtype=np.int64)
            rows = np.empty((count, 0), dtype=np.float32)
            for place, (number, blob) in enumerate(cursor):
                vector = np.frombuffer(blob, dtype=np.float32)
                if rows.shape[1] != len(vector):
                    rows = np.empty((count, len(vector)), dtype=np.float32)
                ids[place], rows[place] = number, vector
        return ids, rows

    def search_text(self, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """Return (passage number, BM25) of the passages with any of the words, the highest first."""
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._query(
            "SELECT rowid, -bm25(full_text) FROM full_text WHERE full_text MATCH ? "
            "ORDER BY bm25(full_text), rowid LIMIT ?",
            query,
            limit,
        )
        return [(number, score) for number, score in rows]


def _to_article(
    _id: str, title: str, day: str | None, place: str | None, source: str | None, body_start: int, text: str
) -> Article:
    return Article(text, title, dt.date.fromisoformat(day) if day else None, place, source, body_start)
