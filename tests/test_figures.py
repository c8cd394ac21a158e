"""Figures: a table, JSON, bounds, a picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from qa.errors import QAError
from qa.figures import MEANINGS, find_failures, plot, to_json, to_lines
from qa.metrics import Outcome, measure

RANKS = {"vectors": 1.0, "words": 1.0, "both": 1.0}
ANSWERED = [
    Outcome(["cat"], "cat", 0.9, "A cat.", 1.0, ranks=RANKS),
    Outcome(["cat"], "dog", 0.6, "A dog.", 1.0, ranks=RANKS),
    Outcome([], "dog", 0.1, "A dog.", 1.0),
]


def test_every_figure_has_a_meaning() -> None:
    """What is measured stands in the table, no line of which is about something else."""
    assert set(measure(ANSWERED, 0.5)) == set(MEANINGS)


def test_table() -> None:
    """A figure a line, a setting a column; a dash is what cannot be told."""
    settings = {
        "closed": {"questions": 12.0, "f1": 0.12345, "ms_p50": 7.6},
        "open": {"questions": 9.0, "f1": float("nan"), "ms_p50": 0.2, "hit_1_both": 1.0},
    }
    assert list(to_lines(settings)) == [
        "                                                      closed      open",
        "questions                                                 12         9",
        "F1, as SQuAD 2.0 counts                                0.123         -",
        "right passage first, by both                               -     1.000",
        "milliseconds, median                                       8         0",
    ]
    assert max(map(len, MEANINGS.values())) < 50


def test_json_has_no_nan() -> None:
    """What cannot be told is null: nan is no JSON."""
    figures = to_json({"open": {"f1": 0.5, "no_answer_f1": float("nan"), "questions": 3}})
    assert json.dumps(figures, allow_nan=False) == '{"open": {"f1": 0.5, "no_answer_f1": null, "questions": 3}}'


def test_bounds() -> None:
    """A figure at its bound is good enough, one beyond it or one that cannot be told is not."""
    settings = {
        "closed": {"f1": 0.5, "calibration_error": 0.1, "refusal_recall": float("nan")},
        "open": {"f1": 0.4, "calibration_error": 0.2, "refusal_recall": 1.0},
    }
    bounds = {"min_f1": 0.5, "max_calibration_error": 0.1, "min_refusal_recall": 0.25}
    assert list(find_failures(settings, bounds)) == [
        "closed: refusal recall: unanswerable and refused: cannot be told, wanted at least 0.25",
        "open: F1, as SQuAD 2.0 counts: 0.400, wanted at least 0.5",
        "open: calibration error: 0.200, wanted at most 0.1",
    ]
    assert list(find_failures(settings, {})) == []


def test_picture(tmp_path: Path) -> None:
    """A PNG, whatever the file is called, also where all or nothing is refused."""
    for threshold in (0.0, 0.5, 1.0):
        plot({"closed": ANSWERED, "open": ANSWERED[:1]}, threshold, tmp_path / "picture")
        assert (tmp_path / "picture").read_bytes().startswith(b"\x89PNG\r\n")


def test_a_picture_that_cannot_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there, and a library that is not, are told with what to do."""
    file = tmp_path / "none" / "x.png"
    with pytest.raises(QAError) as raised:
        plot({"open": ANSWERED}, 0.5, file)
    assert str(raised.value) == f"{file}: No such file or directory; name a file in a folder that can be written to"
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(QAError, match=r"^drawing needs matplotlib: pip install 'article-qa\[eval\]'$"):
        plot({"open": ANSWERED}, 0.5, tmp_path / "x.png")
