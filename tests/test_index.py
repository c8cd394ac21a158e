"""The index: exact order and scores, and a file that is never trusted blindly."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from qa.index import INDEX_FILE, Stamp, VectorIndex

NUMBERS = np.array([7, 3, 9])
ROWS = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
STAMP = Stamp("a library", 2)


def test_order_and_scores() -> None:
    """The same, the near and the orthogonal vector come back in that order with their cosines."""
    index = VectorIndex.build(NUMBERS, ROWS, STAMP)
    numbers, scores = zip(*index.search(ROWS[0], 5), strict=True)
    assert numbers == (7, 3, 9)
    assert scores == pytest.approx((1.0, 0.6, 0.0))
    assert index.search(ROWS[2], 1) == [(9, 1.0)]


def test_empty() -> None:
    """An index of nothing finds nothing."""
    assert VectorIndex.build(NUMBERS[:0], ROWS[:0], STAMP).search(ROWS[0], 5) == []


def test_saved_and_loaded(tmp_path: Path) -> None:
    """A loaded index gives what the saved one gave, and no other file is left."""
    VectorIndex.build(NUMBERS, ROWS, STAMP).save(tmp_path)
    loaded = VectorIndex.load(tmp_path, STAMP)
    assert loaded
    numbers, scores = zip(*loaded.search(ROWS[1], 3), strict=True)
    assert numbers == (3, 9, 7)
    assert scores == pytest.approx((1.0, 0.8, 0.6))
    assert [path.name for path in tmp_path.iterdir()] == [INDEX_FILE]
    (tmp_path / "plain").touch()
    assert (tmp_path / INDEX_FILE).stat().st_mode == (tmp_path / "plain").stat().st_mode  # who reads one reads both


@pytest.mark.parametrize("place", [0, 5, 40, 150, 200, -1])
def test_a_flipped_bit_is_noticed(tmp_path: Path, place: int, caplog: pytest.LogCaptureFixture) -> None:
    """Wherever the file is damaged, it is not used, and one line says so."""
    VectorIndex.build(NUMBERS, ROWS, STAMP).save(tmp_path)
    path = tmp_path / INDEX_FILE
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert VectorIndex.load(tmp_path, STAMP) is None
    assert len(caplog.messages) == 1
    assert "rebuilt from the library" in caplog.messages[0]


def test_missing_cut_off_and_foreign(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A missing, a half-written and another library's file are rebuilt with one line each."""
    assert VectorIndex.load(tmp_path, STAMP) is None
    VectorIndex.build(NUMBERS, ROWS, STAMP).save(tmp_path)
    assert VectorIndex.load(tmp_path, STAMP._replace(library_id="another")) is None
    path = tmp_path / INDEX_FILE
    path.write_bytes(path.read_bytes()[:-4])
    assert VectorIndex.load(tmp_path, STAMP) is None
    assert [message.split(": ")[1] for message in caplog.messages] == [
        "no such file or directory; rebuilt from the library",
        "of another library; rebuilt from the library",
        "damaged; rebuilt from the library",
    ]


def test_an_older_file_is_passed_over_in_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """That the library has changed since is no fault."""
    VectorIndex.build(NUMBERS, ROWS, STAMP).save(tmp_path)
    assert VectorIndex.load(tmp_path, STAMP._replace(generation=3)) is None
    assert caplog.messages == []


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The index still serves from memory."""
    index = VectorIndex.build(NUMBERS, ROWS, STAMP)
    with caplog.at_level(logging.WARNING):
        index.save(tmp_path / "missing")
    assert index.search(ROWS[0], 1) == [(7, 1.0)]
    assert caplog.messages == []
