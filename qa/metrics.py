"""What was answered and what is right -> figures. Pure: nothing is loaded or asked here."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

RIGHT_F1 = 0.5  # an answer with at least so much of its words and the label's in common counts as right
_BINS = 10
_ARTICLE = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question when nothing was refused; `text` is empty if there was nothing to read.

    `cites_place` says that the first quote touches the labelled words at their place, `first_is_right` that it
    stands in the right passage. `ranks` are the right passage's places by "vectors", "words" and "both", inf where
    it was not found; empty if it was not searched for.
    """

    answers: Sequence[str]
    text: str
    confidence: float
    quote: str
    ms: float
    cites_place: bool = False
    first_is_right: bool = False
    ranks: Mapping[str, float] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """What is right: the answers that are more than articles and punctuation; "" if there is none."""
        return [answer for answer in self.answers if normalise(answer)] or [""]

    @property
    def f1(self) -> float:
        """Words in common with the nearest label, 0 to 1, had the answer been given."""
        return max(f1(self.text, label) for label in self.labels)

    @property
    def exact(self) -> float:
        """1 if a label is the answer, else 0, had it been given."""
        return max(float(normalise(self.text) == normalise(label)) for label in self.labels)

    @property
    def right(self) -> bool:
        """Whether the answer would have been right, by and large; none is to a question that has no answer."""
        return bool(self.answers and self.text) and self.f1 >= RIGHT_F1

    @property
    def quote_has_answer(self) -> bool:
        """Whether a label stands in the first quote."""
        quote = f" {normalise(self.quote)} "
        return any(f" {normalise(label)} " in quote for label in self.labels if label)


def normalise(text: str) -> str:
    """Return a text as SQuAD's official script compares it: no case, punctuation, articles, double spaces."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def f1(text: str, label: str) -> float:
    """Return the harmonic mean of the words' precision and recall, as compute_f1 of SQuAD 2.0's script does."""
    words, wanted = normalise(text).split(), normalise(label).split()
    if not words or not wanted:
        return float(words == wanted)
    common = sum((Counter(words) & Counter(wanted)).values())
    return 2 * common / (len(words) + len(wanted))


def measure(outcomes: Sequence[Outcome], threshold: float) -> dict[str, float]:
    """Return all figures on at least one outcome; what they mean is in `qa.figures.MEANINGS`.

    Shares are 0 to 1, those of nothing are nan. Refused is what is less sure than the threshold, or has no text.
    """
    f1s = np.array([outcome.f1 for outcome in outcomes])
    exacts = np.array([outcome.exact for outcome in outcomes])
    right = np.array([outcome.right for outcome in outcomes])
    confidences = np.array([outcome.confidence for outcome in outcomes])
    answerable = np.array([bool(outcome.answers) for outcome in outcomes])
    unsure = confidences < threshold
    refused = unsure | np.array([not outcome.text for outcome in outcomes])
    scored = np.where(unsure, ~answerable, f1s)
    asked = [outcome for outcome in outcomes if outcome.answers]
    cited = [outcome for outcome in asked if outcome.text and outcome.confidence >= threshold]
    return {
        "questions": len(outcomes),
        "answerable": len(asked),
        "exact": _mean(np.where(unsure, ~answerable, exacts)),
        "f1": _mean(scored),
        "best_f1": find_best_f1(outcomes),
        "has_answer_f1": _mean(scored[answerable]),
        "no_answer_f1": _mean(scored[~answerable]),
        "has_answer_exact_unrefused": _mean(exacts[answerable]),
        "has_answer_f1_unrefused": _mean(f1s[answerable]),
        "cited_first": _mean(outcome.cites_place for outcome in asked),
        "quote_has_answer": _mean(outcome.quote_has_answer for outcome in asked),
        "quote_words": _mean(len(outcome.quote.split()) for outcome in asked),
        "citation_precision": _mean(outcome.quote_has_answer for outcome in cited),
        **_measure_refusals(answerable, refused),
        "risk_area": find_risk_area(right, confidences),
        "coverage_80": find_coverage(right, confidences, 0.8),
        "coverage_90": find_coverage(right, confidences, 0.9),
        **_measure_calibration(right, confidences),
        **_measure_ranks(asked),
        "ms_p50": float(np.median([outcome.ms for outcome in outcomes])),
        "ms_p95": float(np.quantile([outcome.ms for outcome in outcomes], 0.95)),
    }


def _measure_refusals(answerable: NDArray[np.bool_], refused: NDArray[np.bool_]) -> dict[str, float]:
    return {
        "refusal_precision": _mean(~answerable[refused]),
        "refusal_recall": _mean(refused[~answerable]),
        "answerable_refused": _mean(refused[answerable]),
    }


def _measure_ranks(asked: Sequence[Outcome]) -> dict[str, float]:
    searched = [outcome for outcome in asked if outcome.ranks]
    if not searched:
        return {}
    figures: dict[str, float] = {}
    for name in ("vectors", "words", "both"):
        ranks = np.array([outcome.ranks[name] for outcome in searched])
        figures |= {
            f"hit_1_{name}": _mean(ranks <= 1),
            f"hit_5_{name}": _mean(ranks <= 5),
            f"mrr_{name}": _mean(1 / ranks),
        }
    return figures | {"hit_1_reader": _mean(outcome.first_is_right for outcome in searched)}


def find_best_f1(outcomes: Sequence[Outcome]) -> float:
    """Return F1 at the threshold that is best for it, as find_best_thresh of SQuAD 2.0's script does."""
    surest_first = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    gains = [outcome.f1 if outcome.answers else -float(bool(outcome.text)) for outcome in surest_first]
    refused = sum(not outcome.answers for outcome in outcomes)  # all that refusing everything is right about
    return float(refused + np.max(np.cumsum(gains), initial=0.0)) / len(outcomes)


def find_curve(right: NDArray[np.bool_], confidences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the risk (share of wrong answers) among the k surest answers, for k from 1; shape (questions,).

    Of answers that are equally sure each counts as wrong as they are on average: their order says nothing.
    """
    _, group, counts = np.unique(-confidences, return_inverse=True, return_counts=True)
    wrong = np.bincount(group, weights=~right) / counts
    return np.asarray(np.cumsum(np.repeat(wrong, counts)) / np.arange(1, len(right) + 1), dtype=np.float64)


def find_risk_area(right: NDArray[np.bool_], confidences: NDArray[np.float64]) -> float:
    """Return the area under the risk-coverage curve (El-Yaniv and Wiener, 2010): the mean of `find_curve`."""
    return _mean(find_curve(right, confidences))


def find_coverage(right: NDArray[np.bool_], confidences: NDArray[np.float64], accuracy: float) -> float:
    """Return the largest share of questions that a threshold can leave answered at this accuracy."""
    answered = np.cumsum(np.unique(-confidences, return_counts=True)[1])  # at each threshold, the highest first
    good = answered[find_curve(right, confidences)[answered - 1] <= 1 - accuracy + 1e-12]
    return float(good[-1] / len(right)) if len(good) else 0.0


def find_bins(right: NDArray[np.bool_], confidences: NDArray[np.float64]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share of right answers and number of each of ten equal bins that is not empty."""
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    return [
        (float(confidences[bins == b].mean()), float(right[bins == b].mean()), int(np.sum(bins == b)))
        for b in np.unique(bins)
    ]


def _measure_calibration(right: NDArray[np.bool_], confidences: NDArray[np.float64]) -> dict[str, float]:
    """Return the expected calibration error (Naeini et al., 2015) and what a new fit would multiply and add.

    Slope and intercept are to be applied to the log-odds of the confidences; 1 and 0 change nothing.
    """
    gaps = [abs(confidence - share) * count for confidence, share, count in find_bins(right, confidences)]
    slope, intercept = _fit_log_odds(right, confidences)
    return {"calibration_error": sum(gaps) / len(right), "refit_slope": slope, "refit_intercept": intercept}


def _fit_log_odds(right: NDArray[np.bool_], confidences: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope and intercept of the logistic regression of `right` on the confidences' log-odds.

    Half their squared distance from 1 and 0 is added to the loss. Among hundreds of questions that is nothing; of a
    few, or where a line parts right from wrong, it keeps them finite.
    """
    clipped = np.clip(confidences, 1e-9, 1 - 1e-9)
    features = np.stack([np.log(clipped / (1 - clipped)), np.ones_like(clipped)], axis=1)
    unchanged = np.array([1.0, 0.0])

    def find_loss(weights: NDArray[np.float64]) -> float:
        odds = features @ weights
        return float(np.sum(np.logaddexp(0, odds) - right * odds) + np.sum((weights - unchanged) ** 2) / 2)

    weights = unchanged
    for _ in range(100):  # Newton's method
        fitted = 0.5 * (1 + np.tanh(features @ weights / 2))
        curvature = features.T @ (features * (fitted * (1 - fitted))[:, None]) + np.eye(2)
        step = np.linalg.solve(curvature, features.T @ (right - fitted) + unchanged - weights)
        while find_loss(weights + step) > find_loss(weights):  # too far, where the loss is flat; a step of 0 ends it
            step = step / 2
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])


def _mean(values: Iterable[float] | NDArray[np.bool_] | NDArray[np.float64]) -> float:
    array = np.array(list(values), dtype=np.float64)
    return float(array.mean()) if len(array) else float("nan")
