"""Spans -> an answer with its citations, or the refusal to give one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.calibration import Fit
from qa.sentences import split_article
from qa.types import Citation, Hit, Passage, Span

# At .2, .98 of the questions about something else are refused in one article and .84 in a library of 1,680
# passages, and of the answerable ones .03 and .05 (SQuAD v2.0 dev-tune, 2026-11-24; `qa eval` prints the latter).
MIN_CONFIDENCE = 0.2
_MAX_CITATIONS = 3
_FURTHER = 0.5  # a further citation is at least half as likely as the first


def cite(spans: Iterable[Span], fit: Fit, min_confidence: float) -> tuple[Citation, ...]:
    """Return the best spans as citations, best first, each in another passage; none if none is sure enough."""
    citations: list[Citation] = []
    needed = min_confidence
    for span in sorted(spans, key=lambda span: -span.score):
        confidence = fit.confidence(span.score)
        if confidence < needed or len(citations) == _MAX_CITATIONS:
            break
        needed = max(needed, confidence * _FURTHER)
        if not any(_holds(citation.passage, span) for citation in citations):
            start, end = _quote(span)
            citations.append(Citation(len(citations) + 1, span.passage, start, end, (span.start, span.end)))
    return tuple(citations)


def find_nearest(spans: Sequence[Span], hits: Sequence[Hit]) -> Passage | None:
    """Return the passage that came closest to answering, None if there is not one at all."""
    best = max(spans, key=lambda span: span.score, default=None)
    if best:
        return best.passage
    return hits[0].passage if hits else None


def _holds(passage: Passage, span: Span) -> bool:
    same = passage.article.id == span.passage.article.id
    return same and passage.start <= span.start and span.end <= passage.end


def _quote(span: Span) -> tuple[int, int]:
    """Return the stretch of the sentence or sentences that the span touches."""
    sentences = [
        (start, end)
        for start, end in split_article(span.passage.article, span.passage.start, span.passage.end)
        if start < span.end and span.start < end
    ]
    return min([span.start, *(start for start, _ in sentences)]), max([span.end, *(end for _, end in sentences)])
