"""Two kinds of scores -> one ranking."""

from __future__ import annotations

from qa.retrieve import fuse


def test_sum() -> None:
    """The score is sixteen cosines and BM25; a passage without the question's words has no BM25."""
    assert fuse({1: 0.5, 2: 0.25, 3: 0.0}, {2: 6.0, 3: 7.0}, 3) == [(2, 10.0), (1, 8.0), (3, 7.0)]


def test_limit_and_ties() -> None:
    """Equal scores are ordered by number, however they came in."""
    assert fuse({3: 0.5, 1: 0.5, 2: 0.5}, {}, 2) == [(1, 8.0), (2, 8.0)]
    assert fuse({}, {}, 5) == []
