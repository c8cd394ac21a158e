"""A question and a sentence -> other ways to put them: the opposite verb, without what is said by the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import qa.english.polar_words as en
from qa.english.polar_question import Asked, fits
from qa.english.polar_talk import find_party
from qa.english.polar_words import Token, find_nation, is_verb, kind_of_time, read_items, stem

_MOVES = "rise increase grow climb|fall decrease decline drop shrink"
_PAIRS = f"admit|deny;convict|acquit;win|lose;accept approve|reject;accept agree|refuse;survive|die;{_MOVES}".split(
    ";"
)
_OPPOSITES = [[frozenset(stem(word) for word in side.split()) for side in pair.split("|")] for pair in _PAIRS]
_MOVED, _TRIED, _WON = (one | other for one, other in (_OPPOSITES[-1], _OPPOSITES[1], _OPPOSITES[2]))
_VERDICTS = (
    (re.compile(r"\bfound not guilty\b", re.IGNORECASE), "acquitted"),
    (re.compile(r"\bfound guilty\b", re.IGNORECASE), "convicted"),
    (re.compile(r"\b((?:was|were|been)(?: \w+){0,3}) cleared\b", re.IGNORECASE), r"\1 acquitted"),
)


def say_plainly(question: str, sentence: str) -> tuple[str, str]:
    """Return both with one way to say what has several: "convicted", "both boards", "brother-in-law"."""
    for pattern, word in _VERDICTS:
        question, sentence = pattern.sub(word, question), pattern.sub(word, sentence)
    for word in {*re.findall(r"\w+(?:-\w+)+", sentence.lower())}:
        apart = word.replace("-", " ")
        question = re.sub(rf"(?i)\b{apart}\b", word, question) if apart in question.lower() else question
    asked = re.search(r"\b(both|all) (?:of )?(?:(?:the|these|those|its|their) )?(\w+)", question.lower())
    if not asked:
        return question, sentence
    whole, noun = asked.groups()
    same = [rf"(?:both|all) (?:of )?(?:(?:the|these|those|its|their) )?(?:two )?{noun}"]
    same += [rf"(?:the )?{noun} of both (?:the )?\w+", rf"the two {noun}"] if whole == "both" else []
    found = rf"(?i)(?<!not )(?<!nearly )(?<!almost )(?<!of )\b(?:{'|'.join(same)})\b"
    return question, re.sub(found, f"{whole} {noun}", sentence)


def turn(asked: Asked, said: Sequence[Token]) -> Iterator[tuple[Asked, list[Token]]]:
    """Yield the question with the ways to put the sentence, or a part of it, that say no more than it does."""
    asked, said = _name_lands(asked, said)
    for part in (list(said), *_drop_asides(said), *_read_relatives(said)):
        yield asked, part
        yield from ((asked, short) for short in _drop_names(asked, part))
    if asked.aux == "will" and is_reported(said):
        yield from ((asked, part) for part in _drop_places(asked, said))


def oppose(asked: Asked, said: Sequence[Token]) -> Iterator[tuple[Asked, list[Token]]]:
    """Yield the ways of `turn` with the opposite of the question's verb: a sentence that says so says no."""
    if asked.anyone or asked.aux not in {"did", "was", "were", "has", "have", "had", "will"}:
        return
    for plain, part in turn(asked, said):
        for at in plain.words[1:]:
            for pair in _OPPOSITES:
                for mine, other in (pair, pair[::-1]):
                    if plain.tokens[at].root in mine and not any(token.root in mine for token in part):
                        yield from ((turned, part) for turned in _swap(plain, part, at, other))


def _swap(asked: Asked, said: Sequence[Token], at: int, other: frozenset[str]) -> Iterator[Asked]:
    """Yield the question with each opposite of its verb that a sentence plainly has."""
    for root in sorted(other):
        court = root in _TRIED and any(token.low in en.COURTS for token in said)
        verb = Token("done-ed" if court else "verb", root, name=False)  # "was acquitted": "the jury acquitted him"
        places = [i for i, token in enumerate(said) if fits(verb, token) and (is_verb(token) or asked.aux == "will")]
        if places and _is_one_time(asked, said, other) and all(_is_whole(asked, said, at, i) for i in places):
            yield (turned := asked._replace(tokens=[*asked.tokens[:at], verb, *asked.tokens[at + 1 :]]))
            if root == stem("die") and asked.words[-1] > at:  # "survive the crash", "die in the crash"
                tokens = [*turned.tokens[: at + 1], Token("in", "in", name=False), *turned.tokens[at + 1 :]]
                yield asked._replace(tokens=tokens, words=[w + (w > at) for w in asked.words])


def _is_one_time(asked: Asked, said: Sequence[Token], other: frozenset[str]) -> bool:
    """Say whether a sentence speaks of all of the question's subject, and of no time but the question's."""
    own, lows = {token.low for token in asked.tokens}, [token.low for token in said]
    subject = asked.tokens[asked.words[0]].low
    places = [i for i, low in enumerate(lows) if low == subject]
    near = {low for i in places for low in lows[max(0, i - 2) : i]} - own
    if not places or near & en.SOME or any(low[0].isdigit() for low in near) or {*lows} & en.ONCE - own:
        return False
    moves = other & _MOVED
    times = {
        low for i, low in enumerate(lows) if kind_of_time(said[i]) and (moves or kind_of_time(said[i]) == "year")
    }
    return not times - own and not (moves and {"year", "month", "week", "quarter"} & {*lows} - own)


def _is_whole(asked: Asked, said: Sequence[Token], at: int, place: int) -> bool:
    """Say whether the verb at a place has no object but the question's: "lost the ball" is no lost game."""
    following, second, *_ = [*(token.low for token in said[place + 1 : place + 3]), ".", "."]
    root, passive = said[place].root, bool({token.low for token in said[max(0, place - 4) : place]} & en.BE)
    some = passive and (second in en.SOME or second[0].isdigit())
    if (following == "by" and (root == stem("survive") or some)) or (root == stem("kill") and not passive):
        return False
    tried = root in _TRIED and not passive and asked.tokens[asked.words[0]].low in {following, second}
    if asked.words[-1] != at or (tried and "of" not in {token.low for token in said[place:]}):
        return True
    if following == "on" and root in _TRIED and second not in en.TIMES | {"all"}:
        return False  # "acquitted on one count"
    if following in {"of", "to", "for"} and (following, second) not in {("of", "all"), ("of", "any")}:
        return root in _WON | _MOVED or (following == "for" and passive)
    if following in en.OPENS and root in _WON | {stem("survive")}:
        return root not in _WON or second in en.GAMES
    return following in en.PREPOSITIONS | en.BREAKS | en.TIMES or following.endswith("ly") or following[0].isdigit()


def _name_lands(asked: Asked, said: Sequence[Token]) -> tuple[Asked, list[Token]]:
    """Return both with one word for "Japanese" and "Japan's", where both have such a word of the same land."""
    mine, other = _mark_lands(asked.tokens), _mark_lands(said)
    if asked.aux not in {"is", "are"} and {t.low for t in mine} & {t.low for t in other if t.low.startswith("land-")}:
        return asked._replace(tokens=mine), other
    return asked, list(said)


def _mark_lands(tokens: Sequence[Token]) -> list[Token]:
    """Return words with "land-japan" for "Japanese" and "Japan's" before a noun: not for "South Korea's"."""
    out = list(tokens)
    for i, token in enumerate(tokens[:-1]):
        word, following = token.low.removesuffix("'s"), tokens[i + 1]
        land = find_nation(word)
        whose = word != token.low or word in en.NATIONS or (following.low in en.ROLES and word in {"us", "uk"})
        part = i and tokens[i - 1].low in {"north", "south", "northern", "southern", "east", "west", "new", "non"}
        if land and whose and not part and following.low[0].isalpha() and not is_verb(following):
            out[i] = Token(f"land-{land}", f"land-{land}", token.name)
    return out


def _drop_asides(said: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield a sentence without what stands between commas behind its subject: an age, an office, "who ..."."""
    commas = [i for i, token in enumerate(said[:80]) if token.low == ","][:5]
    if len(commas) < 2:
        return
    head = said[: commas[0]]
    lows = {token.low for token in head}
    if not head or lows & {*en.BREAKS} or head[0].low in en.PREPOSITIONS or any(is_verb(t) for t in head):
        return
    for number, left in enumerate(commas[:-1]):
        aside, right = said[left + 1 : commas[number + 1]], commas[number + 1]
        whose = bool(aside) and aside[0].low in {"who", "which", "whose"}
        inner = aside[1:] if whose else aside
        if not aside or any(t.low in {"and", "but", "according", '"'} for t in aside[:1]):
            return
        if not whose and any(is_verb(t) or t.low in en.BREAKS for t in inner):
            return
        verb = next((t for t in said[right + 1 :] if not t.low.endswith("ly") and t.low not in {"also", "not"}), None)
        if verb and is_verb(verb):
            yield [*head, *said[right + 1 :]]
            first = said[commas[0] + 1 : commas[1]]
            if 0 < len(first) < 5 and all(t.name for t in first) and not lows & en.PREPOSITIONS:
                yield [*first, *said[right + 1 :]]
            return


def _drop_names(asked: Asked, said: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield "the mayor resigned" of "the mayor of Osan, or Mayor Jo Park, resigned"."""
    verb = next((i for i, token in enumerate(said) if is_verb(token) or token.low in en.BREAKS), 0)
    role = next((i for i in range(verb) if said[i].low in en.ROLES and said[i + 1].low not in en.ROLES), verb)
    behind = said[role + 1 : verb]
    names = behind[1:] if behind and behind[0].low in {"of", "to", "for"} else behind
    ranked = {token.low for token in said[:role]} & en.RANKS - {token.low for token in asked.tokens}
    if names and all(token.name for token in names) and not ranked and is_verb(said[verb]):
        yield [*said[: role + 1], *said[verb:]]


def _read_relatives(said: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield "Mayor A had opposed it" of "Mayor A, who had opposed it, said"."""
    for i in range(1, len(said) - 3):
        if said[i].low != "," or said[i + 1].low != "who" or not is_verb(said[i + 2]):
            continue
        end = next((n for n in range(i + 2, len(said)) if said[n].low in en.ENDS), len(said))
        head = _read_head(said, i)
        if head:
            yield [*head, *said[i + 2 : end], Token(".", ".", name=False)]


def _read_head(said: Sequence[Token], stop: int) -> list[Token]:
    """Return the name or the noun that ends at a place, nothing if another noun may be meant."""
    start, titles = stop, en.ROLES | en.ALTERS | en.RANKS
    while start and (said[start - 1].name or said[start - 1].low in titles):
        start -= 1
    while (
        start and stop - start < 5 and not {said[start - 1].low, said[start].low if start < stop else ""} & en.OPENS
    ):
        if said[stop - 1].name or said[start - 1].low in en.BREAKS or is_verb(said[start - 1]):
            break
        start -= 1
    start -= 1 if start and said[start - 1].low in en.OPENS else 0
    opened = start < stop and (said[stop - 1].name or said[start].low in en.OPENS)
    return list(said[start:stop]) if opened and (not start or said[start - 1].low not in en.PREPOSITIONS) else []


def change_time(asked: Asked, said: Sequence[Token]) -> Asked | None:
    """Return the question with the sentence's one day, month or year in place of another of its own."""
    more = {t.low for t in said} & {"again", "also", "another"}
    if asked.aux not in {"did", "was", "were"} or asked.anyone or more:
        return None
    for kind in ("day", "month", "year"):
        wanted = [i for i, token in enumerate(asked.tokens) if kind_of_time(token) == kind]
        there = [i for i, token in enumerate(said) if kind_of_time(token) == kind]
        if len(wanted) == len(there) == 1 and said[there[0]].low != asked.tokens[wanted[0]].low:
            before, at = said[max(0, there[0] - 1)], wanted[0]
            plain = before.low in {"on", "in"} or (kind == "day" and before.low not in en.PREPOSITIONS | en.BREAKS)
            if plain and asked.tokens[max(0, at - 1)].low in {"on", "in", "last"}:
                return asked._replace(tokens=[*asked.tokens[:at], said[there[0]], *asked.tokens[at + 1 :]])
    return None


def is_reported(said: Sequence[Token]) -> bool:
    """Say whether a "would" is somebody's "will": "He said it would open", not "would have opened"."""
    at = next((i for i, token in enumerate(said) if token.low == "would"), 0)
    telling = any(t.root in en.TELLING and is_verb(t) for t in said)
    return telling and not {token.low for token in said[at + 1 : at + 4]} & {"have", "like"}


def _drop_places(asked: Asked, said: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield a sentence without the place behind its subject: "schools in the province would stay closed"."""
    own = {token.low for token in asked.tokens}
    for i, token in enumerate(said[:-2]):
        if said[i + 1].low in {"in", "on", "at", "near", "across"} - own and token.low in own:
            end = next((n for n in range(i + 2, min(len(said), i + 8)) if said[n].low in {"would", "will"}), 0)
            part = {t.low for t in said[max(0, i - 3) : i]} & (en.SOME | {"only", "all"}) - own
            if end and not part and not any(t.low in en.BREAKS or is_verb(t) for t in said[i + 2 : end]):
                yield [*said[: i + 1], *said[end:]]


def is_listed(asked: Asked, said: Sequence[Token]) -> bool:
    """Say whether "Was A in the room?" is answered by "Among those in the room were A and B", "Team: A, B."."""
    ends = ("in", "at", "on", "among", "present", "there")
    at = next((i for i, t in enumerate(asked.tokens) if i and t.low in ends), 0)
    verb = next((i for i, token in enumerate(said) if token.low in {"were", "was", "included", ":"}), 0)
    head, rest = [token.low for token in said[:verb] if token.low not in en.SILENT], said[verb + 1 :]
    if not at or not head or asked.aux not in {"was", "were"} or any(is_verb(token) for token in said[:verb]):
        return False
    who = [token for token in asked.tokens[:at] if token.low[0].isalnum() and token.low not in en.SILENT]
    place = [asked.tokens[i].low for i in asked.words if i >= at and asked.tokens[i].low != "present"]
    there = head[-len(place) :] == place if place else "present" in head
    if not there or {*head} & (en.NEGATIONS | en.MODALS | en.STOPS):
        return False
    if said[verb].low != ":":
        opened = {"among", "present"} & {*head} or head[0] in en.GUESTS
        return bool(opened) and any(find_party(who, said, item) for item in read_items(said, verb + 1))
    bare = all(token.name or token.low == "and" or not (token.low[0].isalpha() or token.low == ":") for token in rest)
    stops = [i for i in range(1, len(rest) + 1) if i == len(rest) or not rest[i].name]
    named = any([t.low for t in rest[max(0, i - len(who)) : i]] == [t.low for t in who] for i in stops)
    return bare and named and bool(who and place and {*head} & en.TEAMS) and not {*head} & en.PREPOSITIONS
