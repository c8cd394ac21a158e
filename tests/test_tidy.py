"""Spans as a person would mark them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.tidy import asks_for_many, is_list_with, tidy_span


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
    ],
)
def test_tidy_span(marked: str, wanted: str) -> None:
    """Whole words, quotes and brackets in pairs, no marks of the sentence."""
    before, span, after = marked.split("|")
    start, end = tidy_span(before + span + after, len(before), len(before) + len(span))
    assert (before + span + after)[start:end] == wanted


@given(st.text("ab \"'(“”).,;\u0301", min_size=1), st.data())
def test_law(text: str, data: st.DataObject) -> None:
    """A span stays a span inside its text, and tidying it again changes nothing about that."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = tidy_span(text, start, end)
    assert 0 <= first < last <= len(text)


@pytest.mark.parametrize(
    ("text", "item", "wanted"),
    [
        ("Ann, Bob and Cid", "Bob", True),
        ("trade and tourism", "trade", True),
        ("Ann; Bob; and Cid", "Cid", True),
        ("Ann, Bob and Cid", "Dan", False),
        ("Ann", "Ann", False),
        ("Ann, Bob", "Ann", False),
        ("Ann and a man from the coast", "Ann", False),
        ("Ann came. Bob and Cid", "Cid", False),
        ("Ann and the other ten People who had come by train", "Ann", False),
    ],
)
def test_is_list(text: str, item: str, wanted: bool) -> None:
    """Like items of a few words with a conjunction between them, one of them the answer."""
    assert is_list_with(text, item) is wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who attended the meeting?", True),
        ("which sectors grew", True),
        ("What were the reasons?", True),
        ("Name all members.", True),
        ("Who is the ambassador?", False),
        ("What was discussed?", False),
        ("Which sector grew?", False),
        ("When did it open?", False),
    ],
)
def test_asks_for_many(question: str, wanted: bool) -> None:
    """Plurals ask for lists, questions for one person or thing do not."""
    assert asks_for_many(question) is wanted
