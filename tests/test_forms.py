"""What a question is to those before it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.talk.forms import Shape, find_form

LONG = (
    "and " * 250,
    "no " * 333,
    "no, " * 250,
    "what " * 200,
    "A" * 1000,
    "it " * 333,
    "“" * 1000,
    "'\"" * 500,
    "the " * 250,
    "i mean " * 142,
    ", i mean" * 125,
    "by what " * 125,
    "who else " * 111,
    "when was it that " * 58,
    "not that one " * 77,
    "tell me more about " * 52,
)


@pytest.mark.parametrize(
    "question",
    [
        "What did Beyoncé say about her album?",
        "Is it true that the bridge collapsed?",
        "How long does it take to reach Mars?",
        "What's IT good for?",
        "Rather than a tax, what did the senate propose?",
        "Who sold his company?",
        "In which city that hosted the Games did the fire start?",
        "Which minister that resigned was a doctor?",
        "Who is Dr. No?",
        "No man's land is where?",
        "No Country for Old Men was directed by whom?",
        "Where did the accident happen and when?",
        "Besides the mayor, who else spoke?",
        "Did the judge say that the trial is over?",
        "Are there any survivors?",
        "Is there a curfew in Nairobi?",
        "What happened this year?",
        "Tell me more about the flood",
        "What did the striker say?",
        "and what did Merkel say?",
        "So who paid?",
        "Who won the match though?",
        "How many miners were rescued?",
        "Which two countries signed the treaty?",
        "By whom was the painting stolen?",
    ],
)
def test_whole(question: str) -> None:
    """A question that says all that it asks stands alone, with every word that it has."""
    assert find_form(question) == (Shape.WHOLE, question)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When did she resign?", "When did she resign?"),
        ("and where do they live?", "where do they live?"),
        ("So how old is he", "how old is he"),
        ("HOW OLD IS HE", "HOW OLD IS HE"),
        ("Why was that a problem?", "Why was that a problem?"),
        ("Who attended that meeting?", "Who attended that meeting?"),
        ("ok, what's it called?", "what's it called?"),
        ("Who else spoke?", "Who else spoke?"),
        ("What else did the coach say?", "What else did the coach say?"),
        ("But was he there too?", "was he there too?"),
        ("What did she tell them then?", "What did she tell them?"),
        ("Is it closed by the way?", "Is it closed?"),
    ],
)
def test_pointing(question: str, words: str) -> None:
    """A question with "she", "that meeting" or "else" points back; what only leads in or trails is gone."""
    assert find_form(question) == (Shape.POINTING, words)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why?", "Why?"),
        ("And when?", "when?"),
        ("when exactly?", "when?"),
        ("but why not?", "why not?"),
        ("With whom?", "With whom?"),
        ("who with?", "who with?"),
        ("how come", "how come"),
        ("How many?", "How many?"),
        ("so how long", "how long"),
        ("Since when?", "Since when?"),
        ("Who else?", "Who else?"),
        ("When was it?", "When was it?"),
        ("In which sector?", "In which sector?"),
        ("Which two countries?", "Which two countries?"),
        ("and how many people?", "how many people?"),
        ("WHERE", "WHERE"),
    ],
)
def test_alone(question: str, words: str) -> None:
    """Question words alone, or with a noun and no verb, ask the question before once more."""
    assert find_form(question) == (Shape.ALONE, words)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("And the private sector?", "the private sector?"),
        ("and in Kenya?", "in Kenya?"),
        ("but the captain?", "the captain?"),
        ("What about the ferry?", "the ferry?"),
        ("how about the second goal?", "the second goal?"),
        ("And what about taxes", "taxes"),
    ],
)
def test_piece(question: str, words: str) -> None:
    """What "and" or "what about" brings without a verb is a piece of a question."""
    assert find_form(question) == (Shape.PIECE, words)


@pytest.mark.parametrize(
    "words", ["the private sector", "exports", "Nokia profits 2013", "US ambassador", "Wait times at the airport?"]
)
def test_bare(words: str) -> None:
    """Words without a verb may be a piece or a search."""
    assert find_form(words) == (Shape.BARE, words)


def test_no_piece_is_long() -> None:
    """Nine words behind "what about" are more than a piece of a question."""
    nine = "the ferry that sank off the coast of Norway"
    assert find_form(f"What about {nine}?").kind is Shape.WHOLE
    assert find_form("What about the ferry that sank off the Norwegian coast?").kind is Shape.PIECE


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("no, the ambassador", "the ambassador"),
        ("No, I meant the striker", "the striker"),
        ("nope - the other bridge", "the other bridge"),
        ("not him, the goalkeeper", "the goalkeeper"),
        ("not that one, the other bridge", "the other bridge"),
        ("i mean the river", "the river"),
        ("we were asking about taxes", "taxes"),
        ("sorry, the mayor of Lyon", "the mayor of Lyon"),
        ("Sorry, who won the cup?", "who won the cup?"),
        ("actually, what did the union want?", "what did the union want?"),
        ("wait, when did the train crash?", "when did the train crash?"),
        ("the coach, I mean", "the coach"),
        ("no the red one", "the red one"),
    ],
)
def test_correction(question: str, words: str) -> None:
    """ "No", "I mean" and their like take back what was asked, and say what is asked instead."""
    assert find_form(question) == (Shape.CORRECTION, words)


@pytest.mark.parametrize(
    "question",
    [
        "tell me more",
        "Tell me more about it",
        "more",
        "go on",
        "Anything else?",
        "what else",
        "elaborate",
        "Details!",
    ],
)
def test_more(question: str) -> None:
    """Some messages only ask for more of the same."""
    assert find_form(question) == (Shape.MORE, question)


@pytest.mark.parametrize("question", ["no", "No.", "sorry", "i mean", "wait...", "not him", ", I mean"])
def test_nothing_is_corrected(question: str) -> None:
    """What takes back and puts nothing in its place corrects nothing."""
    assert find_form(question).kind is not Shape.CORRECTION


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aAbnotwhe ,.?!;–—'’“”\"\n0é😀"), max_size=60) | st.text(max_size=100))
def test_any_text(text: str) -> None:
    """Any text has a form whose words are a stretch of it, but for a tail that is cut out."""
    words = find_form(text).words
    rest = iter(text)
    assert all(character in rest for character in words)


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:12])
def test_long(text: str) -> None:
    """A question as long as they may be takes no time, whatever is in it."""
    text = text[:1000]
    started = time.process_time()
    find_form(text)
    find_form(f"{text.strip()}?")
    assert time.process_time() - started < 0.1
