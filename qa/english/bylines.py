"""The first and last lines of an article -> who wrote it, and the source that it credits."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.types import Article

_HEAD_CHARS = 3_000
_TAIL_CHARS = 1_000

AGENCIES = (
    "Reuters|Thomson Reuters|AP|Associated Press|The Associated Press|AFP|Agence France-Presse|UPI|Bloomberg|Xinhua"
    "|TASS|dpa|ANSA|EFE|Kyodo|Yonhap|PTI|ANI|IANS|APP|PPI|INP|BSS|UNB|Anadolu|CNN|BBC|NPR|IPS|MENA|WAM|SPA|QNA|Interfax"
)
_SOURCE_LINE = re.compile(
    r"^[^\S\n]{0,9}(?:source|agency|publisher|publication|url)s?:[^\S\n]{0,9}[\"']?(\S[^\n\"']{1,150})", re.I | re.M
)
_WORD = r"[^\W\d_][^\W\d_.'’-]{0,30}(?:[.'’-][^\W\d_]{1,30}){0,3}[.'’]?"
_PARTICLE = r"(?:de|da|del|della|di|dos|du|la|le|van|von|der|den|ter|al|bin|ibn|ben|y|e)"
_NAME = rf"{_WORD}(?:[^\S\n]{_WORD}){{1,4}}?"
_NAMES = rf"(?P<name>{_NAME}(?:(?:,|,? and| &|,? with)[^\S\n]{_NAME}){{0,3}})"
_ROLE = (
    r"(?:[\w' ]{0,40}\b(?:staff|reporters?|writers?|correspondents?|editors?|journalists?|columnists?|contributors?"
    rf"|bureau|desk|news|times|post|guardian|{AGENCIES})\b[\w' ]{{0,40}})"
)
_REST = (
    r"(?:[^\S\n]?(?:[,|/·•—–-]|\bfor\b|\bin\b|\()[^\S\n]?"
    rf"(?:{_ROLE}|[^\n]{{0,30}}\d{{4}}[^\n]{{0,30}}|[A-Z][\w ]{{2,30}})\)?)?"
)
_START, _END = r"^[^\S\n]{0,9}", r"[\"']?[^\S\n]{0,9}$"
_BYLINES = (
    re.compile(
        rf"{_START}[*_]{{0,2}}(?:(?:written|reported|report|story|text|words|posted) )?by:?[^\S\n]"
        rf"{_NAMES}{_REST}[*_]{{0,2}}{_END}",
        re.I | re.M,
    ),
    re.compile(rf"{_START}(?:authors?|byline|writers?|reporters?):[^\S\n]?[\"']?(?:by )?{_NAMES}{_END}", re.I | re.M),
)
_STAFF = re.compile(
    rf"{_START}by:?[^\S\n](?P<name>(?:(?:our|a|the|web|news) )?(?:(?:staff|special|own|web|news) )?"
    rf"(?:reporter|writer|correspondent|desk|staff)|{AGENCIES}){_END}",
    re.I | re.M,
)
_SIGNED = (
    re.compile(
        rf"(?:{_START}|[(\[])(?:Reporting|Written|Reported|Writing|Story|Text) by:?[^\S\n]{_NAMES}"
        r"(?=[;,.)\]\n]| in | for |\Z)",
        re.M,
    ),
    re.compile(rf"{_START}[—–-]{{1,2}}[^\S\n]?{_NAMES},[^\S\n]{_ROLE}\.?{_END}", re.I | re.M),
)
_NO_NAME = re.compile(
    r"\b(?:the|a|an|all|any|numbers|popular|royal|order|design|far|law|contrast|christmas|easter|eve|night|then|now|his|her|its|their|this|that|who|was|is"
    r"|mon|tues|wednes|thurs|fri|satur|sunday|january|february|april|june|july|september|october|november|december)(?:day)?\b",
    re.IGNORECASE,
)  # fmt: skip


_NAMED = {*_BYLINES, *_SIGNED}
_OUTLETS = re.compile(rf"(?:, ?{_ROLE}| (?:{AGENCIES})(?: News)?)+\Z", re.IGNORECASE)  # behind a name


class Fact(NamedTuple):
    """What an article says of itself, and the slice of its text that states it or that is its head."""

    text: str
    start: int
    end: int


def find_byline(article: Article) -> Fact | None:
    """Return who wrote an article by its head or its end, None if neither says."""
    return _find_at_ends(article, [*_BYLINES, _STAFF, *_SIGNED], "name")


def find_source_line(article: Article) -> Fact | None:
    """Return what a line such as "Source: Reuters" in the head or at the end names."""
    return _find_at_ends(article, [_SOURCE_LINE], 1)


def _find_at_ends(article: Article, patterns: list[re.Pattern[str]], group: int | str) -> Fact | None:
    """Return the first credit in the head of a text or in its last lines."""
    text = article.text
    for left, right in ((0, _HEAD_CHARS), (max(len(text) - _TAIL_CHARS, 0), len(text))):
        for pattern in patterns:
            for found in pattern.finditer(text, left, right):
                name = _OUTLETS.sub("", found[group]).rstrip(" \t\"'.,;")
                if pattern in _NAMED and not _is_name(name):
                    continue
                start = found.start(group)
                return Fact(" ".join(name.split()), start, start + len(name))
    return None


def _is_name(words: str) -> bool:
    """Say whether words are written as names are: "Jane Doe", "ANN LEE and Jo de Vries", not "popular demand"."""
    for name in re.split(r",? (?:and|with|&) |, ?", words):
        parts = name.split()
        if len(parts) < 2 or not all(part[0].isupper() or re.fullmatch(_PARTICLE, part) for part in parts):
            return False
    return not _NO_NAME.search(words)
