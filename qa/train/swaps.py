"""A question that has an answer -> one that reads alike and has none.

What crowd workers did for SQuAD v2.0 (Rajpurkar, Jia and Liang, 2018, table 2), by rule: another name, number or
date in place of the question's, an opposite, a negation, another word of the same kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache

from qa.question import content_words

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve twenty fifty hundred thousand".split()  # noqa: SIM905
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth last".split()  # noqa: SIM905
_OPPOSITES = """
    before after|above below|more less|most least|largest smallest|largest fewest|bigger smaller|biggest smallest
    highest lowest|higher lower|high low|older younger|oldest youngest|old new|early late|earlier later
    earliest latest|first last|north south|northern southern|east west|eastern western|increase decrease
    increased decreased|rise fall|rose fell|win lose|won lost|begin end|began ended|start finish|started stopped
    open close|opened closed|male female|man woman|men women|king queen|father mother|son daughter|brother sister
    husband wife|ally enemy|allowed forbidden|accept reject|accepted rejected|support oppose|supported opposed
    build destroy|built destroyed|join leave|joined left|enter exit|create destroy|created abolished
    founded dissolved|buy sell|bought sold|give take|gave took|same different|similar different|major minor
    majority minority|public private|rich poor|strong weak|stronger weaker|strongest weakest|long short
    longer shorter|longest shortest|best worst|good bad|better worse|positive negative|success failure
    successful unsuccessful|true false|always never|internal external|inside outside|left right|upper lower
    top bottom|maximum minimum|common rare|easy difficult|fast slow|faster slower|arrive depart|arrived departed
    appear disappear|attack defend|attacked defended|borrow lend|cause prevent|caused prevented|connect separate
    export import|exports imports|gain lose|gained lost|include exclude|included excluded|legal illegal
    married divorced|modern ancient|natural artificial|born buried|permanent temporary|present absent|push pull
    raise lower|raised lowered|remember forget|rural urban|senior junior|simple complex|single multiple
    sunrise sunset|teacher student|victory defeat|war peace|warm cold|wet dry|agree disagree|agreed refused
    praised criticized|praise criticize|approved rejected|hired fired|employer employee
    """
# A full stop goes on with a name behind a short word only ("St. Louis", not "in Alaska. This"), and neither it nor a
# possessive ends one: such a name in a question would tell by itself that the question was changed.
_NAME = re.compile(
    r"\b[A-Z][\w.&'’-]*(?:(?<![a-z]{3}\.)\s+(?:(?:of|the|and|de|van|von|al)\s+){0,2}[A-Z][\w.&'’-]*)*"
    r"(?<![.'’-])(?<!['’]s)"
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d+)*(?:\.\d+)?(?!\w)")
_WORD = re.compile(r"\b[a-z]{4,}\b")
# Up to the first verb that "not" can follow, in a question that is not negated already.
_NEGATABLE = re.compile(
    r"(?!.*(?:\bnot\b|n['’]t\b)).*?\b(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should)\b"
)

Neighbours = Callable[[str], Sequence[str]]


def swap_in_question(question: str, window: str, article: str, rng: random.Random, near: Neighbours) -> str | None:
    """Return the question with one thing changed so that the window does not answer it, None if nothing can be.

    Half of the new names and numbers stand in the window itself, so that no strange word gives the change away.
    `near` returns words of a word's kind.
    """
    options: list[Callable[[], str | None]] = []
    content = content_words(question)
    if things := find_things(question):
        pool = window if rng.random() < 0.5 else article
        options += [lambda: _swap_thing(question, rng.choice(things), pool, rng)] * 4
    if opposed := [m for m in re.finditer(r"\w+", question) if m.group() in _opposites()]:
        options += [lambda: _swap_word(question, rng.choice(opposed), lambda word: _opposites()[word], rng)] * 3
    if words := [m for m in _WORD.finditer(question) if m.group() in content]:
        options += [lambda: _swap_word(question, rng.choice(words), near, rng)] * 3
    if verb := _NEGATABLE.match(question):
        options += [lambda: f"{question[: verb.end()]} not{question[verb.end() :]}"]
    return rng.choice(options)() if options else None


def swap_in_window(
    question: str, window: str, answer: tuple[int, int], article: str, rng: random.Random
) -> str | None:
    """Return the window with a name or number of the question changed in it, so that it answers another question."""
    shared = []
    for start, end in find_things(question):
        thing = re.compile(rf"(?<!\w){re.escape(question[start:end])}(?!\w)")
        places = [m.span() for m in thing.finditer(window)]
        if places and not any(s < answer[1] and answer[0] < e for s, e in places):
            shared.append((thing, question[start:end]))
    if not shared:
        return None
    thing, old = rng.choice(shared)
    new = _replace_thing(old, article, question + window[answer[0] : answer[1]], rng)
    return thing.sub(lambda _: new, window) if new else None


def find_things(text: str) -> list[tuple[int, int]]:
    """Return where a text has names and numbers; the capital that opens a sentence makes no name by itself."""
    names = [m.span() for m in _NAME.finditer(text) if not _only_opens(text, m)]
    return names + [m.span() for m in _NUMBER.finditer(text)]


def _only_opens(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip()
    words = match.group().split()
    opens = not before or before.endswith((".", "?", "!", '"'))
    return opens and (len(words) == 1 or words[0].lower() not in content_words(match.group()))


def _swap_thing(question: str, place: tuple[int, int], pool: str, rng: random.Random) -> str | None:
    start, end = place
    new = _replace_thing(question[start:end], pool, question, rng)
    return question[:start] + new + question[end:] if new else None


def _replace_thing(old: str, pool: str, taken: str, rng: random.Random) -> str | None:
    """Return another name or number for `old` out of a text, none that `taken` has; numbers can also be made up."""
    words = set(old.lower().split())
    others = []
    for start, end in find_things(pool):
        new = pool[start:end]
        alike = new[0].isdigit() == old[0].isdigit() and abs(len(new.split()) - len(words)) <= 1
        if alike and new not in taken and not words & set(new.lower().split()) and _is_year(new) == _is_year(old):
            others.append(new)
    if old[0].isdigit() and (not others or rng.random() < 0.3):
        return _make_number(old, rng)
    if old in _opposites():
        return rng.choice(_opposites()[old])
    return rng.choice(others) if others else None


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text[0] in "12"


def _make_number(old: str, rng: random.Random) -> str | None:
    digits = old.replace(",", "")
    if not digits.isdigit():
        return None
    number = int(digits)
    new = number + rng.choice((-1, 1)) * rng.randint(1, 60 if _is_year(old) else max(1, number // 2))
    return (f"{new:,}" if "," in old else str(new)) if new != number and new >= 0 else None


def _swap_word(question: str, match: re.Match[str], find_others: Neighbours, rng: random.Random) -> str | None:
    others = [word for word in find_others(match.group()) if not re.search(rf"\b{word}\b", question)]
    return question[: match.start()] + rng.choice(others) + question[match.end() :] if others else None


@cache
def _opposites() -> dict[str, list[str]]:
    """Return the words that can stand for a word and mean the opposite or another of a short row."""
    found: dict[str, list[str]] = {}
    for pair in re.split(r"[|\n]", _OPPOSITES):
        if words := pair.split():
            found.setdefault(words[0], []).append(words[1])
            found.setdefault(words[1], []).append(words[0])
    for row in (_MONTHS, _DAYS, _NUMBERS, _ORDINALS):
        for word in row:
            found.setdefault(word, []).extend(other for other in row if other != word)
    return found
