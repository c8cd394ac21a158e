"""What a question means after those before it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.english.people import find_people
from qa.talk.followup import Meaning, complete, find_meaning
from qa.talk.mentions import Context
from qa.talk.words import split_words

TEXT = (
    "Mayor Ann Smith said on Monday that the old bridge in Oslo is closed. She promised repairs. "
    "Governor Bob Jones said he agreed."
)
PEOPLE = find_people(TEXT)
SMITH = "Mayor Ann Smith said on Monday that the old bridge in Oslo is closed."
BRIDGE = Context(
    "What did Ann Smith say about the bridge?",
    "the old bridge in Oslo is closed",
    (SMITH,),
    "Bridge in Oslo is closed until further notice",
    PEOPLE,
)
TEAM = find_people("Coach Tim Brown praised striker Leo Marsh. Brown said he won. Marsh said he is fit.")
PRAISE = Context("Who spoke?", "Tim Brown and Leo Marsh", ("Tim Brown and Leo Marsh spoke.",), "", TEAM)


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("How old is she?", "How old is Ann Smith?"),
        ("What is her job?", "What is Ann Smith's job?"),
        ("What is her job, Smith?", "What is Ann Smith's job?"),
        ("When did the mayor's car hit her?", "When did the mayor's car hit Ann Smith?"),
        ("Is it closed?", "Is the bridge closed?"),
        ("who lives there?", "who lives in Oslo?"),
        ("Was she there too?", "Was Ann Smith in Oslo too?"),
        ("Who built this bridge?", "Who built the bridge?"),
        ("Who said that?", "Who said “the old bridge in Oslo is closed”?"),
        ("and who thinks so", "Who said “the old bridge in Oslo is closed”?"),
        ("Why?", "Why did Ann Smith say that about the bridge?"),
        ("And when?", "When did Ann Smith say that about the bridge?"),
        ("What else did she say?", "What else did Ann Smith say?"),
        ("tell me more", "What about the bridge?"),
        ("And the governor?", "What did Bob Jones say about the bridge?"),
        ("and Bob Jones?", "What did Bob Jones say about the bridge?"),
        ("what about the dam?", "What did Ann Smith say about the dam?"),
        ("no, the governor", "What did Bob Jones say about the bridge?"),
        ("sorry, I meant Bob Jones", "What did Bob Jones say about the bridge?"),
        ("no, how old is she?", "how old is Ann Smith?"),
        ("the governor. what did he say", "what did the governor say"),
    ],
)
def test_made_whole(question: str, whole: str) -> None:
    """A follow-up has one meaning: a whole question in which what was named before is named."""
    meaning = find_meaning(question, [BRIDGE])
    assert (meaning.questions, meaning.follows) == ((whole,), True)


@pytest.mark.parametrize(
    "question",
    [
        "What did the mayor of Paris say?",
        "What did Beyoncé say about her album?",
        "Is it true that the bridge collapsed?",
        "How long does it take to reach Mars?",
        "Rather than a tax, what did the senate propose?",
        "Who sold his company?",
        "In which city that hosted the Games did the fire start?",
        "When did the dam break?",
        "the private sector",
        "exports",
    ],
)
@pytest.mark.parametrize("turns", [(), (BRIDGE,), (PRAISE, BRIDGE)])
def test_left_alone(question: str, turns: tuple[Context, ...]) -> None:
    """A question that stands alone means itself, whatever was said before."""
    assert find_meaning(question, turns) == Meaning((question,))


@pytest.mark.parametrize("question", ["And when?", "Why?", "How old is she?", "what else?", "And taxes?", "more"])
def test_nothing_to_follow(question: str) -> None:
    """Before the first turn a follow-up means nothing."""
    assert find_meaning(question, []).questions == ()


@pytest.mark.parametrize(
    ("question", "whole"), [("no, the mayor", "the mayor"), ("the mayor. what did she say", "what did the mayor say")]
)
def test_it_says_what_it_means(question: str, whole: str) -> None:
    """Before the first turn, what a message itself names is meant."""
    assert find_meaning(question, []) == Meaning((whole,))


def test_two_are_as_likely() -> None:
    """A pronoun that may be either of two people makes two questions."""
    meaning = find_meaning("How old is he?", [PRAISE])
    assert meaning.questions == ("How old is Tim Brown?", "How old is Leo Marsh?")
    assert meaning.follows


def test_a_name_settles_it() -> None:
    """A name behind the question says who of the two is meant."""
    assert find_meaning("How old is he, Marsh?", [PRAISE]).questions == ("How old is Leo Marsh?",)


@pytest.mark.parametrize("question", ["what else?", "tell me more", "Who else spoke?", "And what else did she say?"])
def test_more(question: str) -> None:
    """What asks for more does not want what was said."""
    assert find_meaning(question, [BRIDGE]).more


@pytest.mark.parametrize(("question", "loosely"), [("Who built this bridge?", True), ("Who built it?", False)])
def test_loosely(question: str, *, loosely: bool) -> None:
    """A question about "this bridge" may as well stand alone."""
    assert find_meaning(question, [BRIDGE]).loosely is loosely


def test_nobody_is_she() -> None:
    """A pronoun that nothing before can be stays, and the question still follows."""
    assert find_meaning("How old is he?", [BRIDGE]) == Meaning(("How old is he?",), follows=True)


def test_complete() -> None:
    """Bare words are set into the question before, if that is asked for."""
    assert complete("the dam", [BRIDGE]) == Meaning(("What did Ann Smith say about the dam?",), follows=True)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            sorted(
                split_words("and so what who when is did she he it they that else no sorry the Ann mayor , ? “ ' 2")
            )
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_words(words: list[str]) -> None:
    """Any words mean at most three questions, each once and none of them empty, before the first turn and after."""
    for turns in ([], [PRAISE]):
        questions = find_meaning(f"tell {' '.join(words)}", turns).questions
        assert len(questions) == len(set(questions)) <= 3
        assert all(question.strip() for question in questions)


@pytest.mark.parametrize(
    "text",
    [
        "no " * 333,
        "no, " * 250,
        "what " * 200,
        "A" * 1000,
        "it " * 333,
        "“" * 1000,
        "the " * 250,
        "she said that " * 71,
    ],
    ids=lambda text: text[:12],
)
def test_long(text: str) -> None:
    """A question as long as they may be is understood in no time, and so is one behind it."""
    started = time.process_time()
    find_meaning(text, [BRIDGE, PRAISE])
    find_meaning("Why?", [Context(text, text, (text,), text, PEOPLE)])
    find_meaning("What did she say about it?", [Context(text, text, (text,), text, PEOPLE)])
    assert time.process_time() - started < 0.2
