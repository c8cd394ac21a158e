"""A message -> what kind it is, if it is nothing but set phrases; the question in it, without those round it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

INTENTS = (
    "greeting",
    "thanks",
    "goodbye",
    "who_are_you",  # also: its name, age, home, makers, likes
    "what_can_you_do",
    "are_you_a_bot",
    "how_are_you",
    "yes",
    "no",
    "acknowledgement",  # "ok", "great"; also "I don't know", "never mind", "stop"
    "insult",
    "repeat",  # wants the last answer again
    "cannot",  # asks for what the bot does not do: a joke, a song, the weather, the meaning of life
)
_PHRASES = Path(__file__).parents[1] / "models" / "small-talk" / "phrases.txt"
_MOST_CHARS = 200  # of a message of set phrases; not measured

# Of two phrases in a message the one that stands first here is answered: "Hi, how are you?", "ok, thanks, bye".
_ORDER = (
    "insult", "who_are_you", "what_can_you_do", "are_you_a_bot", "cannot", "how_are_you", "goodbye", "thanks",
    "repeat", "greeting", "no", "yes", "acknowledgement",
)  # fmt: skip
_FILLERS = frozenset(
    ("bot", "please", "pls", "plz", "dear", "friend", "sir", "madam", "my", "bro", "buddy", "man", "guys", "oh",
     "well", "sahib", "janab")
)  # fmt: skip
_STATED = frozenset({"yes", "no", "acknowledgement"})  # with no question mark
_PHRASE_WORDS = 6  # of the longest phrase
_LONG = re.compile(r"(.)\1{2,}")  # "hiiii"
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")

_WH = "who|whom|whose|what|when|where|why|how|which"
_WORD = re.compile(r"[^\W\d_]")
_OPENING = re.compile(
    r"\s*(?:(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|thanks|thank you|thx|ok|okay)"
    r"(?: (?:there|bot|everyone|all|sir|dear|friend|again|a lot|so much|very much)){0,2}"
    r"(?P<mark>\s*,\s*|\s*[.!…;]+\s+|\s+[–—-]+\s+|\s+)|(?P<please>please|pls|plz)[,\s]+)",
    re.I,
)
_STARTS = re.compile(
    rf"(?:{_WH}|can|could|would|will|is|are|was|were|do|does|did|has|have|tell|give|list|name|show|explain|describe|"
    r"summari[sz]e|say|and|any|please|(?:in|at|for|to|by|with|from|of) (?:which|what|whom))\b",
    re.I,
)
_STARTS_BARE = re.compile(rf"(?:{_WH}|can you|could you|please)\b", re.I)
_CLOSING = re.compile(
    r"(?:\s*[.!?…]+\s*|(?P<comma>\s*[,;]\s*|\s+[–—-]+\s+)|(?P<word>[\w'’]+)\s+)"
    r"(?P<what>(?:many )?(?:thanks|thank you|thx)(?: (?:so|very) much| a lot| in advance)?|please|pls|plz)"
    r"[\s.!?…]*\Z",
    re.I,
)
# What "please" is a verb behind: "Whom did he please?"
_PLEASES = re.compile(r"(?:to|not|s?he|they|we|you|i|who|can|could|would|will|did|does|do|may|might|must)\Z", re.I)
_CLOSING_CHARS = 60


def match_phrase(question: str) -> str | None:
    """Return the kind of a message that is nothing but set phrases, or one emoji, by a list; None for any other."""
    if len(question) > _MOST_CHARS:
        return None
    words = _plain_words(question)
    if not words:
        bare = _SKIN.sub(
            "", "".join(c for c in question if unicodedata.category(c) not in {"Mn", "Cf"} and c.strip())
        )
        return _phrases().get(bare[:1])
    found = _cover(words)
    kind = min(found, key=_ORDER.index, default=None)
    return None if kind in _STATED and question.rstrip().endswith(("?", "؟")) else kind


def strip_courtesy(question: str) -> str:
    """Return a question without the greeting, thanks or "please" before and behind it, or as it is if it has none."""
    rest = question
    for _ in range(3):  # "Hello, thanks, please tell me"
        found = _OPENING.match(rest)
        if not found or not _goes_on(rest[found.end() :], found):
            break
        rest = rest[found.end() :]
    cut = max(0, len(rest) - _CLOSING_CHARS)
    found = _CLOSING.search(rest[cut:])
    if not found or (found["word"] and (found["what"][0] not in "p" or _PLEASES.match(found["word"]))):
        return rest
    if found["comma"] and not found["what"].islower():  # "Who wrote Yes, Please?"
        return rest
    body = rest[: cut + (found.end("word") if found["word"] else found.start())]
    mark = "?" if "?" in rest[len(body) :] else ""
    return body + mark if _WORD.search(body) else rest


def _goes_on(rest: str, found: re.Match[str]) -> bool:
    """Say whether a question begins behind an opening: not in "Hello! magazine", "Hello Kitty", "OK Computer"."""
    if found["please"]:
        return bool(_STARTS.match(rest)) and not rest.startswith("Please")  # "Please Please Me"
    if not found["mark"].strip():
        return bool(_STARTS_BARE.match(rest))
    return bool(_STARTS.match(rest)) or ("," in found["mark"] and rest[:1].islower())


def _cover(words: list[str]) -> list[str]:
    """Return the kinds of the phrases that a message's words fall into, none if any word is left over."""
    found, place = [], 0
    while place < len(words):
        for length in range(min(_PHRASE_WORDS, len(words) - place), 0, -1):
            kind = _phrases().get(" ".join(words[place : place + length]))
            if kind:
                found.append(kind)
                place += length
                break
        else:
            if words[place] not in _FILLERS:
                return []
            place += 1
    return found


def _plain_words(text: str) -> list[str]:
    """Return a text's words without case, accents and what is not of a word: "How's" -> "hows", "hiiii" -> "hi"."""
    kept = []
    for character in unicodedata.normalize("NFKD", text.casefold()):
        category = unicodedata.category(character)
        if category[0] in "LN" or category == "Mc":
            kept.append(character)
        elif category not in {"Mn", "Cf", "Lm"} and character not in "'’`":
            kept.append(" ")
    return _LONG.sub(r"\1", "".join(kept)).split()


@cache
def _phrases() -> dict[str, str]:
    """Return the kinds of the set phrases, which stand in their plain words, and of emoji."""
    kinds: dict[str, str] = {}
    for line in _PHRASES.read_text(encoding="utf-8").splitlines():
        head, _, phrases = line.partition(": ")
        for phrase in phrases.split(", "):
            plain = phrase if head.endswith(" emoji") else " ".join(_plain_words(phrase))
            kinds.setdefault(plain, head.split()[0])
    return kinds
