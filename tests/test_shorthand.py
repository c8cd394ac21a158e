"""What people type in chats."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.talk.shorthand import write_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat did u say abt ur plan", "what did you say about your plan"),
        ("who r they", "who are they"),
        ("whr did teh train crash", "where did the train crash"),
        ("wen?", "when?"),
        ("why didnt the dam hold", "why didn't the dam hold"),
        ("pls plz", "please please"),
        ("hw many died cuz of it", "how many died because of it"),
        ("the end of teh.", "the end of the."),
        ("wich team,wen", "which team,when"),
    ],
)
def test_written_out(typed: str, meant: str) -> None:
    """Shorthand gives way to the words that it stands for."""
    assert write_out(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WH",
        "UR and R are names",
        "R",
        "U.S. troops",
        "u.s. troops",
        "a u-turn",
        "write to a@u.com",
        "http://x/u",
        "wat's up",
        "@wat",
        "urban watt pla",
        "Who won the cup?",
        "u2",
        "😀",
    ],
)
def test_left_alone(text: str) -> None:
    """Capitals, addresses, names with marks and parts of words are no shorthand."""
    assert write_out(text) == text


@settings(deadline=None)
@given(st.text(max_size=200))
def test_once_is_enough(text: str) -> None:
    """What is written out has nothing left to write out."""
    assert write_out(write_out(text)) == write_out(text)


@pytest.mark.parametrize("text", ["wat " * 250, "u" * 1000, "u." * 500, "'" * 1000, "A" * 1000, "r u " * 250])
def test_long(text: str) -> None:
    """A question as long as they may be is written out in no time."""
    started = time.process_time()
    write_out(text)
    assert time.process_time() - started < 0.05
