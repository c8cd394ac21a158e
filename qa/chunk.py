"""Article -> passages: runs of whole sentences that overlap by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.sentences import split_article
from qa.types import Article, Passage

MAX_WORDS = 120  # MiniLM reads 256 tokens, some 190 words; more would be embedded only in part
_WORD = re.compile(r"\S+")


def chunk_article(article: Article, *, max_words: int = MAX_WORDS) -> list[Passage]:
    """Cut an article into passages of at most `max_words` words, in order, filled as far as whole sentences go.

    Words are what white space separates. Neighbours share a sentence where both fit. A sentence longer than
    `max_words` is cut between words. Nothing but white space is left out. The last passage reaches back as
    far as it needs to be of the least size; an article shorter than that is one passage.
    """
    if max_words < 1:
        raise ValueError(f"max_words must be at least 1, got {max_words}")
    units = list(_split_units(article, max_words))
    packed = _pack([words for _, _, words in units], max_words)
    return [Passage(article, units[first][0], units[last - 1][1]) for first, last in packed]


def _split_units(article: Article, max_words: int) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, words) of each sentence, the head as one of its own, long ones cut at words."""
    for start, end in split_article(article):
        words = [word.span() for word in _WORD.finditer(article.text, start, end)]
        for first in range(0, len(words), max_words):
            piece = words[first : first + max_words]
            yield piece[0][0], piece[-1][1], len(piece)


def _pack(words: list[int], max_words: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last + 1) of the units of each passage, given the units' words."""
    first = last = 0
    while last < len(words):
        total = sum(words[first:last])
        while last < len(words) and total + words[last] <= max_words:
            total += words[last]
            last += 1
        if last == len(words):
            while first > 0 and total < max_words / 2 and total + words[first - 1] <= max_words:
                first -= 1
                total += words[first]
        yield first, last
        overlaps = last < len(words) and words[last - 1] + words[last] <= max_words and last - 1 > first
        first = last - 1 if overlaps else last
