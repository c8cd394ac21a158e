"""A sentence's words and one of them -> the name, role or pronoun that stands before or behind it."""

from __future__ import annotations

import re

from qa.english.vocabulary import (
    ARTICLES,
    ASIDES,
    BEINGS,
    DATES,
    JOINTS,
    PRONOUNS,
    SAYING,
    SAYING_NOUNS,
    SMALL,
    Word,
    is_office,
)

_COMMAS = 6  # between a subject and its verb, at most; not measured
_BLANK = re.compile(r"\s*|\s?[’']s?\s|\s?-\s?")  # between two words of a name or a role


def skip_back(words: list[Word], at: int) -> int | None:
    """Return the last word before a verb that is of its subject; None before a passive or an infinitive."""
    at -= 1
    while at >= 0:
        low = words[at].low
        if low in BEINGS or low in {"to", "would", "could", "should", "can", "did", "does"}:
            return None
        timed = low in DATES and at and words[at - 1].low == "on"
        if not timed and low not in ASIDES and not (low.endswith("ly") and words[at].text.islower()):
            return at
        at -= 2 if timed else 1
    return None


def are_many(words: list[Word], at: int) -> bool:
    """Say whether a subject that ends at `at` takes "say", not "says"."""
    return words[at].low.endswith("s") or words[at].low in {"they", "we", "i", "police", "people", "who", "officials"}


def is_somebody(words: list[Word], subject: tuple[int, int], behind: Word | None) -> bool:
    """Say whether a subject is a name, an office or a pronoun, and the word behind its verb leaves it a verb."""
    last = words[subject[1]]
    if subject == (0, 0) and last.low.endswith("s") and behind and behind.low in {"on", "in", "at"}:
        return False  # "Measures announced on Friday"
    if behind and (behind.low in SAYING | BEINGS or behind.low in {"of", "from", "about", "to", "as"}):
        return last.low in PRONOUNS
    return last.low in PRONOUNS or last.low == "who" or last.text[0].isupper() or is_office(last.text.rstrip("s"))


def find_before(text: str, words: list[Word], at: int) -> tuple[int, int] | None:
    """Return the subject that ends with the word at `at`, or before the commas round what is put in behind it."""
    if at + 1 < len(words) and "," not in text[words[at].end : words[at + 1].start]:
        if words[at].low == "who" and at:
            return _walk_back(text, words, at - 1)
        return _walk_back(text, words, at)
    nearest: tuple[int, int] | None = None
    first = at
    for _ in range(_COMMAS):
        if at < 0:
            break
        while first and "," not in text[words[first - 1].end : words[first].start]:
            first -= 1
            if "”" in text[words[first].end : words[first + 1].start] or at - first > 25:
                return nearest
        span = _walk_back(text, words, at)
        if span and span[0] <= first + 1 and not words[first].low.endswith("ing"):
            if span[0] == first and words[first].low not in ARTICLES and _is_name(words, span):
                return span
            nearest = span if span[0] == first else nearest
        at = first = first - 1
    return nearest


def _is_name(words: list[Word], span: tuple[int, int]) -> bool:
    return words[span[0]].text[0].isupper() and words[span[1]].text[0].isupper()


def _walk_back(text: str, words: list[Word], last: int) -> tuple[int, int] | None:
    """Return the name, role or pronoun that ends with a word."""
    if words[last].low in PRONOUNS:
        return last, last
    if words[last].low in SMALL | SAYING or words[last].low in DATES:
        return None
    first = last
    while first and last - first < 14:
        word = words[first - 1]
        if not _BLANK.fullmatch(text[word.end : words[first].start]) or word.low in DATES:
            break
        held = first > 1 and _BLANK.fullmatch(text[words[first - 2].end : word.start]) and _is_noun(words[first - 2])
        if word.low in JOINTS and held:
            first -= 2
        elif word.low in ARTICLES - PRONOUNS:
            first -= 1
            joint = words[first - 1].low if first else ""
            if joint not in JOINTS or first < 2 or not _is_noun(words[first - 2]):
                break
        elif _is_noun(word) or word.text.isdigit():
            first -= 1
        else:
            break
    while first < last and words[first].low in SMALL - ARTICLES:
        first += 1
    return (first, last) if words[last].low not in ARTICLES else None


def _is_noun(word: Word) -> bool:
    return (
        (word.low not in SMALL or (word.text.isupper() and len(word.text) > 1))
        and word.text not in SAYING
        and word.low not in DATES
        and not (word.text.islower() and word.low.endswith(("ly", "ed")))
    )


def walk_forward(text: str, words: list[Word], first: int, *, strict: bool = False) -> tuple[int, int] | None:
    """Return the name, role or pronoun that begins with a word; `strict` stops where a verb can stand."""
    if first >= len(words):
        return None
    if words[first].low in PRONOUNS:
        return first, first
    last = first
    named = False
    for at in range(first, min(first + 14, len(words))):
        word = words[at]
        if at > first and not _BLANK.fullmatch(text[words[at - 1].end : word.start]):
            break
        if word.low in ARTICLES and (at == first or words[at - 1].low in JOINTS):
            continue
        if word.low in JOINTS - {"to", "in"} and at > first:
            continue
        if not _is_noun(word) and (strict or word.low not in SAYING_NOUNS):
            break
        firm = word.text[0].isupper() or is_office(word.text)
        if strict and named and not firm and words[at - 1].low not in JOINTS | ARTICLES:
            break
        named, last = named or firm, at
    return (first, last) if words[last].low not in SMALL or _is_noun(words[last]) else None


def find_opening(text: str, words: list[Word], end: int) -> tuple[int, int] | None:
    """Return the subject with which a sentence opens, or what stands behind its first comma."""
    for at in range(min(end, 12)):
        comma = at and "," in text[words[at - 1].end : words[at].start]
        if at == 0 or comma:
            span = walk_forward(text, words, at, strict=True)
            if span and (words[at].low in PRONOUNS or is_somebody(words, span, None)) and span[1] < end:
                return span
    return None
