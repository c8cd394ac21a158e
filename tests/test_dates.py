"""Words that name days by the date line: which day they are, and where they must stay as they are."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from qa.english.dates import Period, format_period, resolve_date

WEDNESDAY = dt.date(2024, 5, 15)


def resolve(words: str, sentence: str = "", published: dt.date | None = WEDNESDAY) -> str | None:
    """Return what the words mean, as a person writes it."""
    period = resolve_date(words, published, sentence=sentence)
    return period and format_period(period)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("met on Wednesday to discuss", "Wednesday, 15 May 2024"),
        ("on Wednesday", "Wednesday, 15 May 2024"),
        ("yesterday", "Tuesday, 14 May 2024"),
        ("tomorrow", "Thursday, 16 May 2024"),
        ("the day before yesterday", "Monday, 13 May 2024"),
        ("the day after tomorrow", "Friday, 17 May 2024"),
        ("last night", "Tuesday, 14 May 2024"),
        ("tonight", "Wednesday, 15 May 2024"),
        ("this morning", "Wednesday, 15 May 2024"),
        ("earlier today", "Wednesday, 15 May 2024"),
        ("last week", "6 to 12 May 2024"),
        ("earlier this week", "13 to 19 May 2024"),
        ("next week", "20 to 26 May 2024"),
        ("last month", "April 2024"),
        ("next month", "June 2024"),
        ("this month", "May 2024"),
        ("this year", "2024"),
        ("last year", "2023"),
        ("next year's budget", "2025"),
        ("two days ago", "Monday, 13 May 2024"),
        ("three weeks ago", "22 to 28 April 2024"),
        ("two months ago", "March 2024"),
        ("a year ago", "2023"),
        ("five years ago", "2019"),
        ("last weekend", "11 to 12 May 2024"),
        ("Tuesday last week", "Tuesday, 7 May 2024"),
        ("Monday of next week", "Monday, 20 May 2024"),
    ],
)
def test_words_that_need_no_sentence(words: str, meant: str) -> None:
    """Some words mean the same days in whatever sentence they stand."""
    assert resolve(words) == meant


@pytest.mark.parametrize(
    ("words", "sentence", "meant"),
    [
        ("on Wednesday", "The ministers met on Wednesday to discuss trade.", "Wednesday, 15 May 2024"),
        ("on Friday", "The council will meet on Friday.", "Friday, 17 May 2024"),
        ("on Friday", "The council met on Friday.", "Friday, 10 May 2024"),
        ("On Friday", "On Friday the council met.", "Friday, 10 May 2024"),
        ("Friday", "On Friday, the council will vote.", "Friday, 17 May 2024"),
        ("next Monday", "The council will meet next Monday.", "Monday, 20 May 2024"),
        ("last Friday", "They met last Friday.", "Friday, 10 May 2024"),
        ("this Friday", "They meet this Friday.", "Friday, 17 May 2024"),
        ("this coming Friday", "They meet this coming Friday.", "Friday, 17 May 2024"),
        ("Monday", "Talks are to resume on Monday.", "Monday, 20 May 2024"),
        ("on Monday", "The minister said on Monday that talks would resume.", "Monday, 13 May 2024"),
        ("on Friday", "The council on Friday will decide.", "Friday, 17 May 2024"),
        ("on Friday", "After he won the vote, the council on Friday will decide.", "Friday, 17 May 2024"),
        ("on Friday", "The man arrested on Friday will appear in court.", "Friday, 10 May 2024"),
        ("Friday", "It announced on Friday a strike.", "Friday, 10 May 2024"),
        ("by Friday", "They must leave by Friday.", "Friday, 17 May 2024"),
        ("since Friday", "He has been missing since Friday.", "Friday, 10 May 2024"),
        ("May", "It began in May.", "May 2024"),
        ("in March", "He was arrested in March.", "March 2024"),
        ("in July", "The vote will be held in July.", "July 2024"),
        ("in March", "The vote will be held in March.", "March 2025"),
        ("in June", "He was arrested in June.", "June 2023"),
        ("in October last year", "He was arrested in October last year.", "October 2023"),
        ("June this year", "since taking office in June this year", "June 2024"),
        ("last July", "He left last July.", "July 2023"),
        ("May 10", "He was arrested on May 10.", "Friday, 10 May 2024"),
        ("10 May", "He was arrested on 10 May.", "Friday, 10 May 2024"),
        ("May 20", "He was arrested on May 20.", "Saturday, 20 May 2023"),
        ("May 20", "He will appear on May 20.", "Monday, 20 May 2024"),
        ("May 10", "He will appear on May 10.", "Saturday, 10 May 2025"),
        ("Dec. 31", "He died on Dec. 31.", "Sunday, 31 December 2023"),
        ("Wednesday, May 15", "Opening Wednesday, May 15", "Wednesday, 15 May 2024"),
        ("Friday, May 17", "Doors: Friday, May 17", "Friday, 17 May 2024"),
        ("today", "The match was played today.", "Wednesday, 15 May 2024"),
        ("over the weekend", "Three people were killed over the weekend.", "11 to 12 May 2024"),
        ("this weekend", "They will play this weekend.", "18 to 19 May 2024"),
        ("Wednesday evening", "They met on Wednesday evening.", "Wednesday, 15 May 2024"),
        ("on Friday", 'He said on Friday: "We will go."', "Friday, 10 May 2024"),
        ("Friday", "He was killed in Paris Friday.", "Friday, 10 May 2024"),
        ("Friday", "Police arrested him Friday.", "Friday, 10 May 2024"),
        ("mid-May", "It was found in mid-May.", "May 2024"),
        ("late April", "It was found in late April.", "April 2024"),
        ("February 29", "He died on February 29.", "Thursday, 29 February 2024"),
        ("on Wednesday (May 15)", "It rained on Wednesday (May 15).", "Wednesday, 15 May 2024"),
        ("Wednesday", "The court, founded in 1990, rules on Wednesday.", "Wednesday, 15 May 2024"),
        ("Friday", "Friday prayers were held.", "Friday, 10 May 2024"),
        ("Thursday", "Kenyan Health Secretary Deborah Barasa on Thursday opened a wing.", "Thursday, 9 May 2024"),
        (
            "Friday",
            "Traffic fell by 60 percent this week as workers continued their strike, the port said on Friday.",
            "Friday, 10 May 2024",
        ),
        (
            "Monday",
            "Talks are to resume on Monday at the ministry, under the mediator who failed.",
            "Monday, 20 May 2024",
        ),
        (
            "Saturday",
            "The council voted 17 to 12 on Saturday to keep the ferry, ten years after it was taken out of service.",
            "Saturday, 11 May 2024",
        ),
        ("Tuesday", "Beyoncé gave birth on Tuesday", "Tuesday, 14 May 2024"),
        ("last Wednesday", "They met last Wednesday.", "Wednesday, 8 May 2024"),
        ("Friday", "He said he may meet her on Friday.", "Friday, 17 May 2024"),
        ("Friday", "The House voted to approve it on Friday.", "Friday, 10 May 2024"),
        ("Friday", "He declined to comment on Friday.", "Friday, 10 May 2024"),
        ("Friday", "Police were searching for her on Friday.", "Friday, 10 May 2024"),
        ("Friday", "They agreed on Friday to meet.", "Friday, 10 May 2024"),
        ("Friday", "She is expected to be sentenced on Friday.", "Friday, 17 May 2024"),
        ("Friday", "They are meeting on Friday.", "Friday, 17 May 2024"),
        ("Friday", "He told reporters on Friday that the council will meet.", "Friday, 10 May 2024"),
        ("Friday", "He’ll speak on Friday.", "Friday, 17 May 2024"),
        ("Friday", "It won’t open until Friday.", "Friday, 17 May 2024"),
        ("Friday", "He is due in court on Friday.", "Friday, 17 May 2024"),
        ("Friday", "He is being held and was charged on Friday.", "Friday, 10 May 2024"),
    ],
)
def test_the_sentence_says_whether_it_is_past(words: str, sentence: str, meant: str) -> None:
    """A weekday, a month or a day without a year is the nearest one of the verb's tense."""
    assert words in sentence
    assert resolve(words, sentence) == meant


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("on Friday", ""),
        ("next Friday", "The council will meet next Friday."),
        ("last Monday", "They met last Monday."),
        ("on Friday", "The minister said talks on Friday will focus on trade."),
        ("Friday", "It will visit the scene of the fire on Friday."),
        ("Friday", "It announced a strike on Friday."),
        ("until Friday", "The road was closed until Friday."),
        ("Friday", "The vote was scheduled for Friday."),
        ("Friday", "They would meet on Friday."),
        ("Friday", "The shop is always closed on Friday."),
        ("Wednesday", "Every Wednesday he met her."),
        ("Wednesdays", "He met her on Wednesdays."),
        ("Wednesday", "Sheffield Wednesday won the match."),
        ("Good Friday", "He died on Good Friday."),
        ("Black Friday", "Sales rose on Black Friday."),
        ("Sunday Times", "He told the Sunday Times."),
        ("Wednesday", "They discussed Wednesday's vote."),
        ("Wednesday", "Wednesday’s vote was lost."),
        ("Theresa May", "Theresa May met him."),
        ("May", "He had waited since May took office."),
        ("March", "They will March on Washington."),
        ("March", "It opens in March."),
        ("last March", "He left last March."),
        ("Friday, May 18", "Doors: Friday, May 18"),
        ("May 10, 2024", "He died on May 10, 2024."),
        ("May 10", "He died on May 10, 2024."),
        ("15 May 2024", ""),
        ("in 1990", ""),
        ("Friday", "He died on Friday, 15 October 1582."),
        ("today", "It still stands today."),
        ("today", ""),
        ("in the next week", ""),
        ("the last week", ""),
        ("last week of February", ""),
        ("the last year of his life", ""),
        ("10 years ago", ""),
        ("almost two years ago", ""),
        ("about a week ago", ""),
        ("10,000 years ago", ""),
        ("65 million years ago", ""),
        ("two or three days ago", ""),
        ("next weekend", ""),
        ("recently", ""),
        ("soon", ""),
        ("between Monday and Wednesday", ""),
        ("Monday to Friday", ""),
        ("the following Friday", "They met the following Friday."),
        ("tomorrow", '"We will go tomorrow," he said.'),
        ("Friday", "Police said “we met him on Friday”."),
        ("days after Wednesday", ""),
        ("a week on Friday", ""),
        ("a year ago on Friday", ""),
        ("Friday", "a year ago on Friday he died"),
        ("Friday", "The Friday before the vote he died."),
        ("Friday", "He was born on a Friday."),
        ("the second", ""),
        ("Today", "He told the Today programme."),
        ("Monday", "Rick Monday was elected."),
        ("Friday", "He met Putin Friday."),
        ("Sunday", "The Mail on Sunday said it."),
        ("Sept. 11", "He died on Sept. 11."),
        ("January 6", "He was jailed for the January 6 riot."),
        ("March 24-26", "It was held March 24-26."),
        ("May 10", "It was held on May 10 and 11."),
        ("June 2013", ""),
        ("March", "In 2011 he left; in March he died."),
        ("31 April", "He died on 31 April."),
        ("on Wednesday, yesterday", ""),
        ("Friday", "The court, founded in 1990, rules on Friday."),
        ("Friday", "The minister, who resigned in May, is in Rome on Friday."),
        ("Friday", "It opens on Friday."),
        ("last Week Tonight", ""),
        ("Friday", "The man who may have killed her on Friday fled."),
        ("Friday", "She might sign it on Friday."),
        ("Friday", "The newly elected council meets on Friday."),
        ("Friday", "They agreed to meet on Friday."),
        ("Friday", "He was due in court on Friday."),
        ("Friday", "Elections on Friday."),
    ],
)
def test_no_day_is_better_than_a_wrong_one(words: str, sentence: str) -> None:
    """Names, habits, full dates, speech, other reckonings and unclear tenses are left alone."""
    assert resolve(words, sentence) is None


@pytest.mark.parametrize(
    ("words", "published", "meant"),
    [
        ("yesterday", dt.date(2024, 3, 1), "Thursday, 29 February 2024"),
        ("yesterday", dt.date(2023, 3, 1), "Tuesday, 28 February 2023"),
        ("yesterday", dt.date(2024, 1, 1), "Sunday, 31 December 2023"),
        ("tomorrow", dt.date(2023, 12, 31), "Monday, 1 January 2024"),
        ("last month", dt.date(2024, 1, 31), "December 2023"),
        ("last month", dt.date(2024, 3, 31), "February 2024"),
        ("next month", dt.date(2024, 12, 1), "January 2025"),
        ("last week", dt.date(2024, 1, 3), "25 to 31 December 2023"),
        ("this week", dt.date(2025, 1, 1), "30 December 2024 to 5 January 2025"),
        ("this week", dt.date(2024, 5, 1), "29 April to 5 May 2024"),
        ("last week", dt.date(2024, 5, 19), None),  # a Sunday
        ("two months ago", dt.date(2024, 1, 31), "November 2023"),
        ("last weekend", dt.date(2024, 5, 18), "11 to 12 May 2024"),
        ("yesterday", dt.date.min, None),
        ("last week", dt.date.min, None),
        ("last year", dt.date.min, None),
        ("five years ago", dt.date.min, None),
        ("tomorrow", dt.date.max, None),
        ("next month", dt.date.max, None),
        ("next year", dt.date.max, None),
        ("this month", dt.date.max, "December 9999"),
        ("yesterday", None, None),
    ],
)
def test_ends_of_months_years_and_the_calendar(words: str, published: dt.date | None, meant: str | None) -> None:
    """Leap years, year ends and the calendar's own ends are counted right, and nothing is raised."""
    assert resolve(words, published=published) == meant


@pytest.mark.parametrize("published", [dt.date.min, dt.date(1, 1, 7), dt.date(9999, 12, 25), dt.date.max])
@pytest.mark.parametrize("verb", ["met", "will meet"])
@pytest.mark.parametrize(
    "words", ["on Friday", "last Monday", "next Monday", "in May", "on 31 December", "this weekend"]
)
def test_nothing_is_raised_at_the_ends_of_the_calendar(words: str, verb: str, published: dt.date) -> None:
    """What is found lies in the calendar, first day before last."""
    period = resolve_date(words, published, sentence=f"They {verb} {words}.")
    assert period is None or period.first <= period.last


@pytest.mark.parametrize("offset", range(7))
def test_a_weekday_is_the_nearest_one(offset: int) -> None:
    """The day of publication counts; before it lies at most six days back, after it at most six ahead."""
    published = WEDNESDAY + dt.timedelta(offset)
    past = resolve_date("Wednesday", published, sentence="They met on Wednesday.")
    coming = resolve_date("Wednesday", published, sentence="They will meet on Wednesday.")
    assert past == Period(WEDNESDAY, WEDNESDAY)
    assert coming
    assert coming.first == WEDNESDAY + dt.timedelta(7 if offset else 0)


def test_february_29_is_found_in_a_leap_year_alone() -> None:
    """A day that the year does not have is not moved to another."""
    assert resolve("February 29", "He died on February 29.", dt.date(2023, 5, 15)) is None
    assert resolve("February 29", "He died on February 29.", dt.date(2025, 1, 15)) == "Thursday, 29 February 2024"


def test_the_same_day_twice_is_one() -> None:
    """Two expressions are no obstacle if they mean the same."""
    assert resolve("on Wednesday, May 15,", "It rained on Wednesday, May 15, again.") == "Wednesday, 15 May 2024"
    assert resolve("yesterday, Tuesday", "It rained yesterday, Tuesday.") == "Tuesday, 14 May 2024"
    assert resolve("yesterday and today", "It rained yesterday and today.") is None


def test_words_that_stand_twice_in_a_sentence() -> None:
    """Where the same words mean two days, none is named."""
    assert resolve("Friday", "They met on Friday and will meet again on Friday.") is None
    assert resolve("Friday", "They met on Friday and left on Friday.") == "Friday, 10 May 2024"


def test_wrapped_lines_and_spaces() -> None:
    """A line break inside the words or the sentence changes nothing."""
    assert resolve("last\nmonth") == "April 2024"
    assert resolve("on\nFriday", "The council\nwill meet on\nFriday.") == "Friday, 17 May 2024"
    assert resolve("two\N{NO-BREAK SPACE}days ago") == "Monday, 13 May 2024"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2024, 5, 15), (2024, 5, 15), "Wednesday, 15 May 2024"),
        ((2024, 4, 1), (2024, 4, 30), "April 2024"),
        ((2024, 2, 1), (2024, 2, 29), "February 2024"),
        ((2023, 2, 1), (2023, 2, 28), "February 2023"),
        ((2024, 2, 1), (2024, 2, 28), "1 to 28 February 2024"),
        ((2023, 1, 1), (2023, 12, 31), "2023"),
        ((2024, 5, 13), (2024, 5, 19), "13 to 19 May 2024"),
        ((2024, 4, 29), (2024, 5, 5), "29 April to 5 May 2024"),
        ((2024, 12, 30), (2025, 1, 5), "30 December 2024 to 5 January 2025"),
        ((1, 1, 1), (1, 1, 1), "Monday, 1 January 1"),
    ],
)
def test_periods_as_a_person_writes_them(first: tuple[int, int, int], last: tuple[int, int, int], said: str) -> None:
    """A whole month or year is named as such, all else by its first and last day."""
    assert format_period(Period(dt.date(*first), dt.date(*last))) == said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", ""),
        (" ", " "),
        ("Friday", "Friday " * 100_000),
        ("Friday", "to " * 100_000 + "Friday"),
        ("Friday", "also not still " * 30_000 + "on Friday"),
        ("Friday", '"' * 100_000 + " on Friday"),
        ("x" * 1_000_000, "x" * 1_000_000),
        ("\N{GRINNING FACE}", "\N{GRINNING FACE}" * 1_000_000),
        ("two " * 200 + "or three years ago", ""),
    ],
)
def test_long_and_odd_texts_cost_little(words: str, sentence: str) -> None:
    """Nothing is found in noise, in a time that does not run away."""
    began = time.perf_counter()
    assert resolve_date(words, WEDNESDAY, sentence=sentence) is None
    assert time.perf_counter() - began < 1
