"""A question with misspelt words -> the same with words of the passages that were found for it.

A word is only ever mended to one that stands in the passages, or cut in two. What is known is never touched.

126 answerable questions about five articles were asked twice with a letter of one word replaced, left out, doubled
or swapped: of the 252, 130 get the right answer as they are, 173 mended, and 198 as they were meant. With two words
run together 70 of 126 do, and 90 cut. Of 6,078 questions of SQuAD v2.0 dev-tune asked of their own paragraphs 172 are
changed, of which some six were not misspelt, as "qualitative", where the paragraph has "quantitative" (2026-11-25).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

_VOCABULARY = Path(__file__).parents[1] / "models" / "minilm-reader" / "tokenizer.json"

_MIN_LETTERS = 4
_LONG = 8  # letters from which two slips are mended
_MAX_LETTERS = 24  # of a word whose near ones are looked for: they cost the square of its length
# A whole word, not a part of an address, a handle, a number or a code.
_WORD = re.compile(rf"(?<![\w@#.])[^\W\d_]{{{_MIN_LETTERS},}}(?![\w@]|\.\w)")
_WORDS = re.compile(r"[^\W\d_]+")
# A word with another ending is not misspelt: "algorithmic" is not "algorithm", nor "criticize" "criticism".
_ENDINGS = tuple(
    """
    s es ed d ing ly er ers or ors ion ions al ial e y ies ied ic ism ist ists ity ment ness ive ful able ally ically
    ize ized izes izing ise ised ises ising i an ian
    """.split()  # noqa: SIM905 - a list of strings reads worse
)
# Words that are run together with others, but make no other word before them, as "in" and "a" do.
_SHORT = frozenset(
    """
    and are as at by did do does for from had has have how is of she the they to uk us was we were what when where
    which who whom whose why will with that this
    """.split()  # noqa: SIM905
)
_PREFIXES = frozenset(
    "anti counter cross down fore half inter mid multi non out over post pre self super under up".split()  # noqa: SIM905
)


class _Passages:
    """The words of passages, as they are spelt, and what is left of them without some letters."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.spelt: dict[str, str] = {}  # by the plain word
        for word in dict.fromkeys(word for passage in passages for word in _WORDS.findall(_compose(passage))):
            plain = _plain(word)
            if word.islower() or plain not in self.spelt:
                self.spelt[plain] = word

    @cached_property
    def _starts(self) -> dict[str, list[str]]:
        return _group((word[:_MIN_LETTERS], word) for word in self.spelt)

    @cached_property
    def _rests(self) -> dict[str, list[str]]:
        words = (word for word in self.spelt if _MIN_LETTERS <= len(word) <= _MAX_LETTERS)
        return _group((rest, word) for word in words for rest in _shorten(word))

    def has_form(self, word: str) -> bool:
        """Say whether a plain word stands in the passages with another ending."""
        stems = _stems(word)
        return any(not stems.isdisjoint(_stems(there)) for there in self._starts.get(word[:_MIN_LETTERS], ()))

    def find_near(self, word: str) -> tuple[int, str] | None:
        """Return the one word that is nearest to another, and how near; None if there is none, or several."""
        found = {there for rest in _shorten(word) for there in self._rests.get(rest, ())}
        ranked = sorted((count_slips(word, there), there) for there in found if not _is_other(word, there))
        near = [(slips, there) for slips, there in ranked if slips <= _allowed(word)]
        if not near or (len(near) > 1 and near[0][0] == near[1][0]):
            return None
        return near[0]


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, word in pairs:
        groups.setdefault(key, []).append(word)
    return groups


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain(word: str) -> str:
    """Return a word in lower case and without accents, which nobody misses."""
    low = word.lower()
    return low if low.isascii() else "".join(c for c in unicodedata.normalize("NFD", low) if c.isalpha())


def mend_spelling(question: str, passages: Sequence[str], known: Callable[[str], bool]) -> str:
    """Return a question whose misspelt words are replaced by the words of the passages that they are nearest to.

    `known` says of a word, lower-case, whether it is spelt right; it is only asked of words that no passage has.
    Words that are run together are cut in two. What could be mended in several ways stays as it is.
    """
    there: _Passages | None = None

    def mend(match: re.Match[str]) -> str:
        nonlocal there
        word = _plain(match[0])
        if len(word) > _MAX_LETTERS:
            return match[0]
        there = there or _Passages(passages)
        if word in there.spelt or known(word) or there.has_form(word):
            return match[0]
        slips, near = there.find_near(word) or (0, "")
        parts = _cut(word, there.spelt) if slips != 1 else None
        if parts:
            return " ".join(there.spelt.get(part, part) for part in parts)
        return there.spelt[near] if near else match[0]

    return _WORD.sub(mend, _compose(question))


def known_words() -> Callable[[str], bool]:
    """Return what says whether a word, lower-case, is in the shipped reader's vocabulary.

    That is read at the first word, once a process: 15 to 30 ms (2026-11-25).
    """

    def known(word: str) -> bool:
        words = _read_vocabulary()
        return word in words

    return known


@cache
def _read_vocabulary() -> frozenset[str]:
    pieces = json.loads(_VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(piece for piece in pieces if piece.isalpha())


def count_slips(one: str, other: str) -> int:
    """Return how many letters were left out, added, replaced or swapped with the next between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        before, last, row = row, before, [i + 1]
        for j, there in enumerate(other):
            cost = min(before[j] + (letter != there), before[j + 1] + 1, row[j] + 1)
            if i and j and letter == other[j - 1] and there == one[i - 1]:
                cost = min(cost, last[j - 1] + 1)
            row.append(cost)
    return row[-1]


def _allowed(word: str) -> int:
    return 2 if len(word) >= _LONG else 1


def _is_other(word: str, there: str) -> bool:
    """Say whether a word of four letters has one replaced: "syek" is rather "seek" than a "Syed" of the passages."""
    return len(word) == len(there) == _MIN_LETTERS and sorted(word) != sorted(there)


def _shorten(word: str) -> Iterator[str]:
    """Yield a word without any of its letters but the first, of as many as it may have slips.

    Two words that are near share one of these. Hardly anyone gets a first letter wrong, and "Hansen" is not "Jansen".
    """
    yield word
    is_long = _allowed(word) > 1
    for first in range(1, len(word)):
        start, end = word[:first], word[first + 1 :]
        yield start + end
        if is_long:
            for second in range(len(end)):
                yield start + end[:second] + end[second + 1 :]


def _stems(word: str) -> set[str]:
    shorter = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return {word, *(stem for stem in shorter if len(stem) >= _MIN_LETTERS)}


def _cut(word: str, there: Container[str]) -> tuple[str, str] | None:
    """Return the two words that a word is put together of, None if there are none, or several such pairs."""
    pairs = [(word[:place], word[place:]) for place in range(2, len(word) - 1)]
    found = [
        pair
        for pair in pairs
        if pair[0] not in _PREFIXES and all(part in _SHORT or (len(part) > 2 and part in there) for part in pair)
    ]
    return found[0] if len(found) == 1 else None
