"""An article -> the sentences that say most of what it says, and which questions ask for them.

Centrality is the degree of LexRank without a threshold (Erkan and Radev, "LexRank: Graph-based Lexical Centrality as
Salience in Text Summarization", 2004): a sentence is central if it is like many others. What is like a sentence that
is already taken counts for less (Carbonell and Goldstein, "The Use of MMR", 1998). News says first what matters most:
the first sentences of an article are hard to beat as its summary (Nenkova, "Automatic Text Summarization of
Newswire", 2005), so early ones get a bonus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.sentences import split_article
from qa.types import Article, Passage

if TYPE_CHECKING:
    from qa.types import Rows

MAX_EMBEDDED = 60  # sentences of an article; one takes some 10 ms
_WHOLE, _SOME, _FEW = 4, 3, 2  # sentences for "summarise", "what does it say", "what is it about"; not measured
_MOST = 10

# Shares of the most central sentence's centrality. Set by eye on five news stories (2026-11-25), not measured.
_LEAD = 0.6  # the first sentence's bonus; the second has half of it, the third a third
_LIKE = 0.7  # what a sentence loses if it is the same as one that is taken
_LEANS = 0.25  # what one loses that needs the sentence before it: "He also praised it."

_MIN_WORDS = 5
_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\Z")
_MARKUP = re.compile(r"\s*(?:#{1,6}\s|\||>|!\[)")
_BYLINE = re.compile(r"(?:[Bb]y|BY|(?:Reporting|Editing|Writing|Photos?|Images?|Pictures?)(?: by|:))\s")
_LOWER = re.compile(r"\b(?!and\b|by\b|of\b|for\b|in\b|at\b|the\b|from\b)[^\W\d_A-Z][^\W\d_]*")
_OFFER = re.compile(
    r"(?:read (?:more|also)|see also|click|subscribe|sign up|follow us|copyright|©|advertisement)\b", re.I
)
_LEANING = re.compile(
    r"[\"'“‘]?(?:he|she|it|they|his|her|its|their|this|that|these|those|such|also|but|and|so|instead|however"
    r"|moreover|furthermore|additionally|meanwhile|both|another|others|then|yet|still|too|there)\b|[\"“]",
    re.IGNORECASE,
)


class Overview(NamedTuple):
    """What an overview is asked of, "" for the article at hand, and the sentences that it should have."""

    topic: str
    count: int  # type: ignore[assignment]  # hides a method of tuples that nobody calls here


_POLITE = (
    r"(?:(?:so|ok(?:ay)?|well|and|now|then|hey|hi|hello|please|pls|just|kindly|quickly|briefly|in short|in brief"
    r"|(?:can|could|would|will) (?:you|u)|(?:can|could|may) i (?:get|have|see)"
    r"|(?:i|we)(?: would|['’]?d)? (?:want|need|like)"
    r"(?: (?:you )?to(?: (?:know|see|have|get))?)?|let me (?:know|have)|(?:do|can) you (?:know|tell)|try to|help me"
    r"|tell (?:me|us)|give (?:me|us)|show (?:me|us)|get me|write(?: me)?|provide(?: me with)?|make(?: me)?"
    r"|present|list|what (?:is|was|are|were)|what['’]?s|what['’]re|read)[, ]+)*"
)
_NOUN = r"(?:news )?(?:article|story|news|text|piece|report|document|page|post|passage|write-?up|item)s?"
_THING = (
    rf"(?:(?:the|this|that|these|those|your|my|all(?: of)?(?: the| this| these)?) (?:\w+ )?{_NOUN}"
    r"|it|this|that|everything|it all|all of it|this one)"
)
_ABOUT = r"(?: (?:about|on|regarding|concerning|covering) (?P<topic>.+?))?"
_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten"
_LENGTH = (
    r"(?:,? (?:in|into|with|using|as) (?:(?:about|only|just|at most|no more than|max(?:imum)?) )?"
    rf"(?P<number>\d{{1,3}}|{_NUMBER}|an?|a single|a few|a couple of|several)?[ -]?"
    r"(?:(?:short|brief|simple|bullet|key|main|concise|quick|plain|full) )*"
    r"(?P<unit>sentence|line|point|bullet|paragraph|word)s?)?"
)
_TAIL = (
    r"(?:,? (?:for me|for us|to me|please|pls|briefly|quickly|shortly|in (?:short|brief|general|a nutshell)"
    r"|exactly|actually|really|here|then|now|again|thanks|thank you"
    r"|in (?:your|the article['’]s|its) (?:own )?words))*"
)
_SIZE = (
    r"(?:(?:an?|the|one|some|any|your|its) )?"
    rf"(?:(?P<before>\d{{1,2}}|{_NUMBER}|single)[ -](?P<kind>sentence|line|point|bullet|paragraph|word) )?"
    r"(?:(?:very|short|brief|quick|general|concise|simple|rough|good|high-level|full|complete|overall) )*"
)

_PATTERNS = tuple(
    (re.compile(rf"{_POLITE}(?:{body}){_LENGTH}{_TAIL}", re.IGNORECASE), count)
    for body, count in (
        (rf"(?:summari[sz]e|recap|condense|outline|sum up|brief (?:me|us)(?= |\Z)) {_THING}{_ABOUT}", _WHOLE),
        (rf"sum {_THING} up", _WHOLE),
        (r"(?:summari[sz]e|recap|sum(?: it| this)? up|brief (?:me|us)|catch (?:me|us) up|fill (?:me|us) in)", _WHOLE),
        (r"(?:summari[sz]e|sum up|recap|brief me on|catch me up on|fill me in on) (?P<topic>.+?)", _WHOLE),
        (rf"{_SIZE}(?:summary|overview|recap|synopsis|abstract|run-?down|outline|digest|summari[sz]ation)"
         rf"(?: (?:of|for|from) {_THING})?{_ABOUT}", _WHOLE),
        (rf"{_SIZE}(?:summary|overview|recap|synopsis) (?:of|on) (?P<topic>.+?)", _WHOLE),
        (rf"{_SIZE}(?:gist|essence|bottom line|long and short|tl;? ?dr)(?: (?:of|for|on) {_THING})?{_ABOUT}", _FEW),
        (r"in a nutshell", _FEW),
        (rf"(?:(?:what )?{_THING} (?:is|was|are)|{_THING}) (?:all )?(?:mainly |mostly |really |basically )?"
         r"(?:talking |saying )?about", _FEW),
        (rf"what {_THING} (?:says?|tells?|covers?|reports?)(?: (?:me|us))?", _SOME),
        (rf"what (?:does|do|did) {_THING}{_ABOUT} "
         r"(?:say|tell|talk about|discuss|cover|describe|report|deal with|contain)(?: (?:me|us))?", _SOME),
        (rf"(?:discussed|said|described|covered|reported|written)? ?in {_THING}", _SOME),
        (rf"(?:describe|explain|(?:something |more )?about|go through|go over) "
         rf"(?!it\b|this\b|that\b|everything\b){_THING}", _WHOLE),
        (rf"(?:the )?(?:(?P<before>\d{{1,2}}|{_NUMBER}) )?"
         r"(?:key|main|most important|central|major|important|essential) "
         rf"(?:points|ideas|facts|take-?aways|findings|messages|things|details|information|highlights)"
         rf"(?: (?:of|in|from|made in) {_THING}{_ABOUT})?", _WHOLE),
        (rf"(?:the )?(?:highlights|take-?aways|essentials)(?: (?:of|in|from) {_THING}{_ABOUT})?", _WHOLE),
        (rf"the (?:key|main|central|general|overall) (?:point|idea|message|topic|subject|theme|take-?away)"
         rf"(?: (?:of|in|from) {_THING})?", _FEW),
        (rf"what (?:(?:has |have )?happened|is happening|(?:is|was) going on)(?: in {_THING})?", _FEW),
        (rf"(?:happening|going on)(?: in {_THING})?|the (?:whole )?(?:story|news)(?: here)?", _FEW),
    )
)  # fmt: skip
_UNITS = _NUMBER.split("|")
_TOPIC_IS_NONE = re.compile(rf"(?:{_THING}|me|you|us|them|him|her|one|yourself)", re.IGNORECASE)
_SPOILS = re.compile(r"\?|\bwh(?:at|o|en|ere|y|ich)\b.+\b(?:and|or) wh", re.IGNORECASE)


_IS_TERM = re.compile(r"what(?: is|['’]?s) an? \w+", re.IGNORECASE)  # "What is a summary?"


def find_overview(question: str) -> Overview | None:
    """Return what a question wants an overview of, None if it asks for anything else."""
    asked = " ".join(question.split()).strip(" .!?…\"'“”-:")
    if not asked or len(asked) > 200 or _SPOILS.search(asked) or _IS_TERM.fullmatch(asked):
        return None
    for pattern, count in _PATTERNS:
        found = pattern.fullmatch(asked)
        if not found:
            continue
        groups = found.groupdict()
        topic = (groups.get("topic") or "").strip(" ,")
        if _TOPIC_IS_NONE.fullmatch(topic):
            topic = ""
        return Overview(topic, _count(groups, count))
    return None


def _count(groups: dict[str, str | None], usual: int) -> int:
    """Return how many sentences a length that was asked for comes to."""
    said = (groups.get("number") or groups.get("before") or "").lower()
    unit = (groups.get("unit") or groups.get("kind") or "").lower()
    if not said:
        return _WHOLE if unit else usual
    if unit == "word":
        return _FEW if said.isdigit() and int(said) > 40 else 1
    if unit == "paragraph":
        return _WHOLE
    number = int(said) if said.isdigit() else {"a couple of": 2, "a few": 3, "several": 4}.get(said, 1)
    if said in _UNITS:
        number = _UNITS.index(said) + 1
    return max(1, min(number, _MOST))


def choose_sentences(article: Article, passages: Sequence[Passage], vectors: Rows) -> list[tuple[int, int]]:
    """Return (start, end) of the sentences that are worth embedding, at most 60, in the article's order.

    `vectors` has a row a passage. Those of a long article are of its first passage and of those nearest to the mean
    of all. Headings, datelines, bylines and fragments are left out, unless there is nothing else.
    """
    mean = vectors.mean(axis=0) if len(vectors) else vectors
    nearest = np.argsort(-(vectors @ mean), kind="stable").tolist() if len(vectors) else []
    order = [*dict.fromkeys([*range(min(1, len(nearest))), *nearest])]
    for wanted in (_is_sentence, _is_fragment):
        found: dict[tuple[int, int], None] = {}
        for place in order:
            if len(found) >= MAX_EMBEDDED:
                break
            found |= {span: None for span in _split_whole(passages[place]) if wanted(article, *span)}
        if found:
            return sorted([*found][:MAX_EMBEDDED])
    return []


def _split_whole(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a passage that are whole in it, without the article's head."""
    article = passage.article
    # A sentence that goes on before or behind the passage begins or ends in the character more.
    for start, end in split_article(article, max(0, passage.start - 1), passage.end + 1):
        if passage.start <= start and end <= passage.end and end > article.body_start:
            yield start, end


def _is_sentence(article: Article, start: int, end: int) -> bool:
    """Say whether a stretch is a sentence of the text: no heading, dateline, byline or offer to read more."""
    text = article.text[start:end]
    if len(text.split()) < _MIN_WORDS or not _END.search(text) or text == article.title:
        return False
    if _MARKUP.match(text) or _OFFER.match(text):
        return False
    byline = _BYLINE.match(text)
    return not byline or bool(_LOWER.search(text, byline.end()))


def _is_fragment(article: Article, start: int, end: int) -> bool:
    """Say whether a stretch has words at all, and is not the title."""
    return article.text[start:end] != article.title and any(c.isalnum() for c in article.text[start:end])


def pick_central(vectors: Rows, sentences: Sequence[str], count: int) -> list[int]:
    """Return the places of the sentences that say most, at most `count`, in their order.

    `vectors` has a row of length 1 a sentence.
    """
    total = len(sentences)
    if total <= count:
        return list(range(total))
    like = np.clip(vectors @ vectors.T, 0.0, 1.0)
    degree = (like.sum(axis=1) - like.diagonal()) / (total - 1)
    worth = degree / max(float(degree.max()), 1e-9) + _LEAD / np.arange(1, total + 1)
    leans = np.array([bool(_LEANING.match(sentence)) for sentence in sentences])
    picked: list[int] = []
    for _ in range(max(1, count)):
        held = np.array([place - 1 in picked for place in range(total)])  # what it leans on is there
        score = worth - _LEANS * (leans & ~held)
        if picked:
            score = score - _LIKE * like[:, picked].max(axis=1)
            score[picked] = -np.inf
        picked.append(int(score.argmax()))
    return sorted(picked)
