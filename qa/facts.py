"""Questions for an article's own date, source, author, title or place, and where the article states them.

A question is taken only if nothing in it is left over: "the title of the film" is for the reader, not for here.
"""

from __future__ import annotations

import re

from qa.english.bylines import AGENCIES, Fact, find_byline, find_source_line
from qa.english.periods import MONTHS
from qa.head import DATE, parse_date
from qa.sentences import split_sentences
from qa.types import Article

__all__ = ["FACTS", "Fact", "find_fact", "read_fact"]

FACTS = ("date", "source", "author", "title", "place")

_HEAD_CHARS = 3_000
_MOST_CHARS = 200  # of a question for a fact
_LINE_CHARS = 200  # of a line that is a date's or a byline's own, not prose

_KIND = r"(?:news )?(?:article|artical|artcle|story|report|item|piece|news|text|post|write ?up|dispatch|column)"
_DOC = (
    rf"(?:(?:this|your) {_KIND}|(?:the )?(?:above |current |whole )?(?:news )?article"
    r"|the news(?: story| report| item)?)"
)
_REF = rf"(?:{_DOC}|this)"
_OF = rf"(?: (?:of|for|on|in|behind|to) {_REF}| here)?"
_OWN = rf"(?:the |its |your |{_DOC}s? )?"  # "this article’s" has lost its mark
_IS = r"(?:is|was|s|are|were)"
_WHAT = rf"(?:(?:what|which|who)(?: {_IS})? )?"
_DONE = r"(?:published|written|posted|reported|dated|from)"
_OUT = r"(?:published|printed|posted|released|issued|updated|filed|put out|put online|written|reported|dated|from)"
_OUTLET = r"(?:newspaper|paper|news|outlet|site|website|agency|magazine|publication|publisher|media|channel|source)"
_WRITER = r"(?:author|writer|journalist|reporter|columnist|correspondent)s?"
_DATES = r"(?:publication|publishing|publish) date|date of publication"
_WROTE = r"(?:reported|written|filed|datelined)"
_CALLED = r"(?:called|titled|entitled|headlined)"

# What is left of a question without its marks and polite words; "this" alone was published, "released" was a film.
_QUESTIONS = {
    "date": (
        rf"(?:on |in )?(?:when|(?:what|which) (?:day|date|year|month|time)) {_IS}"
        rf" (?:this (?:first )?{_DONE}|{_DOC} (?:first )?{_OUT})(?: on)?",
        rf"when (?:this (?:is|was) (?:first )?{_DONE}|{_DOC} (?:is|was|got) (?:first )?{_OUT})",
        rf"when (?:did|was|got) {_DOC} (?:come out|appear|made|created|go online|get published)",
        r"(?:published|written) when|when (?:published|written)|date (?:published|written)",
        rf"how (?:old|recent) is {_DOC}|(?:what|which) date is {_DOC}(?: from)?",
        rf"{_WHAT}{_OWN}(?:{_DATES}){_OF}(?: (?:is|was))?|{_WHAT}{_DOC}s? date",
        rf"{_WHAT}(?:the )?date (?:of|for|on) {_DOC}(?: {_IS})?|what the date {_DOC} was {_OUT} is",
    ),
    "source": (
        rf"{_WHAT}{_OWN}sources?{_OF}(?: (?:is|was|are))?",
        rf"{_WHAT}(?:the |your )?sources? (?:of|for|behind) (?:this|the|your|that) (?:information|info|news|answer)",
        rf"where (?:is|s|was|are|does|did|do) {_REF} (?:come )?from|where {_REF} (?:is|comes|came) from",
        rf"where did you (?:get|find|read) (?:{_REF}|(?:this|that|the|your) (?:information|info))(?: from)?",
        rf"(?:where|by whom) (?:was|is) {_REF} (?:published|printed|posted)",
        rf"(?:who|(?:which|what) {_OUTLET}) (?:published|printed|posted) {_REF}",
        rf"(?:which|what) {_OUTLET} (?:issued|ran|wrote|carried|reported) {_REF}",
        rf"(?:which|what) {_OUTLET} (?:is|was|does|did) {_REF}(?: (?:come )?(?:from|in|published in|published by))?",
        rf"(?:from|in) (?:which|what) {_OUTLET} (?:is|was|does) {_REF}(?: (?:come|taken|published))?",
        rf"{_WHAT}the publisher{_OF}|publisher(?: of {_DOC})?",
        rf"{_WHAT}(?:the )?(?:url|link|web address)(?: (?:of|for|to) {_DOC})?",
    ),
    "author": (
        rf"who (?:wrote|authored|penned|reported|has written|is writing) {_REF}|who (?:made|created) {_DOC}",
        rf"who (?:is|was) {_REF} (?:written |reported |authored )?by|who {_REF} (?:is|was) written by",
        rf"by who(?:m)? (?:is|was) {_REF} (?:written|reported|authored)|written by(?: (?:who|whom))?",
        rf"{_WHAT}{_OWN}(?:{_WRITER}|byline){_OF}(?: (?:is|was|are))?",
        rf"{_WHAT}(?:the )?(?:name of the {_WRITER}|{_WRITER} name){_OF}(?: is)?|whose {_KIND} (?:is|was) this",
    ),
    "title": (
        rf"{_WHAT}{_OWN}(?:title|headline|heading)(?: (?:of|for|on) {_REF})?(?: (?:is|was))?",
        rf"{_WHAT}(?:the )?headline (?:of|for) the (?:news )?(?:story|report)",
        rf"what (?:is|s|was) {_DOC} {_CALLED}|what {_DOC} is {_CALLED}|how is {_DOC} {_CALLED}",
        rf"{_WHAT}(?:the )?name of {_DOC}|{_WHAT}{_DOC}s name",
    ),
    "place": (
        rf"(?:from )?(?:where|(?:which|what) (?:city|country|place|town)) (?:is|was) {_REF} {_WROTE}(?: from| in)?",
        rf"(?:which|what) (?:city|country|place|town) (?:is|was|does|did) {_REF} (?:come )?from",
        rf"where {_REF} (?:is|was) {_WROTE}(?: from)?|reported from where|{_WHAT}{_OWN}dateline{_OF}",
        rf"where (?:is|was|does) the {_WRITER}(?: of {_DOC})? (?:reporting|writing|report|write)(?: from)?",
    ),
}
_PATTERNS = {fact: re.compile("|".join(patterns)) for fact, patterns in _QUESTIONS.items()}
_POLITE = re.compile(
    r"^(?:(?:please|and|so|ok|okay|but|also|hey|hi|hello|well) )*"
    r"(?:(?:(?:can|could|would|will) you |please )*(?:tell|say|give|show|name)(?: to)?(?: (?:me|us))? (?!of\b)"
    r"|do you know |i (?:want|would like|d like) to know |may i know |any idea )?"
    r"|(?: (?:please|pls|plz|exactly|then|though|again|bot|thanks|thank you))+$"
)

_WRITTEN = re.compile(rf"(?<!\d)(?:{DATE})(?!\d)", re.IGNORECASE)

_CREDIT = re.compile(r"\(([^()\n]{2,40})\)\s*(?::|—|–|--?)\s")
_CREDITED = re.compile(rf"^[^\n()]{{2,80}}\(({AGENCIES})\)\s*(?::|—|–|--?)\s", re.MULTILINE)


def find_fact(question: str) -> str | None:
    """Return which of the facts a question asks for, None if it asks for the article's contents."""
    if len(question) > _MOST_CHARS:
        return None
    bare = re.sub(r"['’](?=\w)", "", question.casefold())
    words = " ".join(re.sub(r"[\W_]+", " ", bare).split())
    words = _POLITE.sub("", _POLITE.sub("", words))
    words = re.sub(r"\b(who|what|where|when)s\b", r"\1 is", words)
    return next((fact for fact, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)


def read_fact(article: Article, fact: str) -> Fact | None:
    """Return a fact of an article, None if the article does not have it."""
    readers = {
        "date": _read_date,
        "source": _read_source,
        "author": find_byline,
        "title": _read_title,
        "place": _read_place,
    }
    return readers[fact](article)


def _read_date(article: Article) -> Fact | None:
    day = article.date
    if day is None:
        return None
    said = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    for found in _WRITTEN.finditer(article.text[:_HEAD_CHARS]):
        if parse_date(found.group()) == day and _is_of_head(article, found):
            return Fact(said, *found.span())
    return _of_head(article, said)


def _read_source(article: Article) -> Fact | None:
    """Return the address that the library has, else the source that the text credits, else the file's name."""
    source = (article.source or "").strip()
    if re.match(r"\w+://", source):
        return _of_head(article, source)
    head = article.text[:_HEAD_CHARS]
    credit = _CREDIT.search(head[: article.body_start]) or _CREDITED.search(head)
    if credit:
        return Fact(credit[1], *credit.span(1))
    named = find_source_line(article)
    if named or not source:
        return named
    return _of_head(article, re.split(r"[\\/]", source.rstrip("\\/"))[-1] or source)


def _read_title(article: Article) -> Fact | None:
    title = article.title
    words = title.removesuffix("…").split()
    if not words:
        return None
    text = article.text[:_HEAD_CHARS]
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    if found is None:
        return _of_head(article, title)
    start, end = found.span()
    if title.endswith("…"):
        end = next((last for _, last in split_sentences(text, start) if last >= end), end)
    return Fact(title, start, end)


def _read_place(article: Article) -> Fact | None:
    place = (article.place or "").strip()
    if not place:
        return None
    text = article.text[:_HEAD_CHARS]
    pattern = re.compile(rf"(?<!\w){re.escape(place)}(?!\w)")
    found = pattern.search(text[: article.body_start]) or pattern.search(text)
    return Fact(place, *found.span()) if found else _of_head(article, place)


def _is_of_head(article: Article, found: re.Match[str]) -> bool:
    """Say whether a place is in a dateline or a short line of its own, not in the prose."""
    text, (start, end) = article.text, found.span()
    left, right = text.rfind("\n", 0, start) + 1, text.find("\n", end, end + _LINE_CHARS)
    return start < article.body_start or (right >= 0 and right - left <= _LINE_CHARS)


def _of_head(article: Article, said: str) -> Fact | None:
    """Return a fact that the text does not state, with the text's first sentence to quote."""
    text = article.text
    first = re.search(r"[^\W_]", text)
    if first is None:
        return None
    left = max(
        text.rfind("\n", max(0, first.start() - _LINE_CHARS), first.start()) + 1, first.start() - _LINE_CHARS, 0
    )
    return next((Fact(said, *span) for span in split_sentences(text, left, left + _HEAD_CHARS)), None)
