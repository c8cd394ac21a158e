"""A question, the spans read for it and their passages -> what they come to: words, a sentence, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.answer import cite, find_quote, wants_members
from qa.calibration import Fit
from qa.english.polar import is_polar, judge
from qa.english.speakers import name_speaker
from qa.identity import find_identity, find_other
from qa.question import content_words, count_named, find_stem
from qa.sentences import split_article
from qa.statements import Statement, find_deeds, find_statements, find_teller, split_hits
from qa.types import AnswerKind, Citation, Hit, Slice, Span

_HOW_MANY = re.compile(r"^\W*(?:(?:to|with|by|from|for|of|in|on|at|after) )?how (?:many|much)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:no|none|nobody|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundreds?|"
    r"thousands?|millions?|billions?|trillions?|dozens?|half|third|quarter|both|several|few|many|most|all|once|twice)\b",
    re.IGNORECASE,
)
_MOST_STATEMENTS = 3
_SHORT = 2  # words; what somebody says is longer
_PRONOUNS = {"he", "she", "him", "her", "they", "them"}
_OPENING_CHARS = 200
_OPENING = 7  # words of a sentence; a pronoun among them takes up somebody named before
_DATE = re.compile(r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d)", re.IGNORECASE)
_ASKS_OBJECT = re.compile(  # "What did she recognise?", not "What did she do for farmers?"
    r"^\W*what (?:did|does|do|has|have) (?:(?!(?:do|use|for|of|to|in|on|at|with|from|by|as|about)\b)[\w’'-]+ ){1,4}"
    r"(\w{4,})\W*$",
    re.IGNORECASE,
)
_ASKS_TIME = re.compile(r"\bwhat time\b", re.IGNORECASE)
_DAY = re.compile(r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_LIGHT = set("meet met discuss discussed say said talk talked mention mentioned already yet".split())  # noqa: SIM905


class Found(NamedTuple):
    """Citations, none for a refusal, and whether a rule found them, or the reader."""

    kind: AnswerKind
    citations: tuple[Citation, ...]
    by_rule: bool = False


def conclude(
    question: str, spans: Sequence[Span], hits: Sequence[Hit], said: Sequence[Slice], fit: Fit, min_confidence: float
) -> Found:
    """Return what the passages say, by a rule where one is sure, else as it was read; nothing that was `said`."""
    spans = [s for s in spans if _may_answer(question, s) and not any(_overlaps(s, slice_) for slice_ in said)]
    many = wants_members(question)
    citations = cite(spans, fit, min_confidence, many=many)
    if is_polar(question):
        return _decide(question, citations, hits)
    asks, teller = find_teller(question, hits)
    if asks:
        return Found(AnswerKind.WORDS, (_cite_whole(teller),) if teller else (), by_rule=True)
    asks, statements = find_statements(question, hits)
    if asks:
        rest = [s for s in statements if not any(_covers(s, slice_) for slice_ in said)]
        return _state(() if said and rest else citations, rest)  # "what else" wants all that is left
    if not citations and (deeds := [d for d in find_deeds(question, hits) if not any(_covers(d, t) for t in said)]):
        return _state((), deeds)
    known = find_identity(question, hits)
    if known and not any((known.start, known.end) == citation.answer for citation in citations[:1]):
        return Found(AnswerKind.WORDS, (_cite_whole(known),), by_rule=True)
    if citations and (other := find_other(question, _to_span(citations[0]))):
        return Found(AnswerKind.WORDS, (_cite_whole(other),))
    if citations and _HOW_MANY.match(question) and not _NUMBER.search(citations[0].words):
        return Found(AnswerKind.SENTENCE, citations)
    is_list = many and sum(citation.agrees for citation in citations) > 1
    named = tuple(c for c in map(_name, citations) if c.words.lower() not in _PRONOUNS)
    return Found(AnswerKind.MEMBERS if is_list else AnswerKind.WORDS, named)


def _decide(question: str, citations: tuple[Citation, ...], hits: Sequence[Hit]) -> Found:
    """Answer a question for yes or no with the sentence that decides it, else with one that bears on it."""
    first = [Statement(citation.passage, citation.start, citation.end) for citation in citations]
    for statement in (*first, *split_hits(hits)):
        verdict = judge(question, statement.text)
        if verdict is not None:
            kind = AnswerKind.YES if verdict else AnswerKind.NO
            return Found(kind, (_cite_sentence(1, statement),), by_rule=True)
    bearing = _find_bearing(question, hits)
    whole = tuple(replace(citation, answer=(citation.start, citation.end)) for citation in citations)
    return Found(AnswerKind.SENTENCE, bearing or whole, by_rule=bool(bearing))


def _state(citations: tuple[Citation, ...], statements: Sequence[Statement]) -> Found:
    """Answer a question for what somebody says with what was read, if that is in such a sentence, else with those."""
    first = citations[0] if citations else None
    if first and (not statements or (any(_holds(s, first) for s in statements) and _is_long(first))):
        return Found(AnswerKind.WORDS, citations)
    cited = tuple(_cite_sentence(number, one) for number, one in enumerate(statements[:_MOST_STATEMENTS], start=1))
    return Found(AnswerKind.MEMBERS if len(cited) > 1 else AnswerKind.SENTENCE, cited, by_rule=bool(cited))


def _find_bearing(question: str, hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the first sentence that has all of the question's plain words and its names, if one does."""
    capitals = " ".join(w for w in question.split()[1:] if w[:1].isupper() and not _DATE.match(w))
    names = [word for word in content_words(capitals) if len(word) > _SHORT]
    asked = content_words(question.partition(" ")[2])
    plain = [word for word in asked if word not in {*names, *_LIGHT} and not _DATE.match(word)]
    for statement in split_hits(hits):
        sentence = statement.text
        on_topic = plain and count_named(sentence, plain) == len(plain)
        opening = {word.lower() for word in re.findall(r"[^\W\d_]+", sentence[:_OPENING_CHARS])[:_OPENING]}
        named = count_named(sentence, names) == len(names) or opening & {"he", "she", "they", "it"}
        if on_topic and named and not statement.in_head:
            return (_cite_sentence(1, statement),)
    return ()


def _name(citation: Citation) -> Citation:
    """Return a citation whose words are "she" with the name that she has there, if that is clear and not far."""
    if citation.words.lower() not in _PRONOUNS:
        return citation
    name = name_speaker(citation.article, citation.start, citation.end)
    if name is None or not citation.passage.start <= name[0] < citation.start:
        return citation
    near = split_article(citation.article, citation.passage.start, citation.end)
    start = next((start for start, end in near if name[0] < end), name[0])
    return replace(citation, start=start, answer=name)


def _is_long(citation: Citation) -> bool:
    return len(citation.words.split()) > _SHORT


def _covers(statement: Statement, slice_: Slice) -> bool:
    """Say whether a slice is half of a statement, or more."""
    same = statement.passage.article.id == slice_.article
    common = min(statement.end, slice_.end) - max(statement.start, slice_.start)
    return same and 2 * common >= statement.end - statement.start


def _holds(statement: Statement, citation: Citation) -> bool:
    same = statement.passage.article.id == citation.article.id
    return same and statement.start <= citation.answer[0] and citation.answer[1] <= statement.end


def _to_span(citation: Citation) -> Span:
    return Span(citation.passage, *citation.answer, 0.0)


def _may_answer(question: str, span: Span) -> bool:
    """Say whether a span can be an answer at all.

    The date in an article's head is when it was published, not when anything happened; a day is no time of day.
    """
    dated = span.end <= span.passage.article.body_start and any(sign.isdigit() for sign in span.text)
    return not dated and not (_ASKS_TIME.search(question) and _DAY.fullmatch(span.text)) and _follows(question, span)


def _follows(question: str, span: Span) -> bool:
    """Say whether a span stands where what is asked for can: not before the verb, for "What did she recognise?"."""
    asked = _ASKS_OBJECT.match(question)
    if asked is None:
        return True
    article, passage = span.passage.article, span.passage
    near = split_article(article, passage.start, passage.end)
    end = next((end for start, end in near if start <= span.start < end), span.end)
    verb = re.search(
        rf"\b{re.escape(find_stem(asked[1].lower()))}\w*(?! by\b)", article.text[span.end : end], re.IGNORECASE
    )
    return verb is None


def _cite_sentence(number: int, statement: Statement) -> Citation:
    """Return a citation whose words are the whole sentence."""
    place = (statement.start, statement.end)
    return Citation(number, statement.passage, *place, place)


def _cite_whole(span: Span) -> Citation:
    """Return the first citation of an answer: the sentence that holds it."""
    return Citation(1, span.passage, *find_quote(span), (span.start, span.end))


def _overlaps(span: Span, slice_: Slice) -> bool:
    same = span.passage.article.id == slice_.article
    return same and span.start < slice_.end and slice_.start < span.end
