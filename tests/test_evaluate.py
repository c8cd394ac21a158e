"""Labelled questions asked: what is read closed and open, where the right passage ranks, what cannot be asked."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import SentenceReader, WordEmbedder
from squads import Paragraphs, write_lines, write_squad

from qa import QA, Article, evaluate
from qa.calibration import Fit
from qa.errors import ArticleError

CATS = "The cat sat on the mat. A bird sang in the tree."
DOGS = "The dog chased the red ball. The dog slept."
ZOO = "Where sat the cat, and which dog chased? Nobody knows."

ASKED: dict[str, Paragraphs] = {
    "Cats": [(CATS, {"Where sat the cat?": ["on the mat", "the mat"], "Which bird flew?": []})],
    "Dogs": [(DOGS, {"What chased the dog?": ["The dog chased the red ball"]})],
}
MORE: dict[str, Paragraphs] = {"Zoo": [(ZOO, {"Who knows?": ["Nobody"]})], "Rain": [("It rained.", {})]}


@pytest.fixture(autouse=True)
def _plain_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the question's words in a sentence make a confidence near 1, half of them 0.5, none near 0."""
    monkeypatch.setattr("qa.answering.find_fit", lambda *_: Fit(slope=1.0, intercept=0.0, data=""))


@pytest.fixture
def library(folder: Path) -> Iterator[QA]:
    """An empty library that refuses nothing."""
    with QA.open(folder, model=WordEmbedder(), reader=SentenceReader(), max_words=100, min_confidence=0.0) as qa:
        yield qa


def prepare(
    file: Path,
    *,
    setting: str = "both",
    whole_articles: bool = False,
    distractors: Path | None = None,
    distractor_articles: int = 1,
    questions: int | None = None,
    only: Sequence[str] = (),
) -> evaluate.Test:
    return evaluate.prepare(
        file,
        setting=setting,
        whole_articles=whole_articles,
        distractors=distractors,
        distractor_articles=distractor_articles,
        questions=questions,
        only=only,
    )


def ignore(label: str, done: int, total: int) -> None:
    """Take no notice of progress."""


def test_closed_and_open(tmp_path: Path, library: QA) -> None:
    """Closed, a question is read with its own paragraph; open, a sentence elsewhere can take its answer."""
    file = write_squad(tmp_path / "a.json", ASKED)
    test = prepare(file, distractors=write_squad(tmp_path / "b.json", MORE))
    told: list[tuple[str, int, int]] = []
    outcomes = evaluate.ask(library, test, "both", lambda *progress: told.append(progress))
    assert [article.text for article in library.articles()] == [CATS, DOGS, ZOO]
    assert [[outcome.text for outcome in outcomes[setting]] for setting in ("closed", "open")] == [
        ["The cat sat on the mat.", "A bird sang in the tree.", "The dog chased the red ball."],
        ["Where sat the cat, and which dog chased?", "A bird sang in the tree.", "The dog chased the red ball."],
    ]
    assert [outcome.answers for outcome in outcomes["open"]] == [
        ["on the mat", "the mat"],
        [],
        ["The dog chased the red ball"],
    ]
    closed, wrong = outcomes["closed"][0], outcomes["open"][0]
    assert (closed.quote, closed.cites_place, closed.first_is_right) == ("The cat sat on the mat.", True, True)
    assert (wrong.cites_place, wrong.first_is_right, wrong.quote_has_answer) == (False, False, False)
    assert [round(outcome.confidence, 3) for outcome in outcomes["closed"]] == [1.0, 0.5, 1.0]
    assert [outcome.exact for outcome in outcomes["closed"]] == [0, 0, 1]
    assert all(outcome.ms > 0 for outcome in outcomes["open"])
    assert told == [(f"{setting}: question", n, 3) for setting in ("closed", "open") for n in range(3)]


@pytest.mark.parametrize(("setting", "articles"), [("closed", 0), ("open", 2)])
def test_one_setting(tmp_path: Path, library: QA, setting: str, articles: int) -> None:
    """Closed alone fills no library."""
    test = prepare(write_squad(tmp_path / "a.json", ASKED), setting=setting)
    assert list(evaluate.ask(library, test, setting, ignore)) == [setting]
    assert len(library.articles()) == articles


def test_one_article(tmp_path: Path) -> None:
    """Only its questions are asked, and the others are in the library all the same."""
    file = write_squad(tmp_path / "a.json", ASKED)
    test = prepare(file, only=["Dogs"])
    assert [case.question.text for case in test.cases] == ["What chased the dog?"]
    assert len(test.articles) == 2
    with pytest.raises(ArticleError, match=r"a\.json: no article with the title 'Cows'$"):
        prepare(file, only=["Dogs", "Cows"])


def test_ranks(tmp_path: Path, library: QA) -> None:
    """The right passage's place by vectors, by words, by both; only of questions with an answer, only open."""
    file = write_squad(
        tmp_path / "a.json",
        {
            "A": [
                ("red ball ball", {"red ball?": ["red"]}),
                ("red red red ball ball ball", {}),
                ("sleepy dog", {"why this sleepy cat?": ["dog"], "why?": []}),
                ("why is this so very odd now", {}),
            ]
        },
    )
    outcomes = evaluate.ask(library, prepare(file), "both", ignore)
    assert [outcome.ranks for outcome in outcomes["closed"]] == [{}, {}, {}]
    balls, sleepy, why = (outcome.ranks for outcome in outcomes["open"])
    assert balls["vectors"] == 2  # equal parts of red and ball are nearer to the question
    assert sleepy == {"vectors": 2, "words": 1, "both": 1}  # "why this" are two words in common, but say nothing
    assert why == {}


def test_a_passage_without_the_questions_words_was_found_by_its_words(tmp_path: Path, library: QA) -> None:
    """A passage that has none of the question's words is not found by words, though vectors bring it up."""
    file = write_squad(tmp_path / "a.json", {"A": [("dogs", {"one cat?": ["dogs"]}), ("red hens", {}), ("one", {})]})
    (outcome,) = evaluate.ask(library, prepare(file), "open", ignore)["open"]
    assert outcome.ranks == {"vectors": 2, "words": math.inf, "both": 2}


def test_whole_articles(tmp_path: Path, folder: Path) -> None:
    """Articles are their paragraphs joined, answers stand in them where they should, closed reads paragraphs."""
    paragraphs = [(CATS, {}), (DOGS, {"What chased the dog?": ["red ball"]}), (ZOO, {"Who knows?": ["Nobody"]})]
    file = write_squad(tmp_path / "a.json", {"All": paragraphs})
    test = prepare(file, whole_articles=True)
    (article,) = test.articles
    assert (article.text, article.title) == (f"{CATS}\n\n{DOGS}\n\n{ZOO}", "All")
    for case, label in zip(test.cases, ("red ball", "Nobody"), strict=True):
        ((start, end),) = case.question.places
        assert article.text[start + case.shift : end + case.shift] == label
        assert case.is_at(article, end + case.shift - 1, end + case.shift)
        assert not case.is_at(article, end + case.shift, len(article.text))
        assert case.paragraph is not None
        assert not case.is_at(case.paragraph, start, end)
    with QA.open(folder, model=WordEmbedder(), reader=SentenceReader(), max_words=8, min_confidence=0.0) as qa:
        outcomes = evaluate.ask(qa, test, "both", ignore)
    assert [outcome.text for outcome in outcomes["closed"]] == ["The dog chased the red ball.", "Nobody knows."]
    assert [outcome.cites_place for outcome in outcomes["open"]] == [True, True]
    assert [outcome.ranks["both"] for outcome in outcomes["open"]] == [1, 1]
    assert (test.max_words, test.closed_words) == (120, 100_000)
    assert prepare(file).max_words == 100_000


def test_lines_ask_the_library(tmp_path: Path, library: QA, seed: Article) -> None:
    """Questions that name no article are asked of the articles that the library has, and have no ranks."""
    library.add(seed)
    file = write_lines(
        tmp_path / "a.jsonl", {"question": "Who met Shaza Fatima Khawaja?", "answers": ["Donald Blome"]}
    )
    test = prepare(file)
    assert test.articles == []
    outcomes = evaluate.ask(library, test, "both", ignore)
    assert list(outcomes) == ["open"]
    (outcome,) = outcomes["open"]
    assert outcome.quote_has_answer
    assert (outcome.cites_place, outcome.first_is_right, outcome.ranks) == (False, False, {})


def test_an_empty_library(tmp_path: Path, library: QA) -> None:
    """Where there is nothing to read, the answer is empty and sure of nothing."""
    file = write_lines(tmp_path / "a.jsonl", {"question": "Who?", "answers": ["Ann"]})
    (outcome,) = evaluate.ask(library, prepare(file), "open", ignore)["open"]
    assert (outcome.text, outcome.confidence, outcome.quote, outcome.right) == ("", 0.0, "", False)


def test_lines_with_articles(tmp_path: Path, library: QA) -> None:
    """An article has its head read as one that is added has, and is cut into passages closed and open."""
    text = "LAHORE, May 5, 2024: The river rose. " + "It rained again. " * 60
    file = write_lines(
        tmp_path / "a.jsonl",
        {"question": "What rose?", "answers": ["The river"], "article": text},
        {"question": "Who rules?", "answers": []},
    )
    test = prepare(file)
    (article,) = test.articles
    assert (article.place, article.date, article.body_start) == ("LAHORE", dt.date(2024, 5, 5), 21)
    assert (test.max_words, test.closed_words) == (120, 120)
    outcomes = evaluate.ask(library, test, "both", ignore)
    assert [outcome.text for outcome in outcomes["closed"]] == ["The river rose."]
    rose, rules = outcomes["open"]
    assert (rose.text, rose.cites_place, rules.answers) == ("The river rose.", True, [])


def test_a_sample_was_in_the_order_of_its_kinds(tmp_path: Path) -> None:
    """At most so many of each kind, in the file's order, the same ones at every run."""
    asked = {f"Question {n}?": ["cat"] if n % 3 else [] for n in range(30)}
    file = write_squad(tmp_path / "a.json", {"Cats": [(CATS, asked)]})
    cases = prepare(file, questions=4).cases
    assert cases == prepare(file, questions=4).cases
    assert [bool(case.question.answers) for case in cases].count(True) == 4
    assert len(cases) == 8
    numbers = [int(case.question.text.split()[1][:-1]) for case in cases]
    assert numbers == sorted(numbers)
    assert [case.question.text for case in prepare(file, questions=99).cases] == list(asked)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, "no question with an answer in it, so there is nothing to measure"),
        ({"Who?": []}, "no question with an answer in it, so there is nothing to measure"),
        ({"What sat?": ["The cat"], "?!": []}, "'?!': the question has no words in it; ask something like: "),
    ],
)
def test_questions_that_cannot_be_measured(tmp_path: Path, asked: dict[str, list[str]], why: str) -> None:
    """A file with nothing to measure, or with a question that cannot be asked, is told before anything is asked."""
    file = write_squad(tmp_path / "a.json", {"Cats": [(CATS, asked)]})
    with pytest.raises(ArticleError) as raised:
        prepare(file)
    assert str(raised.value).startswith(f"{file}: {why}")


def test_questions_without_articles(tmp_path: Path) -> None:
    """They cannot be read closed, nor asked among distractors: both would silently be something else."""
    file = write_lines(tmp_path / "a.jsonl", {"question": "Who?", "answers": ["Ann"]})
    with pytest.raises(ArticleError, match=r"a\.jsonl: its questions name no article that they could be read with"):
        prepare(file, setting="closed")
    with pytest.raises(ArticleError, match=r"a\.jsonl: its questions name no article, so .*b\.json cannot be put"):
        prepare(file, distractors=write_squad(tmp_path / "b.json", MORE))
