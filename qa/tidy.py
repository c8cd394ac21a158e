"""Spans as a model marks them -> spans as a person would."""

from __future__ import annotations

import re

_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»"}
_LOOSE = ",;:.!?-–—/"
_SEPARATOR = re.compile(r"[,;]?\s+(?:and|or|as well as)\s+|[,;]\s+")
_CONJUNCTION = re.compile(r"[,;]?\s+(?:and|or|as well as)\s+")
_SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s+(?=[A-Z\"“])")
_ITEM_WORDS = 5
_MANY = re.compile(
    r"^\W*whom?\b(?! (?:is|was|has|does|did)\b)|\b(?:are|were|name|list|both|all)\b"
    r"|\b(?:which|what) (?:\w+ )?(?!is\b|was\b|has\b|does\b)\w+[^s\W]s\b",
    re.IGNORECASE,
)


def tidy_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of whole words, without marks at its ends that belong to the sentence.

    Quotes and brackets stay in pairs: one whose partner is next to the span is taken in, one without is left out.
    """
    while 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    whole = start, end
    for _ in range(4):
        before = start, end
        while start < end and (text[start].isspace() or text[start] in _LOOSE):
            start += 1
        while start < end and (text[end - 1].isspace() or _is_loose(text, start, end)):
            end -= 1
        start, end = _pair_up(text, start, end)
        if start >= end:
            return whole  # nothing but marks
        if (start, end) == before:
            break
    return start, end


def is_list_with(text: str, item: str) -> bool:
    """Say whether a text lists several like things, one of which is `item`: "Ann, Bob and Cid", "trade and tourism".

    Like things are of a few words each, and either all of them have a name in them or none has.
    """
    if not _CONJUNCTION.search(text) or _SENTENCE_END.search(text):
        return False
    items = [found.strip() for found in _SEPARATOR.split(text)]
    named = {any(word[0].isupper() for word in found.split()) for found in items}
    return item in items and len(named) == 1 and all(0 < len(found.split()) <= _ITEM_WORDS for found in items)


def asks_for_many(question: str) -> bool:
    """Say whether a question may want a list: "Who attended?", "Which sectors…", not "Who is…", "Which sector…"."""
    return bool(_MANY.search(question))


def _is_loose(text: str, start: int, end: int) -> bool:
    """Say whether the last mark belongs to the sentence: not the point of "Ms." or "U.S."."""
    if text[end - 1] != ".":
        return text[end - 1] in _LOOSE
    word = text[start : end - 1].rsplit(None, 1)[-1:] or [""]
    return not ("." in word[0] or len(word[0]) <= 2)


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
