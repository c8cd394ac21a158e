"""A library -> whether it is sound, and how well its index finds."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.errors import QAError
from qa.index import VectorIndex, refresh
from qa.sentences import split_article
from qa.store import PROBE, Store

if TYPE_CHECKING:
    from qa.types import Embedder, Rows

MIN_RECALL = 0.98
_ASKED = 50
_NEAREST = 10
_CANDIDATES = 100


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
    trouble = store.find_damage()
    if trouble:
        yield Finding("database", False, f"{store.path}: {trouble}; put back a copy, or add the articles again")
        return
    articles, passages = len(store.article_ids()), store.count()
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6
    yield Finding("library", True, f"{folder}: {articles:,} articles, {passages:,} passages, {size:.1f} MB")
    name = store.model()
    if name is None:  # no articles
        return
    sentences = _choose_sentences(store, passages)
    try:
        embedder = load(name)
        store.check_model(embedder.name, embedder.encode([PROBE])[0])
        vectors = embedder.encode(sentences, query=True)
    except QAError as error:
        yield Finding("model", False, str(error))
        return
    yield Finding("model", True, embedder.name)
    index = refresh(None, folder, store, lambda: None)
    recall = measure_recall(store, index, vectors)
    kind = "compares all" if index.is_exact else "looks at the nearest lists"
    yield Finding(
        "index", recall >= MIN_RECALL, f"{kind}, recall@{_NEAREST} {recall:.3f} of {len(sentences)} sentences"
    )


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
    """Return the share of the nearest passages, by every vector of the store, that the index proposes."""
    nearest: list[list[tuple[float, int]]] = [[] for _ in vectors]
    for numbers, rows in store.vector_blocks():
        for best, cosines in zip(nearest, vectors @ rows.T, strict=True):
            top = np.argpartition(-cosines, min(_NEAREST, len(cosines)) - 1)[:_NEAREST]
            best[:] = heapq.nlargest(
                _NEAREST, [*best, *zip(cosines[top].tolist(), numbers[top].tolist(), strict=True)]
            )
    found = [{*index.search(vector, _CANDIDATES)} for vector in vectors]
    shares = [len({n for _, n in best} & some) / len(best) for best, some in zip(nearest, found, strict=True)]
    return float(np.mean(shares))
