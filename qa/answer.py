"""Spans -> an answer with its citations, or the refusal to give one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.calibration import Fit
from qa.sentences import split_article
from qa.tidy import asks_for_many
from qa.types import Citation, Hit, Passage, Span

MIN_CONFIDENCE = 0.35
_MAX_CITATIONS = 3
_FURTHER = 0.5  # a passage that gives the same answer is cited if it is at least half as sure
_DIFFERING = 0.8  # one that gives another answer is shown beside it if its odds are nearly as good
_MAX_MEMBERS = 5  # of an answer that is several
# One more member's odds are at least so much of the best's. Of 270 questions for many, 80 of them on articles kept
# from training, F1 of all members together is .002 above the first one's with .8, with .6 too, but then three of six
# further members are wrong instead of one of two (2026-11-25). The labels know only one answer each.
_MEMBER = 0.8
_MEMBER_WORDS = 12  # a longer one is a clause; not measured

_SMALL = {"a", "an", "the", "in", "on", "at", "by", "of", "for"}  # "in 1990" says what "May 1990" says
_NEGATIONS = {"no", "not", "nor", "never", "neither", "without"}
_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    """.split()  # noqa: SIM905 - a list of strings reads worse
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_SPELT = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[-\s](?P<digit>{'|'.join(_UNITS[1:10])}))?|(?P<unit>{'|'.join(_UNITS)}))\b"
)
# What does not change what a text says: marks of thousands, ordinals and possessives.
_SILENT = re.compile(r"(?<=\d),(?=\d)|(?<=\d)(?:st|nd|rd|th)\b|(?<=\w)['’]s\b")
_AMOUNT = (
    r"(?:(?<![^\s(])[-−–])?\d\w*(?:[.:/]\d\w*)*"
    r"(?:[\s-]*(?:hundred|thousand|million|billion|trillion|dozen|lakh|crore)s?\b)*"
)
# A word of an answer; "12 million", "-5" and "10 to 12" are one, for another number is another answer.
_WORD = re.compile(rf"{_AMOUNT}(?:\s*(?:[-–—]|\bto\b|\bor\b|\band\b)\s*{_AMOUNT})*|\w+")
_BETWEEN = re.compile(r"(?<=\w)\s*(?:[-–—]|\bto\b|\bor\b|\band\b)\s*(?=\d)")

# A question for one thing though its verb is of many: "When were they beaten?", "How many are there?".
_ASKS_ONE = re.compile(
    r"^\W*if\b|\b(?:when|where|why|how|whose|what (?:year|date|time|day|percent\w*|number|part|kind|type|sort)"
    r"|which (?:year|date|day|of))\b",
    re.IGNORECASE,
)
# What stands between two members of one sentence: "Ann came together with Bob".
_JOINS = re.compile(
    r"[,\s]*\b(?:and|or)\b(?: [\w'’-]+){0,2}\s*"
    r"|[^.;]{0,80}\b(?:(?:together|along) with|as well as|alongside|accompanied by)"
    r"(?: the| an?)?\s*",
    re.IGNORECASE,
)
_IS_LIST = re.compile(r"\b(?:and|or)\b|[,;] ")
_RAISED = (
    r"(?<!\bthe )(?<!\ba )\b(?:discuss(?:ed)?|debated?|talk(?:ed|ing)? about|touch(?:ed)? (?:up)?on|raised?"
    r"|br(?:ing|ought) up|agreed? (?:up)?on)\b"
)
_WHAT = r"^\W*(?:(?:and|so|but|ok|well)\W+)?what (?:else )?"
_OPEN = re.compile(
    rf"{_WHAT}(?:did|do|was|has been|had been|have|has|had) (?:[^?]* )?{_RAISED}"
    r"(?: (?:at|in|during|by|between|there|on)\b[^?]*)?\W*$"
    rf"|{_WHAT}(?:came up|was on the agenda|was (?:agreed|decided|announced)\W*$)",
    re.IGNORECASE,
)


def cite(spans: Iterable[Span], fit: Fit, min_confidence: float, *, many: bool = False) -> tuple[Citation, ...]:
    """Return the best span and those that bear it out or contradict it as citations, best first.

    None if the best is not sure enough. Each citation stands in another passage, and each answer that differs from
    the first is cited once. The best of these has a place among the three. With `many` an answer that differs is one
    more of what was asked for: up to five are cited, of different sentences, and all agree.
    """
    surest_first = sorted(spans, key=lambda span: -span.score)
    members = _find_members(surest_first, fit, min_confidence) if many else []
    cited = members if len(members) > 1 else _find_witnesses(surest_first, fit, min_confidence)
    return tuple(replace(citation, number=number) for number, citation in enumerate(cited, start=1))


def wants_members(question: str) -> bool:
    """Say whether a question may have several answers in several places: "Who attended?", "What was discussed?"."""
    return bool(_OPEN.search(question)) or (asks_for_many(question) and not _ASKS_ONE.search(question))


def collect_members(citations: Sequence[Citation]) -> str:
    """Return the words of citations that agree, joined by "; ", best first, each once.

    What a list has in it is not repeated beside the list; of two ways to say the same the surer one stays.
    """
    kept: list[str] = []
    for words in (citation.words for citation in citations if citation.agrees):
        if _IS_LIST.search(words):
            kept = [member for member in kept if not _is_within(member, words)]
        if not any(_is_within(words, member) or _is_within(member, words) for member in kept):
            kept.append(words)
    return "; ".join(kept)


def _is_within(one: str, other: str) -> bool:
    """Say whether all that a text says is in another, in a row: "Blome" in "Donald Blome and Ann Smith"."""
    part, whole = _words(one), _words(other)
    return part == whole or any(whole[i : i + len(part)] == part for i in range(len(whole)) if part)


def _find_members(spans: Sequence[Span], fit: Fit, min_confidence: float) -> list[Citation]:
    """Return citations of the spans, surest first, that are members of what was asked for."""
    found: list[Citation] = []
    for span in spans:
        confidence = fit.confidence(span.score)
        if len(found) == _MAX_MEMBERS or confidence < min_confidence:
            break
        if any(_agree(citation.words, span.text) for citation in found):
            continue
        joined = any(_is_joined(citation, span) for citation in found)
        apart = not any(_overlap(citation, span) for citation in found)
        sure = not found or confidence >= _shrink_odds(fit.confidence(spans[0].score), _MEMBER)
        brief = not found or len(span.text.split()) <= _MEMBER_WORDS
        if brief and (joined or (apart and sure)):
            found.append(Citation(0, span.passage, *find_quote(span), (span.start, span.end)))
    return found


def _is_joined(citation: Citation, span: Span) -> bool:
    """Say whether a span goes on with what a citation has of the same sentence, or begins it."""
    (_, end), (start, _) = sorted([citation.answer, (span.start, span.end)])
    return _overlap(citation, span) and end <= start and bool(_JOINS.fullmatch(citation.article.text, end, start))


def _find_witnesses(spans: Sequence[Span], fit: Fit, min_confidence: float) -> list[Citation]:
    """Return citations of the best span and of those that say the same or another thing, surest first."""
    found: list[Citation] = []
    best = 0.0
    for span in spans:
        confidence = fit.confidence(span.score)
        best = best or confidence
        agrees = not found or _agree(found[0].words, span.text)
        enough = best * _FURTHER if agrees else _shrink_odds(best, _DIFFERING)
        if confidence < max(min_confidence, enough):
            if not found:
                break
            continue
        if any(_holds(citation.passage, span) or _overlap(citation, span) for citation in found):
            continue
        if agrees or not any(_agree(citation.words, span.text) for citation in found if not citation.agrees):
            found.append(Citation(0, span.passage, *find_quote(span), (span.start, span.end), agrees))
    cited = found[:_MAX_CITATIONS]
    if all(citation.agrees for citation in cited):
        differing = [citation for citation in found[_MAX_CITATIONS:] if not citation.agrees]
        cited[-1:] = differing[:1] or cited[-1:]
    return cited


def find_nearest(spans: Sequence[Span], hits: Sequence[Hit]) -> Passage | None:
    """Return the passage that came closest to answering, None if there is not one at all."""
    best = max(spans, key=lambda span: span.score, default=None)
    if best:
        return best.passage
    return hits[0].passage if hits else None


def _shrink_odds(probability: float, factor: float) -> float:
    """Return the probability whose odds are the given one's, times a factor."""
    return factor * probability / (factor * probability + 1 - probability)


def _agree(one: str, other: str) -> bool:
    """Say whether two answers are the same, or one only says more: "Blome" and "Ambassador Donald Blome".

    What says more has the other's words in the same order, or, if there is a number among them, next to each other:
    "15 May" is in "Wednesday, May 15", "12 dead" is not in "12 hurt and 30 dead".
    """
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    if not shorter:
        return one == other
    if _NEGATIONS & set(shorter) != _NEGATIONS & set(longer):
        return False
    if any(word[-1].isdigit() or word[0].isdigit() for word in shorter):
        return any(sorted(longer[i : i + len(shorter)]) == sorted(shorter) for i in range(len(longer)))
    rest = iter(longer)
    return all(word in rest for word in shorter)


def _words(text: str) -> list[str]:
    """Return what two ways to write the same answer have in common: its words, without accents, numbers as digits."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    bare = bare.replace("%", " percent ").replace("per cent", "percent")
    bare = _SILENT.sub("", _SPELT.sub(lambda spelt: str(_value(spelt)), bare))
    return [_BETWEEN.sub("-", word) for word in _WORD.findall(bare) if word not in _SMALL]


def _value(spelt: re.Match[str]) -> int:
    if spelt["unit"]:
        return _UNITS.index(spelt["unit"])
    return 10 * (_TENS.index(spelt["tens"]) + 2) + (_UNITS.index(spelt["digit"]) if spelt["digit"] else 0)


def _holds(passage: Passage, span: Span) -> bool:
    same = passage.article.id == span.passage.article.id
    return same and passage.start <= span.start and span.end <= passage.end


def _overlap(citation: Citation, span: Span) -> bool:
    same = citation.article.id == span.passage.article.id
    return same and citation.start < span.end and span.start < citation.end


def find_quote(span: Span) -> tuple[int, int]:
    """Return the stretch of the sentence or sentences that the span touches."""
    sentences = [
        (start, end)
        for start, end in split_article(span.passage.article, span.passage.start, span.passage.end)
        if start < span.end and span.start < end
    ]
    return min([span.start, *(start for start, _ in sentences)]), max([span.end, *(end for _, end in sentences)])
