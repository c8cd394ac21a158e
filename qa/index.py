"""A question's vector -> the numbers of the passages that may be nearest to it, by FAISS.

The index proposes, the store's own vectors decide: the caller computes the cosines of what is proposed. So an index
may round its vectors and pass over corners of the space, and a wrong one costs recall, never a wrong score.

An index is a base that never changes, mapped from its file, and beside it in memory what has been added and removed
since, applied from the store's log of changes; when that comes to a tenth of the base, a new base is made.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qa.index_file import Stamp, load_base, save_base

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.types import Rows

    Blocks = Iterator[tuple[NDArray[np.int64], Rows]]

# Up to so many passages every vector is compared, exactly; beyond, those of the lists of an inverted file (Jégou et
# al., 2011) that are nearest to the question, as 8-bit integers.
EXACT = 10_000
_LISTS = 4.0  # times the square root of the number of passages, as FAISS's guidelines have it
_PROBES = 128
_TRAINING = 40  # vectors a list, of which the centres are computed
_ROUNDS = 8
_STALE = 0.1  # share of the base


class Source(Protocol):
    """What an index is made from, as `qa.store.Store` has it."""

    def stamp(self) -> tuple[str, int]:
        """Return the library's own name and its generation."""

    def count(self) -> int:
        """Return the number of passages."""

    def dimension(self) -> int:
        """Return the length of the vectors."""

    def changes(self, generation: int) -> list[tuple[range, bool]]:
        """Return which passages came (true) and went (false) after a generation, in order."""

    def vectors(self, numbers: Iterable[int]) -> tuple[NDArray[np.int64], Rows]:
        """Return numbers and vectors of those of these passages there are."""

    def vector_blocks(self, step: int = 1) -> Blocks:
        """Yield numbers and vectors of every `step`-th passage."""


class VectorIndex:
    """The vectors of one generation of a library, searchable. Not safe to change while another thread searches."""

    def __init__(self, base: Any, stamp: Stamp) -> None:  # noqa: ANN401 - faiss is untyped
        self.stamp = stamp
        self._base = base
        self._removed: set[int] = set()  # from the base
        self._added: Any = None  # since the base was made
        self._added_numbers: set[int] = set()
        self._changed = 0

    @classmethod
    def build(cls, count: int, dimension: int, read: Callable[[int], Blocks], stamp: Stamp) -> VectorIndex:
        """Make an index of `count` unit vectors; `read(n)` yields numbers and rows of every n-th, block by block."""
        import faiss

        if count <= EXACT:
            base: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        else:
            lists = int(_LISTS * math.sqrt(count))
            base = faiss.IndexIVFScalarQuantizer(
                faiss.IndexFlatIP(dimension),
                dimension,
                lists,
                faiss.ScalarQuantizer.QT_8bit,
                faiss.METRIC_INNER_PRODUCT,
            )
            base.cp.niter, base.cp.max_points_per_centroid = _ROUNDS, _TRAINING
            base.cp.min_points_per_centroid = 1  # else FAISS complains on stderr
            sample = [rows for _, rows in read(max(1, count // (_TRAINING * lists)))]
            enough = sum(map(len, sample)) >= lists  # not if most numbers of the sample have been removed
            base.train(np.vstack(sample if enough else [rows for _, rows in read(1)]))
        for numbers, rows in read(1):
            base.add_with_ids(rows, numbers)
        return cls(base, stamp)

    @property
    def size(self) -> int:
        """The number of passages."""
        return int(self._base.ntotal) - len(self._removed) + len(self._added_numbers)

    def is_stale(self, more: int = 0) -> bool:
        """Say whether so much has changed since the base was made, or will with `more`, that a new one should be."""
        return bool(self._changed + more > _STALE * self._base.ntotal)

    @property
    def is_exact(self) -> bool:
        """Whether a search compares every vector."""
        return not hasattr(self._base, "nlist")

    def add(self, numbers: NDArray[np.int64], rows: Rows) -> None:
        """Take passages in that were added after the base was made."""
        import faiss

        if not len(numbers):
            return
        if self._added is None:
            self._added = faiss.IndexIDMap2(faiss.IndexFlatIP(rows.shape[1]))
        self._added.add_with_ids(rows, numbers)
        self._added_numbers.update(numbers.tolist())
        self._changed += len(numbers)

    def remove(self, numbers: Iterable[int]) -> None:
        """Leave passages out from now on."""
        gone = set(numbers)
        added = gone & self._added_numbers
        if added:
            self._added.remove_ids(np.array(list(added), np.int64))
            self._added_numbers -= added
        self._removed |= gone - added
        self._changed += len(gone)

    def search(self, vector: Rows, limit: int) -> list[int]:
        """Return the numbers of the passages that seem nearest to a unit vector, the nearest first."""
        found = [*self._search(self._base, vector, limit, self._removed), *self._search(self._added, vector, limit)]
        return [number for _, number in heapq.nsmallest(limit, found)]

    def _search(
        self,
        part: Any,  # noqa: ANN401
        vector: Rows,
        limit: int,
        removed: Iterable[int] = (),
    ) -> list[tuple[float, int]]:
        """Return (negative score, number) of what a part of the index has."""
        import faiss

        limit = min(limit, part.ntotal if part is not None else 0)
        if not limit:
            return []
        options: Any = faiss.SearchParameters()
        if part is self._base and not self.is_exact:
            options = faiss.SearchParametersIVF()
            options.nprobe = _PROBES
        left_out = np.fromiter(removed, np.int64)
        if len(left_out):
            options.sel = gone = faiss.IDSelectorNot(faiss.IDSelectorBatch(left_out))  # noqa: F841 - faiss holds it
        scores, numbers = part.search(vector.reshape(1, -1), limit, params=options)
        pairs = zip(scores[0].tolist(), numbers[0].tolist(), strict=True)
        return [(-score, number) for score, number in pairs if number >= 0]

    def save(self, folder: Path) -> None:
        """Write the base to its file; see `qa.index_file`."""
        save_base(self._base, folder, self.stamp)

    @classmethod
    def load(cls, folder: Path, library_id: str) -> VectorIndex | None:
        """Return the index in the file, of whatever generation; None, with a warning, if it is not to be trusted."""
        found = load_base(folder, library_id)
        return cls(*found) if found else None


def refresh(index: VectorIndex | None, folder: Path, source: Source, tell: Callable[[], None]) -> VectorIndex:
    """Return the index of a library's present generation: the last one, or that of its file, brought up to date.

    It is made anew, and its file, if there is none or much has changed; `tell` is called before.
    """
    stamp = Stamp(*source.stamp())
    if index is None:
        index = VectorIndex.load(folder, stamp.library_id)
    elif index.stamp == stamp:
        return index
    if index and not _bring_up_to_date(index, source, stamp):
        index = None
    if index is None or index.is_stale():
        tell()
        index = VectorIndex.build(source.count(), source.dimension(), source.vector_blocks, stamp)
        index.save(folder)
    return index


def _bring_up_to_date(index: VectorIndex, source: Source, stamp: Stamp) -> bool:
    """Apply what has changed since; false if that is too much, or does not lead to what the library has.

    The latter is so when an earlier copy of the library was put back.
    """
    changes = source.changes(index.stamp.generation)
    if index.stamp.generation > stamp.generation or index.is_stale(sum(len(numbers) for numbers, _ in changes)):
        return False
    for numbers, added in changes:
        if added:
            index.add(*source.vectors(numbers))
        else:
            index.remove(numbers)
    index.stamp = stamp
    return index.size == source.count()
