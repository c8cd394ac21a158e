"""Text -> the offsets of its sentences.

The splitter is sentencex (Wikimedia); tests/bench/splitters.py has the comparison that chose it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from qa.types import Article

_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"\s*#{1,6}\s")
_ITEM = re.compile(r"\s*(?:#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|\||>)")
_MS = re.compile(r"\bMs\.\s*$")  # the one title that sentencex 1.0.32 takes for a sentence's end
_OPENING_QUOTE = re.compile(r"\s[\"'“‘«(\[]+\s*$")

# sentencex 1.0.32 panics at U+2028 behind an initial; one kind of space is all that it needs to see.
_SPACES = {code: " " for code in range(0x3001) if chr(code).isspace()}

# Unmatched quotes make sentencex quadratic (16,000 sentences took 0.8 s, 2026-11-23), so it sees a long
# paragraph through a window that moves on by whole sentences.
_WINDOW_CHARS = 10_000


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text[start:end]`, in order, without white space around it.

    Between two sentences stands nothing but white space. A blank line, a heading, a list item and a line
    that ends before it had to be wrapped end a sentence.
    """
    for block_start, block_end in _split_blocks(text, start, len(text) if end is None else end):
        position = block_start
        while position < block_end:
            window_end = min(position + _WINDOW_CHARS, block_end)
            cuts = _find_cuts(text[position:window_end])
            if window_end < block_end:  # the window's last sentence may go on behind it
                cuts = cuts[:-1] or [_cut_at_space(text[position:window_end])]
            for left, right in pairwise([0, *cuts]):
                yield from _trim(text, position + left, position + right)
            position += cuts[-1]


def split_article(article: Article, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a stretch of an article; its wire-style head is one of its own.

    They are the sentences that the whole article has there: where a line breaks is judged by its paragraph.
    """
    text = article.text
    end = len(text) if end is None else end
    body = min(max(article.body_start, 0), len(text))
    for left, right in ((0, body), (body, len(text))):
        left, right = max(left, start - _WINDOW_CHARS), min(right, end + _WINDOW_CHARS)
        before, after = text.rfind("\n\n", left, start), text.find("\n\n", max(end, left), right)
        for first, last in split_sentences(text, max(before, left), right if after < 0 else after):
            if first < end and start < last:
                yield max(first, start), min(last, end)


def _find_cuts(text: str) -> list[int]:
    """Return where each sentence of a paragraph ends; the last one is the text's length."""
    boundaries = sentencex.get_sentence_boundaries("en", text.translate(_SPACES).replace("\n", " "))
    cuts = []
    for boundary in boundaries[:-1]:
        cut = boundary["end_index"]
        if _MS.search(text, boundary["start_index"], cut):
            continue
        quote = _OPENING_QUOTE.search(text, boundary["start_index"], cut)
        # A straight quote that opens the next sentence is taken for one that closes this one.
        cuts.append(quote.start() + 1 if quote else cut)
    return [*cuts, len(text)]


def _cut_at_space(text: str) -> int:
    """Return the last place behind white space, or the end of a text that has none."""
    return max((space.end() for space in re.finditer(r"\s+", text)), default=len(text))


def _split_blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines that flow as one paragraph."""
    for lines in _split_paragraphs(text, start, end):
        widths = [right - (text.rfind("\n", 0, left) + 1) for left, right in lines]  # a stretch may begin in a line
        width = max(widths)
        block_start = lines[0][0]
        for ((left, right), (next_left, next_right)), own_width in zip(pairwise(lines), widths, strict=False):
            first_word = text[next_left:next_right].split(None, 1)[0]
            # A line was wrapped only if the next one's first word did not fit behind it.
            fits = own_width + 1 + len(first_word) <= width
            if fits or _ITEM.match(text, next_left, next_right) or _HEADING.match(text, left, right):
                yield block_start, right
                block_start = next_left
        yield block_start, lines[-1][1]


def _split_paragraphs(text: str, start: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the lines between blank lines."""
    lines: list[tuple[int, int]] = []
    for line in _LINE.finditer(text, start, end):
        blank = line.group().isspace()
        if lines and (blank or line.start() > lines[-1][1] + 1):
            yield lines
            lines = []
        if not blank:
            lines.append(line.span())
    if lines:
        yield lines


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretch without the white space around it, or nothing if it is all white space."""
    stripped = text[start:end].lstrip()
    if stripped:
        yield end - len(stripped), end - len(stripped) + len(stripped.rstrip())
