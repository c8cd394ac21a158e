"""A yes-or-no question and a sentence -> whether the sentence says so, says the opposite, or neither.

A wrong "Yes" is worse than none: it is given only where each word of the question that means something stands in the
sentence, in the question's order, close together, and nothing near them takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import qa.english.polar_words as en
from qa.english.polar_question import (
    ADDED,
    GAP,
    Asked,
    Way,
    align,
    is_governed,
    is_polar,
    judge_office,
    read_question,
)
from qa.english.polar_talk import find_party, finds_object, judge_meeting, judge_talk, same_pronouns
from qa.english.polar_turns import change_time, is_listed, is_reported, oppose, say_plainly, turn
from qa.english.polar_words import Token, find_times, is_verb, read_items, read_subject, read_words

__all__ = ["is_polar", "judge"]
# What makes "nobody was seriously hurt" no answer to "Was anybody hurt?".
_NARROWED = re.compile(
    r"\b(?:not|never|nobody|no one|no|none|\w+n['’]t)\b(?:\W+\w+){0,4}?\W+"
    r"(?:seriously|badly|severely|fully|entirely|wholly|only|just|yet|long|all|every|officially|immediately|necessarily|"
    r"always|often|second|third|free|under|over|more|much|very|too|at home)\b",
    re.IGNORECASE,
)
_NOUNS = {"talks", "talk's", "debate", "debates", "comments"}
_THERE = {"present", "attendance", "part", "there"}


def judge(question: str, sentence: str) -> bool | None:
    """Return True if a sentence says what a question asks, False if it says the opposite, None if neither is sure."""
    verdict = _judge(question, sentence)
    return None if verdict is False and _NARROWED.search(sentence) else verdict


def _judge(question: str, sentence: str) -> bool | None:
    if len(sentence) > 2_000 or sentence.rstrip().endswith("?") or len(question) > 300 or not is_polar(question):
        return None
    asked, said = read_question(question), list(read_words(sentence))
    if not asked.words or any(token.low in en.NEGATIONS for token in asked.tokens):
        return None
    verdict = _judge_said(asked, said)
    other = change_time(asked, said) if verdict is None else None
    if other and _judge_said(other, said):
        return False
    return _judge_turned(*say_plainly(question, sentence)) if verdict is None else verdict


def _judge_turned(question: str, sentence: str) -> bool | None:
    """Judge by other ways to put the question and the sentence: only a way that says so outright counts."""
    asked, said = read_question(question), list(read_words(sentence))
    said_so = is_listed(asked, said) or any(_judge_said(*way) is True for way in turn(asked, said))
    opposed = any(_judge_said(*way) is True for way in oppose(asked, said))
    return None if said_so == opposed else said_so


def _judge_said(asked: Asked, said: Sequence[Token]) -> bool | None:
    """Judge by each of the rules, those that ask for more before those that ask for less."""
    talk = [i for i in asked.words if asked.tokens[i].root in en.TALK and asked.tokens[i].low not in _NOUNS]
    if talk:
        return judge_talk(asked, talk[0], said)
    event, office = _read_event(asked), judge_office(asked, said)
    if event or office is not None:
        return _judge_event(*event, said) if event else office
    own = {token.root for token in asked.tokens}
    if not asked.anyone and not any(token.root in en.HEDGES - own for token in said):
        together = {judge_meeting(asked, said), _judge_presence(asked, said)} - {None}
        if together:
            return together.pop() if len(together) == 1 else None
    if not same_pronouns(asked, said):
        return None
    find = _judge_anyone if asked.anyone else _judge_places
    verdicts = {find(asked, said, way) for way in align(asked, said)} - {None}
    return verdicts.pop() if len(verdicts) == 1 else None


def _judge_presence(asked: Asked, said: Sequence[Token]) -> bool | None:
    """Judge whether one of several did what a question asks: came to a meeting, signed a paper."""
    found = _read_presence(asked)
    if not found:
        return None
    who, root, what = found
    verdicts = set()
    for place, token in enumerate(said):
        if token.root != root or (token.low == root and token.name):
            continue
        subject, beside = read_subject(said, place)
        if [t.low for t in said[place + 1 : place + 2]] == ["by"] and {*beside} & {"was", "were", "been", "being"}:
            people, thing = read_items(said, place + 2), subject
            about = not what or (bool(thing) and any(find_party(what, said, item) for item in thing[-1:]))
        else:
            plain = token.low == root and "not" not in beside
            if plain or root not in en.SHARED or {*beside} & {*en.BE, "to", *en.MODALS}:
                continue
            people = subject
            about = finds_object(what, said[place + 1 : place + 2 + GAP]) if what else False
        denied = bool({"not", "never"} & {*beside})
        if about and not {*beside} & en.MODALS and any(find_party(who, said, item) for item in people):
            verdicts.add(None if denied and len(people) > 1 else not denied)
    return verdicts.pop() if len(verdicts) == 1 else None


def _read_presence(asked: Asked) -> tuple[list[Token], str, list[Token]] | None:
    """Return who is asked after, the verb's root and at what: "Was A at the talks?" asks who attended them."""
    plain = [t for t in asked.tokens if t.low.isalnum() or t.name or "-" in t.low]
    plain = [t for t in plain if t.low not in {"too", "also", "as", "well"}]
    lows = [token.low for token in plain]
    if asked.aux in {"was", "were"}:
        if "by" in lows[2:]:  # "Were the talks attended by A?"
            by = lows.index("by", 2)
            return plain[by + 1 :], plain[by - 1].root, [t for t in plain[: by - 1] if t.low not in en.SILENT]
        at = next((i for i, low in enumerate(lows) if i and low in {"at", "there", "present", "in"}), 0)
        if not at or (lows[at] == "in" and lows[at + 1 : at + 2] != ["attendance"]):
            return None
        what = [t for t in plain[at:] if t.low not in en.PREPOSITIONS | en.SILENT | _THERE]
        return plain[:at], "attend", what
    if asked.aux not in {"did", "has", "have", "had"}:
        return None
    for i, token in enumerate(plain):
        part = lows[i : i + 3] == ["take", "part", "in"] or lows[i : i + 2] in (["participate", "in"], ["go", "to"])
        if i and (part or (not token.name and token.root in en.SHARED | {"sign", "own", "found"})):
            what = [t for t in plain[i + 1 :] if t.low not in en.PREPOSITIONS | en.SILENT | _THERE]
            return (plain[:i], "attend" if part else token.root, what) if what else None
    return None


def _read_event(asked: Asked) -> tuple[Token, Token] | None:
    """Return the event and the time of "Was the meeting on Monday?"."""
    times, plain = find_times(asked.tokens), [t for t in asked.tokens if t.low not in en.SILENT and t.low.isalnum()]
    whole = times and [t.low for t in plain[1:]] == [asked.tokens[i].low for i in times]
    return (plain[0], plain[-1]) if whole and asked.aux in {"was", "were"} else None


def _judge_event(noun: Token, time: Token, said: Sequence[Token]) -> bool | None:
    """Judge "Was the meeting on Monday?" by "They met on Monday": whether what is asked after was then."""
    lows = {token.low for token in said}
    if lows & (en.NEGATIONS | en.MODALS) or any(t.root in en.HEDGES | en.CALLED_OFF for t in said):
        return None
    roots = {noun.root, en.stem(en.EVENTS.get(noun.low, noun.low))}
    for at in [i for i, token in enumerate(said) if token.low == time.low]:
        start = max((i for i in range(at) if said[i].low in en.STOPS), default=-1) + 1
        verbs = [t for t in said[start:at] if is_verb(t) and t.low not in en.BE | {"had", "has", "have"}]
        happened = all(t.root in roots | {"hold", "tak", "happen", "occur"} for t in verbs)
        near = said[max(start, at - 2 - GAP) : at]
        if said[at - 1].low not in {"on", "in", "last"} | {t.low for t in near if t.root in roots}:
            continue
        if noun.low == "it" and len([t for t in said[:at] if is_verb(t)]) == 1 and is_verb(said[max(0, at - 2)]):
            return True
        if happened and any(t.root in roots and (is_verb(t) or t.low == noun.low) for t in near):
            return True
    return None


def _judge_places(asked: Asked, said: Sequence[Token], way: Way) -> bool | None:
    """Judge by what stands before, between and behind the question's words in the sentence."""
    places = way.places
    start = max((p + 1 for p in range(places[0]) if said[p].low in {";", "but"}), default=0)
    stop = next((p for p in range(places[-1], len(said)) if said[p].low in {";", "but"}), len(said))
    run, own = said[start : places[-1] + 1], {token.root for token in asked.tokens}
    if any(token.root in en.HEDGES and token.root not in own for token in said[start:stop]):
        return None
    if is_governed(asked, said, places) or not all(_is_small(asked, said, way, i) for i in range(1, len(places))):
        return None
    first = next((t for t in said[start : places[0]][::-1] if t.low not in en.SILENT and not t.name), None)
    nested = {"who", "which", "whose"} & {t.low for t in said[start : places[0]]} and first and is_verb(first)
    if nested or not _same_mood(asked, said, way, run):  # "the man who attacked A was convicted"
        return None
    negations = [p for p in range(start, places[-1] + 1) if said[p].low in en.NEGATIONS]
    if negations:
        return _deny(said, places, negations)
    return None if any(token.low in en.NEGATIONS for token in said[places[-1] + 1 : places[-1] + 4]) else True


def _same_mood(asked: Asked, said: Sequence[Token], way: Way, run: Sequence[Token]) -> bool:
    """Say whether a sentence speaks of what is, was, can or will be as the question does."""
    killed = [i for i in way.places[1:] if said[i].root == "kill" and "kill" not in {t.root for t in asked.tokens}]
    if way.kind == "same" and any(not {t.low for t in said[max(0, i - 4) : i]} & en.BE for i in killed):
        return False  # who killed has not died
    held = {token.low for token in run if token.low in en.MODALS}
    allowed = {asked.aux, "would"} if asked.aux == "will" and is_reported(said) else {asked.aux}
    if held - allowed or (asked.aux in en.MODALS and not held):
        return False
    near = {token.low for token in said[max(0, way.places[0] - 3) : way.places[-1] + 1]}
    is_past = bool(near & {"was", "were", "had", "been"})
    if asked.aux in {"is", "are"} and (is_past or not near & {"is", "are"}):
        return False
    if asked.aux in {"was", "were"} and way.kind == "same" and not near & en.BE:
        return False
    if any(token.low == "there" for token in asked.tokens[:1]) and "there" not in near:
        return False
    return way.kind != "passive" or bool({"by"} & near and near & en.BE)


def _is_small(asked: Asked, said: Sequence[Token], way: Way, number: int) -> bool:
    """Say whether nothing between two of the question's words changes who does what."""
    left, right = way.places[number - 1 : number + 1]
    first, last = sorted(way.order[number - 1 : number + 1])
    own = {token.low for token in asked.tokens[first:last]}
    gap = said[left + 1 : right]
    lows = {token.low for token in gap}
    if way.kind == "both":
        return not lows & (en.BREAKS - {",", "and"}) and len(gap) <= 2 * GAP and not {t.root for t in gap} & en.SPEECH
    time = said[right].low in en.TIMES or said[right].low[0].isdigit()
    prepositions = (lows & en.PREPOSITIONS) - own - ({"by"} if way.kind == "passive" else set())
    if lows & en.BREAKS or any(token.root in en.SPEECH for token in gap) or (prepositions and not time):
        return False
    small = en.SILENT | en.PREPOSITIONS | en.NEGATIONS | en.MODALS
    added = [t for t in gap if t.low not in small and not t.low.endswith("ly")]
    beside = way.kind == "same" and not own - {asked.tokens[first].low} - en.BE - {"have", "has", "had"}
    if beside and added and not time:
        return False
    return len(added) <= ADDED and len(gap) <= GAP and (time or not any(token.name for token in added))


def _deny(said: Sequence[Token], places: Sequence[int], negations: Sequence[int]) -> bool | None:
    """Return False if the one negation is of the first noun or of the verb behind it, None otherwise."""
    (place, *more), behind = negations, {token.low for token in said[places[-1] + 1 :]}
    if more or behind & en.NARROW:
        return None
    if said[place].low == "no":
        return False if place + 1 in {places[0], places[-1]} else None
    if 2 <= place == places[0] - 1 and said[place].low == "not" and said[place - 2].low in en.PRONOUNS:
        return False  # "He did not resign"
    following = [p for p in places if p > place]
    if said[place].low not in {"not", "never"} or place < places[0] or not following:
        return None
    between = {token.low for token in said[place + 1 : following[0]]}
    return False if between <= en.BE | {"yet", "have", "had", "ever", "the", "a", "an"} else None


def _judge_anyone(asked: Asked, said: Sequence[Token], way: Way) -> bool | None:
    """Judge what is asked of anyone: nobody did, or somebody who can be seen to be a person."""
    first, last = way.places[0], way.places[-1]
    nobody = [p for p in range(len(said)) if said[p].low in {"nobody", "none"}]
    if nobody:
        between = said[nobody[0] : first]
        alone = nobody[0] < first and not any(t.low in en.BREAKS | {"of"} or t.root in en.HEDGES for t in between)
        others = {token.low for token in said} & (en.NEGATIONS - {"nobody", "none"} | en.NARROW | en.MODALS)
        return False if alone and len(nobody) == 1 and not others else None
    rest = {token.low for token in said[first:]}
    more = rest & (en.NEGATIONS | en.NARROW | en.MODALS | {"of"})
    if first and said[first - 1].low == "no" and last - first < 2 and not more:
        return None if any(token.root in en.HEDGES for token in said) else False  # "No arrests were made"
    verdict = _judge_places(asked, said, way)
    near = said[max(0, first - GAP) : last + 1 + GAP]
    before = [token.low for token in said[:first] if token.low not in en.BE | {"have", "has", "had"}][-1:]
    counted = before and (before[0].isdigit() or before[0] in {"hundreds", "dozens", "several"})  # "3 were hurt"
    return None if verdict and not counted and not any(en.PEOPLE.match(token.low) for token in near) else verdict
