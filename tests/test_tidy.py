"""Spans as a person would mark them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.tidy import asks_for_many, count_listed, tidy_span


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        ("met |Blome,| then", "Blome"),
        ("met| Blome |then", "Blome"),
        ("in the |194|0s", "1940s"),
        ('called "|Green Line| II" by', "Green Line"),
        ('called |"Green Line| now', "Green Line"),
        ('called |"Green Line|" by', '"Green Line"'),
        ("the |GSM Association (GSMA|) said", "GSM Association (GSMA)"),
        ("the group |(GSMA| said", "GSMA"),
        ("by |Blome)| then", "Blome"),
        ("of the |U.S.| and", "U.S."),
        ("with |Ms.| Khan", "Ms."),
        ("was |closed.| Then", "closed"),
        ("it rose |5.5 percent.|", "5.5 percent"),
        ("it is |...|", "..."),
        ("it is| — |so", "—"),
        ("in the |US.|", "US"),
        ("rose to |3.5.|", "3.5"),
        ("see |example.com.|", "example.com"),
        ("at |5 p.m.| on", "5 p.m."),
        ("fell to -|5| degrees", "-5"),
        ("fell to |-5| degrees", "-5"),
        ("in the 2019|-20| season", "20"),
        ("date |2024-05|-15 ISLAMABAD", "2024-05-15"),
        ("on 2024-|05|-15.", "2024-05-15"),
        ("on 15/|05/2024| in", "15/05/2024"),
        ("it is 3.|5| percent", "3.5"),
        ("some |1|,200 men", "1,200"),
        ("in the |caf|e\u0301 now", "cafe\u0301"),
        ("in the |cafe|\u0301 now", "cafe\u0301"),
        ("a |❤|\ufe0f b", "❤\ufe0f"),
        ("a |👨|\u200d👩 b", "👨\u200d👩"),
        ("布|洛姆|大使", "洛姆"),
    ],
)
def test_tidy_span(marked: str, wanted: str) -> None:
    """Whole words, quotes and brackets in pairs, no marks of the sentence."""
    before, span, after = marked.split("|")
    start, end = tidy_span(before + span + after, len(before), len(before) + len(span))
    assert (before + span + after)[start:end] == wanted


@given(st.text("ab5 \n\"'(“”).,;-\u0301\u200d布👍", min_size=1), st.data())
def test_law(text: str, data: st.DataObject) -> None:
    """A span stays a span inside its text, without white space round it, and no accent is cut off a letter."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = tidy_span(text, start, end)
    assert 0 <= first < last <= len(text)
    if text[start:end].strip():
        assert text[first:last] == text[first:last].strip()
    assert not (text[last - 1].isalnum() and text[last : last + 1] == "\u0301")


@pytest.mark.parametrize(
    ("text", "part", "listed"),
    [
        ("Ann, Bob and Cid", "Bob", 3),
        ("trade and tourism", "trade", 2),
        ("Ann; Bob; and Cid", "Cid", 3),
        ("Mr. Smith, Dr. Ann Lee and Ms. Ali", "Ms. Ali", 3),
        ("J. Smith and U.S. President Bob Lee", "J. Smith", 2),
        ("Ann, Bob and Cid", "Ann, Bob", 3),
        ("Ann, Bob, Cid and Dan", "Bob, Cid", 4),
        ("Ann, Bob and Cid", "Ann, Cid", 0),
        ("Ann and Bob", "Ann and Bob", 0),
        ("Ann, Bob and Cid", "Dan", 0),
        ("Ann", "Ann", 0),
        ("Ann, Bob", "Ann", 0),
        ("Ann and a man from the coast", "Ann", 0),
        ("Ann came. Bob and Cid", "Cid", 0),
        ("Ann and the other ten People who had come by train", "Ann", 0),
    ],
)
def test_count_listed(text: str, part: str, listed: int) -> None:
    """Like items of a few words with a conjunction between them, some of them the answer, in one sentence."""
    assert count_listed(text, part) == listed


@pytest.mark.parametrize(
    "question",
    [
        "Who attended the meeting?",
        "which sectors grew",
        "What were the reasons?",
        "Name all members.",
        "Please list the towns that flooded.",
        "With whom did she meet?",
        "Whom did the minister meet?",
        "Who did the president appoint?",
        "Who met the mayor?",
        "Who will speak?",
        "Which of the sectors grew?",
        "Which of the three grew and what are they?",
        "Which two countries signed the treaty?",
        "Which European cities hosted talks?",
        "What languages does she speak?",
        "What companies were fined?",
        "What products does the firm sell?",
        "What topics did they discuss?",
        "Between which countries is the border?",
        "Who were the winners?",
        "Who took part in the talks?",
    ],
)
def test_asks_for_many(question: str) -> None:
    """Plurals and what any number of people may have done ask for lists."""
    assert asks_for_many(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the ambassador?",
        "Who's the ambassador?",
        "Who’s the mayor?",
        "Who was elected?",
        "Who has the most votes?",
        "Whose car was it?",
        "What was discussed?",
        "What is the name of the ministry?",
        "What was his job?",
        "What is this about?",
        "What is its capital?",
        "What did James say?",
        "What has Thomas said?",
        "What crisis hit the town?",
        "What process is used?",
        "Which sector grew?",
        "Which virus spread?",
        "Which analysis won?",
        "When did it open?",
        "In which year did it open?",
        "Why did they meet?",
        "How many people came?",
    ],
)
def test_asks_for_one(question: str) -> None:
    """Questions for one person or thing do not, nor do words that only look like plurals."""
    assert not asks_for_many(question)
