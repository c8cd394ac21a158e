"""Words like "on Wednesday" and an article's date line -> the days that they mean.

A wrong day is worse than none: where two readings of the words differ, nothing is said.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import islice

from qa.english.periods import (
    COUNTS,
    DAYS,
    MONTHS,
    Period,
    count_back,
    day_of,
    format_period,
    has_day,
    month_of,
    step_to,
    weekday_of,
    weekend_of,
)
from qa.english.tense import IRREGULAR, find_tense, is_quoted

__all__ = ["Period", "format_period", "resolve_date"]

_CONTEXT = 1_000  # characters of a sentence on each side of the words; what is farther off does not govern them
_PLACES = 5  # of the same words in a sentence
_SPACE = re.compile(r"\s")

_DAY, _MONTH = rf"(?:{'|'.join(DAYS)})", rf"(?:{'|'.join(MONTHS)})"
_SHORT = r"(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)(?:\b\.|\b)"
_WHICH = r"(?:last|this|next)"
_EXPRESSION = re.compile(
    rf"""(?:(?<![\w.,/’'-])|(?<=\bmid-))(?:
    (?P<near>[Tt]he\ day\ before\ yesterday|[Yy]esterday|[Ll]ast\ night|(?:(?:[Ee]arlier|[Ll]ater)\ )?[Tt]oday
        |[Tt]onight|[Tt]his\ (?:morning|afternoon|evening)|[Tt]omorrow|[Tt]he\ day\ after\ tomorrow)
    |(?P<count>\d{{1,2}}|[Aa]n?|(?i:{"|".join(COUNTS[1:])}))\ (?P<unit>day|week|month|year)s?\ ago
    |(?P<the>(?:[Oo]ver|[Aa]t|[Oo]n)\ the\ weekend)
    |(?P<which>[Ll]ast|[Tt]his|[Nn]ext|(?:[Tt]his\ |[Tt]he\ )?[Cc]oming)
        \ (?P<thing>weekend|week|month|year|{_DAY}|{_MONTH}(?!\ \d))
    |(?:(?P<on>{_DAY})\ ?,?\ )?(?:the\ )?(?:(?P<month>{_MONTH}|{_SHORT})\ (?P<date>\d\d?)(?:st|nd|rd|th)?
        |(?P<date2>\d\d?)(?:st|nd|rd|th)?\ (?:of\ )?(?P<month2>{_MONTH}|{_SHORT}))
        (?:\ ?,?\ (?:of\ )?(?P<year>\d{{4}})|\ (?:of\ )?(?P<years>{_WHICH})\ year)?
    |(?P<bare>{_MONTH}),?\ (?:of\ |in\ )?(?:(?P<year2>\d{{4}})|(?P<years2>{_WHICH})\ year)
    |(?P<alone>{_MONTH})
    |(?P<day>{_DAY})(?:\ (?:of\ )?(?P<weeks>{_WHICH})\ week)?
    )(?![\w–-]|,\d|\.\d)""",
    re.VERBOSE,
)
# What makes a name, a habit or another reckoning of the words behind or before it.
_BEFORE_ANY = re.compile(
    r"\b(?:ago(?: on| in)?|the following|the next|the previous|(?:day|week|month|year|hour|night|fortnight|eve)s?"
    r" (?:before|after|from|of|following)|(?:week|fortnight|month|year)s? on)\s+$",
    re.IGNORECASE,
)
_BEFORE_LAST = re.compile(r"\b(?:the|its|his|her|their|our|my|your|this|every|very|[\w]+['’]s)\s+$", re.IGNORECASE)
_BEFORE_COUNT = re.compile(
    r"\b(?:about|almost|nearly|over|around|some|than|least|most|to|or|roughly|approximately|half|under|every)\s+$",
    re.I,
)
_BEFORE_DAY = re.compile(
    r"\b(?i:every|each|any|one|an?|another|most|first|second|third|fourth|fifth|alternate|that|following|previous|same"
    rf"|preceding|the|final|(?:Mail|Cry|Match) on)\s+$|{_DAY}s?\s*(?:[-–]|\bto|\bthrough|\buntil|\bor)\s*$"
)
_BEFORE_NAME = re.compile(
    r"(?<!\bin )(?<!\bat )(?<!\bto )(?<!\bfrom )(?<!\bnear )"
    r"\b(?!(?:On|Late|Early|Since|By|Until|From|And|But|Before|After|Yet|As|Beginning|Starting|In)\b)"
    r"[A-Z][\w’'-]*\s+$|\b(?:Sheffield|Good|Black|Ash|Easter|Palm|Holy|Super|Cyber)\s+$"
)
_BEFORE_MONTH = re.compile(
    r"\b(?:(?:in|since|until|till|early|late|mid|during|through|last|next|this)[ -]|in (?:early|late|mid)[ -])$"
    r"|\b(?:by|from|after|before|for|of|between|and|to|around) $",
    re.IGNORECASE,
)
_BEHIND_DAY = re.compile(
    rf"['’]s?\b|\s(?:week|fortnight|of)\b|\s*(?:[-–]|to\b|through\b|until\b|or\b)\s*{_DAY}"
    r"|\s(?:Times|Mirror|Mail|Telegraph|Express|People|Herald|Post|Star|Nights?|Club|Worlds?|Independent|Tribune|School"
    r"|Business|Morning|Evening|Addams|Island|Mosque|Service|Sun|Review)\b|\sthe (?:\d|Thirteenth)"
)
_HABIT = re.compile(
    r"\b(?:usually|always|normally|regularly|weekly|typically|annual(?:ly)?|on average|(?:every|each) year)\b",
    re.I,
)
_STILL = re.compile(r"\b(?:is|are|has|have|continues?|used|known|found|seen|called|considered|spoken)\b(?! \w+ed\b)")
_FIRM = {"in", "early", "late", "mid", "during", "last", "next", "this"}  # not so "by May", "since May took office"
_YEAR = re.compile(r"(?:^\W*In|\b(?:said|wrote|announced) in) ((?:1[89]|20)\d\d)\b")  # of all that the sentence tells
_OTHER_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b|\b(?:that|same|following|previous) year\b|\byears? (?:earlier|later)\b")

_IN_RANGE = re.compile(r"\d(?:st|nd|rd|th)?\s*(?:[-–,]|\bto|\band|\bor)\s*$")
_RANGE = re.compile(r"\s*(?:[-–,]|\bto\b|\band\b|\bor\b)\s*\d")


def resolve_date(words: str, published: dt.date | None, *, sentence: str = "") -> Period | None:
    """Return the days that an answer's words mean in an article of a day, None if they name none or not only one.

    `sentence` is the one that the words stand in: it says whether "Friday" is past or to come.
    """
    if published is None or not words.strip() or len(words) > _CONTEXT:
        return None
    words, sentence = _SPACE.sub(" ", words), _SPACE.sub(" ", sentence)  # an article's lines may be wrapped
    context = sentence if words in sentence else words
    if any(int(year) != published.year for year in _YEAR.findall(context)):
        return None  # what happened in another year
    meant: set[Period | None] = set()
    for place in islice(re.finditer(re.escape(words), context), _PLACES):
        offset = max(0, place.start() - _CONTEXT)
        text = context[offset : place.end() + _CONTEXT]
        start, end = place.start() - offset, place.end() - offset
        for found in _EXPRESSION.finditer(text):
            if found.start() < end and start < found.end() and not _is_name(found, text):
                meant.add(_resolve(found, text, published))
    return meant.pop() if len(meant) == 1 else None


def _is_name(found: re.Match[str], text: str) -> bool:
    """Say whether an expression is none: a club, a newspaper, a film, a person called May."""
    before, behind = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 20]
    if found["near"] or found["count"] or found["the"] or found["which"]:
        return found[0][0].isupper() and bool(re.search(r"[\w,’'][^\S\n]*$", before))
    if found["day"]:
        return bool(_BEFORE_NAME.search(before) or _BEHIND_DAY.match(behind))
    if found["alone"]:
        place = _BEFORE_MONTH.search(before)
        loose = place is not None and re.split("[ -]", place[0].strip(" -").lower())[-1] not in _FIRM
        person = found["alone"] == "May" and loose and not before.lower().endswith(("since ", "until "))
        acts = loose and re.match(rf"\s+(?:[A-Z]|(?:[a-z]+ed|is|has|was|had|will|{IRREGULAR})\b)", behind)
        return place is None or person or bool(acts) or behind[:1] in {"'", "’"}
    return bool(re.match(r"\s(?:Day|Movement)\b", behind)) or (
        found["month"] is not None and not found["on"] and before.endswith("in ")
    )


def _resolve(found: re.Match[str], text: str, published: dt.date) -> Period | None:
    before, behind = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 20]
    if _BEFORE_ANY.search(before) or is_quoted(text[: found.start()], text[found.end() :]):
        return None  # another day is reckoned from
    past = find_tense(text, found.start(), found.end())
    try:
        if found["near"]:
            return _near(found["near"].lower(), before, behind, published, past)
        if found["count"]:
            return (
                None if _BEFORE_COUNT.search(before) else count_back(found["count"].lower(), found["unit"], published)
            )
        if found["the"]:
            return weekend_of("this", published, past)
        if found["which"]:
            if _BEFORE_LAST.search(before) or re.match(r"\s+of\b", behind):
                return None
            return step_to(found["which"].lower().split()[-1], found["thing"], published, past)
        if found["day"]:
            if _BEFORE_DAY.search(before) or _HABIT.search(text):
                return None
            return weekday_of(DAYS.index(found["day"]), found["weeks"], published, past)
        return _calendar(found, text, published, past)
    except (ValueError, OverflowError):
        return None  # no such day, or one outside the calendar


def _near(words: str, before: str, behind: str, published: dt.date, past: bool | None) -> Period | None:
    if (words == "today" and (past is None or _STILL.search(before))) or (
        words in {"today", "tomorrow"} and re.match("['’]s", behind)
    ):
        return None  # "it still stands today"; "tomorrow's world"
    shift = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1}
    return day_of(published + dt.timedelta(2 if words == "the day after tomorrow" else shift.get(words, 0)))


def _calendar(found: re.Match[str], text: str, published: dt.date, past: bool | None) -> Period | None:
    """Resolve a month or a day of one whose year is not written."""
    year = found["years"] or found["years2"]
    step = {"last": -1, "this": 0, "next": 1}[year] if year else None
    name = found["month"] or found["month2"] or found["bare"] or found["alone"]
    month = next(number for number, full in enumerate(MONTHS, 1) if full[:3] == name[:3])
    if found["year"] or found["year2"] or re.match(r"\s\d", text[found.end() : found.end() + 2]):
        return None
    if step is None and (_OTHER_YEAR.search(text) or _HABIT.search(text)):
        return None
    if not (found["month"] or found["month2"]):
        if step is None:
            step = None if past is None else -(month > published.month) if past else int(month < published.month)
            step = None if past is False and month == published.month else step
        return None if step is None else month_of(published.year + step, month)
    before, behind = text[max(0, found.start() - 12) : found.start()], text[found.end() : found.end() + 12]
    number = int(found["date"] or found["date2"])
    named = (month, number) == (9, 11) or (found["month"] and found[0].lower().startswith("the "))
    if named or _IN_RANGE.search(before) or _RANGE.match(behind):
        return None  # "the January 6 hearings" are of a day, not on it
    steps = [step] if step is not None else [0, -1] if past else [0, 1] if past is False else [-1, 0, 1]
    years = [published.year + step for step in steps]
    days = [dt.date(year, month, number) for year in years if has_day(year, month, number)]
    if found["on"]:
        days = [day for day in days if DAYS[day.weekday()] == found["on"]]
    if step is None:
        days = [day for day in days if day == published or past is None or (day < published) == past]
    if past is None and step is None and not found["on"]:
        days = [day for day in days if day == published]
    return day_of(days[0]) if days else None
