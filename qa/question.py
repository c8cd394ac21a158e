"""What a user typed -> a question with words in it, and the words that say what it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from qa.errors import QuestionError

MAX_QUESTION_CHARS = 1_000  # MiniLM reads 256 tokens, some 1,000 characters; it would not see the rest

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being below between
    both but by can cannot could did do does doing don down during each few for from further had has have having
    he her here hers herself him himself his how i if in into is it its itself just me more most my myself no nor
    not now of off on once only or other our ours ourselves out over own s same she should so some such t than
    that the their theirs them themselves then there these they this those through to too under until up very
    was we were what when where which while who whom whose why will with would you your yours yourself yourselves
    """.split()  # noqa: SIM905 - a list of 140 strings reads worse
)
# "Was it about 50?" and "Who is about to leave?" name no topic.
_TOPIC = re.compile(r"\b(?:about|regarding|concerning|on the (?:subject|topic|question) of)\s+(?!\d|to\b)(.+)", re.I)

_ENDING = re.compile(r"(?<=\w{5})(?:ations?|itions?|ions?|ments?)$")
_NAME = re.compile(r"(?<=\S )(?:[A-Z][\w.'’-]+ )+[A-Z][\w-]+")  # of two words and more, not the question's first


def clean_question(text: str) -> str:
    """Return the question on one line without what cannot be seen; QuestionError if no words are left."""
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    question = " ".join(unicodedata.normalize("NFC", visible).split())
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question has no words in it; ask something like: Who met the minister?")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question is {len(question):,} characters long, the limit is {MAX_QUESTION_CHARS:,}; "
            "ask for one thing at a time"
        )
    return question


def content_words(text: str) -> list[str]:
    """Return the distinct words of a text that say what it is about, lower-case, or all if none does."""
    words = list(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", text).lower())))
    return [word for word in words if word not in _STOP_WORDS] or words


def find_topic(question: str) -> list[str]:
    """Return the words that say what an answer has to be about: "exports" of "What did she say about exports?"."""
    found = _TOPIC.search(question)
    return [word for word in content_words(found[1]) if word not in _STOP_WORDS] if found else []


def find_names(question: str) -> list[str]:
    """Return the names of several words in a question: "Ann Smith" of "Who met Ann Smith?"."""
    return _NAME.findall(question)


def count_named(text: str, words: Sequence[str]) -> int:
    """Return how many of the words, lower-case, a text has, whatever their ending."""
    there = content_words(text)
    return sum(any(other.startswith(find_stem(word)) for other in there) for word in words)


def find_stem(word: str) -> str:
    """Return what the forms of a word have in common: "inspect" of "inspections"."""
    stem = _ENDING.sub("", word)
    return stem if len(stem) < len(word) else word[: max(4, len(word) - 3)]
