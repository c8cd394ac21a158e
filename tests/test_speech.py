"""Who says a sentence, whose words a question asks for, and how an article names them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import Article
from qa.english.speakers import ask_for_said, find_said, find_speech, name_speaker
from qa.english.speech import find_asked_speaker, find_speaker


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Envoy Lund expressed hope for the ferries.", "Envoy Lund"),
        ("She said ferries were safe.", "She"),
        ("Ferries are to run by night, she added.", "she"),
        ("Exports fell, according to the Foreign Office.", "the Foreign Office"),
        ("According to Ida Falk of Portwatch, rates will rise.", "Ida Falk of Portwatch"),
        ("“We are late,” Lund told reporters.", "Lund"),
        ('"We are late," said harbour master Olaf Brandt, who runs the port.', "harbour master Olaf Brandt"),
        ("We are late,” Lund said.", "Lund"),
        ("The union's secretary, Nils Stein, said members would stay away.", "Nils Stein"),
        ("Nils Stein, secretary of the union, warned of delays.", "Nils Stein"),
        ("Mayor Ann Lee, who had opposed it in spring, said she was won over.", "Mayor Ann Lee"),
        ("The adviser, for his part, promised a law.", "The adviser"),
        ("Furthermore, the minister stressed safety.", "the minister"),
        ("In her talks with the envoy, Amina Okoth conveyed her thanks.", "Amina Okoth"),
        ("Health Secretary Rosa Diaz on Tuesday opened a ward, saying it would help.", "Health Secretary Rosa Diaz"),
        ("Container traffic fell, the Port of Gdynia Authority said on Friday.", "the Port of Gdynia Authority"),
        ("The ministry has denied the report.", "The ministry"),
        ("Experts say that ice melts.", "Experts"),
        ("But on Thursday a ministry official said they fear more.", "a ministry official"),
        ("The union warned of strikes, Lund said.", "Lund"),
        ("The ferry was said to be late.", None),
        ("She was told to leave.", None),
        ("Measures announced on Friday cut costs.", None),
        ("The measures were announced by Lund.", None),
        ("“He said so,” runs the song.", None),
        ("Fares vary according to the season.", None),
        ("The ferry reports to Gdynia.", None),
        ("The ferry left.", None),
        ("said", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_speakers(sentence: str, speaker: str | None) -> None:
    """They stand before the verb, behind it, between commas, or behind "according to"; a passive has none."""
    found = find_speaker(sentence)
    assert (sentence[slice(*found)] if found else None) == speaker


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did the ambassador say about exports?", "the ambassador"),
        ("what has Blum said on trade", "Blum"),
        ("what else did she say", "she"),
        ("According to Blum, what matters?", "Blum"),
        ("How many ships will come, according to the mayor?", "the mayor"),
        ("What was said about ferries by Amina Okoth?", "Amina Okoth"),
        ("What was stressed by the minister?", "the minister"),
        ("What are the minister's views on ferries?", "the minister"),
        ("How many births did the director say the ward had?", "the director"),
        ("Tell me what the governor said about arrears", "the governor"),
        ("What did Nils Stein of the union promise?", "Nils Stein of the union"),
        ("According to whom did it fall?", None),
        ("Who said that ferries are late?", None),
        ("Why did Diaz open the ward?", None),
        ("What is the minister called?", None),
        ("What was said about ferries?", None),
        ("What do you think?", None),
        ("What is the minister's position on ferries?", "the minister"),
        ("What is Amina Okoth's position?", None),
        ("What did Lund and Okoth talk about?", None),
        ("", None),
    ],
)
def test_asked_speakers(question: str, speaker: str | None) -> None:
    """A question that asks for somebody's words names whose; one that asks who says something names nobody."""
    assert find_asked_speaker(question) == speaker


TEXT = (
    "Kenya's ports minister, Amina Okoth, met UN envoy Jan Lund. Envoy Lund praised the ferries. He also noted the "
    "fares. In her reply, Amina Okoth promised more ships. Crews are to be trained, she added. The minister stressed "
    "safety. The fares are low.\n\nThe ferry line Baltoil lost ships. Its spokesman, Kurt Maas, said it was the ice. "
    "Amina Okoth met Jan Lund. They said it went well."
)


def place(part: str) -> tuple[int, int]:
    return TEXT.index(part), TEXT.index(part) + len(part)


@pytest.mark.parametrize(
    ("part", "speaker"),
    [
        ("Envoy Lund praised the ferries.", "Envoy Lund"),
        ("He also noted the fares.", "Envoy Lund"),
        ("Crews are to be trained, she added.", "Amina Okoth"),
        ("The minister stressed safety.", "The minister"),
        ("The fares are low.", None),
        ("They said it went well.", None),
    ],
)
def test_named_speakers(part: str, speaker: str | None) -> None:
    """A sentence's speaker is named in its own words, or by the slice before that its pronoun goes back to."""
    found = name_speaker(Article(TEXT), *place(part))
    assert (TEXT[slice(*found)] if found else None) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "Robin Holt, the mayor, met Alex Reed, a teacher. He said it was late.",
        "Robin Holt, the mayor, spoke. Alex Reed, a teacher, will resign, he said.",
        "He said it was late.",
    ],
)
def test_a_pronoun_that_can_mean_two_names_nobody(text: str) -> None:
    """Where both of two people, or nobody, can be "he", no name is given."""
    start = text.rindex(". ") + 2 if ". " in text else 0
    assert name_speaker(Article(text), start, len(text)) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Lund", ["Envoy", "He"]),
        ("the UN", ["Envoy", "He"]),
        ("the minister", ["In", "Crews", "The"]),
        ("okoth", ["In", "Crews", "The"]),
        ("Baltoil", ["Its"]),
        ("the prime minister", []),
        ("", []),
    ],
)
def test_what_somebody_says(asked: str, said: list[str]) -> None:
    """It is found by name, by role, by whom a role speaks for, through pronouns; a wrong role says nothing."""
    found = find_said(Article(TEXT), 0, len(TEXT), asked)
    assert [TEXT[start:].split()[0] for start, _ in found] == said


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What did Lund say?", "Lund"),
        ("What did she say?", None),
        ("What did they talk about?", None),
        ("Why?", None),
    ],
)
def test_a_pronoun_asks_for_nobody_in_particular(question: str, asked: str | None) -> None:
    """ "She" of a question can be anybody in the articles: nobody's words are preferred."""
    assert ask_for_said(question) == asked


def test_far_into_a_long_article() -> None:
    """Who is named in full at the beginning is known behind many pages, and only the pages around are read."""
    text = TEXT + "\n\n" + "The sea was calm. " * 3_000 + "Okoth said no. She also warned of ice."
    start = text.rindex("She")
    found = name_speaker(Article(text), start, len(text))
    assert found == (text.rindex("Okoth"), text.rindex("Okoth") + 5)
    statements, people = find_speech(Article(text), start, len(text))
    assert statements[-1].persons == (people[0],)
    assert people[0].name == "Amina Okoth"
    assert sum(statement.end - statement.start for statement in statements) < 12_000


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Ann", "Lee", "the", "mayor", ",", ".", "said", "say", "she", "“", "”", '"', "’s", "by", "who", "\n\n"]
        )
        | st.text(max_size=3)
    )
)
def test_any_text(pieces: list[str]) -> None:
    """Whatever the text, a speaker is a slice of it, without white space around it."""
    text = " ".join(pieces)
    found = find_speaker(text)
    if found:
        assert text[slice(*found)].strip() == text[slice(*found)] != ""
    if text.strip():
        article = Article(text)
        statements, _ = find_speech(article, 0, len(text))
        for statement in statements:
            named = name_speaker(article, statement.start, statement.end)
            assert named is None or 0 <= named[0] < named[1] <= statement.end


@pytest.mark.parametrize(
    "piece", ["A said, ", "said ", "who ", "a, ", '" ” “ ', "according to the ", "what did ", "🙂"]
)
def test_long_sentences_take_no_longer_than_their_length(piece: str) -> None:
    """A sentence of fifty thousand characters and a question of a thousand are looked through at once."""
    started = time.perf_counter()
    find_speaker(piece * (50_000 // len(piece)))
    find_asked_speaker("what did " + piece * (990 // len(piece)))
    assert time.perf_counter() - started < 1.0
