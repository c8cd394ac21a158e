"""Figures: as SQuAD's script counts, as counted by hand, and what holds whatever was answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.metrics import (
    Outcome,
    f1,
    find_best_f1,
    find_bins,
    find_coverage,
    find_curve,
    find_risk_area,
    measure,
    normalise,
)

# Labels, prediction, confidence; exact match and F1 that evaluate-v2.0.py gives the prediction.
OFFICIAL: list[tuple[list[str], str, float, float, float]] = [
    (["the Cat's hat", "hat"], "Cats Hat!", 0.95, 1, 1.0),
    (["Denver Broncos"], "The Denver Broncos of Colorado", 0.9, 0, 0.6666666666666666),
    (["50,000"], "50 000", 0.85, 0, 0),
    (["U.S."], "US", 0.8, 1, 1.0),
    (["“the” river"], "river", 0.75, 0, 0.5),
    (["dog dog"], "dog", 0.7, 0, 0.6666666666666666),
    (["Straße"], "STRASSE", 0.65, 0, 0),
    (["NAÏVE art"], "naïve art", 0.6, 1, 1.0),
    (["an—other"], "other", 0.55, 0, 0),
    (["well-known", "known well"], "well known", 0.5, 0, 1.0),
    (["the", "cat"], "", 0.0, 0, 0),
    (["a", "the."], "An", 0.45, 1, 1),
    ([], "", 0.0, 1, 1),
    ([], "river", 0.99, 0, 0),
    ([], "dog", 0.4, 0, 0),
    ([], "the", 0.35, 1, 1),
    (["in May 2024"], "May 2024 in Lahore", 0.3, 0, 0.8571428571428571),
    (["北京"], "北京市", 0.25, 0, 0),
    (["x’a"], "X’", 0.2, 1, 1.0),
    (["Ann", "Bob", "Ann and Bob"], "Bob and Ann", 0.15, 0, 1.0),
    (["cat"], "dog", 0.1, 0, 0),
]
PREDICTED = [Outcome(labels, text, confidence, "", 1.0) for labels, text, confidence, *_ in OFFICIAL]


def answered(*answers: tuple[float, bool]) -> list[Outcome]:
    """Return outcomes of questions answered with these confidences, right or wrong."""
    return [Outcome(["yes"], "yes" if right else "no", confidence, "", 1.0) for confidence, right in answers]


def arrays(*answers: tuple[float, bool]) -> tuple[np.ndarray, np.ndarray]:
    """Return which of some answers are right, and their confidences."""
    return np.array([right for _, right in answers]), np.array([confidence for confidence, _ in answers])


@pytest.mark.parametrize(("labels", "text", "confidence", "exact", "f1"), OFFICIAL)
def test_one_answer_as_squads_script_counts(
    labels: list[str], text: str, confidence: float, exact: float, f1: float
) -> None:
    """Exact match and F1 of a prediction are those that evaluate-v2.0.py gives it."""
    outcome = Outcome(labels, text, confidence, "", 1.0)
    assert (outcome.exact, outcome.f1) == pytest.approx((exact, f1), abs=1e-12)


@pytest.mark.parametrize(
    ("threshold", "exact", "f1", "has_answer", "no_answer"),
    [
        (0.0, 33.333333333333336, 55.66893424036281, 57.002801120448176, 50.0),
        (0.225, 28.571428571428573, 46.14512471655329, 45.23809523809524, 50.0),
        (0.525, 28.571428571428573, 37.3015873015873, 28.431372549019606, 75.0),
        (0.975, 14.285714285714286, 14.285714285714286, 0.0, 75.0),
    ],
)
def test_all_answers_as_squads_script_counts(
    threshold: float, exact: float, f1: float, has_answer: float, no_answer: float
) -> None:
    """These are the numbers that evaluate-v2.0.py printed for the table above, given 1 - confidence as na_prob."""
    figures = measure(PREDICTED, threshold)
    assert 100 * figures["exact"] == pytest.approx(exact)
    assert 100 * figures["f1"] == pytest.approx(f1)
    assert 100 * figures["has_answer_f1"] == pytest.approx(has_answer)
    assert 100 * figures["no_answer_f1"] == pytest.approx(no_answer)
    assert 100 * figures["has_answer_exact_unrefused"] == pytest.approx(29.41176470588235)
    assert 100 * figures["has_answer_f1_unrefused"] == pytest.approx(57.002801120448176)
    assert 100 * figures["best_f1"] == pytest.approx(50.90702947845806)


def test_an_empty_answer_is_not_right_because_a_label_is_an_article() -> None:
    """A label of nothing but articles and punctuation does not count beside another one."""
    assert Outcome(["the", "cat"], "", 0.0, "", 1.0).f1 == 0
    assert not Outcome(["the"], "", 0.0, "", 1.0).right


def test_the_best_threshold() -> None:
    """F1 is best where the surest answer alone is given, or nothing, or all; an empty answer is a refusal anyway."""
    none, cat = Outcome([], "", 0.0, "", 1.0), Outcome(["cat"], "cat", 0.0, "", 1.0)
    assert find_best_f1([none, cat]) == 1
    assert find_best_f1([Outcome([], "cat", 0.1, "", 1.0), Outcome(["cat"], "cat", 0.2, "", 1.0)]) == 1
    assert find_best_f1([Outcome([], "cat", 0.2, "", 1.0), Outcome(["cat"], "cat", 0.1, "", 1.0)]) == 0.5
    assert find_best_f1([Outcome(["cat"], "a big cat", 0.2, "", 1.0)]) == pytest.approx(2 / 3)


def test_what_counts_as_right() -> None:
    """An answer with half of its words and the label's in common; none where there is no answer."""
    texts = ["red ball", "red ball on the mat", "big red ball on the old mat", "mat", ""]
    assert [Outcome(["the red ball"], text, 1.0, "", 1.0).right for text in texts] == [True, True, True, False, False]
    assert Outcome(["red ball"], "red b c d e f", 1.0, "", 1.0).f1 == 0.25
    assert [Outcome([], text, 1.0, "", 1.0).right for text in ("the", "ball", "")] == [False, False, False]


def test_refusals() -> None:
    """Refused is what is less sure than the threshold, and what has no text whatever the threshold."""
    outcomes = [
        Outcome(["cat"], "cat", 0.9, "", 1.0),
        Outcome(["cat"], "cat", 0.1, "", 1.0),
        Outcome([], "cat", 0.05, "", 1.0),
        Outcome([], "cat", 0.2, "", 1.0),
        Outcome([], "", 0.0, "", 1.0),
    ]
    keys = "questions", "answerable", "refusal_precision", "refusal_recall", "answerable_refused"
    figures = measure(outcomes, 0.2)
    assert [figures[key] for key in keys] == [5, 2, pytest.approx(2 / 3), pytest.approx(2 / 3), 0.5]
    scores = figures["exact"], figures["has_answer_f1"], figures["no_answer_f1"]
    assert scores == pytest.approx((3 / 5, 1 / 2, 2 / 3))
    figures = measure(outcomes, 0.0)
    assert [figures[key] for key in keys] == [5, 2, 1, pytest.approx(1 / 3), 0]
    assert (figures["exact"], figures["no_answer_f1"]) == pytest.approx((3 / 5, 1 / 3))


def test_citations() -> None:
    """A quote has the answer if a label's words stand in it, whole; precision is of what is not refused."""
    outcomes = [
        Outcome(["the cat"], "x", 0.9, "A Cat, sat.", 1.0, cites_place=True),
        Outcome(["dog", "sat down"], "x", 0.9, "The cat sat down on it.", 1.0),
        Outcome(["cat"], "x", 0.9, "The catalogue", 1.0),
        Outcome(["cat"], "x", 0.1, "Cats or one cat", 1.0, cites_place=True),
        Outcome(["the"], "", 0.0, "", 1.0),
        Outcome([], "x", 0.9, "Cats", 1.0),
    ]
    figures = measure(outcomes, 0.5)
    assert [outcome.quote_has_answer for outcome in outcomes] == [True, True, False, True, False, False]
    assert figures["citation_precision"] == pytest.approx(2 / 3)
    assert measure(outcomes, 0.0)["citation_precision"] == pytest.approx(3 / 4)  # what has no text cites nothing
    assert figures["quote_has_answer"] == pytest.approx(3 / 5)
    assert figures["cited_first"] == pytest.approx(2 / 5)
    assert figures["quote_words"] == pytest.approx((3 + 6 + 2 + 4 + 0) / 5)


def test_ranks() -> None:
    """Hits and reciprocal ranks are of the answerable questions whose passage was searched for."""
    ranks = [
        {"vectors": 1.0, "words": 6.0, "both": 2.0},
        {"vectors": math.inf, "words": 1.0, "both": 5.0},
    ]
    outcomes = [
        Outcome(["cat"], "cat", 0.9, "", 1.0, first_is_right=True, ranks=ranks[0]),
        Outcome(["cat"], "cat", 0.9, "", 1.0, ranks=ranks[1]),
        Outcome(["cat"], "cat", 0.9, "", 1.0),
        Outcome([], "cat", 0.9, "", 1.0, ranks=ranks[0]),
    ]
    figures = measure(outcomes, 0.5)
    assert {key: figures[key] for key in figures if key.startswith(("hit", "mrr"))} == {
        "hit_1_vectors": 0.5,
        "hit_5_vectors": 0.5,
        "mrr_vectors": 0.5,
        "hit_1_words": 0.5,
        "hit_5_words": 0.5,
        "mrr_words": pytest.approx((1 / 6 + 1) / 2),
        "hit_1_both": 0.0,
        "hit_5_both": 1.0,
        "mrr_both": pytest.approx((1 / 2 + 1 / 5) / 2),
        "hit_1_reader": 0.5,
    }
    assert not any(key.startswith(("hit", "mrr")) for key in measure(answered((0.9, True)), 0.5))


def test_latency() -> None:
    """The median, and what 95 of 100 stay under."""
    figures = measure([Outcome([], "", 0.0, "", ms) for ms in (50.0, 10.0, 20.0, 40.0, 30.0)], 0.5)
    assert (figures["ms_p50"], figures["ms_p95"]) == pytest.approx((30, 48))


def test_shares_of_nothing() -> None:
    """What cannot be told is nan: of refusals if nothing was refused, of answers if nothing was answered."""
    told = measure(answered((0.9, True)), 0.5)
    assert {key for key in told if math.isnan(told[key])} == {"no_answer_f1", "refusal_precision", "refusal_recall"}
    told = measure(answered((0.9, True)), 0.95)
    assert math.isnan(told["citation_precision"])
    assert told["refusal_precision"] == 0


RWRR = [(0.7, True), (0.9, True), (0.8, False), (0.6, True)]


def test_risk_and_coverage() -> None:
    """Of the surest one, two, three, four answers none, a half, a third, a quarter is wrong."""
    right, confidences = arrays(*RWRR)
    assert find_curve(right, confidences).tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4])
    assert find_risk_area(right, confidences) == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 4)
    wanted = {0.5: 1, 0.75: 1, 0.76: 0.25, 0.8: 0.25, 0.9: 0.25, 1.0: 0.25}
    assert {accuracy: find_coverage(right, confidences, accuracy) for accuracy in wanted} == wanted
    assert find_coverage(*arrays((0.9, False), (0.1, True)), 0.8) == 0


def test_coverage_at_an_accuracy_that_is_just_met() -> None:
    """Eight of ten right are 80 %, though one minus 0.8 is a little less than 0.2."""
    right, confidences = arrays(*((1 - n / 100, n not in {0, 1}) for n in range(10)))
    assert find_coverage(right, confidences, 0.8) == 1
    assert find_coverage(right, confidences, 0.9) == 0
    figures = measure(answered(*((1 - n / 100, n not in {0, 1}) for n in range(10))), 0.5)
    assert (figures["coverage_80"], figures["coverage_90"]) == (1, 0)


def test_the_order_of_the_file_made_equally_sure_answers_look_ranked() -> None:
    """No threshold parts answers that are equally sure, so that their order changes nothing."""
    right, confidences = arrays((0.5, True), (0.9, True), (0.5, False), (0.5, False))
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 1, 3]):
        curve = find_curve(right[order], confidences[order])
        assert curve.tolist() == pytest.approx([0, 1 / 3, 4 / 9, 1 / 2])
        assert find_coverage(right[order], confidences[order], 0.6) == 0.25
        assert find_coverage(right[order], confidences[order], 0.5) == 1


def test_calibration_error() -> None:
    """The gaps between what was said and what was, weighted by how many answers each bin has."""
    answers = [(0.95, True), (0.93, False), (1.0, True), (0.2, False), (0.0, False)]
    assert find_bins(*arrays(*answers)) == [
        (0.0, 0.0, 1),
        (0.2, 0.0, 1),
        (pytest.approx(0.96), pytest.approx(2 / 3), 3),
    ]
    assert measure(answered(*answers), 0.5)["calibration_error"] == pytest.approx((0.2 + 3 * (0.96 - 2 / 3)) / 5)


def refit(*answers: tuple[float, bool]) -> tuple[float, float]:
    """Return what a new fit would multiply and add."""
    figures = measure(answered(*answers), 0.5)
    return figures["refit_slope"], figures["refit_intercept"]


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (1.5, -0.7), (0.4, 1.0)])
def test_a_new_fit_finds_what_the_answers_were_drawn_from(slope: float, intercept: float) -> None:
    """Of 4,000 answers right with the probability of a logistic, slope and intercept come out within 0.12."""
    drawn = np.random.default_rng(0)
    odds = drawn.normal(0, 2, 4000)
    right = drawn.random(4000) < 1 / (1 + np.exp(-slope * odds - intercept))
    confidences = 1 / (1 + np.exp(-odds))
    found = refit(*zip(confidences.tolist(), right.tolist(), strict=True))
    assert found == pytest.approx((slope, intercept), abs=0.12)


def test_a_new_fit_of_one_confidence() -> None:
    """Half of the answers at even odds right changes nothing; at log-odds of x slope - 1 is x times the intercept."""
    assert refit((0.5, True), (0.5, False)) == pytest.approx((1, 0), abs=1e-9)
    slope, intercept = refit(*[(0.9, True), (0.9, False)] * 500)
    assert slope - 1 == pytest.approx(math.log(9) * intercept)
    assert slope * math.log(9) + intercept == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    "answers",
    [
        [(0.9, True)],
        [(1.0, True)] * 50,
        [(1.0, False)] * 50,
        [(0.0, True)] * 50,
        [(1.0, True), (1.0, False)] * 50,
        [(0.9, True), (0.8, True), (0.2, False)] * 50,  # a line parts right from wrong
        [(0.6, True)] * 200 + [(0.59, False)] * 200,
        [(1.0, True)] * 200 + [(0.0, False)] * 200,
        [(1.0, True)] * 200 + [(0.0, False)] * 200 + [(1.0, False), (0.0, True)],
        [(0.01, True)] * 100 + [(0.99, False)] * 100,
    ],
)
def test_a_new_fit_ran_away(answers: list[tuple[float, bool]]) -> None:
    """A new fit of answers that are as sure as can be, or parted by a line, has a slope and not 247,297."""
    slope, intercept = refit(*answers)
    assert abs(slope) < 10
    assert abs(intercept) < 10
    odds = [slope * math.log(max(c, 1e-9) / max(1 - c, 1e-9)) + intercept for c, _ in answers]
    before = [math.log(max(c, 1e-9) / max(1 - c, 1e-9)) for c, _ in answers]
    assert loss(odds, answers) <= loss(before, answers) + 1e-6  # it mends


def loss(odds: Sequence[float], answers: Sequence[tuple[float, bool]]) -> float:
    """Return what the answers cost at these log-odds."""
    return float(sum(np.logaddexp(0, -o if right else o) for o, (_, right) in zip(odds, answers, strict=True)))


texts = st.lists(st.sampled_from(["the", "cat", "Cat's", "dog,", "naïve", "北京", "5,000", "—"])).map(" ".join)
words = st.lists(st.sampled_from(["the cat", "cat", "dog", "ran"]), max_size=3).map(" ".join)
shares = st.floats(0, 1)
outcome_lists = st.lists(
    st.builds(
        Outcome, st.lists(words.filter(bool), max_size=2), words, st.sampled_from([0.0, 0.3, 0.5, 1.0]) | shares,
        words, st.floats(0, 1e4),
    ),
    min_size=1,
)  # fmt: skip


@given(texts, texts)
def test_f1_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    """F1 is 0 to 1, 1 for a text and itself, and does not ask which is the label."""
    assert 0 <= f1(one, other) == f1(other, one) <= 1
    assert f1(one, one) == 1
    assert f1(one, other) == f1(normalise(one), normalise(other))


@given(outcome_lists, shares)
def test_no_threshold_is_better_than_the_best(outcomes: list[Outcome], threshold: float) -> None:
    """F1 at any threshold is at most F1 at its best one, and at least exact match."""
    figures = measure(outcomes, threshold)
    assert figures["exact"] <= figures["f1"] + 1e-9
    assert figures["f1"] <= find_best_f1(outcomes) + 1e-9


@given(outcome_lists, shares)
def test_shares_are_shares(outcomes: list[Outcome], threshold: float) -> None:
    """All figures but the counts, the times and the new fit are 0 to 1, or nan."""
    others = {"questions", "answerable", "quote_words", "refit_slope", "refit_intercept", "ms_p50", "ms_p95"}
    figures = {key: value for key, value in measure(outcomes, threshold).items() if key not in others}
    assert all(math.isnan(value) or -1e-9 <= value <= 1 + 1e-9 for value in figures.values()), figures


@given(st.lists(st.tuples(shares, st.booleans()), min_size=1), shares, shares, st.randoms())
def test_coverage_falls_as_accuracy_rises(
    answers: list[tuple[float, bool]], one: float, other: float, random: Random
) -> None:
    """More accuracy never allows more coverage, all is covered at none; order never matters to risk and coverage."""
    low, high = sorted((one, other))
    assert find_coverage(*arrays(*answers), low) >= find_coverage(*arrays(*answers), high)
    assert find_coverage(*arrays(*answers), 0) == 1
    assert 0 <= find_risk_area(*arrays(*answers)) <= 1
    shuffled = random.sample(answers, len(answers))
    assert find_risk_area(*arrays(*shuffled)) == pytest.approx(find_risk_area(*arrays(*answers)))
    assert find_coverage(*arrays(*shuffled), high) == find_coverage(*arrays(*answers), high)
