"""A question -> what it is to those before it: whole, a piece, a correction, or whole but for a word like "she"."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from qa.talk.anaphora import find_pointers
from qa.talk.words import ASKING, AUXILIARIES, COMMANDS, find_tokens, split_words

_LEAD = re.compile(r"^\W*(?:(?:and|but|so|ok|okay|well|also|then|now|oh|hmm|please)\b[ ,]*)+", re.IGNORECASE)
_NO = (
    r"(?:no|nope|nah|sorry|wait|actually|rather)\b(?: *[,.:;!–—-]+ *| (?=(?:i|we|the|not|his|her|their|what|who)\b))"
)
_I_MEAN = "(?:i|we) (?:mean|meant|was asking about|were asking about|am asking about|asked about)"
_CORRECTION = re.compile(
    rf"^\W*(?:{_NO})*(?:{_NO}|(?:{_I_MEAN}"
    r"|not (?:him|her|them|that|it|this)(?: one)?)\b[ ,.:;!–—-]*)",
    re.IGNORECASE,
)
_MEANT = re.compile(r"[ ,;–—-]+(?:i mean|i meant)\W*$", re.IGNORECASE)
_TRAILING = re.compile(r"[ ,]+(?:though|then|please|pls|anyway|exactly|again|by the way|btw)(?=\W*$)", re.IGNORECASE)
_ABOUT = re.compile(r"^\W*(?:(?:and|but|so|ok|then) )?(?:what|how) about\s+", re.IGNORECASE)
_ALONE = re.compile(
    r"^\W*(?:(?:by|to|with|for|from|at|in|on|since|until|about) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how(?: (?:much|many|long|often|old|far|big|come))?)"
    r"(?: (?:not|exactly|else|so|then|ones?|(?:is|was) (?:that|it|this)))*(?: (?:to|from|for|with|by|about|in))?\W*$",
    re.IGNORECASE,
)
# "In which sector?", "which two countries?", "how many people?": asking words with a noun and no verb.
_NUMBERED = "two|three|four|five|six|seven|other"
_VERBAL = "is|are|was|were|did|do|does|has|have|had|will|would|can|could|happened|happens|s"
_ALONE_NOUN = re.compile(
    r"^\W*(?:(?:by|to|with|for|from|at|in|on|since|until|about|of) (?:what|which|whose|how (?:many|much))"
    rf"(?: (?!(?:{_VERBAL})\b)[\w’'-]+){{1,3}}"
    rf"|(?:what|which|whose|how (?:many|much))(?: (?:{_NUMBERED}))? (?!(?:{_VERBAL}|\w+ed)\b)[\w’'-]+)\W*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^\W*(?:(?:(?:please|can you|could you) )?(?:tell|give) me (?:some )?more(?: (?:details?|information|info))?"
    r"(?: (?:about|on) (?:it|that|this|him|her|them))?|(?:anything|what) else|more|go on|continue|more details?|"
    r"details?|"
    r"any more|elaborate|explain)\W*$",
    re.IGNORECASE,
)
_VERBS = AUXILIARIES | ASKING | COMMANDS | split_words("met said says happened")
_BESIDES = split_words("besides except than apart aside beside beyond addition along following")
_PIECE_WORDS = 8
_ALONE_WORDS = 5


class Shape(Enum):
    """What a question is to those before it."""

    WHOLE = "whole"  # it stands alone
    POINTING = "pointing"  # whole but for words that point back
    ALONE = "alone"  # "Why?"
    PIECE = "piece"  # "And the private sector?"
    BARE = "bare"  # "the private sector": perhaps a piece, perhaps a question in telegraphic style
    CORRECTION = "correction"  # "no, the ambassador"
    MORE = "more"  # "tell me more"


class Form(NamedTuple):
    """A question's kind, and its words without those that only lead in."""

    kind: Shape
    words: str


def find_form(question: str) -> Form:
    """Say what a question is to those before it."""
    if _MORE.match(question):
        return Form(Shape.MORE, question)
    whole, question = question, _TRAILING.sub("", question) or question
    meant = _MEANT.search(question)
    if meant and question[: meant.start()].strip(" ,.?!"):
        return Form(Shape.CORRECTION, question[: meant.start()])
    correction = _CORRECTION.match(question)
    if correction and question[correction.end() :].strip(" ?.!"):
        return Form(Shape.CORRECTION, question[correction.end() :])
    about = _ABOUT.match(question)
    if about and len(question[about.end() :].split()) <= _PIECE_WORDS:
        return Form(Shape.PIECE, question[about.end() :])
    rest = _LEAD.sub("", question, count=1) or question
    if not re.search(r"\w", rest):
        return Form(Shape.MORE, question)  # "And?"
    if _ALONE.match(rest) or (_ALONE_NOUN.match(rest) and len(rest.split()) <= _ALONE_WORDS and "else" not in rest):
        return Form(Shape.ALONE, rest)
    words = [token.low for token in find_tokens(rest)]
    if not _VERBS.intersection(words) and len(words) <= _PIECE_WORDS - 2:
        led = bool(re.match(r"\W*(?:and|but|or|also)\b", question, re.IGNORECASE))
        return Form(Shape.PIECE if led else Shape.BARE, rest)
    if find_pointers(rest) or ("else" in words and not _BESIDES.intersection(words)):
        return Form(Shape.POINTING, rest)
    return Form(Shape.WHOLE, whole)
