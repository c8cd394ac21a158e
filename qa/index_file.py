"""The file of an index: written whole, mapped into memory, and trusted only if it is what was written.

Its last line says which library and generation it was made from and what its bytes hash to.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

logger = logging.getLogger(__name__)

INDEX_FILE = "index.faiss"
_FORMAT = 2
_HASHED = 1 << 26  # bytes; of a larger file only so many at the beginning, where the structure is, are checked
_UNFINISHED_S = 3600.0  # after so long nobody writes to a file any more


class Stamp(NamedTuple):
    """What an index was made from: the library's own name, and its generation."""

    library_id: str
    generation: int


def save_base(base: Any, folder: Path, stamp: Stamp) -> None:  # noqa: ANN401 - faiss is untyped
    """Write the base at once or not at all. A folder that cannot be written to costs speed, nothing else."""
    import faiss

    path = folder / INDEX_FILE
    _sweep(folder)
    unfinished = path.with_name(f"{INDEX_FILE}.{uuid.uuid4().hex[:8]}.new")
    try:
        try:
            faiss.write_index(base, str(unfinished))
            trailer = {**stamp._asdict(), "format": _FORMAT, "size": unfinished.stat().st_size}
            trailer["sha256"] = _hash(unfinished, trailer["size"], stamp)
            with unfinished.open("ab") as file:
                file.write(f"\n{json.dumps(trailer)}\n".encode())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except (OSError, RuntimeError) as error:  # the second is faiss's own
        logger.info("%s: not kept (%s)", path, error)


def load_base(folder: Path, library_id: str) -> tuple[Any, Stamp] | None:
    """Return the base, mapped into memory, and its stamp; None, with a warning, if it is not to be trusted."""
    path = folder / INDEX_FILE
    try:
        trailer = _read_trailer(path)
    except OSError as error:
        logger.warning("%s: %s; rebuilt from the library", path, (error.strerror or str(error)).lower())
        return None
    if trailer is None or trailer["library_id"] != library_id:
        reason = "of another library" if trailer else "damaged"
        logger.warning("%s: %s; rebuilt from the library", path, reason)
        return None
    import faiss

    try:
        base = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError:  # made by a later FAISS, or gone meanwhile
        logger.warning("%s: cannot be read by this FAISS; rebuilt from the library", path)
        return None
    return base, Stamp(library_id, trailer["generation"])


def _read_trailer(path: Path) -> dict[str, Any] | None:
    """Return the file's last line, None if the file is not what it says."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1024))
        tail = file.read()
    try:
        line = tail.rstrip(b"\n").rpartition(b"\n")[2]
        trailer: dict[str, Any] = json.loads(line)
        whole = trailer["size"] + 1 + len(line) + 1 == size and tail.endswith(b"\n")
        stamp = Stamp(trailer["library_id"], trailer["generation"])
        sound = whole and trailer["format"] == _FORMAT and trailer["sha256"] == _hash(path, trailer["size"], stamp)
    except (ValueError, KeyError, TypeError):
        return None
    return trailer if sound else None


def _sweep(folder: Path) -> None:
    """Remove what killed processes have left unfinished."""
    with suppress(OSError):  # another process may be sweeping too
        for file in folder.glob(f"{INDEX_FILE}.*.new"):
            if time.time() - file.stat().st_mtime > _UNFINISHED_S:
                file.unlink()


def _hash(path: Path, size: int, stamp: Stamp) -> str:
    """Return the SHA-256 of a stamp and as much of a file's first `size` bytes as is checked."""
    digest, left = hashlib.sha256(repr(tuple(stamp)).encode()), min(size, _HASHED)
    with path.open("rb") as file:
        while left and (block := file.read(min(left, 1 << 20))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()
