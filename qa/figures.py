"""Figures -> a table for people, a picture, and whether they are good enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from qa.errors import QAError
from qa.metrics import Outcome, find_bins, find_curve

# A figure's key, and what it says. Refused is what is under the threshold.
MEANINGS = {
    "questions": "questions",
    "answerable": "of them answerable",
    "exact": "exact match, as SQuAD 2.0 counts",
    "f1": "F1, as SQuAD 2.0 counts",
    "best_f1": "F1 at its best threshold",
    "has_answer_f1": "F1 of the answerable",
    "no_answer_f1": "F1 of the others",
    "has_answer_exact_unrefused": "exact match of the answerable, none refused",
    "has_answer_f1_unrefused": "F1 of the answerable, none refused",
    "cited_first": "right place cited first, none refused",
    "quote_has_answer": "answer in the first quote, none refused",
    "quote_words": "words of the first quote",
    "citation_precision": "citation precision: quotes with the answer",
    "refusal_precision": "refusal precision: refused and unanswerable",
    "refusal_recall": "refusal recall: unanswerable and refused",
    "answerable_refused": "answerable and refused",
    "risk_area": "area under risk and coverage",
    "coverage_80": "coverage at 80 % accuracy",
    "coverage_90": "coverage at 90 % accuracy",
    "calibration_error": "calibration error",
    "refit_slope": "a new fit would multiply the log-odds by",
    "refit_intercept": "and add",
    "hit_1_vectors": "right passage first, by vectors",
    "hit_1_words": "right passage first, by words",
    "hit_1_both": "right passage first, by both",
    "hit_1_reader": "right passage first, as read",
    "hit_5_vectors": "right passage in the first five, by vectors",
    "hit_5_words": "right passage in the first five, by words",
    "hit_5_both": "right passage in the first five, by both",
    "mrr_vectors": "mean reciprocal rank, by vectors",
    "mrr_words": "mean reciprocal rank, by words",
    "mrr_both": "mean reciprocal rank, by both",
    "ms_p50": "milliseconds, median",
    "ms_p95": "milliseconds, 95 of 100 within",
}
_WHOLE = {"questions", "answerable", "quote_words", "ms_p50", "ms_p95"}
_WIDTH = 50


def to_lines(settings: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield a table's lines: a figure a line, a setting a column."""
    yield " " * _WIDTH + "".join(f"{name:>10}" for name in settings)
    for key, meaning in MEANINGS.items():
        values = [figures.get(key) for figures in settings.values()]
        if any(value is not None for value in values):
            yield f"{meaning:{_WIDTH}}" + "".join(f"{_format(key, value):>10}" for value in values)


def _format(key: str, value: float | None) -> str:
    if value is None or np.isnan(value):
        return "-"
    return f"{value:.0f}" if key in _WHOLE else f"{value:.3f}"


def to_json(settings: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float | None]]:
    """Return figures as JSON has them: what cannot be told is None, since JSON knows no nan."""
    return {
        name: {key: None if np.isnan(value) else value for key, value in figures.items()}
        for name, figures in settings.items()
    }


def find_failures(settings: Mapping[str, Mapping[str, float]], bounds: Mapping[str, float]) -> Iterator[str]:
    """Yield a line for each figure beyond its bound, as is what cannot be told.

    A bound's key is the figure's behind "min_" or "max_".
    """
    for name, figures in settings.items():
        for bound, limit in bounds.items():
            kind, key = bound[:3], bound[4:]
            value = figures[key]
            if not (value >= limit if kind == "min" else value <= limit):
                wanted = "at least" if kind == "min" else "at most"
                found = "cannot be told" if np.isnan(value) else f"{value:.3f}"
                yield f"{name}: {MEANINGS[key]}: {found}, wanted {wanted} {limit:g}"


def plot(settings: Mapping[str, Sequence[Outcome]], threshold: float, file: Path) -> None:
    """Draw risk against coverage, and right answers against confidence, into a PNG; QAError if it cannot be."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise QAError("drawing needs matplotlib: pip install 'article-qa[eval]'") from error
    figure = Figure(figsize=(9, 4), layout="constrained")
    risk, reliability = figure.subplots(1, 2)
    for name, outcomes in settings.items():
        right = np.array([outcome.right for outcome in outcomes])
        confidences = np.array([outcome.confidence for outcome in outcomes])
        coverage = np.arange(1, len(right) + 1) / len(right)
        (line,) = risk.plot(coverage, find_curve(right, confidences), label=name)
        given = float(np.mean(confidences >= threshold))
        if given:
            wrong = float(np.mean(~right[confidences >= threshold]))
            risk.plot(given, wrong, "o", color=line.get_color(), label=f"{name}, confidence of {threshold:g}")
        said, were, _ = zip(*find_bins(right, confidences), strict=True)
        reliability.plot(said, were, "o-", color=line.get_color(), label=name)
    risk.set(
        xlabel="share of questions answered", ylabel="share of answers that are wrong", xlim=(0, 1), ylim=(0, None)
    )
    reliability.plot([0, 1], [0, 1], color="grey", linestyle=":")
    reliability.set(xlabel="confidence", ylabel="share of answers that are right", xlim=(0, 1), ylim=(0, 1))
    for axes in (risk, reliability):
        axes.grid(alpha=0.3)
        axes.legend()
    try:
        figure.savefig(file, dpi=100, format="png")
    except OSError as error:
        raise QAError(f"{file}: {error.strerror or error}; name a file in a folder that can be written to") from error
