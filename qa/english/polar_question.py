"""A yes-or-no question -> its words, and the ways in which a sentence may have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import qa.english.polar_words as en
from qa.english.polar_words import Token, find_nation, is_verb, read_words

_LEAD = re.compile(
    r"(?:(?:so|and|but|ok(?:ay)?|well|then|also|now|hey|hi|hello|oh|please|yes|no|btw)\b[\s,]*)+", re.I
)
_INDIRECT = re.compile(
    r"(?:(?:can|could|would|do) you (?:please )?(?:know|tell (?:me|us)|say|see) (?:if|whether)"
    r"|is it (?:true|correct|right|the case) that)\s",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"(did|does|do|is|are|was|were|has|have|had|can|could|will|would|shall|should|must|may|might|ca(?=n)|wo(?=n))"
    r"(?:n['’]?t)?\s+(?=[\"'“‘]?\w)",
    re.IGNORECASE,
)
# What begins like a question and is none, or is asked of the one who answers.
_NO_QUESTION = re.compile(
    r"\w+(?:n['’]?t)? (?:you|u|i|we)\b|ha(?:ve|d) an?\b|do(?:n['’]?t)? (?:it|that|this|not|tell|say|so)\b|may \d"
    r"|don['’]?t (?!(?:they|the|these|those|his|her|its|their|most|some|all|any|people)\b)"
    r"|(?:is|are|was|were) \w+ (?:in|by|at|on) (?:what|which)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?<!, )(?<!\bin )(?<!\bon )\b(?:what|which|whose|whom|how)\b"
    r"|\b(?:tell|know|says?|said|explain|show|see|mention|describe|clear|in|of|by|from|with|for|at) (?:me |us )?"
    r"(?:who|when|where|why)\b|\b(?:who|when|where|why)\W*$",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\bor\b(?! (?:not|so|more|less)\b)", re.IGNORECASE)
_PAST = re.compile(r"(?:ed|en|t|n)\Z")
GAP, ADDED = 6, 2  # words between two of the question's, and those of them that mean something; not measured


class Asked(NamedTuple):
    """A question's auxiliary, its words, and the places of those that mean something."""

    aux: str
    tokens: list[Token]
    words: list[int]
    anyone: bool


class Way(NamedTuple):
    """A way to say what a question asks: its kind, the question's words in that order, and their places."""

    kind: str  # "same", "passive", "active", or "both" for "B met A"
    order: list[int]
    places: list[int]


def is_polar(question: str) -> bool:
    """Say whether a question wants yes or no: "Did they meet?", not "Is it A or B?", "Can you say who came?"."""
    line = " ".join(question.split())[:1_000]
    asked = _strip_lead(line)
    told = bool(_INDIRECT.match(_LEAD.sub("", line, count=1) if _LEAD.match(line) else line))
    begins = _AUXILIARY.match(asked) and (told or not _NO_QUESTION.match(asked))
    return bool(begins) and not _EITHER.search(asked) and not _ASKS.search(asked)


def _strip_lead(line: str) -> str:
    """Return a question from its verb on; "is" stands for "can you tell me whether"."""
    lead = _LEAD.match(line)
    rest = line[lead.end() :] if lead else line
    told = _INDIRECT.match(rest)
    return f"is {rest[told.end() :]}" if told else rest


def read_question(question: str) -> Asked:
    """Take a question, as `is_polar` knows it, apart."""
    line = " ".join(question.split())
    asked = _strip_lead(line)
    told = not line.endswith(asked)
    verb = _AUXILIARY.match(asked)
    tokens = [] if verb is None else list(read_words(asked[verb.end() :]))
    anyone = any(token.low in {"anyone", "anybody", "someone", "somebody"} for token in tokens)
    silent = en.SILENT | en.PREPOSITIONS | en.PRONOUNS.keys() | {"anyone", "anybody", "someone", "somebody"}
    words = [i for i, token in enumerate(tokens) if token.low[0].isalnum() and token.low not in silent]
    aux = "" if told or verb is None else verb[1].lower()
    return Asked({"ca": "can", "wo": "will"}.get(aux, aux), tokens, words, anyone)


def fits(asked: Token, said: Token) -> bool:
    """Say whether a word of a sentence is one of the question, in any form, or says at least as much."""
    if asked.low[0].isdigit() or said.low[0].isdigit():
        return asked.low == said.low
    return asked.root == said.root or said.root in en.LIKE.get(asked.root, ())


def align(asked: Asked, said: Sequence[Token]) -> Iterator[Way]:
    """Yield the ways in which a sentence has all words of a question."""
    for kind, order in _orders(asked):
        for first, token in enumerate(said):
            if not fits(asked.tokens[order[0]], token):
                continue
            places = [first]
            for word in order[1:]:
                near = range(places[-1] + 1, min(len(said), places[-1] + 2 + 2 * GAP))
                place = next((p for p in near if fits(asked.tokens[word], said[p])), None)
                if place is None:
                    break
                places.append(place)
            else:
                yield Way(kind, order, places)


def _orders(asked: Asked) -> Iterator[tuple[str, list[int]]]:
    """Yield the question's words in its own order and in those in which a sentence says the same."""
    words = asked.words
    yield "same", words
    by = next((i for i, token in enumerate(asked.tokens) if token.low == "by"), 0)
    before, after = [w for w in words if w < by], [w for w in words if w > by]
    if asked.aux in en.BE and len(before) > 1 and after:
        yield "active", [*after, before[-1], *before[:-1]]  # "Was A sued by B?": "B sued A"
    elif asked.aux in en.BE and (len(words) > 1 or asked.anyone) and _PAST.search(asked.tokens[words[-1]].low):
        yield "active", [words[-1], *words[:-1]]  # "Was A sued?": "B sued A"
    if asked.aux not in en.BE:
        for at in range(1, len(words) - 1):
            yield "passive", [*words[at + 1 :], words[at], *words[:at]]  # "Did A sue B?": "B was sued by A"
            if asked.tokens[words[at]].root in en.SYMMETRIC:
                yield "both", [*words[at + 1 :], words[at], *words[:at]]


def is_governed(asked: Asked, said: Sequence[Token], places: Sequence[int]) -> bool:
    """Say whether a word is another's: "son of the minister", "minister's son", "deputy minister", "50 million"."""
    own = {token.low for token in asked.tokens}
    before = places[0] - 1
    while before >= 0 and (said[before].low in en.SILENT or said[before].low[0].isdigit()):
        before -= 1
    if before > 0 and said[before].low in en.PREPOSITIONS and said[before].low not in own:
        return True
    for place in places:
        left = [token.low for token in said[max(0, place - 3) : place]]
        right = said[place + 1].low if place + 1 < len(said) else ""
        number = said[place].low[0].isdigit()
        if (
            (number and right in en.UNITS - own)
            or (number and en.ROUGH & {*left} - own)
            or en.ALTERS & {*left[-1:]} - own
        ):
            return True
        named = place == places[-1] and said[place].name and place > 0 and place + 1 < len(said)
        if named and said[place + 1].name and said[place + 1].low not in own:
            return True  # "Poland Street"
        if (said[place].low.endswith(("'s", "'")) and said[place].low not in own) or right == "'":
            return True
    return False


class Office(NamedTuple):
    """An office in a sentence, and whose it may be: "US", "ambassador", "Pakistan", and "Donald Blome"."""

    before: list[str]
    head: str
    behind: list[str]
    person: list[str]


def judge_office(asked: Asked, said: Sequence[Token]) -> bool | None:
    """Judge "Is A the coach?" by "coach A" and "the coach, A,"; another nation's or another's office says no."""
    words = [t.low for t in asked.tokens if t.low[0].isalnum()]
    opens = {"the", "a", "an"} | en.ROLES
    cut = next((i for i, word in enumerate(words) if i and (word in opens or find_nation(word))), 0)
    stop = next((i for i, word in enumerate(words) if i > cut + 1 and word in en.PREPOSITIONS), len(words))
    roles = en.ROLES if {*words[cut:stop]} & en.ROLES else frozenset(words[stop - 1 : stop])
    unnamed = en.SILENT | en.PREPOSITIONS | en.PRONOUNS.keys()
    office, name = [w for w in words[cut:] if w not in unnamed - {"it"}], words[:cut]
    head = max((i for i, word in enumerate(office) if word in roles), default=-1)
    if asked.aux not in {"is", "was", ""} or head < 0 or not name or {*name} & unnamed:
        return None
    wanted = Office(office[:head], office[head], office[head + 1 :], name)
    altered = (en.ALTERS | en.RANKS) - {*office}
    there = [o for o in _find_offices(said, roles) if o.head == wanted.head and not {*o.before} & altered]
    there = [o for o in there if asked.aux != "is" or not any(w.isdigit() for w in o.behind)]  # "from 1999 to 2004"
    his = [o for o in there if f" {' '.join(name)} " in f" {' '.join(o.person)} "]
    if any(_covers(o, wanted) for o in his):
        return True
    lands, plain = _read_lands(wanted.before)
    for own in his:
        others, titles = _read_lands(own.before)
        if lands and others and not lands & others and plain <= titles and not wanted.behind:
            return False  # "the Dutch coach, A": not the German one
    rest = any(_covers(o, wanted) for o in there if o not in his)
    return False if his and rest and words[cut] == "the" and (wanted.before or wanted.behind) else None


def _read_lands(words: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return the lands among words, and the other words."""
    return {find_nation(word) for word in words} - {""}, {word for word in words if not find_nation(word)}


def _covers(office: Office, wanted: Office) -> bool:
    before, behind = ({find_nation(w) or w for w in words} for words in (office.before, office.behind))
    return {find_nation(w) or w for w in wanted.before} <= before and {*wanted.behind} <= behind - {*wanted.person}


def _find_offices(said: Sequence[Token], roles: frozenset[str]) -> Iterator[Office]:
    """Yield the offices that a sentence gives to somebody who is named beside them."""
    no_title = en.SILENT | en.PREPOSITIONS | en.BREAKS | {"'"}
    for at, token in enumerate(said):
        if token.low not in roles or (at + 1 < len(said) and said[at + 1].low in en.ROLES | {"'"}):
            continue
        start = at
        while start and at - start < 4 and said[start - 1].low not in no_title and not is_verb(said[start - 1]):
            start -= 1
        left = [t.low for t in said[max(0, start - 3) : start] if t.low not in en.SILENT][-1:]
        if {*left} & {"of", "for", "to", "as", "not"}:
            continue
        end, long = at + 1, at + 1 < len(said) and said[at + 1].low in en.PREPOSITIONS
        while end < len(said) and _goes_on(said, end, long=long):
            end += 1
        behind = [t.low for t in said[at + 1 : end] if t.low not in en.SILENT | en.PREPOSITIONS]
        run = next((n for n, t in enumerate(reversed(said[at + 1 : end])) if not t.name), end - at - 1)
        before = [t.low for t in said[start:at]]
        if run > long:
            yield Office(before, token.low, behind, behind[len(behind) - run + long :])  # "coach A", "Member IT B"
        if run <= 2 and (long or end == at + 1):
            yield from (Office(before, token.low, behind, name) for name in _find_beside(said, start, end))


def _goes_on(said: Sequence[Token], at: int, *, long: bool) -> bool:
    """Say whether an office or a name goes on at a place: "of State for IT and Trade"."""
    if long and said[at].low == "and" and at + 2 < len(said):
        return said[at + 1].name and said[at + 1].low not in en.ROLES and said[at + 2].low == ","
    return said[at].name or (long and said[at].low not in en.BREAKS and not is_verb(said[at]))


def _find_beside(said: Sequence[Token], start: int, end: int) -> Iterator[list[str]]:
    """Yield the names between commas before and behind an office."""
    after = [t.low for t in said[end : end + 2]]
    place = end + 1
    while place < len(said) and said[place].name and said[place].low not in en.ROLES:
        place += 1
    if after[:1] == [","] and place > end + 1 and (place == len(said) or said[place].low in {",", "."}):
        yield [t.low for t in said[end + 1 : place]]
    stop = start - 1 if start and said[start - 1].low in {"the", "a", "an"} else start
    first = stop - 1
    while first > 0 and said[first - 1].name and said[first - 1].low not in en.ROLES:
        first -= 1
    ends = after[:1] in ([], [","], ["."]) and (stop == start or after[1:] != ["and"])
    if stop > 1 and said[stop - 1].low == "," and ends and said[max(0, first - 1)].low not in {"of", "for", "to"}:
        yield [t.low for t in said[first : stop - 1]]
