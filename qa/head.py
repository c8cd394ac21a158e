"""The first lines of an article -> its title, date and place, and where its body starts."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from typing import NamedTuple

from qa.sentences import split_sentences

_TITLE_CHARS = 80
_HEAD_CHARS = 3_000  # a dateline stands in the first lines or nowhere
_HEAD_LINES = 8

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DATE = rf"\d{{4}}-\d\d-\d\d|\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}"
_CAPITAL = r"[^\W\d_a-zß-ÿ]"
_CAPITALS = rf"{_CAPITAL}(?:{_CAPITAL}|[.'’-]){{2,}}"
_PLACE = rf"(?P<place>{_CAPITALS}(?:[ /]{_CAPITALS}){{0,2}})"

_FRONT_MATTER = re.compile(r"\A---\n(.{0,5000}?)\n---[^\S\n]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|date|place)[^\S\n]*:[^\S\n]*[\"']?(.+?)[\"']?[^\S\n]*$", re.MULTILINE | re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t](.*)$|^(\S.*)\n={3,}[ \t]*$", re.MULTILINE)
_DATE_LINE = re.compile(
    rf"\s*(?:by [^\n,|–—]{{2,60}}[,|–—][^\S\n]*)?(?:(?:published|updated|posted|date)\b[^\S\n]*(?:on)?:?[^\S\n]*)?"
    rf"(?:\w+day,? )?(?P<date>{DATE})\s*",
    re.IGNORECASE,
)
# "date 2024-05-15 ISLAMABAD: …", "KYIV, Ukraine, May 15, 2024 (Reuters) - …", "LONDON — …"
_WIRE = re.compile(rf"\s*date (?P<date>{DATE})\s+(?:{_PLACE}:\s+)?")
_DATELINE = re.compile(
    rf"\s*{_PLACE}(?:, [A-Z][\w. ]{{1,30}}?)?(?:,? (?P<date>{DATE})|, {_MONTH} \d{{1,2}})?"
    r"(?: ?\([^()\n]{2,40}\))?(?::| ?[—–]| --?)\s+"
)
_LABELS = frozenset(
    [
        "ANALYSIS",
        "BREAKING",
        "CORRECTION",
        "EDITORIAL",
        "EXCLUSIVE",
        "EXPLAINER",
        "FACTBOX",
        "IMPORTANT",
        "INTERVIEW",
        "LIVE",
        "NEWS",
        "NOTE",
        "OPINION",
        "QUESTION",
        "ANSWER",
        "REVIEW",
        "SUMMARY",
        "UPDATE",
        "UPDATED",
        "URGENT",
        "VIDEO",
        "WARNING",
        "WATCH",
    ]
)  # capitals before a colon that are no place


class Head(NamedTuple):
    """What the first lines say; `body_start` is the offset behind a dateline, 0 without one."""

    title: str
    date: dt.date | None
    place: str | None
    body_start: int


def read_head(text: str) -> Head:
    """Read title, date and place off a text. What is not there is None; nothing is guessed."""
    front = _FRONT_MATTER.match(text)
    fields = {key.lower(): value for key, value in _FIELD.findall(front[1])} if front else {}
    start = front.end() if front else 0
    dateline = _find_dateline(text, start)
    body_start = dateline.end() if dateline else 0
    opens = dateline is not None and not text[start : dateline.start()].strip()
    heading = _HEADING.search(text, start)
    title = fields.get("title") or (heading and (heading[1] or heading[2] or "").strip(" \t#")) or ""
    if not title:
        sentence = next(split_sentences(text, body_start if opens else start), (0, 0))
        title = text[slice(*sentence)]
    date = parse_date(fields.get("date", "")) or (parse_date(dateline["date"] or "") if dateline else None)
    return Head(
        title=_shorten(title),
        date=date or _find_date_line(text, start),
        place=fields.get("place") or (dateline["place"] if dateline else None),
        body_start=body_start,
    )


def _lines_of_head(text: str, start: int) -> list[tuple[int, int]]:
    lines = re.finditer(r"[^\n]*\S[^\n]*", text[: start + _HEAD_CHARS])
    return [line.span() for line in lines if line.start() >= start][:_HEAD_LINES]


def _find_dateline(text: str, start: int) -> re.Match[str] | None:
    for left, right in _lines_of_head(text, start):
        match = _WIRE.match(text, left) or _DATELINE.match(text, left)
        if match and _is_dateline(match):
            return match
        if text[left:right].rstrip().endswith((".", "!", "?", "”", '"')):
            return None  # the body has begun
    return None


def _is_dateline(match: re.Match[str]) -> bool:
    """Tell a dateline from "NOTE: …" and from "NASA — the space agency — said …"."""
    place, said = match["place"], match.group()
    is_place = place is None or (place.isupper() and place not in _LABELS)
    return is_place and (said.rstrip().endswith(":") or any(c in said for c in ",(") or match["date"] is not None)


def _find_date_line(text: str, start: int) -> dt.date | None:
    matches = (_DATE_LINE.fullmatch(text, *line) for line in _lines_of_head(text, start))
    return next((date for match in matches if match and (date := parse_date(match["date"]))), None)


def parse_date(text: str) -> dt.date | None:
    """Read "2024-05-15", "15 May 2024" or "May 15, 2024"; None for a day that is not in the calendar."""
    iso = re.match(r"(\d{4})-(\d\d)-(\d\d)", text)
    named = re.match(rf"(?:(\d{{1,2}}) )?({_MONTH})(?: (\d{{1,2}}))?,? (\d{{4}})", text, re.IGNORECASE)
    try:
        if iso:
            return dt.date(*map(int, iso.groups()))
        if named:
            month = next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == named[2][:3].title())
            return dt.date(int(named[4]), month, int(named[1] or named[3] or 0))
    except ValueError:
        pass
    return None


def _shorten(title: str) -> str:
    """Cut a title at a word, or inside one that is too long for it."""
    words = " ".join(title.split())
    return textwrap.shorten(words, _TITLE_CHARS, placeholder="…").lstrip("…") or words[: _TITLE_CHARS - 1] + "…"
