"""Misspelt words of a question, mended by the words of the passages."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.talk.spelling
from qa.talk.spelling import count_slips, known_words, mend_spelling

PASSAGES = [
    "NAIROBI: Japanese Ambassador Ken Okaniwa met Governor Anyang' Nyong'o on Tuesday. They attended the opening of "
    "a hospital with 120 beds.",
    "The ambassador said that the government would build roads, and José Müller praised cooperation.",
]
KNOWN = {*"who met the when was what name said about minister karl important invent build year has cars".split()}  # noqa: SIM905


def mend(question: str) -> str:
    """Mend with the passages of these tests."""
    return mend_spelling(question, PASSAGES, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("question", "mended"),
    [
        ("who is the ambasador", "who is the ambassador"),  # left out
        ("who is the ambasssador", "who is the ambassador"),  # doubled
        ("who is the amabssador", "who is the ambassador"),  # swapped
        ("who is the ambassadir", "who is the ambassador"),  # replaced
        ("Who is the AMBASADOR?", "Who is the ambassador?"),
        ("the amabssadro's name", "the ambassador's name"),  # two slips in a long word
        ("Who is Ken Okanwia?", "Who is Ken Okaniwa?"),
        ("the ken okanwia visit", "the ken Okaniwa visit"),  # a name gets its capital
        ("what did the goverment say", "what did the government say"),
        ("hosptial-beds, bdes, bedds", "hospital-beds, beds, beds"),
        ("jose mueller, josé muler", "jose Müller, josé Müller"),
        ("whoattended theopening", "who attended the opening"),
        ("themhospital whois ashospital", "themhospital who is as hospital"),
        ("japaneseambassador name", "Japanese ambassador name"),
    ],
)
def test_mended(question: str, mended: str) -> None:
    """A word that nobody knows becomes the one that it is near to, or the two that it is made of."""
    assert mend(question) == mended


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "Who met the governor when?",
        "ambassador name",
        "Who is the minister?",  # known, and in no passage
        "Who governs?",  # other forms of words of the passages
        "hospitalised hospitals hospitalization cooperative cooperating",
        "jose muller",  # without accents
        "Who is Karl?",
        "Who is Bospital?",  # first letters are hardly ever wrong
        "Kenn",  # of three letters is what it is near to
        "ambaxxxdor",  # three slips
        "bets beks",  # one of four letters replaced is another word
        "roaxx",  # two slips in a short word
        "Okaniwa7 x@ambasador.org #ambasador @ambasador ambasador2 www.ambasador.org snake_ambasador",
        "unimportant",
        "a kenian road, japanesei",
        "outbuild overmet",
        "大使はだれですか вопрос سفیر کون ہے",
    ],
)
def test_left_alone(question: str) -> None:
    """What is known, in the passages, another name, an address, or too far from all stays as it is."""
    assert mend(question) == question


def test_two_words_as_near() -> None:
    """What could be either of two words is neither."""
    assert mend_spelling("the ministr", ["The minister left the ministry."], KNOWN.__contains__) == "the ministr"
    assert mend_spelling("the ministr", ["The minister left."], lambda _: False) == "the minister"


def test_two_ways_to_cut() -> None:
    """Words that can be cut in two ways are not cut."""
    passages = ["The theme of the meeting was the bar tender."]
    assert mend_spelling("wastheme themeeting", passages, lambda _: False) == "was theme the meeting"
    assert mend_spelling("bartender", passages, lambda _: False) == "bar tender"
    assert mend_spelling("bartender", [*passages, "Bart Ender"], lambda _: False) == "bartender"


def test_no_passages() -> None:
    """Without passages there is nothing to mend with but the words that are run together everywhere."""
    assert mend_spelling("who is the ambasador", [], KNOWN.__contains__) == "who is the ambasador"


def test_asked_only_of_words_that_no_passage_has() -> None:
    """A question in the passages' words does not read the vocabulary."""
    asked: list[str] = []

    def known(word: str) -> bool:
        asked.append(word)
        return True

    assert mend_spelling("hospital governor", PASSAGES, known) == "hospital governor"
    assert asked == []
    mend_spelling("Minister of the Hospital, who has 4 cars", PASSAGES, known)
    assert asked == ["minister", "cars"]


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "abbc", 1),
        ("abc", "axc", 1),
        ("abc", "bc", 1),
        ("ca", "abc", 3),
        ("abcdef", "badcfe", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_count_slips(one: str, other: str, slips: int) -> None:
    """Letters left out, added, replaced, and swapped, each of them once."""
    assert count_slips(one, other) == count_slips(other, one) == slips


@given(st.text(alphabet="abc", min_size=6, max_size=11), st.integers(0, 10_000), st.integers(1, 2))
def test_all_near_words_are_found(word: str, seed: int, count: int) -> None:
    """Whatever the slips behind the first letter: no word that is near enough is missed, and no other is found."""
    chance, slipped = random.Random(seed), word  # noqa: S311
    for _ in range(count):
        place = chance.randrange(1, len(slipped))
        slipped = slipped[:place] + chance.choice(["", "x", slipped[place] + "x"]) + slipped[place + 1 :]
    slips = count_slips(slipped, word)
    is_near = slips <= (2 if len(slipped) >= 8 else 1)
    assert qa.talk.spelling._Passages([word]).find_near(slipped) == ((slips, word) if is_near else None)


@given(st.text(), st.text())
def test_any_text(question: str, passage: str) -> None:
    """Any question and passage are taken, and a question in the passage's own words stays."""
    mend_spelling(question, [passage], lambda _: False)
    words = " ".join(word for word in passage.split() if word.isascii())
    assert mend_spelling(words, [words], lambda _: False) == words


def measure(question: str, passages: list[str], known: Callable[[str], bool]) -> float:
    """Return the shortest of three times in seconds."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        mend_spelling(question, passages, known)
        times.append(time.perf_counter() - started)
    return min(times)


def test_time() -> None:
    """The longest question, of nothing but garbage or slips, takes little time."""
    chance = random.Random(1)  # noqa: S311
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randrange(2, 13))) for _ in range(1_200)]
    garbage = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz    ", k=1_000))
    slips = " ".join(word[:2] + word[3:] for word in words)[:1_000]
    same = [" ".join("a" + "".join(chance.sample("bcdefghij", 9)) for _ in range(1_200))]
    for question, passages in [
        (garbage, [" ".join(words)]),
        (slips, [" ".join(words)]),
        (same[0][::-1][:1_000], same),
        ("a" * 1_000, same),
        ("🙂" * 4_096, same),
        ("a" * 100_000, same),
        ("abcd." * 20_000, same),
        ("abcd5" * 20_000, same),
    ]:
        assert (
            measure(question, passages, lambda _: False) < 0.5
        )  # .02 at most with words as they are, .1 with anagrams of one word


@pytest.mark.parametrize("word", ["minister", "attended", "who", "ambassador", "doesn", "earthquake", "pakistan"])
def test_known_words(word: str) -> None:
    """The shipped vocabulary knows ordinary words and well-known names."""
    assert known_words()(word)


@pytest.mark.parametrize("word", ["", "ambasador", "goverment", "attneded", "##ing", "[SEP]", "okaniwa", "42"])
def test_unknown_words(word: str) -> None:
    """It knows no misspelt words, no pieces and no marks."""
    assert not known_words()(word)


def test_vocabulary_is_read_late_and_once() -> None:
    """Making the function reads nothing; a question of known words reads it once."""
    qa.talk.spelling._read_vocabulary.cache_clear()
    known = known_words()
    assert qa.talk.spelling._read_vocabulary.cache_info().misses == 0
    assert known("who")
    assert known("met")
    assert known_words()("the")
    assert qa.talk.spelling._read_vocabulary.cache_info().misses == 1
