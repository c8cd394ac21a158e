"""The turns of a conversation -> what a pronoun in the next question may mean, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qa.english.vocabulary import is_office
from qa.facts import find_fact
from qa.overview import find_overview
from qa.talk.words import ASKING, AUXILIARIES, BE, DETERMINERS, DO, PREPOSITIONS

if TYPE_CHECKING:
    from qa.english.people import Person

# How likely something is meant by where it was named, the newest turn first. Tuned on CANARD and on conversations of
# our own by hand; see tests/bench/followups.py for what they come to (2026-11-25).
_OLDER = 0.5
_ASKED = 1.0  # in the question
_ASKED_FOR = 1.2  # the answer to "who" or "what"
_ANSWERED = 0.8
_QUOTED = 0.45
_TITLE = 0.6
_UNKNOWN = 0.45  # a name of which nothing says that it is a person's
_REFUSED = 0.8  # all of a turn that was not answered
_LESS = 0.85  # each further one in the same place

_NAME = re.compile(r"[^\W\da-z_][\w’'&.-]*(?:(?: (?:of|of the|for|de|da|van|von|bin|al))? [^\W\da-z_][\w’'&.-]*)*")
_PLACE = re.compile(r"\b(?:in|at|from|near|to) $", re.IGNORECASE)
_TOPIC = re.compile(
    r"(?<=\w )(?:about|on|regarding|concerning) ((?!\d|(?:what|which|who)\b)[^?.,!]+?)\W*$", re.IGNORECASE
)
_OWNED = re.compile(  # "Pakistan's judicial system"
    r"\b[^\W\da-z_][\w-]*['’]s (?!(?:{0})\b)[\w-]+(?: (?!(?:{0}|already|ever|still|now)\b)[\w-]+)?".format(
        "|".join(sorted(AUXILIARIES | PREPOSITIONS | ASKING | {"and", "or", "been"}))
    )
)
_ASKS_PERSON = re.compile(r"^\W*(?:(?:to|with|by|from|for) )?who(?:m)?\b", re.IGNORECASE)
_ASKS_THING = re.compile(r"^\W*(?:what|which|name)\b", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_EVENT = re.compile(
    r"\b(?:the|a|this|that) (meeting|conference|summit|ceremony|event|rally|match|game|party|concert|hearing|trial|"
    r"funeral|wedding|exhibition|festival|talks)\b|\b(?:met|meet)\b",
    re.IGNORECASE,
)
_PEOPLE_DO = re.compile(
    r"\b(?:discuss\w*|meet|met|talk\w*|say|said|agree\w*|attend\w*|sign\w*|speak|spoke|announce\w*|mention\w*|want\w*|"
    r"decide\w*|think|argue\w*|visit\w*|promise\w*|call\w*)\b",
    re.IGNORECASE,
)
_LEAD = 400  # characters of the text that people are looked for in
_PRONOUNS = {"he": "(?:he|his|him)", "she": "(?:she|her)"}
_DONE = re.compile(
    r"\w+ed|held|made|built|sold|won|lost|found|born|shot|sent|paid|told|seen|taken|given|left|begun|set"
)
_NAMED = re.compile(r"“[^“”]+”")  # how an article is named in a question
_VERBAL = re.compile(r"[a-z]+(?:ed|ing)")
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
_DATE = re.compile(rf"(?:{_DAYS}|October|November|December)\b|\d")


class Context(NamedTuple):
    """A turn as the next question sees it: the question as it was understood, the answer, what was quoted for it.

    `title` and `people` are those of the article that was quoted; empty where nothing was.
    """

    question: str
    answer: str
    quotes: tuple[str, ...]
    title: str
    people: tuple[Person, ...]


class Mention(NamedTuple):
    """What may be meant, and how likely that is, in no unit."""

    text: str
    weight: float


def find_meant(pointer: str, question: str, turns: Sequence[Context]) -> list[Mention]:
    """Return what a pronoun of a question may mean, the likeliest first, each once; `turns` has the oldest first."""
    if pointer == "they" and _PEOPLE_DO.search(question):
        pointer = "people"
    find = {
        "he": _find_persons,
        "she": _find_persons,
        "they": _find_groups,
        "it": _find_things,
        "there": _find_places,
    }
    find |= {"that": _find_topics, "people": _find_crowds}
    found: dict[str, float] = {}
    for age, turn in enumerate(reversed(turns)):
        for mention in find[pointer](pointer, turn):
            weight = mention.weight * _OLDER**age * (1.0 if turn.answer else _REFUSED)
            same = next((known for known in found if _is_same(known, mention.text)), mention.text)
            known = found.pop(same, 0.0)
            found[max(same, mention.text, key=len)] = max(known, weight)
    return sorted((Mention(text, weight) for text, weight in found.items()), key=lambda mention: -mention.weight)


def find_named(text: str, people: Sequence[Person]) -> list[Person]:
    """Return the people whom a text names, by any form or part of the name, or as "the minister", in its order."""
    places: dict[Person, int] = {}
    for person in people:
        others = {word for other in people if other != person for word in other.name.lower().split()}
        parts = [word for word in person.name.split() if len(word) > 2 and word.lower() not in others]
        for words in (*person.forms, *parts, *(f"the {role}" for role in person.roles)):
            found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)
            if found:
                places[person] = min(found.start(), places.get(person, len(text)))
    return sorted(places, key=lambda person: places[person])


def find_topic_phrase(question: str) -> str | None:
    """Return what a question is about: "US firms" of "What did Blome say about US firms?"."""
    found = _TOPIC.search(question)
    vague = found is None or found[1].lower() in {"it", "that", "this"} or _DATE.search(found[1].title())
    return None if found is None or vague else found[1]


def find_capitals(text: str) -> list[re.Match[str]]:
    """Return the names in a text: runs of capitals, without the word that only opens the sentence."""
    names = []
    for found in _NAME.finditer(text):
        first, _, rest = found.group().partition(" ")
        if first.lower() in AUXILIARIES | ASKING | DETERMINERS | PREPOSITIONS or len(first) == 1:
            if not rest:
                continue
            found = _NAME.search(text, found.start() + len(first) + 1) or found
        names.append(found)
    return [name for name in names if name.group()[0].isupper()]


def _find_persons(pointer: str, turn: Context) -> Iterator[Mention]:
    """Yield people; those whom the article calls "she" are never "he"."""
    asked_for = _ANSWERED + (_ASKED_FOR - _ANSWERED) * bool(_ASKS_PERSON.search(turn.question))
    told = bool(re.search(rf"\b{_PRONOUNS[pointer]}\b", " ".join((turn.question, *turn.quotes)), re.IGNORECASE))
    parts = [(turn.question, _ASKED), (turn.answer, asked_for), *((quote, _QUOTED) for quote in turn.quotes)]
    for text, weight in parts:
        for place, person in enumerate(p for p in find_named(text, turn.people) if p.gender in {None, pointer}):
            sure = 1.0 if person.gender else 0.8
            yield Mention(person.name, weight * sure * _LESS ** (0 if text is turn.answer else place))
        for name in find_capitals(text):
            if _may_be_person(text, name, turn.people, told=told):
                yield Mention(_strip(name.group()), weight * _UNKNOWN)
    title = "" if turn.people else _find_subject(turn.title)
    if title and _may_be_person(title, re.match(".*", title), turn.people, told=told):
        yield Mention(title, _ASKED * 0.9 if _share_name(title, turn.question) else _TITLE)


def _may_be_person(text: str, name: re.Match[str] | None, people: Sequence[Person], *, told: bool) -> bool:
    """Say whether a name that the article tells nothing of may be a person's; `told` that one is spoken of."""
    if name is None or not name.group() or _DATE.search(name.group()):
        return False
    if any(is_office(word) for word in name.group().split()):
        return False
    if " " not in name.group() and not told:
        return False  # "Warsaw"
    known = any(_is_same(form, name.group()) for person in people for form in person.forms)
    return not known and not _PLACE.search(text[: name.start()]) and not (people and " " not in name.group())


def _find_groups(_: str, turn: Context) -> Iterator[Mention]:
    """Yield what is more than one: people together, plural things, and names that may be a band's or a country's."""
    asked, answered = find_named(turn.question, turn.people), find_named(turn.answer, turn.people)
    together = [*asked, *(person for person in answered if person not in asked)]
    if len(asked) > 1 or len(answered) > 1 or (len(together) == 2 and _ASKS_PERSON.search(turn.question)):
        yield Mention(_join([p.name for p in (answered if len(answered) > 1 else together)]), 1.1)
    elif turn.quotes and len(quoted := find_named(turn.quotes[0], turn.people)) == 2:
        yield Mention(_join([person.name for person in quoted]), 0.7)
    for text, weight in ((turn.question, _ASKED), (turn.answer, _ANSWERED)):
        for phrase in [find_topic_phrase(text) or "", *_find_phrases(text)]:
            words = phrase.split()
            if words and len(words) <= 6 and words[-1].endswith("s") and not words[-1].endswith(("ss", "’s", "'s")):
                yield Mention(phrase, weight * 0.9)
        for name in find_capitals(text):
            if not find_named(name.group(), turn.people) and not _DATE.search(name.group()):
                yield Mention(_strip(name.group()), weight * _UNKNOWN)
    title = "" if turn.people else _find_subject(turn.title)
    if title:
        yield Mention(title, _ASKED * 0.9 if _share_name(title, turn.question) else _TITLE)


def _find_topics(_: str, turn: Context) -> Iterator[Mention]:
    """Yield what "this" and "that" alone may be."""
    asked = _NAMED.sub("the article", turn.question)
    if find_fact(asked) or find_overview(asked):
        yield Mention("the article", _ASKED_FOR)
    if event := _EVENT.search(turn.question):
        yield Mention(f"the {event[1].lower()}" if event[1] else "the meeting", 0.7)
    if topic := find_topic_phrase(turn.question):
        yield from _without_people([Mention(topic, 1.1)], turn.people)
    answer = turn.answer.strip(" .,;")
    is_thing = 0 < len(answer.split()) <= 5 and not _DATE.search(answer) and not _VERBAL.fullmatch(answer)
    if is_thing and _ASKS_THING.search(turn.question):
        yield from _without_people([Mention(answer, _ASKED_FOR)], turn.people)
    phrases = [
        Mention(phrase, 0.9 * _LESS**place) for place, phrase in enumerate(reversed(_find_phrases(turn.question)))
    ]
    yield from _without_people(phrases, turn.people)


def _find_crowds(_: str, turn: Context) -> Iterator[Mention]:
    """Yield what "they" may be who do what only people do: no things, rather the two whom an article begins with."""
    for mention in _find_groups("they", turn):
        is_thing = mention.text[:1].islower() or mention.text == find_topic_phrase(turn.question)
        yield mention._replace(weight=mention.weight * (0.4 if is_thing else 1.0))
    first = [person for person in turn.people if person.places[0] < _LEAD]
    if len(first) > 1:
        yield Mention(_join([person.name for person in first[:2]]), 0.7)


def _find_things(_: str, turn: Context) -> Iterator[Mention]:
    """Yield what is no person."""
    yield from _find_topics("that", turn)
    for text, weight in ((turn.question, 0.8), (turn.answer, 0.5)):
        names = [Mention(_strip(n.group()), weight) for n in find_capitals(text) if not _DATE.search(n.group())]
        yield from _without_people(names, turn.people)
    if (title := _find_subject(turn.title)) and not turn.people:
        yield Mention(title, _TITLE)


def _find_places(_: str, turn: Context) -> Iterator[Mention]:
    """Yield what stands behind "in", "at" and the like, with a capital, and what people come together for."""
    for text, weight in ((turn.question, 1.1), (turn.answer, 1.1), *((quote, 0.55) for quote in turn.quotes)):
        if event := _EVENT.search(text):
            yield Mention(f"the {event[1].lower()}" if event[1] else "the meeting", weight)
    for text, weight in ((turn.answer, 1.0), (turn.question, 1.0), *((quote, 0.5) for quote in turn.quotes)):
        for name in find_capitals(text):
            asked = text is turn.answer and re.match(r"\W*where\b", turn.question, re.IGNORECASE)
            place = asked or _PLACE.search(text[: name.start()])
            if place and name.group() != "IT" and not _DATE.search(name.group()):
                yield Mention(_strip(name.group()), weight)


def _without_people(mentions: Iterable[Mention], people: Sequence[Person]) -> Iterator[Mention]:
    return (mention for mention in mentions if not find_named(mention.text, people))


def _find_phrases(text: str) -> list[str]:
    """Return the noun phrases of a question that a determiner opens: "the judicial system"."""
    stops = (
        AUXILIARIES
        | ASKING
        | PREPOSITIONS
        | {"be", "been", "being", "and", "or", "that", "he", "she", "they", "it", "to"}
    )
    phrases, words = [], _WORDS.findall(text)
    for place, word in enumerate(words):
        if word.lower() not in {"the", "a", "an"}:
            continue
        noun: list[str] = []
        for other in words[place + 1 : place + 5]:
            if other.lower() in stops | DETERMINERS or (noun and _DONE.fullmatch(other.lower())):
                break
            noun.append(other)
        asked = words[max(0, place - 1)].lower() in DO | BE and len(noun) > 1
        noun = noun[:-1] if asked else noun  # "Did the senate pass …", "Is the dam safe"
        if (noun and place + len(noun) + 1 == len(words)) or len(noun) <= 2:
            phrases.append(f"the {' '.join(noun)}")
    owned = [found.group() for found in _OWNED.finditer(text)]
    return [*(phrase for phrase in phrases if phrase != "the "), *owned]


def _find_subject(title: str) -> str:
    """Return the name that a title is, as an encyclopedia's is; "" for a headline."""
    name = re.sub(r"\s*\([^)]*\)\s*$", "", title)
    return name if name and len(name.split()) <= 5 and not name.endswith(("…", ".", "?", "!")) else ""


def _share_name(title: str, question: str) -> bool:
    words = {word.lower() for word in _WORDS.findall(title) if word[0].isupper()}
    return bool(words & {word.lower().removesuffix("'s") for word in _WORDS.findall(question)})


def _is_same(one: str, other: str) -> bool:
    """Say whether two names are one's: the shorter's words are the longer's."""
    short, long = sorted((one.lower().split(), other.lower().split()), key=len)
    return bool(short) and set(short) <= set(long)


def _strip(name: str) -> str:
    return re.sub(r"['’]s$", "", name.strip(" .,;"))


def _join(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
