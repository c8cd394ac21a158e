"""The index: order, and a file that is never trusted blindly."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.index import EXACT, VectorIndex
from qa.index_file import INDEX_FILE, Stamp

LIBRARY = "a library"
STAMP = Stamp(LIBRARY, 2)
NUMBERS = np.array([7, 3, 9])
ROWS = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)


def build(numbers: NDArray[np.int64] = NUMBERS, rows: NDArray[np.float32] = ROWS) -> VectorIndex:
    """Make an index of these vectors, read in two blocks."""

    def read(step: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        for part in (slice(0, 2), slice(2, None)):
            chosen = numbers[part] % step == 0
            yield numbers[part][chosen], rows[part][chosen]

    return VectorIndex.build(len(numbers), rows.shape[1], read, STAMP)


def cloud(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Return unit vectors around a few hundred centres."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(300, 32))
    rows = centres[random.integers(300, size=count)] + random.normal(size=(count, 32)) * 0.6
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_order() -> None:
    """The same, the near and the orthogonal vector come back in that order."""
    assert build().search(ROWS[0], 5) == [7, 3, 9]
    assert build().search(ROWS[2], 1) == [9]


def test_empty() -> None:
    """An index of nothing finds nothing."""
    assert build(NUMBERS[:0], ROWS[:0]).search(ROWS[0], 5) == []


def test_what_is_added_and_removed_counts_at_once() -> None:
    """Passages that come are found, those that go are not, also when a number is given again to another passage."""
    index = build()
    index.add(np.array([12]), np.array([[0.8, 0.6]], np.float32))
    assert index.search(ROWS[0], 5) == [7, 12, 3, 9]
    index.remove([7, 12])
    assert index.search(ROWS[0], 5) == [3, 9]
    index.add(np.array([7]), np.array([[-0.6, -0.8]], np.float32))
    assert index.search(ROWS[0], 5) == [3, 9, 7]
    assert index.search(-ROWS[2], 1) == [7]
    index.remove([7])
    index.remove([3, 9])
    assert index.search(ROWS[0], 5) == []


def test_a_tenth_of_changes_makes_it_stale() -> None:
    """So the price of making it anew is shared by many changes."""
    rows = cloud(100)
    index = build(np.arange(100), rows)
    index.add(np.arange(100, 105), cloud(5, seed=1))
    index.remove(range(5))
    assert not index.is_stale()
    assert index.size == 100
    assert index.is_stale(more=1)
    index.remove([50])
    assert index.is_stale()
    assert index.size == 99
    new = build(NUMBERS[:0], ROWS[:0])
    assert not new.is_stale()
    new.add(NUMBERS, ROWS)
    assert new.is_stale()


@pytest.mark.parametrize("saved", [False, True])
def test_many_vectors(saved: bool, tmp_path: Path) -> None:
    """Beyond the size for comparing all, nearly all of the nearest are found; what is added and removed counts."""
    rows, questions = cloud(EXACT + 2_000), cloud(200, seed=1)
    index = build(np.arange(len(rows)) + 5, rows)
    assert not index.is_exact
    if saved:
        index.save(tmp_path)
        loaded = VectorIndex.load(tmp_path, LIBRARY)
        assert loaded
        index = loaded
    nearest = np.argsort(-questions @ rows.T, axis=1)[:, :10] + 5
    found = [index.search(question, 100) for question in questions]
    assert (
        np.mean([len({*row} & {*numbers}) / 10 for row, numbers in zip(nearest.tolist(), found, strict=True)]) > 0.98
    )
    assert [len(numbers) for numbers in found] == [100] * 200
    index.add(np.array([99_999]), questions[:1])
    assert index.search(questions[0], 1) == [99_999]
    index.remove(nearest[0].tolist())
    assert not {*nearest[0].tolist()} & {*index.search(questions[0], 100)}


def test_saved_and_loaded(tmp_path: Path) -> None:
    """A loaded index gives what the saved one gave, knows its generation, and no other file is left."""
    build().save(tmp_path)
    loaded = VectorIndex.load(tmp_path, LIBRARY)
    assert loaded
    assert loaded.stamp == STAMP
    assert loaded.search(ROWS[1], 3) == [3, 9, 7]
    assert [path.name for path in tmp_path.iterdir()] == [INDEX_FILE]
    (tmp_path / "plain").touch()
    assert (tmp_path / INDEX_FILE).stat().st_mode == (tmp_path / "plain").stat().st_mode  # who reads one reads both


def test_a_loaded_index_outlives_its_file(tmp_path: Path) -> None:
    """Another process may put a new file in the place of one that is mapped."""
    build().save(tmp_path)
    loaded = VectorIndex.load(tmp_path, LIBRARY)
    build(NUMBERS[:1], ROWS[:1]).save(tmp_path)
    assert loaded
    assert loaded.search(ROWS[1], 3) == [3, 9, 7]


@pytest.mark.parametrize("place", [0, 5, 40, 100, -1, -2, -40, -90])
def test_a_flipped_bit_is_noticed(tmp_path: Path, place: int, caplog: pytest.LogCaptureFixture) -> None:
    """Wherever the file is damaged, it is not used, and one line says so."""
    build().save(tmp_path)
    path = tmp_path / INDEX_FILE
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert VectorIndex.load(tmp_path, LIBRARY) is None
    assert len(caplog.messages) == 1
    assert "rebuilt from the library" in caplog.messages[0]


def test_missing_cut_off_and_foreign(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A missing, a half-written, an empty and another library's file are rebuilt with one line each."""
    assert VectorIndex.load(tmp_path, LIBRARY) is None
    build().save(tmp_path)
    assert VectorIndex.load(tmp_path, "another") is None
    path = tmp_path / INDEX_FILE
    for content in (path.read_bytes()[:-4], path.read_bytes()[9:], path.read_bytes() + b"\n", b"", b"{}\n"):
        path.write_bytes(content)
        assert VectorIndex.load(tmp_path, LIBRARY) is None
    assert [message.split(": ")[1] for message in caplog.messages] == [
        "no such file or directory; rebuilt from the library",
        "of another library; rebuilt from the library",
        *["damaged; rebuilt from the library"] * 5,
    ]


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The index still serves from memory."""
    index = build()
    with caplog.at_level(logging.WARNING):
        index.save(tmp_path / "missing")
    assert index.search(ROWS[0], 1) == [7]
    assert caplog.messages == []


def test_a_file_of_another_faiss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What FAISS cannot read is rebuilt, though it is what was written."""
    import faiss

    build().save(tmp_path)

    def fail(*_: object) -> None:
        raise RuntimeError("unknown index type")

    monkeypatch.setattr(faiss, "read_index", fail)
    assert VectorIndex.load(tmp_path, LIBRARY) is None
    assert "cannot be read by this FAISS; rebuilt from the library" in caplog.messages[0]


def test_what_a_killed_process_left(tmp_path: Path) -> None:
    """An unfinished file is nobody's after an hour."""
    for name, age_s in (("old", 7200), ("young", 60)):
        (tmp_path / f"{INDEX_FILE}.{name}.new").touch()
        os.utime(tmp_path / f"{INDEX_FILE}.{name}.new", (time.time() - age_s,) * 2)
    build().save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_FILE, f"{INDEX_FILE}.young.new"]
