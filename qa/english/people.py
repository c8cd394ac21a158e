"""An article's text -> who is named in it: names, what they are called, he or she.

What stands beside a name is seen in `qa.english.names`; here the forms of a name are brought together, and "he" and
"she" are heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from qa.english.names import ENOUGH, Mention, find_mentions, learn_words
from qa.english.vocabulary import HE, LESSER, OFFICES, SAYING, SHE, SMALL, TITLES, Word, find_words, is_office
from qa.sentences import split_sentences

_PRONOUNS = {"he": "he", "his": "he", "him": "he", "she": "she", "her": "she"}
_HEAD = 4  # a pronoun among so many first words is a sentence's subject, or its possessor
_TEXT_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a text names: the fullest name, all forms, what they are called, "she" or "he", and where."""

    name: str
    forms: tuple[str, ...]
    roles: tuple[str, ...]
    gender: str | None
    places: tuple[int, ...]


def find_people(text: str) -> tuple[Person, ...]:
    """Return whom a text names, in the order of their first mention; what is behind 20,000 characters is not read."""
    text = text[:_TEXT_CHARS]
    sentences = [list(find_words(text, start, end)) for start, end in split_sentences(text)]
    known = learn_words(text, sentences)
    mentions = [m for n, words in enumerate(sentences) for m in find_mentions(text, n, words, known)]
    groups = _group(mentions)
    _hear_pronouns(sentences, groups)
    groups = [group for group in groups if max(m.proof for m in group) >= ENOUGH]
    places = _place_roles(sentences, groups)
    people = [_make_person(text, group, more) for group, more in zip(groups, places, strict=True)]
    return tuple(sorted(people, key=lambda person: person.places[0]))


def find_person(words: str, people: Sequence[Person]) -> list[Person]:
    """Return those whom words in any case can mean: "the minister", "Blome", "ambassador Blome", "shaza fatima"."""
    asked = [word for word in _fold(words) if word not in SMALL and word not in TITLES]
    named = [word for word in asked if word not in OFFICES]
    if not asked:
        return []
    exact = [p for p in people if any(_fold(form) == asked for form in p.forms)]
    if exact:
        return exact
    found = []
    for person in people:
        name = {word for form in person.forms for word in _fold(form)}
        roles = [set(_fold(role)) for role in person.roles]
        called = any(set(asked) <= role and not (role & LESSER) - set(asked) for role in roles)
        called = called and len(named) < len(asked)
        if called or (named and set(asked) <= name.union(*roles) and name & set(asked)):
            found.append(person)
    return found


def _fold(text: str) -> list[str]:
    return [word.low for word in find_words(text, 0, len(text))]


def _group(mentions: list[Mention]) -> list[list[Mention]]:
    """Return the mentions of each person: a shorter form joins the one longer name that holds it."""
    names: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        names[mention.words].append(mention)
    groups: dict[tuple[str, ...], list[Mention]] = {}
    for name in sorted(names, key=len, reverse=True):
        holders = [other for other in groups if _holds(other, name)]
        if len(holders) == 1:
            groups[holders[0]] += names[name]
        elif not holders:
            groups[name] = list(names[name])
    return [sorted(group, key=lambda mention: mention.start) for group in groups.values()]


def _holds(name: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(name[i : i + len(part)] == part for i in range(len(name) - len(part) + 1))


def _hear_pronouns(sentences: list[list[Word]], groups: list[list[Mention]]) -> None:
    """Give each group the pronouns that take it up: as the next sentence's subject, or in its own sentence."""
    inside: dict[int, list[tuple[Mention, list[Mention]]]] = defaultdict(list)
    for group in groups:
        for mention in group:
            inside[mention.sentence].append((mention, group))
    for number, pairs in inside.items():
        pairs.sort(key=lambda pair: pair[0].start)
        words = sentences[number]
        subject, group = pairs[0]
        before = [p for w in words[: subject.first][:_HEAD] if (p := _PRONOUNS.get(w.low))]
        if before and words[0].low in SMALL and words[0].low not in _PRONOUNS:  # "In her remarks, X said"
            subject.genders.append(before[0])
            subject.proof += 1
            continue
        alone = len({id(other) for _, other in pairs if max(m.proof for m in other) >= ENOUGH} - {id(group)}) == 0
        following = sentences[number + 1] if number + 1 < len(sentences) else []
        taken = [p for w in following[:2] if w.low in {"he", "she"} and (p := _PRONOUNS[w.low])]
        own = [p for w in _before_saying(words[subject.last + 1 :]) if (p := _PRONOUNS.get(w.low))]
        if subject.first <= _HEAD or alone:
            for heard in taken[:1] + (own[:1] if alone else []):
                subject.genders.append(heard)
                subject.proof += 1 + (len(subject.words) > 1)


def _before_saying(words: list[Word]) -> list[Word]:
    """Return the words before a verb of saying: behind it "she" can be anybody."""
    return words[: next((i for i, word in enumerate(words) if word.low in SAYING), len(words))]


def _place_roles(sentences: list[list[Word]], groups: list[list[Mention]]) -> list[list[int]]:
    """Return for each group where the text calls it by its role alone: "the minister", if nobody else is one."""
    places: list[list[int]] = [[] for _ in groups]
    heads = [{head for m in g for role in m.roles for head in _find_heads(role)} for g in groups]
    for words in sentences:
        for i, word in enumerate(words[1:], 1):
            if word.low not in OFFICES or words[i - 1].low not in {"the", "his", "her"}:
                continue
            after = words[i + 1].text if i + 1 < len(words) else ""
            held = [n for n, head in enumerate(heads) if word.low in head]
            if len(held) == 1 and after not in {"of", "for", "to"} and not after[:1].isupper():
                places[held[0]].append(word.start)
                own = [p for w in words[i + 1 : i + 5] if (p := _PRONOUNS.get(w.low))]
                groups[held[0]][0].genders += own[:1]
    return places


def _find_heads(role: str) -> list[str]:
    """Return the offices in what somebody is called, lower-case; a deputy mayor is a deputy, and no mayor."""
    offices = [word.low for word in find_words(role, 0, len(role)) if is_office(word.text)]
    return [office for office in offices if office in LESSER] or ([] if LESSER & set(_fold(role)) else offices)


def _make_person(text: str, group: list[Mention], more: list[int]) -> Person:
    forms = sorted(dict.fromkeys(" ".join(text[m.start : m.end].split()) for m in group), key=len, reverse=True)
    roles = list(dict.fromkeys(role for m in group for role in m.roles))
    heads = [head for role in roles for head in _find_heads(role)]
    genders = {g for m in group for g in m.genders}
    genders |= {"she"} if set(heads) & SHE else set()
    genders |= {"he"} if set(heads) & HE else set()
    places = tuple(sorted({*(m.start for m in group), *more}))
    gender = genders.pop() if len(genders) == 1 else None
    return Person(forms[0], tuple(forms), tuple(dict.fromkeys([*roles, *heads])), gender, places)
