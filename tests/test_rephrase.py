"""A piece of a question, set into the question before it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.english.people import find_people
from qa.talk.rephrase import add_else, ask_about, ask_why

PEOPLE = find_people("Mayor Ann Smith said the bridge is closed. Governor Bob Jones said he agreed.")
LONG = (
    "and " * 250,
    "what " * 200,
    "A" * 1000,
    "is " * 333,
    "“" * 1000,
    "to Aa " * 166,
    "the a " * 166,
    "who was it that " * 62,
)


@pytest.mark.parametrize(
    ("alone", "previous", "answer", "whole"),
    [
        ("When?", "Did the dam break?", "", "When did the dam break?"),
        ("When?", "Who met the mayor?", "Bob Jones", "When was it that Bob Jones met the mayor?"),
        ("Why?", "What did she say about the bridge?", "it is closed", "Why did she say that about the bridge?"),
        ("Why?", "When did the dam break?", "Monday", "Why did the dam break?"),
        ("Where?", "And when did the ferry sink?", "", "Where did the ferry sink?"),
        ("how come?", "Who resigned?", "the mayor", "Why was it that the mayor resigned?"),
        ("Why not?", "Did the dam break?", "", "Why did the dam break?"),
        ("When was it?", "Where did the train crash?", "Ghent", "When did the train crash?"),
        ("Who?", "Is Ann Smith the mayor?", "", "Who is the mayor?"),
        ("Who else?", "Who attended the talks?", "Ann Smith", "Who else attended the talks?"),
        ("What else?", "What did the senate cut?", "taxes", "What else did the senate cut?"),
        ("Since when?", "Who is the governor?", "Bob Jones", "Since when is Bob Jones the governor?"),
        ("With whom?", "When did Ann Smith meet?", "", "With whom did Ann Smith meet?"),
        ("By whom?", "When was the film made?", "", "By whom was the film made?"),
        ("In which sector?", "What did they discuss?", "wages", "In which sector did they discuss wages?"),
        ("When?", "How many people died?", "12", "When was it that 12 people died?"),
        ("When?", "When was it that the dam broke?", "", "When was it that the dam broke?"),
        ("Which two countries?", "Why did the two countries fight?", "", "Which two countries?"),
    ],
)
def test_ask_why(alone: str, previous: str, answer: str, whole: str) -> None:
    """The question before is asked with another question word, its answer in the place of the old one."""
    assert ask_why(alone, previous, answer) == whole


def test_a_long_answer_is_not_asked_again() -> None:
    """An answer of more than twelve words does not go into the next question."""
    twelve = "one two three four five six seven eight nine ten eleven twelve"
    assert ask_why("When?", "Who came?", twelve) == f"When was it that {twelve} came?"
    assert ask_why("When?", "Who came?", f"{twelve} more") == "When was it that somebody came?"


@pytest.mark.parametrize(
    ("piece", "previous", "whole"),
    [
        ("the governor", "What did Ann Smith say about the bridge?", "What did Bob Jones say about the bridge?"),
        ("exports", "What did Ann Smith say about the bridge?", "What did Ann Smith say about exports?"),
        ("the tram line", "When did the bus line open?", "When did the tram line open?"),
        ("the second goal?", "Who scored the first goal?", "Who scored the second goal?"),
        ("in Kenya", "How many people died in Ghana?", "How many people died in Kenya?"),
        ("in Kenya", "How many people died?", "How many people died in Kenya?"),
        ("on Tuesday", "What happened on Monday?", "What happened on Tuesday?"),
        ("France", "When did Spain win the cup?", "When did France win the cup?"),
        ("taxes", "Why did they discuss exports?", "Why did they discuss taxes?"),
        ("coffee", "Does Brazil export soya?", "Does Brazil export coffee?"),
        ("the driver", "Who was hurt?", "Who was the driver?"),
        ("Leo Marsh", "who is Bob Jones", "Who is Leo Marsh?"),
        ("Bob Jones", "When did she resign?", "When did Bob Jones resign?"),
        ("the dam", "Where is the bridge?", "What about the dam?"),
    ],
)
def test_ask_about(piece: str, previous: str, whole: str) -> None:
    """A piece takes the place of what is like it in the question before; without one, it is asked about."""
    assert ask_about(piece, previous, PEOPLE) == whole


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("What did she say?", "What else did she say?"),
        ("Who came?", "Who else came?"),
        ("To whom did she talk?", "To whom else did she talk?"),
        ("What else?", "What else?"),
        ("exports", "exports"),
        ("", ""),
    ],
)
def test_add_else(question: str, more: str) -> None:
    """A question is asked for what has not been said, once."""
    assert add_else(question) == more


@settings(deadline=None)
@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=50))
def test_any_text(alone: str, previous: str, answer: str) -> None:
    """Any two texts make a question on one line, or leave one as it was."""
    whole = ask_why(alone, previous, answer)
    assert whole in {alone, previous} or (whole.endswith("?") and whole == " ".join(whole.split()))
    piece = ask_about(f"a{alone}", previous, PEOPLE)
    assert piece.endswith("?")
    assert piece == " ".join(piece.split())


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:12])
def test_long(text: str) -> None:
    """Questions as long as they may be are put together in no time."""
    started = time.process_time()
    ask_why("Why?", text, text)
    ask_why(text, "When did they meet?", "")
    ask_about("the flood", text, PEOPLE)
    ask_about(text, "What did she say about it?", PEOPLE)
    add_else(text)
    assert time.process_time() - started < 0.2
