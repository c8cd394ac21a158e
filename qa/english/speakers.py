"""An article's sentences -> who says each of them, by the names that the article has."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.english.people import Person, find_people, find_person
from qa.english.speech import find_asked_speaker, find_speaker, mask_quotes
from qa.english.vocabulary import PRONOUNS, SMALL, TITLES, find_words, is_office
from qa.sentences import split_article
from qa.types import Article

_BACK = 3  # sentences that a pronoun looks back; not measured
_NEAR = (
    3_000  # characters before and behind a stretch that are read with it, and of the article's first; not measured
)
_GENDERS = {"he": "he", "she": "she"}
_VAGUE = PRONOUNS - {"he", "she"} | {"who"}
_OWNED = re.compile(r"(?:Its|Their)\b")


class Utterance(NamedTuple):
    """A sentence of an article, and who says it.

    `speaker` is the slice of the article that names who does. It is None where nobody speaks, and where somebody,
    `spoken`, does who may be any of `persons`. `owner` has the names that "its spokesman" can go back to.
    """

    start: int
    end: int
    spoken: bool
    speaker: tuple[int, int] | None
    persons: tuple[Person, ...]
    owner: frozenset[str] = frozenset()


class _Subject(NamedTuple):
    """Whom a later "he" can mean, and the slice that names them."""

    span: tuple[int, int]
    persons: tuple[Person, ...]


def name_speaker(article: Article, start: int, end: int) -> tuple[int, int] | None:
    """Return the slice of an article that names the speaker of the sentences from `start` to `end`, if one does.

    Where they have a pronoun, it is the nearest slice before that names whom it means, None if that is not clear.
    """
    statements, _ = find_speech(article, start, end)
    spoken = (s for s in statements if s.spoken and s.start < end and start < s.end)
    first = next(spoken, None)
    return first.speaker if first else None


def ask_for_said(question: str) -> str | None:
    """Return whose words a question asks for, None if it calls them "she": that can be anybody."""
    asked = find_asked_speaker(question)
    return None if asked is None or asked.lower() in PRONOUNS else asked


@lru_cache(maxsize=64)
def find_said(article: Article, start: int, end: int, asked: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences from `start` to `end` that are said by whom a question asks for, "" for nobody."""
    if not asked:
        return ()
    statements, people = find_speech(article, start, end)
    meant = [person for part in asked.split(" and ") for person in find_person(part, people)]
    meant = find_person(asked, people) or meant
    return tuple(
        (statement.start, statement.end)
        for statement in statements
        if statement.start < end and start < statement.end and _is_said_by(statement, asked, meant, article.text)
    )


def find_speech(article: Article, start: int, end: int) -> tuple[tuple[Utterance, ...], tuple[Person, ...]]:
    """Return the sentences round a stretch of an article with their speakers, and the people whom it names."""
    first = max(0, start // _NEAR * _NEAR - _NEAR)
    return _read_speech(article, first, min(len(article.text), (end // _NEAR + 2) * _NEAR))


def _is_said_by(statement: Utterance, asked: str, meant: Sequence[Person], text: str) -> bool:
    """Say whether a statement's speaker is whom a question asks for, by words that mean those people."""
    if meant and statement.persons:
        return any(person in meant for person in statement.persons)
    words = _key(asked)
    if not words or not statement.spoken:
        return False
    # "What did the US say?" asks for its ambassador's words too.
    if words <= statement.owner or any(words <= _key(role) for p in statement.persons for role in p.roles):
        return True
    other = _key(text[slice(*statement.speaker)]) if statement.speaker else set()
    if statement.persons:  # the others: "the minister" is not "the prime minister"
        return words <= other
    return bool(other) and (words <= other or (other <= words and not all(map(is_office, other))))


@lru_cache(maxsize=64)
def _read_speech(article: Article, start: int, end: int) -> tuple[tuple[Utterance, ...], tuple[Person, ...]]:
    text = article.text
    head = text[: min(start, _NEAR)] + "\n\n" if start else ""  # where people are called by their whole names
    people = find_people(head + text[start:end])
    shift = start - len(head)
    places = sorted((place + shift, n) for n, p in enumerate(people) for place in p.places if place + shift >= start)
    statements: list[Utterance] = []
    subjects: list[list[_Subject]] = []  # of each sentence that names somebody
    before = ""
    for first, last in split_article(article, start, end):
        sentence = text[first:last]
        inside = places[bisect_left(places, (first, -1)) : bisect_left(places, (last, -1))]
        mentioned = [_Subject(_name_at(text, place, people[n]), (people[n],)) for place, n in inside]
        statement = _read_sentence(first, sentence, mentioned, subjects, people)
        if _OWNED.match(sentence):
            owner = frozenset(word.low for word in find_words(before, 0, len(before)) if word.text[0].isupper())
            statement = statement._replace(owner=owner)
        statements.append(statement)
        if statement.speaker:
            subjects.append([_Subject(statement.speaker, statement.persons)])
        elif mentioned or statement.spoken:
            subjects.append(mentioned)
        before = sentence
    return tuple(statements), people


def _read_sentence(
    start: int, sentence: str, mentioned: list[_Subject], subjects: list[list[_Subject]], people: Sequence[Person]
) -> Utterance:
    """Return a sentence as a statement; `mentioned` are in it, `subjects` in those before it."""
    end = start + len(sentence)
    found = find_speaker(sentence)
    if found is None:
        return Utterance(start, end, False, None, ())
    words = sentence[slice(*found)].lower()
    span = (found[0] + start, found[1] + start)
    if words in _VAGUE:
        return Utterance(start, end, True, None, ())
    if words in _GENDERS:
        unquoted = mask_quotes(sentence)
        own = [s for s in mentioned if s.span[0] < span[0] and unquoted[s.span[0] - start] != "”"]
        return Utterance(start, end, True, *_resolve(_GENDERS[words], subjects[-_BACK:], own))
    named = [s.persons[0] for s in mentioned if s.span[0] < span[1] and span[0] < s.span[1]]
    persons = tuple(dict.fromkeys(named)) or tuple(find_person(words, people))
    return Utterance(start, end, True, span, persons)


def _resolve(
    gender: str, subjects: Sequence[list[_Subject]], own: Sequence[_Subject]
) -> tuple[tuple[int, int] | None, tuple[Person, ...]]:
    """Return whom "he" or "she" means: the slice that names them, None if several can be meant."""
    can_be = [_fit(gender, own)]
    can_be.append(next((fits for one in reversed(subjects) if (fits := _fit(gender, one))), {}))
    fits = {**can_be[1], **can_be[0]}
    if len(fits) == 1:
        ((person, span),) = fits.items()
        return span, (person,)
    return None, tuple(fits)


def _fit(gender: str, subjects: Sequence[_Subject]) -> dict[Person, tuple[int, int]]:
    return {p: s.span for s in subjects for p in s.persons if p.gender in {gender, None}}


def _name_at(text: str, place: int, person: Person) -> tuple[int, int]:
    """Return the slice at a place that names a person, by a form of the name or by a word for what they are."""
    form = next((form for form in person.forms if text.startswith(form, place)), None)
    if form:
        return place, place + len(form)
    word = next(find_words(text, place, min(len(text), place + 40)), None)
    return place, word.end if word else place + 1


def _key(text: str) -> set[str]:
    return {word.low for word in find_words(text, 0, len(text))} - SMALL - TITLES
