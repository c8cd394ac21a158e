"""Words that make up questions, and a text in words."""

from __future__ import annotations

import re
from typing import NamedTuple


def split_words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


DO = split_words("did do does didn't don't doesn't")
BE = split_words("is are was were am isn't aren't wasn't weren't")
AUXILIARIES = (
    DO | BE | split_words("has have had will would can could shall should may might must hasn't haven't won't")
)
ASKING = split_words("what which who whom whose when where why how")
PREPOSITIONS = split_words(
    "of about in on for to with from by at into after before between among against behind under over through during "
    "regarding since until within without toward towards across around near like"
)
DETERMINERS = split_words("the a an some any another each every no my your our")
COMMANDS = split_words("tell show list name explain give describe summarise summarize")

ELSE = re.compile(r"\belse\b", re.IGNORECASE)
_CONTRACTED = re.compile(r"(what|who|where|when|how|why)(?:'?s|'re)")


class Token(NamedTuple):
    """A word with its lower case and its place."""

    text: str
    low: str
    start: int
    end: int


def find_tokens(text: str) -> list[Token]:
    """Return the words of a text; "what's" and "whats" are two, the second "is"."""
    tokens = []
    for found in re.finditer(r"[^\W_]+(?:['’.&-][^\W_]+)*", text):
        low = found.group().lower().replace("’", "'")
        asking = _CONTRACTED.fullmatch(low)
        tokens.append(Token(found.group(), asking[1] if asking else low, *found.span()))
        tokens += [Token("is", "is", found.end(), found.end())] if asking else []
    return tokens
