"""Questions that are made of the people and offices that a text names."""

from __future__ import annotations

import pytest

from qa.train.labelled import Paragraph
from qa.train.people import ask_about_people, find_holders

NEWS = (
    "Kenya's Minister for Health, Amina Okoth, and UN envoy Jan Lund met on Friday. Lisa Berg, the head of the "
    "clinic, was there. Prime Minister Otieno sent a letter."
)


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        (NEWS, {"Amina Okoth": "Kenya's Minister for Health", "Jan Lund": "UN envoy",
                "Lisa Berg": "head of the clinic", "Otieno": "Prime Minister"}),
        ("Talks with the US Ambassador, Amina Okoth said, went well.", {}),
        ("Talks with the US Ambassador, Amina Okoth, went well.", {"Amina Okoth": "US Ambassador"}),
        ("The club's former coach Carl Wenger left.", {"Carl Wenger": "club's former coach"}),
        ("It is played in the Premier League and shown by the BBC.", {}),
        ("President Obama's speech", {}),
        ("Ann Lee was the first mayor of Utrecht, and a writer.", {"Ann Lee": "first mayor of Utrecht"}),
    ],
)  # fmt: skip
def test_holders(text: str, holders: dict[str, str]) -> None:
    """Offices are found before and behind a name, and a name that begins another clause has none."""
    assert {text[slice(*h.name)]: text[slice(*h.office)] for h in find_holders(text)} == holders


def test_questions() -> None:
    """A name answers for its office and the office for the name; who is not in the text has no answer there."""
    other = "The painter Rosa Blum met Judge Ito Mori."
    (news, others), *rest = ask_about_people([[Paragraph(NEWS), Paragraph(other), Paragraph("Rain.")]], seed=1)
    assert not rest
    answers = {question.answer and NEWS[slice(*question.answer)] for question in news.questions}
    assert answers - {None} == {
        "Amina Okoth", "Kenya's Minister for Health", "Jan Lund", "UN envoy", "Lisa Berg", "head of the clinic",
        "Otieno", "Prime Minister",
    }  # fmt: skip
    unanswerable = [q.text for p in (news, others) for q in p.questions if q.answer is None]
    assert unanswerable
    assert ask_about_people([[Paragraph(NEWS), Paragraph(other)]], seed=1)[0][0].questions == news.questions
