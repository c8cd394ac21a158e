"""A question for what somebody says, or what is said about something, and its passages -> the sentences that do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.english.speakers import find_said, name_speaker
from qa.english.speech import find_asked_speaker
from qa.question import content_words, count_named, find_stem, find_topic
from qa.sentences import split_article
from qa.types import Hit, Passage, Span

# "What did she highlight?" wants a sentence that highlights; "say" wants any.
_ANY_WAY = {
    "say",
    "said",
    "says",
    "tell",
    "told",
    "tells",
    "think",
    "mention",
    "mentioned",
    "talk",
    "speak",
    "comment",
}
_WHO_SAID = re.compile(r"^\W*who (?:said|says) [“\"](.+)[”\"]\W*$", re.IGNORECASE | re.DOTALL)
_ASKS_DEED = re.compile(
    r"^\W*what (?:else )?(?:did|does|do|has|have|had) (?P<who>(?:[\w’'.-]+ ){1,5}?)(?P<verb>\w{4,})(?: to do)?\W*$",
    re.IGNORECASE,
)
_NOBODY = {"they", "it", "the article", "this article", "the articles", "the story", "the text", "the report"}
_BETWEEN = 2  # words between who does something and the verb
_ASKS_WHAT = re.compile(r"^\W*(?:(?:and|so|but) )?(?:what|tell me what)\b", re.IGNORECASE)
_NAMES_TOPIC = re.compile(r"\b(?:about|regarding|concerning)\b", re.IGNORECASE)
_ASKS_ABOUT = re.compile(
    r"^\W*(?:what|how) about\b|^\W*(?:please )?tell me (?:more )?about\b|^\W*(?:is there )?anything (?:else )?about\b"
    r"|^\W*what (?:did|do|does) (?:they|it|the article|the articles|the story) say about\b",
    re.IGNORECASE,
)


class Statement(NamedTuple):
    """A sentence, as offsets into its passage's article."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence, a slice of the article."""
        return self.passage.article.text[self.start : self.end]

    @property
    def in_head(self) -> bool:
        """Whether it stands in the article's wire-style head."""
        return self.start < self.passage.article.body_start

    def is_said_by(self, who: str) -> bool:
        """Say whether it is said by whom these words mean."""
        return (self.start, self.end) in find_said(self.passage.article, self.passage.start, self.passage.end, who)


def split_hits(hits: Sequence[Hit]) -> Iterator[Statement]:
    """Yield every sentence of the hits' passages."""
    for hit in hits:
        for start, end in split_article(hit.passage.article, hit.passage.start, hit.passage.end):
            yield Statement(hit.passage, start, end)


def find_teller(question: str, hits: Sequence[Hit]) -> tuple[bool, Span | None]:
    """Return whether a question asks who said some words, as in "Who said “…”?", and the slice that names who did.

    The slice may stand before the sentence that has the words, where that only says "she"; None if nobody does.
    """
    asked = _WHO_SAID.match(question)
    if asked is None:
        return False, None
    for hit in hits:
        text, passage = hit.passage.article.text, hit.passage
        start = text.find(asked[1], passage.start, passage.end)
        speaker = name_speaker(passage.article, start, start + len(asked[1])) if start >= 0 else None
        if speaker and passage.start <= speaker[0] < passage.end:
            return True, Span(passage, *speaker, 0.0)
    return True, None


def find_statements(question: str, hits: Sequence[Hit]) -> tuple[bool, list[Statement]]:
    """Return whether a question asks for statements at all, and those that it asks for, in the order of the hits."""
    speaker = find_asked_speaker(question) if _ASKS_WHAT.match(question) else None
    speaker = None if speaker and speaker.lower() in _NOBODY else speaker
    topic = find_topic(question)
    if not topic and (_NAMES_TOPIC.search(question) or (speaker and _asks_more(question, speaker))):
        return False, []  # of what it is about, no word can be looked for
    if speaker is None and not (topic and _ASKS_ABOUT.match(question)):
        return False, []
    return True, list(dict.fromkeys(_find(question, hits, speaker, topic)))


def find_deeds(question: str, hits: Sequence[Hit]) -> list[Statement]:
    """Return the sentences that have somebody do what a question asks for: "What does Peru seek?", "Peru seeks …".

    Who is named stands right before the verb, or says the sentence that has it. None for any other question.
    """
    asked = _ASKS_DEED.match(question)
    if asked is None or asked["verb"].lower() in _ANY_WAY:
        return []
    who, verb = asked["who"].strip(), asked["verb"].lower()
    doing = re.compile(
        rf"(?<!\w){re.escape(who)}(?!\w)(?:[’']s)?(?: \w+){{0,{_BETWEEN}}}? {re.escape(find_stem(verb))}",
        re.IGNORECASE,
    )
    found = [
        statement
        for statement in split_hits(hits)
        if not statement.in_head
        and ((statement.is_said_by(who) and count_named(statement.text, [verb])) or doing.search(statement.text))
    ]
    return list(dict.fromkeys(found))


def _find(question: str, hits: Sequence[Hit], speaker: str | None, topic: Sequence[str]) -> Iterator[Statement]:
    verb = _find_verb(question, speaker) if speaker else None
    for statement in split_hits(hits):
        sentence = statement.text
        on_topic = count_named(sentence, topic) == len(topic) and (verb is None or count_named(sentence, [verb]))
        if not statement.in_head and on_topic and (not speaker or statement.is_said_by(speaker)):
            yield statement


def _asks_more(question: str, speaker: str) -> bool:
    """Say whether a question wants something of what is said: "What does she think the tax will cost?"."""
    behind = question[question.lower().find(speaker.lower()) + len(speaker) :]
    return len([word for word in content_words(behind) if word not in {"else", "exactly", "reporters"}]) > 1


def _find_verb(question: str, speaker: str) -> str | None:
    """Return the verb of a question for what somebody says, None if it is for saying of any kind."""
    behind = question[question.lower().find(speaker.lower()) + len(speaker) :]
    words = [word for word in content_words(behind) if word.isalpha()]
    return words[0] if words and words[0] not in _ANY_WAY else None
