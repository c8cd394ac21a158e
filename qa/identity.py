"""A question who holds an office, or who somebody is, and its passages -> where an article says so outright."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.english.people import Person, find_person
from qa.english.speakers import find_speech
from qa.english.vocabulary import LESSER, OFFICES, is_office
from qa.sentences import split_article
from qa.types import Hit, Span

_WHO_IS = re.compile(
    r"^\W*(?:(?:and|so) )?(?:who(?:['’]?s| is| was| are| were)|(?:what|which) (?:is|was) the name of|name)\s+"
    r"(?P<whom>[\w’'.& -]{2,80}?)\W*$",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"^\W*(?:what(?:['’]?s| is| was)|(?:which|what) \w+ does)\s+(?P<whom>[\w’'. -]{2,60}?)(?:['’]s?)? (?:the |a )?"
    r"(?:position|post|role|job|office|title|designation|function|rank|occupation|hold)\W*$",
    re.IGNORECASE,
)
_OFFICES = {"ceo": "chief executive", "pm": "prime minister", "fm": "foreign minister", "cfo": "finance chief"}
_SHORT = re.compile(rf"\b(?:{'|'.join(_OFFICES)})\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"^\W*(?:(?:to|with|by|from|for) )?whom?\b", re.IGNORECASE)
_OFFICE_OF = re.compile(  # "What is Ann Lee minister of?"
    r"^\W*what (?:is|was) (?P<whom>[\w’'. -]{2,60}?) (?:the |a )?"
    rf"(?:{'|'.join(sorted(OFFICES))}) (?:of|for|in|at|to)\W*$",
    re.IGNORECASE,
)
_NEAR_CHARS = 4  # between a name and the office beside it: ", the "


def find_identity(question: str, hits: Sequence[Hit]) -> Span | None:
    """Return the name of who holds the office that is asked for, or the office of who is named; None if unsure.

    The span's score is 0.
    """
    asked = _WHO_IS.match(question) or _WHAT_IS.match(question) or _OFFICE_OF.match(question)
    if asked is None:
        return None
    whom = re.sub(r"^(?:the|a|an) ", "", asked["whom"], flags=re.IGNORECASE)
    whom = _SHORT.sub(lambda short: _OFFICES[short.group().lower()], whom)
    found: dict[str, Span] = {}
    for hit in hits:
        _, people = find_speech(hit.passage.article, hit.passage.start, hit.passage.end)
        named = [p for p in people if any(re.search(rf"\b{re.escape(whom)}\b", form, re.I) for form in p.forms)]
        by_name = bool(named)
        persons = named or _match(whom, people)
        for person in persons:
            span = next(_find_beside(hit, person, by_name=by_name), None)
            if span:
                found.setdefault(person.name, span)
    return next(iter(found.values())) if len(found) == 1 else None


def find_other(question: str, span: Span) -> Span | None:
    """Return who is meant where the words that were read name whom the question names: "Who did Ann Smith meet?".

    That is the one other person whom their sentence names; None if there is no such answer.
    """
    if not _ASKS_WHO.match(question):
        return None
    passage = span.passage
    text = passage.article.text
    _, people = find_speech(passage.article, span.start, span.end)
    asked = [
        person for person in people if any(re.search(rf"\b{re.escape(f)}\b", question, re.I) for f in person.forms)
    ]
    if not any(form in span.text for person in asked for form in person.forms):
        return None
    start, end = next((s, e) for s, e in split_article(passage.article, passage.start, passage.end) if span.start < e)
    others = [(p, place) for p in people if p not in asked for place in p.places if start <= place < end]
    if len({person for person, _ in others}) != 1:
        return None
    person, place = others[0]
    form = next((form for form in person.forms if text.startswith(form, place)), None)
    return Span(passage, place, place + len(form), span.score) if form else None


def _match(whom: str, people: Sequence[Person]) -> list[Person]:
    """Return the people who have an office; of those, who has just this one, if somebody does."""
    persons = find_person(whom, people) if any(is_office(word) for word in whom.split()) else []
    exact = [p for p in people if any(role.lower() == whom.lower() for role in p.roles)]
    if len(exact) == 1:
        return exact
    asked = set(whom.lower().split())
    return [p for p in persons if not p.roles or not (LESSER & set(p.roles[0].lower().split())) - asked]


def _find_beside(hit: Hit, person: Person, *, by_name: bool) -> Iterator[Span]:
    """Yield the names, or else the offices, where the two stand side by side in a sentence of the passage."""
    passage = hit.passage
    text = passage.article.text
    roles = sorted(person.roles, key=len, reverse=True)
    for start, end in split_article(passage.article, passage.start, passage.end):
        for form in person.forms:
            for name in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text[start:end]):
                for role in roles:
                    place = _find_near(text, start + name.start(), start + name.end(), role)
                    if place and passage.start <= place[0] and place[1] <= passage.end:
                        at = (start + name.start(), start + name.end()) if not by_name else place
                        yield Span(passage, *at, 0.0)
                        break


def _find_near(text: str, start: int, end: int, role: str) -> tuple[int, int] | None:
    """Return where a role stands right before or right behind a name, None if it does not."""
    before = text[max(0, start - len(role) - _NEAR_CHARS) : start]
    found = re.search(rf"(?<!\w){re.escape(role)}[,:]?\s{{1,2}}$", before, re.IGNORECASE)
    if found:
        return start - len(before) + found.start(), start - len(before) + found.start() + len(role)
    behind = re.match(
        rf",?\s(?:the |a |an |is the |was the )?({re.escape(role)})(?!\w)", text[end : end + len(role) + 12], re.I
    )
    return (end + behind.start(1), end + behind.end(1)) if behind else None
