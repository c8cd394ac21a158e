"""Articles, passages, vectors and full text in one SQLite file: the library's only truth.

A write is one transaction that also raises the generation; whatever is derived from the store names the
generation that it was made from.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import qa.full_text as full_text
from qa.database import connect, prepare, transaction, translate_errors
from qa.errors import LibraryError
from qa.schema import APPLICATION_ID, FORMAT, SCHEMA
from qa.types import Article, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.types import Rows

STORE_FILE = "library.sqlite3"
PROBE = "The minister met the ambassador on Wednesday."  # its vector is a model's fingerprint
_CACHED_ARTICLES = 32
# Cosines of two probe vectors. A model has its name with it or another one; under its own name it may be served by
# its export, or where none can be made by itself, and the two differ by .006.
_SAME_VECTORS, _SAME_NAME = 0.999, 0.98
_BLOCK = 8192  # vectors
_PRECISION = np.float16  # half the disk; a cosine is .0003 off at most (2026-11-25)
_COLUMNS = "id, title, date, place, source, body_start"


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
            schema = SCHEMA.format(library_id=uuid.uuid4().hex, full_text=full_text.TABLE)
            prepare(self._db, self.path, schema=schema, application_id=APPLICATION_ID, version=FORMAT)
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

    def find_damage(self) -> str | None:
        """Return what SQLite finds wrong with the file, None if it is sound."""
        (found,) = self._query("PRAGMA quick_check(1)")[0]
        return None if found == "ok" else str(found)

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
        least = _SAME_NAME if name == recorded else _SAME_VECTORS
        if vector.shape != probe.shape or float(vector @ probe) < least:
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
            numbers = [self._add_passage(number, *each) for each in zip(passages, vectors, strict=True)]
            self._log(numbers, added=True)
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
        for number, start, stop in rows:
            full_text.remove(self._db, number, text[start:stop])
        self._log([number for number, *_ in rows], added=False)
        self._db.executemany("DELETE FROM passages WHERE number = ?", [(number,) for number, *_ in rows])
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def _add_passage(self, article: int | None, passage: Passage, vector: Rows) -> int:
        row = self._db.execute(
            "INSERT INTO passages (article, start, stop, vector) VALUES (?, ?, ?, ?)",
            (article, passage.start, passage.end, vector.astype(_PRECISION).tobytes()),
        ).lastrowid
        number = int(row or 0)
        full_text.add(self._db, number, passage.text)
        return number

    def _log(self, numbers: Sequence[int], *, added: bool) -> None:
        """Note an article's passages, whose numbers follow each other, for indexes of earlier generations."""
        self._db.execute(
            "INSERT INTO changes SELECT generation + 1, ?, ?, ? FROM library",
            (min(numbers), max(numbers) + 1, added),
        )

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

    def article_ids(self, *, limit: int = -1) -> list[str]:
        """Return the ids of all articles, or of the first ones, in the order in which they were added."""
        return [article_id for (article_id,) in self._query("SELECT id FROM articles ORDER BY number LIMIT ?", limit)]

    def find_title(self, title: str) -> list[str]:
        """Return the ids of the articles with exactly this title."""
        return [article_id for (article_id,) in self._query("SELECT id FROM articles WHERE title = ?", title)]

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

    def numbers_of(self, article_id: str) -> list[int]:
        """Return the numbers of an article's passages in its order; none if there is no such article."""
        rows = self._query(
            "SELECT p.number FROM passages p JOIN articles a ON a.number = p.article "
            "WHERE a.id = ? ORDER BY p.number",
            article_id,
        )
        return [number for (number,) in rows]

    def passage(self, number: int) -> Passage:
        """Return the passage with this number."""
        ((article_id, start, stop),) = self._query(
            "SELECT a.id, p.start, p.stop FROM passages p JOIN articles a ON a.number = p.article WHERE p.number = ?",
            number,
        )
        return Passage(self.article(article_id), start, stop)

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._query("SELECT count(*) FROM passages")[0][0])

    def dimension(self) -> int:
        """Return the length of the vectors, 1 for a library that has none."""
        return int(self._query("SELECT coalesce(length(probe) / 4, 1) FROM library")[0][0])

    def changes(self, generation: int) -> list[tuple[range, bool]]:
        """Return what happened after a generation, in order: numbers of passages, and whether they came or went."""
        rows = self._query(
            "SELECT first, stop, added FROM changes WHERE generation > ? ORDER BY generation, rowid", generation
        )
        return [(range(first, stop), bool(added)) for first, stop, added in rows]

    def vectors(self, numbers: Iterable[int]) -> tuple[NDArray[np.int64], Rows]:
        """Return the numbers, shape (n,), and vectors, shape (n, dimension), of those of these passages there are."""
        chosen = ",".join(map(str, sorted(numbers)))
        return _to_rows(
            self._query(f"SELECT number, vector FROM passages WHERE number IN ({chosen}) ORDER BY number")
        )

    def vector_blocks(self, step: int = 1) -> Iterator[tuple[NDArray[np.int64], Rows]]:
        """Yield numbers and vectors of every `step`-th passage, some thousands at a time."""
        with self._lock, translate_errors(self.path):
            cursor = self._db.execute(
                "SELECT number, vector FROM passages WHERE number % ? = 0 ORDER BY number", (step,)
            )
            while rows := cursor.fetchmany(_BLOCK):
                yield _to_rows(rows)

    def search_text(self, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """Return (passage number, BM25) of passages with any of the words, the highest first; see `qa.full_text`."""
        with self._lock, translate_errors(self.path):
            return full_text.search(self._db, words, limit)


def _to_rows(rows: Sequence[tuple[int, bytes]]) -> tuple[NDArray[np.int64], Rows]:
    numbers = np.array([number for number, _ in rows], np.int64)
    if not rows:
        return numbers, np.empty((0, 0), np.float32)
    flat = np.frombuffer(b"".join(vector for _, vector in rows), _PRECISION)
    return numbers, flat.reshape(len(rows), -1).astype(np.float32)


def _to_article(
    _id: str, title: str, day: str | None, place: str | None, source: str | None, body_start: int, text: str
) -> Article:
    return Article(text, title, dt.date.fromisoformat(day) if day else None, place, source, body_start)
