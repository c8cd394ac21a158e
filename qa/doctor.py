"""A library -> whether it is sound, and how well its index finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.errors import QAError
from qa.index import VectorIndex, refresh
from qa.index_file import INDEX_FILE
from qa.sentences import split_article
from qa.store import PROBE, Store

if TYPE_CHECKING:
    from qa.types import Embedder, Rows

MIN_RECALL = 0.98
_ASKED = 50
_NEAREST = 10
_CANDIDATES = 100
_EQUAL = 1e-5  # cosines of vectors of half precision


class Finding(NamedTuple):
    """One thing that was looked at."""

    subject: str
    sound: bool
    text: str


def examine(folder: Path, load: Callable[[str], Embedder]) -> Iterator[Finding]:
    """Look at a library's database, model and index, each if those before it are sound.

    `load` gives the embedder of the name that the library records. Recall is that of the ten passages nearest to a
    sentence, for fifty sentences of the library's own.
    """
    try:
        store = Store(folder)
    except QAError as error:
        yield Finding("library", False, str(error))
        return
    try:
        yield from _examine(store, folder, load)
    finally:
        store.close()


def _examine(store: Store, folder: Path, load: Callable[[str], Embedder]) -> Iterator[Finding]:
    try:
        damage = store.find_damage()
    except QAError as error:
        damage = str(error)
    if damage:
        yield Finding("database", False, f"{store.path}: {damage}; put back a copy, or add the articles again")
        return
    with store.snapshot():
        articles, passages, name = len(store.article_ids()), store.count(), store.model()
        sentences = _choose_sentences(store, passages)
    yield Finding(
        "library", True, f"{folder}: {articles:,} articles, {passages:,} passages, {_measure(folder):.1f} MB"
    )
    if name is None:  # no articles
        return
    try:
        embedder = load(name)
        store.check_model(embedder.name, embedder.encode([PROBE])[0])
        vectors = embedder.encode(sentences, query=True)
    except QAError as error:
        yield Finding("model", False, str(error))
        return
    yield Finding("model", True, embedder.name)
    with store.snapshot():
        index = refresh(None, folder, store, lambda: None)
        recall = measure_recall(store, index, vectors)
    kind = "compares all" if index.is_exact else "looks at the nearest lists"
    step = "" if recall >= MIN_RECALL else f"; remove {folder / INDEX_FILE}, it is made anew"
    text = f"{kind}, recall@{_NEAREST} {recall:.3f} of {len(sentences)} sentences{step}"
    yield Finding("index", recall >= MIN_RECALL, text)


def _measure(folder: Path) -> float:
    """Return the size of a folder's files in MB."""
    size = 0
    for file in folder.iterdir():
        with suppress(OSError):  # another process may have finished with it
            size += file.stat().st_size
    return size / 1e6


def _choose_sentences(store: Store, passages: int) -> list[str]:
    """Return the first sentences of passages from all over the library."""
    chosen = []
    for block, _ in store.vector_blocks(max(1, passages // _ASKED)):
        for number in block.tolist():
            passage = store.passage(number)
            start, end = next(iter(split_article(passage.article, passage.start, passage.end)))
            chosen.append(passage.article.text[start:end])
    return chosen[:_ASKED]


def measure_recall(store: Store, index: VectorIndex, vectors: Rows) -> float:
    """Return the share of the nearest passages, by every vector of the store, that the index proposes.

    A proposal that is as near as the last of the nearest counts, for there may be many alike.
    """
    best = np.full((len(vectors), 0), 0.0, np.float32)
    for _, rows in store.vector_blocks():
        best = -np.sort(-np.hstack([best, vectors @ rows.T]), axis=1)[:, :_NEAREST]
    shares = []
    for vector, nearest in zip(vectors, best, strict=True):
        _, proposed = store.vectors(index.search(vector, _CANDIDATES))
        right = int((proposed @ vector >= nearest[-1] - _EQUAL).sum()) if len(proposed) else 0
        shares.append(min(right / len(nearest), 1.0))
    return float(np.mean(shares)) if shares else 1.0
