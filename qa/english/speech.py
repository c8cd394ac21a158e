"""A sentence -> who says it; a question -> whose words it asks for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from qa.english.subjects import are_many, find_before, find_opening, is_somebody, skip_back, walk_forward
from qa.english.vocabulary import (
    PRONOUNS,
    SAYING,
    SAYING_ASKED,
    SAYING_BASE,
    SAYING_ING,
    SAYING_LOOSE,
    SMALL,
    WHOSE,
    Word,
    find_words,
    is_office,
)

_QUOTED = re.compile(
    r"\A[^\"“]*?[,.?!]\s?\"(?=\s)|“[^”]*(?:”|\Z)|\"[^\"]*(?:\"|\Z)|``.*?(?:''|\Z)|\A[^“]*?”|\A(?:(?!``).)*?''",
    re.DOTALL,
)
_ACCORDING = re.compile(
    r"(?<!vary )(?<!varies )(?<!act )(?<!ranked )\baccording to\s+(?!whom\b|which\b)", re.IGNORECASE
)
_TAIL = re.compile(r"(?:\s(?:reporters|journalists|on|in|at|an?|the|late|early|[A-Z]\w+|statement|interview|"
                   r"conference|press|news|last|this|week|today|yesterday|\d+))*[\s.,;]*\Z")  # fmt: skip

_TALK = re.compile(r"\b(?:talk|speak|discuss)", re.IGNORECASE)
_DO = r"(?:did|does|do|has|have|had|will|would)(?:n['’]t| not)?"
_SPEAK = "(?:" + "|".join(sorted(SAYING | SAYING_ASKED | SAYING_BASE | SAYING_ING, key=len, reverse=True)) + ")"
_SOMEBODY = (
    r"(?P<who>(?:(?!who\b|that\b|which\b|what\b|not\b)[^\s,;:?!]+ ){0,7}?(?:(?!who\b|that\b|not\b)[^\s,;:?!]+))"
)
_ASKED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\baccording to (?!whom\b|which\b|what\b){_SOMEBODY}(?=\s*[,?!.]|\s+(?:wh\w+|how)\b|$)",
        rf"\bwhat (?:was|is|were|has been|had been) \w+ (?:about|on|regarding) .+ by {_SOMEBODY}\s*[?.!]*$",
        rf"\bwhat (?:was|is|has been) (?:said|stated|announced|promised|stressed) by {_SOMEBODY}"
        r"(?=\s+(?:about|on|regarding|concerning)\b|\s*[?.!]*$)",
        rf"\bwhat (?:is|was|are|were) {_SOMEBODY}(?:(?<!s)['’]s|(?<=s)['’]) (?:(?:view|opinion|comment|remark|"
        r"statement|stance|message|response|reaction|answer)s?\b|position on\b)",
        rf"\b(?:is|was|are|were) {_SOMEBODY} (?:{'|'.join(sorted(SAYING_ING))})\b",
        rf"\b{_DO} {_SOMEBODY}(?: (?:also|ever|really|else|exactly|just))? {_SPEAK}\b",
        r"\b(?:what|how|why|everything|anything)(?: else| exactly)? "
        rf"(?!(?:do|did|does|is|was|are|were|has|have|had|can)\b){_SOMEBODY}"
        r"(?: (?:has|have|had|also))* (?:said|says|say|told|stated|stressed|promised|warned|thinks?)\b",
    )
]


def find_speaker(sentence: str) -> tuple[int, int] | None:
    """Return the slice of a sentence that names who says it, or what stands in it, None if nobody does."""
    masked = mask_quotes(sentence)
    words = list(find_words(masked, 0, len(masked)))
    ranked = [
        (rank, at, span)
        for at, word in enumerate(words)
        for rank, span in _find_subjects(masked, words, at, word)
        if span
    ]
    for match in _ACCORDING.finditer(masked):
        at = bisect_left(words, match.end(), key=lambda word: word.start)
        if (span := walk_forward(masked, words, at)) is not None:
            ranked.append((2, at, span))
    if not ranked:
        return None
    _, _, (first, last) = min(ranked)
    return words[first].start, words[last].end


def mask_quotes(sentence: str) -> str:
    """Return a sentence, as long as it was, with nothing but marks where it quotes."""
    return _QUOTED.sub(lambda quoted: "”" * len(quoted[0]), sentence)


def find_asked_speaker(question: str) -> str | None:
    """Return whose words a question asks for: "the ambassador" of "What did the ambassador say about exports?"."""
    for pattern in _ASKED:
        if (found := pattern.search(question)) is not None:
            who = re.sub(r"^(?:else|exactly|other \w+|more) ", "", found["who"], flags=re.IGNORECASE).strip(" '’\"“”")
            who = re.sub(r"(?: (?:also|ever|really|else))+$", "", who)
            words = [word.low for word in find_words(who, 0, len(who))]
            if "and" in words and _TALK.search(question):  # what two talk of, neither has to say
                continue
            if words and (words[-1] not in SMALL or words[-1] in PRONOUNS) and words[0] not in {"there", "you", "i"}:
                return who
    return None


def _find_subjects(text: str, words: list[Word], at: int, verb: Word) -> Iterator[tuple[int, tuple[int, int] | None]]:
    """Yield who says what the verb of saying at `at` brings, with a rank: 0 is surest."""
    behind = words[at + 1] if at + 1 < len(words) else None
    gap = text[words[at - 1].end : verb.start] if at else text[: verb.start]
    if verb.low in SAYING_ING and "," in gap:
        yield 3, find_opening(text, words, at)
    if verb.text not in SAYING | SAYING_BASE or (behind and behind.low == "by"):
        return
    inverted = walk_forward(text, words, at + 1) if "”" in gap or "," in gap else None
    if inverted and _begins_at_once(text, words, at) and ("”" in gap or _is_inverted(text, words, at, inverted)):
        yield 0, inverted
        return
    before = skip_back(words, at)
    if before is None or (verb.text in SAYING_BASE and not are_many(words, before)):
        return
    if words[before].low in {"and", "but"}:
        yield 3, find_opening(text, words, before)
        return
    subject = find_before(text, words, before)
    if subject is None or (subject[0] and words[subject[0] - 1].low in WHOSE):
        return
    if verb.text in SAYING_LOOSE and not is_somebody(words, subject, behind):
        return
    opens = not words[: subject[0]] or text[words[subject[0] - 1].end : words[subject[0]].start].strip()
    trails = bool(subject[0] or "”" in text[: words[0].start]) and opens and _TAIL.match(text, verb.end)
    yield (0 if trails else 1), subject


def _begins_at_once(text: str, words: list[Word], at: int) -> bool:
    return at + 1 < len(words) and text[words[at].end : words[at + 1].start].isspace()


def _is_inverted(text: str, words: list[Word], at: int, subject: tuple[int, int]) -> bool:
    """Say whether ", said X" tells who said what is before it: X is somebody, and there the clause ends."""
    ends = not re.match(r"\s*\w", text[words[subject[1]].end :])
    somebody = any(w.text[0].isupper() or is_office(w.text) for w in words[subject[0] : subject[1] + 1])
    return words[at].low in {"said", "says"} and ends and somebody
