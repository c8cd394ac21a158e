"""A message -> what kind of small talk it is, None for anything that may be a question about the articles.

Messages made of set phrases, in eight languages, are known by a list, without a model. Of the rest, a linear layer on
the message's vector says which kind it is, and rules take back what may ask for something that an article says.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qa.talk.courtesy import INTENTS, match_phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Row = NDArray[np.float32]

__all__ = ["INTENTS", "Layer", "SmallTalk", "match_phrase"]

WEIGHTS = Path(__file__).parents[1] / "models" / "small-talk" / "weights.npz"
# "Exports" is what people type to search. A message of so few words, none of them such as people say to each other,
# is small talk only if the layer is as sure as this. At a threshold of 0.1 it takes 24 of 1,673 short answers of
# SQuAD so, without it 44, and of the messages of CLINC150's val split .958 and .964 (2026-11-25).
_BARE_WORDS, _BARE = 2, 0.3
_MOST_CHARS, _MOST_WORDS = 200, 20  # of a message that is small talk; not measured

_WH = "who|whom|whose|what|when|where|why|how|which"
_ASKS = re.compile(  # not "what you said", "not sure how", "who knows", "why, thank you"
    r"\b(?<!know )(?<!sure )(?<!idea )(?<!clue )(?:what(?! (?:you|i)\b)|who(?! knows)|how(?! goes)|"
    r"why(?!,? (?:thank|hell))|whom|whose|when|where|which)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_PLAIN = re.compile(  # words that people write large where nothing begins: "Hi, How are you"
    rf"(?:{_WH}|i|i['’]\w+|ai|ok|bot|gpt|chatgpt|can|could|would|will|is|are|am|was|do|does|did|have|has|tell|you|your|"
    r"thanks?|please|good|great|nice|hi|hello|hey|yes|no|my|it|that|this|the|not|a|me|sir|bye|morning|evening|"
    r"afternoon|night|day|there)\Z",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:s?he|they|him|hers?|his|theirs?|(?<!of )them|(?:him|her|them)sel(?:f|ves)|"
    r"(?:what|who|where|when|how|why|any\w*) else)\b",
    re.I,
)
_TURN = re.compile(
    r"\W*(?:(?:no|nope|yes|yeah|ok|okay|and|or|but)\b\W+(?:but|and|an?|at|of)|"
    r"(?:no|nope|not|yes|yeah|ok|okay|and|or|but)\b\W+(?:the|in|on|from|by|with|about|for))\b",
    re.I,
)
_TO_BOT = re.compile(
    r"\b(?:you(?:rs?|rself|re|['’]\w+)?|u|ur|ya|thou|ai|(?:chat)?bot|robot|siri|alexa|chatgpt|every ?thing|"
    r"things|sup|how['’]?s (?:it|life)|how is (?:it|life)|what['’]?s up|wh?assup|am i|(?:can|may|should|could|do) i|"
    r"i need|i have)\b",
    re.I,
)
_SWEARS = re.compile(
    r"\b(?:fuck\w*|\w*shit\w*|stupid|idiots?|dumb\w*|morons?|useless|asshole|bitch|bastard|crap|screw|damn|wtf|trash|"
    r"garbage|rubbish|suck\w*|loser|hate|hell|fool|piss\w*|dick\w*)\b",
    re.I,
)
_MINE = re.compile(  # in what is asked of the bot and not of the articles
    rf"{_TO_BOT.pattern}|\b(?:me|i|i['’]?m|my|let['’]?s|jokes?|funny|hilarious|lifes?|alive|exist\w*|the weather|"
    r"(?:what is|what['’]?s) the time|what time is it|sing|dance|play|write|draw)\b",
    re.I,
)
_AGAIN = re.compile(
    r"\b(?:you|i|me|again|once|more|time|repeat\w*|restate|say|pardon|huh|last|hear|come|hold|back)\b", re.I
)
_SPOKEN = re.compile(
    rf"{_TO_BOT.pattern}|\b(?:i['’]?m|i|its?|that|thats|this|me|my|we|us|is|are|do|not|no|yes|thanks?|please|bye|hi|"
    r"hello|hey)\b",
    re.I,
)
_NEEDS = {
    **dict.fromkeys(("who_are_you", "what_can_you_do", "are_you_a_bot", "how_are_you"), _TO_BOT),
    "insult": re.compile(rf"{_TO_BOT.pattern}|{_SWEARS.pattern}", re.I),
    "cannot": _MINE,
    "repeat": _AGAIN,
}
_SAID = frozenset({"yes", "no", "acknowledgement", "thanks", "greeting", "goodbye"})  # with no "who" or "when" in it
_STATED = frozenset({"yes", "no", "acknowledgement"})  # with no question mark, and nothing asked for
_WANTS = re.compile(r"\?\s*\Z|\b(?:tell|explain|show|list|more|details|other|mean|meant)\b", re.I)


class Layer(NamedTuple):
    """A linear layer: `weights` of shape (dimension, kinds), the first kind "none", and how sure it must be."""

    embedder: str
    kinds: list[str]
    weights: Row
    bias: Row
    threshold: float

    def classify(self, vector: Row) -> tuple[str, float]:
        """Return the likeliest kind of small talk, and the probability that it is small talk at all."""
        logits = (vector @ self.weights + self.bias).tolist()
        top = max(logits)
        shares = [math.exp(logit - top) for logit in logits]
        return self.kinds[shares.index(max(shares[1:]), 1)], 1 - shares[0] / sum(shares)

    @classmethod
    def load(cls, path: Path) -> Layer:
        """Read what `save` wrote."""
        import numpy as np

        with np.load(path) as file:
            weights, bias = file["weights"].astype(np.float32), file["bias"].astype(np.float32)
            return cls(str(file["embedder"]), file["kinds"].tolist(), weights, bias, float(file["threshold"]))

    def save(self, path: Path) -> None:
        """Write the layer, its weights in float16."""
        import numpy as np

        np.savez_compressed(
            path,
            embedder=np.array(self.embedder),
            kinds=np.array(self.kinds),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float16),
            threshold=np.array(self.threshold),
        )


class SmallTalk:
    """Tells small talk from what may be a question about the articles."""

    def __init__(self, layer: Layer | None = None) -> None:
        """Take the layer for the embedder's vectors; without one, only the set phrases are known."""
        self._layer = layer

    @classmethod
    def load(cls, embedder_name: str) -> SmallTalk:
        """Return what tells small talk by an embedder's vectors; for one without weights, by the phrases alone."""
        layer = Layer.load(WEIGHTS)
        return cls(layer if layer.embedder == embedder_name else None)

    def classify(self, question: str, vector: Row) -> str | None:
        """Return the kind of small talk that a message is, of INTENTS, or None; `vector` is its row of length 1."""
        phrase = match_phrase(question)
        if phrase or self._layer is None or _may_ask(question) or len(vector) != len(self._layer.weights):
            return phrase  # the last: another model under the name of ours
        kind, surety = self._layer.classify(vector)
        bare = len(question.split()) <= _BARE_WORDS and not _SPOKEN.search(question)
        if surety < (max(_BARE, self._layer.threshold) if bare else self._layer.threshold):
            return None
        return None if _contradicts(question, kind) else kind


def _may_ask(message: str) -> bool:
    """Say whether a message has what small talk has not: a number, a name, "she", "else", other letters, length."""
    words = _WORD.findall(message[: _MOST_CHARS + 1])
    if len(message) > _MOST_CHARS or not 0 < len(words) <= _MOST_WORDS:
        return True
    if any(c.isalpha() and not c.isascii() for c in message):
        return True
    if any(c.isdigit() for c in message) and not _TO_BOT.search(message):  # "Are you 16?"
        return True
    return bool(_OTHERS.search(message) or _TURN.match(message)) or _has_name(message)


def _has_name(message: str) -> bool:
    """Say whether a word is written large that neither begins a sentence nor is a plain one."""
    if message.isupper():
        return False
    for word in _WORD.finditer(message):
        before = message[: word.start()].rstrip(" \"'“‘(")
        if word[0][0].isupper() and not _PLAIN.match(word[0]) and before and before[-1] not in ".!?…":
            return True
    return False


def _contradicts(message: str, kind: str) -> bool:
    """Say whether a message cannot be of a kind for want of "you", or of a swear word, or for asking something."""
    if kind in _NEEDS and not _NEEDS[kind].search(message):
        return True
    return (kind in _SAID and bool(_ASKS.search(message))) or (kind in _STATED and bool(_WANTS.search(message)))
