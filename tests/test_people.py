"""Who is named in a text, and whom words mean."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.english.people import Person, find_people, find_person

NEWS = (
    "Kenya's Minister of State for Ports and Roads, Amina Wanjiru Okoth, and UN Envoy to Somalia, Jan Lund, met in "
    "Mombasa on Friday. Envoy Lund praised the United States. In her talks with him, Amina Wanjiru spoke of ferries. "
    "The minister, who came late, stressed safety. Okoth left for Bank of England talks.\n\n"
    "Also there were Additional Secretary MoPR, Grace Achieng Otieno, Member IT Peter Kamau Njoroge, and Mr Ferry."
)


def named(text: str) -> dict[str, Person]:
    return {person.name: person for person in find_people(text)}


def test_names_of_a_story() -> None:
    """All people of a story are found in order, by their fullest names, and nobody and nothing else."""
    assert list(named(NEWS)) == [
        "Amina Wanjiru Okoth", "Jan Lund", "Grace Achieng Otieno", "Peter Kamau Njoroge", "Ferry",
    ]  # fmt: skip


def test_forms_roles_and_gender() -> None:
    """Short forms join the one longer name that holds them; offices beside it and pronouns are kept."""
    people = named(NEWS)
    okoth, lund = people["Amina Wanjiru Okoth"], people["Jan Lund"]
    assert okoth.forms == ("Amina Wanjiru Okoth", "Amina Wanjiru", "Okoth")
    assert okoth.roles == ("Kenya's Minister of State for Ports and Roads", "minister")
    assert (okoth.gender, lund.gender, people["Ferry"].gender) == ("she", None, "he")
    assert lund.forms == ("Jan Lund", "Lund")
    assert lund.roles == ("UN Envoy to Somalia", "Envoy", "envoy")
    assert people["Grace Achieng Otieno"].roles == ("Additional Secretary MoPR", "secretary")
    assert people["Peter Kamau Njoroge"].roles == ("Member IT", "member")


def test_places() -> None:
    """A mention stands where it says, be it a name or the role alone."""
    okoth = named(NEWS)["Amina Wanjiru Okoth"]
    assert [NEWS[place:].split()[0].strip(",") for place in okoth.places] == ["Amina", "Amina", "minister", "Okoth"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The club's director, Dr Carl Berg, resigned.", ["Carl Berg"]),
        ("Anna Lund, a spokeswoman for Ferryways, said it was late.", ["Anna Lund"]),
        ("“It works,” said deputy mayor Olaf Brandt, who runs transport.", ["Olaf Brandt"]),
        ("Secretary for Health Rosa Diaz opened the ward.", ["Rosa Diaz"]),
        ("Tom Reed, 71, watched.", ["Tom Reed"]),
        ("Ludwig van der Berg told reporters so.", ["Ludwig van der Berg"]),
        ("It fell by half, according to Ida Falk of Portwatch.", ["Ida Falk"]),
        ("Nora Vik had long wanted it. She was glad.", ["Nora Vik"]),
        ("Manchester United met the Prime Minister’s office on Monday in New York.", []),
        ("The Bank of England said rates will rise. It was expected.", []),
        ("The Foreign Office said the European Union had agreed.", []),
        ("Talks were held in South Korea last May by the Ministry of Trade.", []),
        ("Furthermore, Tuesday was cold. British firms complained.", []),
    ],
)
def test_people_and_things(text: str, names: list[str]) -> None:
    """What stands beside a name makes it a person's; organisations, places, months and nationalities are none."""
    assert list(named(text)) == names


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Robin Holt spoke. He left.", "he"),
        ("Robin Holt spoke. She left.", "she"),
        ("Robin Holt spoke. She left. Robin Holt said no. He came back.", None),
        ("Mrs Robin Holt spoke.", "she"),
        ("Robin Holt, a spokeswoman, spoke.", "she"),
        ("Robin Holt said she was ill.", None),
        ("His colleague Robin Holt spoke.", None),
    ],
)
def test_gender(text: str, gender: str | None) -> None:
    """It is what the text's own words say, and none where they contradict each other or may mean another."""
    assert named(text)["Robin Holt"].gender == gender


def test_two_with_one_surname() -> None:
    """A short form that two names hold belongs to neither, and means both."""
    people = find_people("Ann Hill, the mayor, met Ben Hill, a teacher. Hill said it was late.")
    assert [person.forms for person in people] == [("Ann Hill",), ("Ben Hill",)]
    assert find_person("Hill", people) == list(people)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("the minister", ["Amina Wanjiru Okoth"]),
        ("The Minister of State", ["Amina Wanjiru Okoth"]),
        ("okoth", ["Amina Wanjiru Okoth"]),
        ("amina wanjiru", ["Amina Wanjiru Okoth"]),
        ("Minister Okoth", ["Amina Wanjiru Okoth"]),
        ("the UN envoy", ["Jan Lund"]),
        ("envoy Lund's", ["Jan Lund"]),
        ("Mr Lund", ["Jan Lund"]),
        ("the prime minister", []),
        ("ambassador Lund", []),
        ("envoy Smith", []),
        ("Somalia", []),
        ("the", []),
        ("", []),
        ("🙂", []),
    ],
)
def test_whom_words_mean(words: str, names: list[str]) -> None:
    """Names and roles in any case mean those who have them; a wrong office or surname means nobody."""
    assert [person.name for person in find_person(words, find_people(NEWS))] == names


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Ann", "Lee", "the", "minister", "Minister", ",", ".", "said", "She", "’s", "\n", "Mr", "🙂"]
        )
    )
)
def test_any_text(pieces: list[str]) -> None:
    """Names are words of the text, forms are ordered by length, mentions in it."""
    text = " ".join(pieces)
    for person in find_people(text):
        assert person.name == person.forms[0]
        assert list(person.forms) == sorted(person.forms, key=len, reverse=True)
        assert all(form in " ".join(text.split()) for form in person.forms)
        assert list(person.places) == sorted(set(person.places))
        assert 0 <= person.places[0] <= person.places[-1] < len(text)


@pytest.mark.parametrize("piece", ["Aa Bb ", "Minister Telecom Ann Bob Lee, ", "a, ", "A's ", "\n", "x", "“", "🙂"])
def test_long_texts_take_no_longer_than_their_length(piece: str) -> None:
    """Twenty thousand characters of anything are read at once, and what is behind them is not."""
    assert find_people(piece) == find_people(piece)
    started = time.perf_counter()
    find_people(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - started < 1.0
