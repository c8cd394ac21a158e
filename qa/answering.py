"""A question and its passages -> an answer: the reader's words, cited, with what their sentence makes of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from qa.answer import collect_members, find_nearest
from qa.calibration import Fit, find_fit
from qa.conclude import conclude
from qa.english.dates import format_period, resolve_date
from qa.english.speakers import name_speaker
from qa.question import clean_question
from qa.talk.language import detect_language, knows_language
from qa.talk.spelling import known_words, mend_spelling
from qa.types import Answer, AnswerKind, Citation, Embedder, Hit, Passage, Reader, Slice, Timing

# How likely an answer is right that a rule gave and not the reader: 62 of 68 were, in eighty conversations and 177
# questions about five articles, many of which the rules were made with (2026-11-25).
_BY_RULE = 0.9


class Answerer:
    """Reads passages for a question, and judges what the reader finds."""

    def __init__(self, embedder: Embedder, reader: Reader, min_confidence: float) -> None:
        """Answers that are less likely than `min_confidence` to be right are not given."""
        self._embedder = embedder
        self._reader = reader
        self._min_confidence = min_confidence
        self._known: dict[str, bool] = {}

    def read(self, question: str, hits: Sequence[Hit], said: Sequence[Slice] = ()) -> Answer:
        """Answer a question out of the hits' passages, with nothing that overlaps what was `said`."""
        started = time.perf_counter()
        question = mend_spelling(clean_question(question), [hit.passage.text for hit in hits], known_words())
        reading = self._reader.read(question, hits)
        found = conclude(reading.question, reading.spans, hits, said, self.fit, self._min_confidence)
        citations = tuple(replace(c, speaker=name_speaker(c.article, c.start, c.end)) for c in found.citations)
        took = 1000 * (time.perf_counter() - started)
        nearest = find_nearest(reading.spans, hits)
        answer = Answer(
            question=question,
            understood_as=reading.question,
            text=_show(found.kind, citations),
            confidence=max(
                _BY_RULE if found.by_rule and citations else 0.0,
                max((self.fit.confidence(span.score) for span in reading.spans), default=0.0),
            ),
            citations=citations,
            nearest=nearest,
            embedder=self._embedder.name,
            reader=self._reader.name,
            ms=Timing(retrieve=0.0, read=took, total=took),
            kind=found.kind,
            when=_resolve_date(citations[0]) if citations else "",
            passages=tuple(dict.fromkeys(_order(citations, nearest, hits))),
        )
        return answer if answer.found else self._tell_language(answer)

    @cached_property
    def fit(self) -> Fit:
        """What makes the reader's scores probabilities; a pair without one warns at its first answer."""
        return find_fit(self._embedder.name, self._reader.name)

    def _tell_language(self, answer: Answer) -> Answer:
        """Say of a refused question that it is in a language which the embedder does not know, if it is."""
        language = detect_language(answer.question)
        if language is None:
            return answer
        if language not in self._known:
            self._known[language] = bool(knows_language(self._embedder.encode, language))
        return answer if self._known[language] else replace(answer, kind=AnswerKind.FOREIGN, note=language)


def _show(kind: AnswerKind, citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    if kind is AnswerKind.MEMBERS:
        return collect_members([citation for citation in citations if citation.agrees])
    return citations[0].words if kind is AnswerKind.WORDS else citations[0].quote


def _order(citations: Sequence[Citation], nearest: Passage | None, hits: Sequence[Hit]) -> Iterator[Passage]:
    yield from (citation.passage for citation in citations)
    yield from [nearest] if nearest else []
    yield from (hit.passage for hit in hits)


def _resolve_date(citation: Citation) -> str:
    """Return the date that the words mean, by their article's own; "" where they mean none, or say it themselves."""
    period = resolve_date(citation.words, citation.article.date, sentence=citation.quote)
    return format_period(period) if period else ""
