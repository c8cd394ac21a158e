"""Spans as a model marks them -> spans as a person would."""

from __future__ import annotations

import re
import unicodedata

from qa.sentences import split_sentences

_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»"}
_LOOSE = ",;:.!?-–—/"
_SEPARATOR = re.compile(r"[,;]?\s+(?:and|or|as well as)\s+|[,;]\s+")
_CONJUNCTION = re.compile(r"[,;]?\s+(?:and|or|as well as)\s+")
_ITEM_WORDS = 5

_IN_NUMBER = re.compile(r"\d[.,:]\d")  # "1,200", "3.5", "10:30"
_DATE = re.compile(r"(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")  # "2024-05-15"
_SIGN = re.compile(r"(?<![^\s(])[-−–.]\d")  # "-5", ".5"; not "2019-20"
_ABBREVIATION = re.compile(r"(?<![^\W_])(?:(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}|[A-Z][a-z]?)\.\Z")  # "U.S.", "Ms.", "J."
_JOINERS = "\u200c\u200d\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # skin tones are of the emoji before them
# Thai and its neighbours, Japanese and Chinese have no spaces between words: there a word ends where the model says.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

_VERB = "is|was|has|does|did|do|had|have|will|would|can|could|shall|should|may|might|must"
_MANY = re.compile(
    rf"^\W*(?:(?:to|with|by|from|for|of|among|between|against) )?whom?\b(?!['’]|,? (?:is|was|has|does)\b)"
    r"|^\W*(?:please )?(?:name|list)\b"
    r"|\b(?:are|were|both|all)\b"
    rf"|\b(?:which|what) (?:of (?:the|these|those|his|her|its|their) )?(?!(?:{_VERB})\b)(?:\w+ )?(?!was\b|has\b)"
    r"\w+[^\Wsiu]s\b",  # not "process", "crisis", "virus"
    re.IGNORECASE,
)


def tidy_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of whole words, without marks at its ends that belong to the sentence.

    Quotes and brackets stay in pairs: one whose partner is next to the span is taken in, one without is left out.
    """
    while start > 0 and _is_joined(text, start):
        start -= 1
    while end < len(text) and _is_joined(text, end):
        end += 1
    start, end = whole = _strip(text, start, end)
    while True:  # each turn leaves fewer marks without a partner, or fewer marks
        before = start, end
        while start < end and (text[start].isspace() or (text[start] in _LOOSE and not _SIGN.match(text, start))):
            start += 1
        while start < end and (text[end - 1].isspace() or _is_loose(text, start, end)):
            end -= 1
        start, end = _pair_up(text, start, end)
        if start >= end:
            return whole  # nothing but marks
        if (start, end) == before:
            break
    return start, end


def count_listed(text: str, part: str) -> int:
    """Return how many like things a text lists, 0 unless `part` is some of them: "Ann, Bob and Cid" has 3.

    Like things stand in one sentence, are of a few words each, and either all have a name in them or none has.
    """
    if not _CONJUNCTION.search(text):
        return 0
    items, some = _SEPARATOR.split(text.strip()), _SEPARATOR.split(part.strip())
    places = range(len(items) - len(some) + 1)
    if items == some or not any(items[first : first + len(some)] == some for first in places):
        return 0
    named = {any(word[0].isupper() for word in item.split()) for item in items}
    alike = len(named) == 1 and all(0 < len(item.split()) <= _ITEM_WORDS for item in items)
    return len(items) if alike and len(list(split_sentences(text))) == 1 else 0


def asks_for_many(question: str) -> bool:
    """Say whether a question may want a list: "Who attended?", "Which sectors…", not "Who is…", "Which sector…"."""
    return bool(_MANY.search(question))


def _is_joined(text: str, place: int) -> bool:
    """Say whether a word, a number or a character with its marks goes on across a place inside a text."""
    left, right = text[place - 1], text[place]
    if left == "\u200d" or _is_attached(right):
        return True
    if _SIGN.match(text, place - 1, place + 1) or _IN_NUMBER.search(text, max(0, place - 2), place + 2):
        return True
    if any(date.start() < place < date.end() for date in _DATE.finditer(text, max(0, place - 10), place + 10)):
        return True
    return (left.isalnum() or _is_attached(left)) and right.isalnum() and not _UNSPACED.search(left + right)


def _is_attached(character: str) -> bool:
    """Say whether a character is part of the one before it: an accent, a vowel sign, an emoji's variant."""
    return unicodedata.category(character)[0] == "M" or character in _JOINERS


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its ends, unless it is nothing else."""
    span = text[start:end]
    first, last = end - len(span.lstrip()), start + len(span.rstrip())
    return (first, last) if first < last else (start, end)


def _is_loose(text: str, start: int, end: int) -> bool:
    """Say whether the last mark belongs to the sentence: not the point of "Ms." or "U.S."."""
    if text[end - 1] == ".":
        return not _ABBREVIATION.search(text, start, end)
    return text[end - 1] in _LOOSE


def _pair_up(text: str, start: int, end: int) -> tuple[int, int]:
    span = text[start:end]
    for opening, closing in _PAIRS.items():
        missing = span.count(opening) - span.count(closing)
        if missing > 0 and text[end : end + 1] == closing:
            return start, end + 1
        if missing < 0 and text[max(0, start - 1) : start] == opening:
            return start - 1, end
        if missing > 0 and span.startswith(opening):
            return start + 1, end
        if missing < 0 and span.endswith(closing):
            return start, end - 1
    if span.count('"') % 2:
        if text[end : end + 1] == '"':
            return start, end + 1
        if span.startswith('"'):
            return start + 1, end
        if span.endswith('"'):
            return start, end - 1
    return start, end
