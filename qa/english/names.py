"""A sentence's words -> the runs of capitals that can name somebody, and what stands beside them.

There is no list of names: a run is a person where the text says so, by an office, a title, an age, or its speaking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.english.vocabulary import (  # fmt: skip
    ASIDES,
    DATES,
    DOING,
    HE,
    PARTICLES,
    SAYING,
    SHE,
    SMALL,
    THINGS,
    TITLES,
    Word,
    is_acronym,
    is_office,
    is_small,
)

_GAP = re.compile(r"[’']?\s|\s?\.\s")  # between two words of a name; a full stop only behind "Dr" and "J"
_AGE = re.compile(r"\s?,\s(?:aged\s)?\d\d\b")
_BEFORE_BRANCH = frozenset(["the", "and", "of", "for", "in", "its", "their"])
_ENDS = frozenset(["who", "is", "was", "has", "had"])
_BYLINE = 12  # words of a line that begins "By Ann Lee"
ENOUGH = 2  # of proof that a run is a person; pronouns add what they say


class Known(NamedTuple):
    """Words that a text has in lower case, and those that it has in capitals before a thing: "the Telecom sector"."""

    small: set[str]
    branches: set[str]


@dataclass(slots=True)
class Mention:
    """A run of capitals that may be a name, and what the text says for it."""

    words: tuple[str, ...]
    sentence: int
    first: int  # among the sentence's words
    last: int
    start: int
    end: int
    roles: list[str] = field(default_factory=list)
    proof: int = 0
    genders: list[str] = field(default_factory=list)

    def add_role(self, text: str, words: list[Word], first: int, last: int) -> None:
        """Take the words from `first` to `last` for what the mention is called."""
        self.roles.append(" ".join(text[words[first].start : words[last].end].split()))
        self.proof += ENOUGH


def learn_words(text: str, sentences: Iterable[list[Word]]) -> Known:
    """Return what a text's words tell of words in capitals."""
    known = Known(set(), set())
    for words in sentences:
        known.small.update(word.text for word in words if word.text[0].islower())
        for before, word, behind in zip(words, words[1:], words[2:], strict=False):
            beside = text[before.end : word.start].isspace() and text[word.end : behind.start].isspace()
            if word.text[0].isupper() and behind.text[0].islower() and before.low in _BEFORE_BRANCH and beside:
                known.branches.add(word.low)
    return known


def find_mentions(text: str, number: int, words: list[Word], known: Known) -> Iterator[Mention]:
    """Yield the runs of capitals of a sentence that can be names, with what stands beside them."""
    for first, last in _find_runs(text, words, known):
        office, title, begin = _split_run(words, first, last, known)
        name = words[begin : last + 1]
        if not name or any(w.low in THINGS | DATES for w in name) or all(w.text.isupper() for w in name):
            continue
        mention = Mention(tuple(w.text for w in name), number, begin, last, name[0].start, name[-1].end)
        if title is not None:
            mention.first = min(begin, title)
            mention.proof += ENOUGH
            mention.genders += [g for g, group in (("she", SHE), ("he", HE)) if words[title].low in group]
        if office is not None:
            end = begin - 1 if title is None or title < office else title - 1
            mention.add_role(text, words, _widen_role(text, words, min(first, office)), end)
        else:
            _look_before(text, words, mention)
        _look_behind(text, words, mention)
        if len(name) > 1 and _acts(text, words, mention):
            mention.proof += ENOUGH
        yield mention


def _split_run(words: list[Word], first: int, last: int, known: Known) -> tuple[int | None, int | None, int]:
    """Return where a run has its office, its title, and where its name begins; an office may stand before the run."""
    office = _find_office(words, first, last)
    title = max((i for i in range(first, last + 1) if words[i].low in TITLES), default=None)
    begin = max(first, *(-1 if i is None else i + 1 for i in (office, title)))
    while office is not None and begin <= last and is_acronym(words[begin].text):
        begin += 1
    if office is not None and begin == office + 1 and last - begin >= 2 and words[begin].low in known.branches:
        begin += 1  # "Member Telecom Ann B. Lee"
    inside = office is None and first > 1 and words[first - 1].low in {"of", "for"}
    if inside and last - first >= 2 and is_office(words[first - 2].text):  # "Secretary for Health Ann Lee"
        office, begin = first - 2, last - 1
    return office, title, begin


def _find_office(words: list[Word], first: int, last: int) -> int | None:
    """Return the last office of a run, but not its last word behind another office: "Judge Stephen King"."""
    offices = [i for i in range(first, last + 1) if is_office(words[i].text)]
    if offices[:-1] and offices[-1] == last and last - offices[-2] > 1:
        offices.pop()
    return offices[-1] if offices else None


def _find_runs(text: str, words: list[Word], known: Known) -> Iterator[tuple[int, int]]:
    """Yield first and last word of the runs of capitals; particles may stand inside: "van der Berg"."""
    at = 0
    while at < len(words):
        word = words[at]
        opens = at == 0 or text[words[at - 1].end : word.start].strip() not in {"", ","}
        small = is_small(word) or (opens and (word.low in known.small or word.low.endswith("ly")))
        if not word.text[0].isupper() or small or (word.low in DATES and word.low != "may"):
            at += 1
            continue
        last = at
        while (following := _follow(text, words, last)) is not None:
            last = following
        yield at, last
        at = last + 1


def _follow(text: str, words: list[Word], last: int) -> int | None:
    """Return the next word of a run, None if it ends."""
    for after in range(last + 1, min(last + 4, len(words))):
        gap = text[words[after - 1].end : words[after].start]
        initial = len(words[after - 1].text) == 1 or words[after - 1].low in TITLES
        if words[after - 1].owns or not _GAP.fullmatch(gap) or ("." in gap and not initial):
            return None
        if words[after].text[0].isupper():
            return None if words[after].low in DATES or is_small(words[after]) else after
        if words[after].low not in PARTICLES:
            return None
    return None


def _widen_role(text: str, words: list[Word], first: int) -> int:
    """Return the first word of a role of which the one at `first` is: "former" of "the former coach X"."""
    while first:
        before = words[first - 1]
        gap = _between(text, words, first - 1)
        if not _GAP.fullmatch(gap) or before.low in SMALL | SAYING | DATES or before.low.endswith(("ed", "ing")):
            break
        first -= 1
    return first


def _look_before(text: str, words: list[Word], mention: Mention) -> None:
    """Add to a mention the role that stands before it: "union leader X", "the head of the bureau, X,"."""
    first, last = mention.first, mention.last
    if not first:
        return
    before = words[first - 1]
    gap = _between(text, words, first - 1)
    if gap.isspace() and is_office(before.text) and before.text.islower():
        mention.add_role(text, words, _widen_role(text, words, first - 1), first - 1)
        return
    ends = last + 1 == len(words) or _between(text, words, last).strip() or words[last + 1].low == "and"
    if ends and gap.strip() == "," and (role := _find_role_before(text, words, first - 1)) is not None:
        mention.add_role(text, words, role, first - 1)


def _look_behind(text: str, words: list[Word], mention: Mention) -> None:
    """Add to a mention the role or the age that stands behind it, or "who"."""
    last = mention.last
    if last + 1 == len(words):
        return
    if _between(text, words, last).strip() == "," and (role := _find_role_behind(text, words, last + 1)) is not None:
        mention.add_role(text, words, *role)
    if words[last + 1].low == "who" or _AGE.match(text, words[last].end):
        mention.proof += ENOUGH


def _acts(text: str, words: list[Word], mention: Mention) -> bool:
    """Say whether the words around a run make it speak, or do what people do."""
    before = words[mention.first - 1].low if mention.first else ""
    if words[mention.last].owns or before in {"the", "in", "at", "near", "of"}:
        return False
    behind = mention.last + 1
    while behind < len(words) and (words[behind].low in ASIDES or words[behind].low.endswith("ly")):
        behind += 1
    verb = (
        words[behind].text
        if behind < len(words) and text[words[behind - 1].end : words[behind].start].isspace()
        else ""
    )
    if verb in SAYING | DOING:
        return True
    told = before == "said" or (before == "to" and mention.first > 1 and words[mention.first - 2].low == "according")
    alone = not verb or verb in SMALL
    byline = before == "by" and mention.first == 1 and len(words) < _BYLINE
    return byline or (told and alone)


def _between(text: str, words: list[Word], at: int) -> str:
    """Return what stands between a word, with its "’s", and the next."""
    return text[words[at].end + 2 * words[at].owns : words[at + 1].start]


def _find_role_before(text: str, words: list[Word], at: int) -> int | None:
    """Return the first word of a role that ends at `at`, before a comma: "the head of the bureau, X"."""
    for office in range(at, max(at - 12, -1), -1):
        if office < at and _between(text, words, office).strip(" \n’'"):
            return None
        if is_office(words[office].text):
            following = words[office + 1] if office < at else None
            if following and following.low not in SMALL and not is_acronym(following.text):
                return None  # a name behind the office, or a verb
            return _widen_role(text, words, office)
    return None


def _find_role_behind(text: str, words: list[Word], at: int) -> tuple[int, int] | None:
    """Return first and last word of a role that begins at `at`, behind a comma: "X, the head of the bureau"."""
    begin = at + 1 if words[at].low in {"the", "a", "an", "his", "her", "its", "their"} else at
    office, last = None, at
    for i in range(begin, min(begin + 14, len(words))):
        if i > begin and _between(text, words, i - 1).strip(" \n’'"):
            break
        if is_office(words[i].text) and (office is None or i == office + 1):
            office = i
        elif office is None and words[i].low in SMALL - {"of", "for"}:
            return None
        elif office is not None and words[i].low in SAYING | _ENDS:
            break
        last = i
    if office is None:
        return None
    following = next((word for word in words[office + 1 : last + 1] if not is_acronym(word.text)), None)
    return (
        None if following and following.text[0].isupper() else (begin, last)
    )  # the next of a list: "X, Secretary Y"
