"""What a pronoun in the next question may mean."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.english.people import find_people
from qa.talk.mentions import Context, find_capitals, find_meant, find_named, find_topic_phrase

TEXT = (
    "Mayor Ann Smith said on Monday that the old bridge in Oslo is closed. She promised repairs. "
    "Governor Bob Jones said he agreed. Coach Tim Brown and striker Leo Marsh spoke. Marsh said he is fit."
)
PEOPLE = find_people(TEXT)
SMITH = "Mayor Ann Smith said on Monday that the old bridge in Oslo is closed."
HEADLINE = "Old bridge in Oslo is closed until further notice"


def make_turn(question: str, answer: str = "", quote: str = "", title: str = HEADLINE) -> Context:
    return Context(question, answer, (quote,) if quote else (), title, PEOPLE)


BRIDGE = make_turn("What did Ann Smith say about the bridge?", "the old bridge in Oslo is closed", SMITH)
SUMMIT = Context("Where was the summit?", "in Geneva", ("The summit was in Geneva.",), "", ())


@pytest.mark.parametrize(
    ("pointer", "turn", "meant"),
    [
        ("she", BRIDGE, ["Ann Smith"]),
        ("he", BRIDGE, []),
        ("it", BRIDGE, ["the bridge", "Oslo"]),
        ("that", BRIDGE, ["the bridge"]),
        ("there", BRIDGE, ["Oslo"]),
        ("there", SUMMIT, ["the summit", "Geneva"]),
        ("it", SUMMIT, ["the summit", "Geneva"]),
        ("he", make_turn("Who is the coach?", "Tim Brown", "Coach Tim Brown and striker Leo Marsh spoke."),
         ["Tim Brown", "Leo Marsh"]),
        ("they", make_turn("Did Tim Brown meet Leo Marsh?"), ["Tim Brown and Leo Marsh"]),
        ("they", make_turn("What did the police say about the protesters?"), ["the protesters"]),
        ("it", make_turn("Who voted for the bill?", "Ann Smith"), ["the bill"]),
        ("it", make_turn("Which club did Marsh join?", "Ajax"), ["Ajax"]),
        ("that", make_turn("Which tax did they cut?", "the fuel tax"), ["the fuel tax"]),
        ("that", make_turn("When was this article published?", "15 May 2024"), ["the article"]),
        ("she", make_turn("When did the dam break?", "on Monday"), []),
        ("there", make_turn("Where was Marsh born?", "Ghent"), ["Ghent"]),
        ("there", make_turn("When was the match in Lyon?", "on Sunday"), ["the match", "Lyon"]),
    ],
)  # fmt: skip
def test_meant(pointer: str, turn: Context, meant: list[str]) -> None:
    """People are "he" or "she" as the article calls them, things "it", places "there", the likeliest first."""
    assert [mention.text for mention in find_meant(pointer, "What?", [turn])] == meant


def test_nothing_before() -> None:
    """Before the first turn nothing is meant."""
    assert [find_meant(pointer, "What?", []) for pointer in ("he", "she", "it", "they", "that", "there")] == [[]] * 6


def test_the_last_turn_first() -> None:
    """Who was named last is likelier than who was named before, and each is named once."""
    brown = make_turn("Who is the coach?", "Tim Brown")
    marsh = make_turn("Who is the striker?", "Leo Marsh")
    assert [m.text for m in find_meant("he", "How old is he?", [brown, marsh])] == ["Leo Marsh", "Tim Brown"]
    assert [m.text for m in find_meant("he", "How old is he?", [marsh, brown])] == ["Tim Brown", "Leo Marsh"]
    assert [m.text for m in find_meant("he", "How old is he?", [brown, brown])] == ["Tim Brown"]


def test_who_was_asked_for() -> None:
    """The answer to "who" is likelier than whom the question names."""
    asked = make_turn("Who praised Leo Marsh?", "Tim Brown")
    assert [mention.text for mention in find_meant("he", "Why?", [asked])] == ["Tim Brown", "Leo Marsh"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Smith and Jones", ["Ann Smith", "Bob Jones"]),
        ("the governor met the mayor", ["Bob Jones", "Ann Smith"]),
        ("what did ann say", ["Ann Smith"]),
        ("TIM BROWN?", ["Tim Brown"]),
        ("Smithson and Brownlow", []),
        ("Who is a mayor?", []),
        ("", []),
    ],
)
def test_named(text: str, names: list[str]) -> None:
    """People are named by any part of their names or by what they are called, in the text's order."""
    assert [person.name for person in find_named(text, PEOPLE)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who is Ann Smith?", ["Ann Smith"]),
        ("What is the Bank of England?", ["Bank of England"]),
        ("Did Bob Jones hear Ludwig van Beethoven in Oslo?", ["Bob Jones", "Ludwig van Beethoven", "Oslo"]),
        ("IBM bought Red Hat", ["IBM", "Red Hat"]),
        ("Why did the dam break?", []),
        ("exports", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    """Names are runs of capitals, without the word that only opens the sentence."""
    assert [found.group() for found in find_capitals(text)] == names


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did she say about US firms?", "US firms"),
        ("What about taxes?", "taxes"),
        ("the talks regarding fishing quotas?", "fishing quotas"),
        ("What did he say about it?", None),
        ("What happened on Monday?", None),
        ("Was it about 50?", None),
        ("about", None),
        ("Who won?", None),
    ],
)
def test_topic(question: str, topic: str | None) -> None:
    """What stands behind "about" is a topic; a pronoun, a day and a number are none."""
    assert find_topic_phrase(question) == topic


@settings(deadline=None)
@given(st.text(max_size=150), st.sampled_from(["he", "she", "it", "they", "that", "there"]))
def test_any_text(text: str, pointer: str) -> None:
    """Whatever was said before, what is meant has words, each once, the likeliest first."""
    meant = find_meant(pointer, text, [make_turn(text, text, text, text), make_turn(text)])
    assert all(mention.text.strip() for mention in meant)
    assert len({mention.text for mention in meant}) == len(meant)
    assert [m.weight for m in meant] == sorted((m.weight for m in meant), reverse=True)


@pytest.mark.parametrize(
    "text", ["Aa " * 333, "the Aa " * 142, "about " * 166, "in the Aa " * 100, "Aa's " * 200, "A" * 1000, "“" * 1000]
)
@pytest.mark.parametrize("pointer", ["she", "it", "they", "there"])
def test_long(text: str, pointer: str) -> None:
    """A turn as long as they may be is searched in no time."""
    started = time.process_time()
    find_meant(pointer, text, [make_turn(text, text)])
    assert time.process_time() - started < 0.2
