"""The words of passages in an FTS5 table: BM25, and a bound on what a common word costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

# Ranking costs a microsecond a row that has one of the words: 25 ms for the median question among 200,000 passages,
# 6 ms with no more than so many rows (60 questions of SQuAD, 2026-11-25).
_MOST_ROWS = 5_000

TABLE = (
    "CREATE VIRTUAL TABLE full_text USING fts5 (text, content = '', "
    "tokenize = 'porter unicode61 remove_diacritics 2')"
)


def add(db: sqlite3.Connection, number: int, text: str) -> None:
    """Take a passage in."""
    db.execute("INSERT INTO full_text (rowid, text) VALUES (?, ?)", (number, text))


def remove(db: sqlite3.Connection, number: int, text: str) -> None:
    """Leave a passage out; a contentless table has to be told what it forgets."""
    db.execute("INSERT INTO full_text (full_text, rowid, text) VALUES ('delete', ?, ?)", (number, text))


def search(db: sqlite3.Connection, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
    """Return (passage number, BM25) of the passages with any of the words that are rare enough, the highest first."""
    query = _choose(db, words)
    if not query:
        return []
    return db.execute(
        "SELECT rowid, -bm25(full_text) FROM full_text WHERE full_text MATCH ? "
        "ORDER BY bm25(full_text), rowid LIMIT ?",
        (query, limit),
    ).fetchall()


def _choose(db: sqlite3.Connection, words: Sequence[str]) -> str:
    """Return the query for the rarest words that have at most _MOST_ROWS rows together; "" if no word has any.

    If even the rarest has more, the query is for rows that have the next rarest too, as far as there are such rows.
    """
    rows = {f'"{word}"': _count(db, f'"{word}"') for word in words}
    there = sorted((word for word in rows if rows[word]), key=rows.__getitem__)  # equals stay in the question's order
    chosen, total = [], 0
    for word in there:
        total += rows[word]
        if total > _MOST_ROWS:
            break
        chosen.append(word)
    if chosen or not there:
        return " OR ".join(chosen)
    query = there[0]
    for count in range(2, len(there) + 1):
        longer = " AND ".join(there[:count])
        found = _count(db, longer)
        if found:
            query = longer
        if found <= _MOST_ROWS:
            break
    return query


def _count(db: sqlite3.Connection, query: str) -> int:
    """Return how many rows a query has, or one more than the bound."""
    statement = "SELECT count(*) FROM (SELECT 1 FROM full_text WHERE full_text MATCH ? LIMIT ?)"
    (count,) = db.execute(statement, (query, _MOST_ROWS + 1)).fetchone()
    return int(count)
