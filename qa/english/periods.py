"""Periods of the calendar, reckoned from a day, and how a person writes them."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
COUNTS = "a one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_ROUND = 10  # "10 years ago" and more are round numbers
_SUNDAY = 6


class Period(NamedTuple):
    """The first and the last day of a stretch, both in it; the same for one day."""

    first: dt.date
    last: dt.date


def format_period(period: Period) -> str:
    """Return a period as a person writes it: "Wednesday, 15 May 2024", "April 2024", "2023", "13 to 19 May 2024"."""
    first, last = period
    month, year = f"{MONTHS[last.month - 1]} {last.year}", str(last.year)
    if first == last:
        return f"{DAYS[first.weekday()]}, {first.day} {month}"
    if period == month_of(last.year, last.month):
        return month
    if period == year_of(last.year):
        return year
    if first.year != last.year:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year} to {last.day} {month}"
    return f"{first.day}{'' if first.month == last.month else ' ' + MONTHS[first.month - 1]} to {last.day} {month}"


def count_back(count: str, unit: str, published: dt.date) -> Period | None:
    """Return the days of so many days, weeks, months or years ago, None if the count is a round one."""
    number = 1 if count == "an" else COUNTS.index(count) or 1 if count in COUNTS else int(count)
    if unit == "day":
        return day_of(published - dt.timedelta(number))
    if unit == "week":
        return week_of(published, -number) if number < _ROUND else None
    if unit == "month":
        return month_of(published.year, published.month - number) if number <= len(MONTHS) else None
    return year_of(published.year - number) if number < _ROUND or number % 5 else None  # "20 years ago" may be 19


def step_to(which: str, thing: str, published: dt.date, past: bool | None) -> Period | None:
    """Resolve "last Friday", "this week", "next March"; None where it is the nearest one for some, not for others."""
    step = {"last": -1, "this": 0}.get(which, 1)
    if thing == "weekend":
        return weekend_of(which, published, past)
    if thing in DAYS:
        ahead = (DAYS.index(thing) - published.weekday()) % 7
        if which == "this":
            past = False if past is None and DAYS.index(thing) >= published.weekday() else past
            return weekday_of(DAYS.index(thing), None, published, past)
        day = published + dt.timedelta((ahead or 7) if step > 0 else ahead - 7)
        same_week = day.isocalendar()[:2] == published.isocalendar()[:2]
        sunday = published.weekday() == _SUNDAY and day.weekday() != _SUNDAY and which == "next"
        return None if which != "coming" and (same_week or sunday) else day_of(day)
    if thing in MONTHS:
        month = MONTHS.index(thing) + 1
        nearest = (month < published.month) if step < 0 else (month > published.month)
        return None if step and nearest else month_of(published.year + step, month)
    if which == "coming":
        return None
    if thing == "week":
        return week_of(published, step)
    return month_of(published.year, published.month + step) if thing == "month" else year_of(published.year + step)


def weekend_of(which: str, published: dt.date, past: bool | None) -> Period | None:
    """Return last, this or next weekend, None where people differ about which that is."""
    saturday = published + dt.timedelta(5 - published.weekday())
    at_weekend = published.weekday() >= DAYS.index("Saturday")
    if which == "last" or (which == "this" and past and not at_weekend):
        saturday -= dt.timedelta(7)
    elif which == "next":
        saturday += dt.timedelta(7)
    ambiguous = past is None or (at_weekend and not (past and published.weekday() == _SUNDAY))
    if (which == "this" and ambiguous) or (which in {"next", "coming"} and at_weekend != (which == "next")):
        return None
    return Period(saturday, saturday + dt.timedelta(1))


def weekday_of(number: int, weeks: str | None, published: dt.date, past: bool | None) -> Period | None:
    """Resolve a weekday: the nearest one of the tense, the day itself if it is that weekday."""
    if weeks:
        week = week_of(published, {"last": -1, "this": 0, "next": 1}[weeks])
        return week and day_of(week.first + dt.timedelta(number))
    ahead = (number - published.weekday()) % 7
    if ahead and past is None:
        return None
    return day_of(published + dt.timedelta(ahead - 7 if ahead and past else ahead))


def has_day(year: int, month: int, day: int) -> bool:
    """Say whether a month has a day."""
    return dt.MINYEAR <= year <= dt.MAXYEAR and 1 <= day <= calendar.monthrange(year, month)[1]


def day_of(day: dt.date) -> Period:
    """Return a period of one day."""
    return Period(day, day)


def week_of(published: dt.date, step: int) -> Period | None:
    """Return a week from Monday; None on a Sunday, which ends the week for some and begins it for others."""
    if published.weekday() == _SUNDAY:
        return None
    monday = published + dt.timedelta(7 * step - published.weekday())
    return Period(monday, monday + dt.timedelta(6))


def month_of(year: int, month: int) -> Period:
    """Return a whole month; month 0 is the December before."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Period(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


def year_of(year: int) -> Period:
    """Return a whole year."""
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))
