"""Which words of a question point outside it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.talk.anaphora import find_pointers


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When did she resign?", ["she"]),
        ("What did he say about the strike?", ["he"]),
        ("Where do they live?", ["they"]),
        ("Who owns it?", ["it"]),
        ("When was it founded?", ["it"]),
        ("what's it called", ["it"]),
        ("What is its capital?", ["its"]),
        ("Does their plan work?", ["their"]),
        ("What is the name of her band?", ["her"]),
        ("What was the album he made?", ["he"]),
        ("Did Ann Smith meet him?", ["him"]),
        ("Which of them survived?", ["them"]),
        ("What did she tell them?", ["she", "them"]),
        ("When she resigned, what did the board say?", ["she"]),
        ("HOW OLD IS HE", ["he"]),
        ("Why was that a problem?", ["that"]),
        ("Was that meeting in Geneva?", ["that"]),
        ("Who attended that meeting?", ["that"]),
        ("What happened after that?", ["that"]),
        ("Who said that?", ["that"]),
        ("Who crossed this river?", ["this"]),
        ("How deep are these mines?", ["these"]),
        ("How many people live there?", ["there"]),
        ("Who else was there?", ["there"]),
        ("Was he there too?", ["he", "there"]),
        ("Did it sink?", ["it"]),
        ("Is it safe?", ["it"]),
    ],
)
def test_points_back(question: str, words: list[str]) -> None:
    """A pronoun with nothing before it that it could mean points at an earlier turn."""
    assert [pointer.word for pointer in find_pointers(question)] == words


@pytest.mark.parametrize(
    "question",
    [
        "What did Beyoncé say about her album?",
        "Who sold his company?",
        "What did Merkel tell Macron about his plan?",
        "Did Brown praise his team?",
        "What did the company say about its profits?",
        "Why did the workers strike when they were paid?",
        "Who lost her seat and their vote?",
        "Is it true that the bridge collapsed?",
        "Is it possible to swim in the lake?",
        "How long does it take to reach Mars?",
        "How much does it cost to build a mile of track?",
        "What does it mean to be a citizen?",
        "What time is it?",
        "What's IT good for?",
        "How big is the IT sector?",
        "In which city that hosted the Games did the fire start?",
        "Which minister that resigned was a doctor?",
        "Did the judge say that the trial is over?",
        "Are there any survivors?",
        "Is there a curfew in Nairobi?",
        "How many people were there on the ferry?",
        "What happened this year?",
        "Who wrote this article?",
        "What did the minister say this week?",
        "Rather than coal, what does the plant burn?",
        "When did the dam break?",
        "Who directed There Will Be Blood?",
        "",
        "?",
        "😀😀",
    ],
)
def test_stands_alone(question: str) -> None:
    """What is bound in the question, an empty "it", a joining "that" and "IT" point at nothing outside."""
    assert find_pointers(question) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(["she", "It", "that", "there", "the", "IT", "who", "did", "’", "x.y", "é", "?"])))
def test_places(words: list[str]) -> None:
    """A pointer's place is where its word stands, and the pointers are in order."""
    question = " ".join(words)
    pointers = find_pointers(question)
    assert [question[start:end].lower() for start, end, _ in pointers] == [pointer.word for pointer in pointers]
    assert [pointer.start for pointer in pointers] == sorted(pointer.start for pointer in pointers)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text has pointers that are stretches of it, or none."""
    assert all(0 <= start < end <= len(text) for start, end, _ in find_pointers(text))


@pytest.mark.parametrize(
    "text", ["it " * 333, "the " * 250, "A" * 1000, "she said that " * 71, "“" * 1000, "what " * 200, "there " * 166]
)
def test_long(text: str) -> None:
    """A question as long as they may be is searched in no time."""
    took = []
    for _ in range(3):  # the best: other processes of the machine fill its caches too
        started = time.process_time()
        find_pointers(text)
        took.append(time.process_time() - started)
    assert min(took) < 0.05
