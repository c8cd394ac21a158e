"""Passage vectors -> the passages nearest to a question: exact inner product in FAISS.

The file is a copy of what the store holds, kept so that a large library opens quickly. Its first line says which
library and generation it was made from and what its bytes hash to; a file that does not match is made anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from qa.types import Rows

logger = logging.getLogger(__name__)

INDEX_FILE = "index.faiss"
_FORMAT = 1


class Stamp(NamedTuple):
    """What an index was made from: the library's own name, and its generation."""

    library_id: str
    generation: int


class VectorIndex:
    """The vectors of one generation of a library, searchable."""

    def __init__(self, index: Any, stamp: Stamp) -> None:  # noqa: ANN401 - faiss is untyped
        self._index = index
        self.stamp = stamp

    @classmethod
    def build(cls, numbers: np.ndarray[Any, Any], rows: Rows, stamp: Stamp) -> VectorIndex:
        """Make the index of passage numbers, shape (n,), and unit rows, shape (n, dimension)."""
        import faiss

        index = faiss.IndexIDMap2(faiss.IndexFlatIP(rows.shape[1]))
        if len(rows):
            index.add_with_ids(rows, numbers)
        return cls(index, stamp)

    def search(self, vector: Rows, limit: int) -> list[tuple[int, float]]:
        """Return (passage number, cosine) of the nearest passages to a unit vector, best first."""
        limit = min(limit, self._index.ntotal)
        if not limit:
            return []
        scores, numbers = self._index.search(vector.reshape(1, -1), limit)
        return [(int(number), float(score)) for number, score in zip(numbers[0], scores[0], strict=True)]

    def save(self, folder: Path) -> None:
        """Write the file at once or not at all. A folder that cannot be written to costs speed, nothing else."""
        import faiss

        payload = faiss.serialize_index(self._index).tobytes()
        header = {**self.stamp._asdict(), "format": _FORMAT, "sha256": hashlib.sha256(payload).hexdigest()}
        path = folder / INDEX_FILE
        unfinished = path.with_name(f"{INDEX_FILE}.{uuid.uuid4().hex[:8]}.new")
        try:
            try:
                with unfinished.open("wb") as file:
                    file.write(json.dumps(header).encode() + b"\n" + payload)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
        except OSError as error:
            logger.info("%s: not kept (%s)", path, error)

    @classmethod
    def load(cls, folder: Path, stamp: Stamp) -> VectorIndex | None:
        """Return the index in the file, None if it is missing, older than `stamp` or not to be trusted."""
        path = folder / INDEX_FILE
        try:
            line, _, payload = path.read_bytes().partition(b"\n")
        except OSError as error:
            logger.warning("%s: %s; rebuilt from the library", path, (error.strerror or str(error)).lower())
            return None
        try:
            header = json.loads(line)
            made_from = Stamp(header["library_id"], header["generation"])
            intact = header["format"] == _FORMAT and header["sha256"] == hashlib.sha256(payload).hexdigest()
        except (ValueError, KeyError, TypeError):
            intact = False
        if not intact or made_from.library_id != stamp.library_id:
            reason = "of another library" if intact else "damaged"
            logger.warning("%s: %s; rebuilt from the library", path, reason)
            return None
        if made_from != stamp:
            return None
        import faiss

        return cls(faiss.deserialize_index(np.frombuffer(payload, dtype=np.uint8)), stamp)
