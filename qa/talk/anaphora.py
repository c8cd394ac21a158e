"""A question -> its words that point at something said before it.

A pronoun that has its antecedent in the question itself points nowhere else. Where a rule cannot tell, the question
stands alone; `tests/bench/followups.py` measures how often that is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa.talk.words import (
    ASKING,
    AUXILIARIES,
    BE,
    COMMANDS,
    DETERMINERS,
    DO,
    PREPOSITIONS,
    Token,
    find_tokens,
    split_words,
)

_OURS = split_words(
    "year week month day morning article story report text page news"
)  # "this article" is the one at hand
_POINTING = split_words("this that these those")
_PERSONAL = split_words("he him his himself she her hers herself")
_OTHERS = split_words("it its they them their theirs")
_POSSESSIVES = split_words("his her its their")
_SAYING = split_words("say said says think thinks thought believe claim claimed hope know knew want expect fear")
_SUBJECTS = split_words("he she it they")
_CLAUSES = split_words("when while after before since until although")
_FAR = 4  # words between a name and "him" that are no longer of one clause
_JOINTS = split_words("that which who whom and or as than because if")
# Whether "the … that she" has a person before the pronoun. What is taken for one too often only stands alone.
_PERSON = re.compile(
    r"\w*(?:man|woman|person|men|women|people|ian|ist|ess)|boy|girl|child|(?!number|year|paper|river|order|power|water|"
    r"summer|winter|weather|letter|chapter|center|factor|sector|color|tower|error)\w+(?:er|or)|king|queen|prince|pope|"
    r"president|secretary|chief|head|wife|husband|son|bishop|official|student|patient|resident|diplomat|judge|general|"
    r"captain|coach|victim|suspect|witness|somebody|someone|anyone|everyone"
)


class Pointer(NamedTuple):
    """A word that points back, in lower case, with its place: "she", or "that" of "that meeting"."""

    start: int
    end: int
    word: str


def find_pointers(question: str) -> list[Pointer]:
    """Return the words of a question that point at something outside it, in order."""
    tokens = find_tokens(question)
    lows = [token.low for token in tokens]
    tests = {"there": _there_points, **dict.fromkeys(_POINTING, _that_points)}
    tests |= dict.fromkeys(
        _PERSONAL | _OTHERS, lambda lows, i: not _is_empty_it(lows, i) and not _is_bound(question, tokens, i)
    )
    return [
        Pointer(token.start, token.end, token.low)
        for i, token in enumerate(tokens)
        if token.low in tests and tests[token.low](lows, i) and (question.isupper() or not _is_acronym(token.text))
    ]


def _is_acronym(word: str) -> bool:
    """Say whether this is "IT", the trade, and no pronoun."""
    return len(word) > 1 and word.isupper()


def _at(lows: Sequence[str], i: int) -> str:
    return lows[i] if 0 <= i < len(lows) else ""


def _that_points(lows: Sequence[str], i: int) -> bool:
    """Tell "about that", "Was that …" and "that meeting" from "the city that …" and "said that …"."""
    before, after, behind = _at(lows, i - 1), _at(lows, i + 1), _at(lows, i + 2)
    if not after:
        return i > 0
    if before in BE | DO and i <= 2:
        return True  # "Why was that a problem?"
    is_noun = (
        after.partition("'")[0]
        not in AUXILIARIES | ASKING | PREPOSITIONS | _PERSONAL | _OTHERS | DETERMINERS | _JOINTS
    )
    if lows[i] != "that":
        return is_noun and after not in _OURS
    if before in PREPOSITIONS or before in {"do", "say", "said", "mean", "discuss", "attend", "attended", "did"}:
        return after in PREPOSITIONS - {"of"} | {"and", "or"} or (is_noun and (not behind or behind in PREPOSITIONS))
    return False


def _there_points(lows: Sequence[str], i: int) -> bool:
    """Tell "lives there" from "is there" and "there are"."""
    exists = AUXILIARIES | {"be", "been", "any", "a"}
    after = _at(lows, i + 1)
    if (not after and lows[0] == "who") or (
        i > 2 and not after and _at(lows, i - 1) in BE and lows[0] not in {"how", "what"}
    ):
        return True  # "Who else was there?"
    if _at(lows, 0) in BE and i > 1 and after in {"", "too"}:
        return True  # "Was he there too?"
    return i > 1 and _at(lows, i - 1) not in exists and (not after or after in PREPOSITIONS | {"and"})


def _is_empty_it(lows: Sequence[str], i: int) -> bool:
    """Say whether "it" stands for nothing: "Is it true that", "How long does it take to", "What time is it"."""
    if lows[i] != "it":
        return False
    rest = lows[i + 1 : i + 7]
    opens = {"that", "to", "for", "when", "who", "how", "why", "if", "whether"}
    if rest and rest[0].startswith(("rain", "snow")):
        return True
    if rest and rest[0] in {"take", "takes", "took", "cost", "costs", "mean", "means"}:
        return ("long" in lows and len(rest) > 1) or bool(opens & set(rest[1:]))
    if _at(lows, i - 1) in BE or (rest and rest[0] in BE | {"be", "been", "seems"}):
        return bool(opens & set(rest)) or lows[:i] == ["what", "time", "is"]
    return False


def _is_bound(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Say whether the pronoun at `i` has its antecedent in the question before it."""
    lows = [token.low for token in tokens]
    word, before = lows[i], lows[:i]
    if not before:
        return False
    named = any(t.text[0].isupper() and t.low not in AUXILIARIES | ASKING for t in tokens[1:i])
    opening = AUXILIARIES | ASKING | PREPOSITIONS | DETERMINERS | _POINTING | COMMANDS | {"besides"}
    asking = next((place for place, low in enumerate(before) if low in ASKING), 0)
    if asking > 2 and before[0] in PREPOSITIONS and word not in _PERSONAL:
        return True  # "In cases with a shared medium, how is it delivered?"
    opens_with_noun = before[0] not in opening or (before[0] in DETERMINERS and word not in _PERSONAL)
    if opens_with_noun or (word not in _PERSONAL and "," in text[: tokens[i].start]):
        return True  # "Newborns are … because they", "When funds are stolen, what is it called?"
    if before[-1] in AUXILIARIES or (before[-1] == "not" and _at(lows, i - 2) in AUXILIARIES):
        asks_first = not _JOINTS.intersection(before[1:])
        if asks_first or (word in _SUBJECTS and not named):
            return named and word not in _SUBJECTS
    if word in {"him", "them"} and not (_JOINTS | _CLAUSES).intersection(before[1:]) and "to" not in before[1:-1]:
        # "Did Ann Smith meet him?" means somebody else; "Whom does Ann Smith think the club will pay him?" need not.
        capitals = [place for place, token in enumerate(tokens[:i]) if place and token.text[0].isupper()]
        far_off = bool(capitals) and i - capitals[-1] > _FAR
        return far_off or before[-1] == "and" or any(low.endswith("'s") for low in before)
    if named or before[-1] == "and":
        return True
    # What the pronoun stands right behind is not what it means: "the album he made", "the name of her band".
    far = i
    if before[-1] in PREPOSITIONS | _JOINTS:
        far -= 1
    # Behind "the minister sold" stands "his house", and behind "the striker said" stands "he would".
    verb = before[-1] not in PREPOSITIONS | _JOINTS and (word in _POSSESSIVES or before[-1] in _SAYING)
    nouns = [last for last in _find_nouns(lows[:i]) if last < far - 1 or verb or before[-1] == "and"]
    who = lows[0] == "who" and lows[1] not in DO
    if word in _PERSONAL:
        return who or any(_PERSON.fullmatch(low) for last in nouns for low in lows[max(0, last - 1) : last + 1])
    plural_subject = any(low in AUXILIARIES and _at(lows, j + 1).endswith("s") for j, low in enumerate(before[:-1]))
    return bool(nouns) or plural_subject or (word in {"its", "their", "theirs"} and (who or lows[0] == "what"))


def _find_nouns(lows: Sequence[str]) -> list[int]:
    """Return where each noun phrase ends: "film" of "the first film they made"."""
    stops = AUXILIARIES | PREPOSITIONS | ASKING | _JOINTS | DETERMINERS
    ends = []
    for i, low in enumerate(lows):
        opens = low in DETERMINERS | {"many"} or (low in {"which", "what"} and _at(lows, i + 1) not in stops)
        if not opens:
            continue
        last = i
        while last + 1 < len(lows) and lows[last + 1] not in stops:
            last += 1
        if last > i:
            ends.append(last)
    return ends
