"""Spans -> an answer with its citations, or the refusal to give one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.calibration import Fit
from qa.sentences import split_article
from qa.types import Citation, Hit, Passage, Span

MIN_CONFIDENCE = 0.2
_MAX_CITATIONS = 3
_FURTHER = 0.5  # a passage that gives the same answer is cited if it is at least half as sure
_DIFFERING = 0.8  # one that gives another answer is shown beside it if it is nearly as sure

_WORD = re.compile(r"\w+")
_ARTICLES = {"a", "an", "the"}


def cite(spans: Iterable[Span], fit: Fit, min_confidence: float) -> tuple[Citation, ...]:
    """Return the best span and those that bear it out or contradict it as citations, best first.

    None if the best is not sure enough. Each citation stands in another passage.
    """
    citations: list[Citation] = []
    best = 0.0
    for span in sorted(spans, key=lambda span: -span.score):
        confidence = fit.confidence(span.score)
        best = best or confidence
        agrees = not citations or _agree(citations[0].words, span.text)
        if confidence < max(min_confidence, best * (_FURTHER if agrees else _DIFFERING)):
            if not citations:
                break
            continue
        if not any(_holds(citation.passage, span) or _overlap(citation, span) for citation in citations):
            start, end = _quote(span)
            number = len(citations) + 1
            citations.append(Citation(number, span.passage, start, end, (span.start, span.end), agrees))
        if len(citations) == _MAX_CITATIONS:
            break
    return tuple(citations)


def find_nearest(spans: Sequence[Span], hits: Sequence[Hit]) -> Passage | None:
    """Return the passage that came closest to answering, None if there is not one at all."""
    best = max(spans, key=lambda span: span.score, default=None)
    if best:
        return best.passage
    return hits[0].passage if hits else None


def _agree(one: str, other: str) -> bool:
    """Say whether two answers are the same, or one only says more: "Blome" and "Ambassador Donald Blome"."""
    words = [[w for w in _WORD.findall(text.lower()) if w not in _ARTICLES] for text in (one, other)]
    shorter, longer = sorted((f" {' '.join(w)} " for w in words), key=len)
    return shorter in longer


def _holds(passage: Passage, span: Span) -> bool:
    same = passage.article.id == span.passage.article.id
    return same and passage.start <= span.start and span.end <= passage.end


def _overlap(citation: Citation, span: Span) -> bool:
    same = citation.article.id == span.passage.article.id
    return same and citation.start < span.end and span.start < citation.end


def _quote(span: Span) -> tuple[int, int]:
    """Return the stretch of the sentence or sentences that the span touches."""
    sentences = [
        (start, end)
        for start, end in split_article(span.passage.article, span.passage.start, span.passage.end)
        if start < span.end and span.start < end
    ]
    return min([span.start, *(start for start, _ in sentences)]), max([span.end, *(end for _, end in sentences)])
