"""Questions for an article's own facts, which they are and are not, and where the article states them."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from qa.facts import FACTS, Fact, find_fact, read_fact
from qa.load import load_text
from qa.types import Article

DAY = dt.date(2024, 5, 15)


@pytest.mark.parametrize(
    ("fact", "question"),
    [
        ("date", "When was this published?"),
        ("date", "When was this article published?"),
        ("date", "When was this story published"),
        ("date", "When was this report published?"),
        ("date", "when was this news published?"),
        ("date", "What is the date of the article?"),
        ("date", "What's the date of this article?"),
        ("date", "publication date?"),
        ("date", "article date"),
        ("date", "What is the publication date?"),
        ("date", "What is the publication date of this article?"),
        ("date", "when was the article written"),
        ("date", "On what date was this article published?"),
        ("date", "What date was this published?"),
        ("date", "Which day was the article published on?"),
        ("date", "Can you tell me when this article was published?"),
        ("date", "How old is this article?"),
        ("date", "this article's date"),
        ("date", "what date is this article from?"),
        ("date", "when is this from?"),
        ("date", "when did this article come out?"),
        ("date", "When is the article dated?"),
        ("date", "when is this article dated"),
        ("author", "Who wrote this?"),
        ("author", "who wrote this"),
        ("author", "Who wrote this article?"),
        ("author", "Who is the author of this article?"),
        ("author", "Who is the author?"),
        ("author", "author?"),
        ("author", "Who's the author"),
        ("author", "Who is the journalist?"),
        ("author", "Who is the reporter?"),
        ("author", "Who is the writer of this story?"),
        ("author", "Who was this written by?"),
        ("author", "By whom was this article written?"),
        ("author", "What is the author's name?"),
        ("author", "what is the name of the author"),
        ("author", "name of the author?"),
        ("author", "Please tell me who wrote this article"),
        ("author", "written by?"),
        ("author", "Who reported this?"),
        ("author", "who are the authors of the article?"),
        ("author", "byline?"),
        ("author", "tell me who the author is"),
        ("source", "What is the source?"),
        ("source", "source?"),
        ("source", "What's the source of this article?"),
        ("source", "Where is this from?"),
        ("source", "Where's this from?"),
        ("source", "where does this article come from"),
        ("source", "Which newspaper published this?"),
        ("source", "Who published this article?"),
        ("source", "What newspaper is this from?"),
        ("source", "what is your source?"),
        ("source", "What is the source of this information?"),
        ("source", "Where did you get this?"),
        ("source", "where was this published?"),
        ("title", "What is the title?"),
        ("title", "What is the headline?"),
        ("title", "headline"),
        ("title", "title of the article"),
        ("title", "What is the title of this article?"),
        ("title", "What is this article's title?"),
        ("title", "What's the headline of the story?"),
        ("title", "What is this article called?"),
        ("place", "Where was this reported from?"),
        ("place", "dateline?"),
        ("place", "What is the dateline?"),
        ("place", "Where was this article written?"),
        ("place", "where is the reporter reporting from?"),
        ("place", "where was this filed from"),
        ("title", "give me the title"),
        ("source", "name the source"),
        ("title", "whats the title"),
        ("author", "Could you please tell me who the author is?"),
        ("author", "who wrote the article?"),
        ("author", "WHO WROTE THIS???"),
        ("author", "who wrote this pls"),
    ],
)
def test_questions_for_a_fact(fact: str, question: str) -> None:
    """What the article says of itself is asked for in many ways, in short and without marks too."""
    assert find_fact(question) == fact
    assert find_fact(question.upper().rstrip("?")) == fact
    assert find_fact(question.replace("'", "’")) == fact


@pytest.mark.parametrize(
    "question",
    [
        "When was the report on floods published?",
        "Who wrote Romeo and Juliet?",
        "What is the source of the river?",
        "Who is the author of the bill?",
        "What is the title of the film?",
        "What is the date of the summit?",
        "When was it published?",
        "Who wrote it?",
        "Who wrote the report?",
        "When was the report published?",
        "Who wrote this song?",
        "What is the source of this disease?",
        "Where is she from?",
        "Where is this minister from?",
        "What is this article about?",
        "Who is mentioned in this article?",
        "When was this law published?",
        "What date is it?",
        "What is the date?",
        "Who is the reporter of the year?",
        "Who is the journalist who was arrested?",
        "Where was this bill passed?",
        "What title did she win?",
        "Which newspaper published the report?",
        "Who published the study?",
        "When did this happen?",
        "What is the source of funding?",
        "When was this book published?",
        "Who is this?",
        "What is this?",
        "Where is this?",
        "When was the story of Noah written?",
        "where is it from?",
        "what is the date today?",
        "Who wrote the letter?",
        "What is the name of the article of the constitution?",
        "What is the title of the report?",
        "",
        "\N{GRINNING FACE}",
        "?!",
    ],
)
def test_questions_for_the_contents(question: str) -> None:
    """A question with a word left over, or for something in the article, is not taken."""
    assert find_fact(question) is None


def test_a_long_question_costs_nothing() -> None:
    """No question of many words is for a fact, and that is seen at once."""
    began = time.perf_counter()
    assert find_fact("please " * 1_000_000) is None
    assert find_fact("what is the " * 16) is None
    assert find_fact("tell " * 39) is None
    assert time.perf_counter() - began < 1


def stated(article: Article, fact: str) -> tuple[str, str] | None:
    """Return a fact and the words it is quoted by."""
    found = read_fact(article, fact)
    return found and (found.text, article.text[found.start : found.end])


@pytest.mark.parametrize(
    ("text", "said", "quote"),
    [
        ("date 2024-05-15 ROME: It rained.", "15 May 2024", "2024-05-15"),
        ("ROME, May 15, 2024 (Reuters) - It rained.", "15 May 2024", "May 15, 2024"),
        ("Rain\n\nPublished: Wednesday, 15 May 2024\nIt rained.", "15 May 2024", "15 May 2024"),
        ("Rain\n\n15 September 2023\n\nIt rained.", "15 September 2023", "15 September 2023"),
        ("---\ndate: 2024-05-15\n---\nIt rained.", "15 May 2024", "2024-05-15"),
    ],
)
def test_a_date_is_quoted_where_it_stands(text: str, said: str, quote: str) -> None:
    """The date is written out, and the slice is what the head has."""
    assert stated(load_text(text), "date") == (said, quote)


def test_a_date_that_the_text_does_not_state() -> None:
    """It is quoted with the first sentence, even if the prose names such a day; without a date there is none."""
    assert stated(load_text("It rained. Then it snowed.", date=DAY), "date") == ("15 May 2024", "It rained.")
    prose = "It rained all day long. " * 10 + "On 15 May 2024 it stopped."
    assert stated(load_text(prose, date=DAY), "date") == ("15 May 2024", "It rained all day long.")
    assert stated(load_text("It rained on 15 May 2024."), "date") is None


@pytest.mark.parametrize(
    ("text", "source", "said", "quote"),
    [
        ("ROME (AP) — It rained.", "/home/ann/news/rain.txt", "AP", "AP"),
        ("It rained. It snowed.", "C:\\news\\rain.txt", "rain.txt", "It rained."),
        ("It rained.", "https://example.org/a/b.html", "https://example.org/a/b.html", "It rained."),
        ("ROME (AP) — It rained.", None, "AP", "AP"),
        ("KYIV, Ukraine, May 15, 2024 (Reuters) - It rained.", None, "Reuters", "Reuters"),
        ("It rained.\n\nSource: The Daily Rain", None, "The Daily Rain", "The Daily Rain"),
    ],
)
def test_sources(text: str, source: str | None, said: str, quote: str) -> None:
    """The library's own source goes before an agency that the text credits."""
    assert stated(load_text(text, source=source), "source") == (said, quote)


@pytest.mark.parametrize(
    "text", ["It rained, as per official statements.", "He (Smith) - a baker - said no.", "Rain"]
)
def test_no_source(text: str) -> None:
    """Who is quoted in an article is not where it is from."""
    assert stated(load_text(text), "source") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("By Jane Doe\n\nIt rained.", "Jane Doe"),
        ("Flood\n\nBY JANE DOE\n\nIt rained.", "JANE DOE"),
        ("Flood\n\nWritten by Jane Doe and John Roe\n\nIt rained.", "Jane Doe and John Roe"),
        ("Flood\n\nBy Jane Doe, Staff Writer\n\nIt rained.", "Jane Doe"),
        ("Flood\n\nBy Jane Doe, 9 September 2023\n\nIt rained.", "Jane Doe"),
        ("Flood\n\nBy Jane Doe | Reuters\n\nIt rained.", "Jane Doe"),
        ("Flood\n\nBy Jane Doe in Paris\n\nIt rained.", "Jane Doe"),
        ("Flood\n\n*By Ludwig van der Berg*\n\nIt rained.", "Ludwig van der Berg"),
        ("Flood\n\nBy Mary O’Brien and Jean-Luc de la Tour\n\nIt rained.", "Mary O’Brien and Jean-Luc de la Tour"),
        ("By JANE DOE Associated Press\n\nIt rained.", "JANE DOE"),
        ("By Ana María López\nMadrid\n\nIt rained.", "Ana María López"),
        ("Flood\n\nBy Staff Reporter\n\nIt rained.", "Staff Reporter"),
        ('---\ntitle: Flood\nauthor: "Jane Doe"\n---\nIt rained.', "Jane Doe"),
        ("It rained.\n\n(Reporting by Jane Doe in Rome; Editing by John Roe)", "Jane Doe"),
        ("It rained.\n\n— Jane Doe, Staff writer", "Jane Doe"),
        ("It rained all day. " * 1_000 + "\n\nReporting by Jane Doe; Editing by John Roe", "Jane Doe"),
    ],
)
def test_bylines(text: str, name: str) -> None:
    """Who wrote an article is read off its head or its end, and quoted where it stands."""
    assert stated(load_text(text), "author") == (name, name)


@pytest.mark.parametrize(
    "text",
    [
        "By Monday, the river had risen.",
        "By the Numbers\n\nIt rained.",
        "By Popular Demand\n\nIt rained.",
        "By Air and Sea\n\nIt rained.",
        "By Christmas Eve\n\nIt rained.",
        "By John Smith's account, it rained.",
        "By Ann Lee, 34, a baker",
        "By Lake Victoria, people fish.",
        "It rained, as per official statements.",
        "A report by Jane Doe said so.",
        "The play, written by Jane Doe, opened.",
        "Photo by Jane Doe",
        'She wept.\n\n"Rain is good."\n\n— Jane Doe',
        "It rained. " * 1_000 + "\n\nBy Jane Doe\n\n" + "It rained. " * 1_000,
    ],
)
def test_what_only_looks_like_a_byline(text: str) -> None:
    """Whoever is named in the prose has not written it."""
    assert stated(load_text(text), "author") is None


def test_the_last_lines_begin_where_lines_do() -> None:
    """Where the tail of a long text starts in the middle of a line, that is not taken for a byline."""
    text = "It rained. " * 1_000 + "It was seen by Jane Doe\n" + "x" * 988
    assert text[-1_000:].startswith("by Jane Doe\n")
    assert stated(load_text(text), "author") is None


def test_titles() -> None:
    """A title is quoted where it stands; one that was cut, with its whole sentence."""
    assert stated(load_text("# Rain\n\nIt rained."), "title") == ("Rain", "Rain")
    long = "The rain that had been falling on the hills for a week " * 2 + "stopped."
    title, quote = stated(load_text(f"{long} It snowed."), "title") or ("", "")
    assert title.endswith("…")
    assert quote == long
    assert stated(load_text("It rained. It snowed.", title="Weather"), "title") == ("Weather", "It rained.")
    assert stated(Article("It rained."), "title") is None


def test_places() -> None:
    """A place is quoted out of the dateline; without one there is none."""
    assert stated(load_text("Rome fell.\n\nIt rained."), "place") is None
    assert stated(load_text("ROME: It rained in ROME."), "place") == ("ROME", "ROME")
    assert read_fact(load_text("ROME: It rained in ROME."), "place") == Fact("ROME", 0, 4)
    assert stated(load_text("It rained. It snowed.", place="Oslo"), "place") == ("Oslo", "It rained.")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5_000_000,
        " " * 3_000_000 + "a",
        "\n" * 3_000_000 + "a",
        "By " * 300_000 + "a",
        "By " + "Ab, " * 300_000,
        "By Ab and " * 300_000,
        "By Jane Doe, " + "news " * 300_000,
        ("\n" + " " * 9) * 300_000 + "a",
        "(a" * 300_000,
        "Source:" * 300_000,
        "x. " * 300_000,
        "\N{GRINNING FACE}" * 300_000 + "a",
    ],
)
def test_long_texts_cost_little(text: str) -> None:
    """Only the head and the last lines are read, and what is quoted is never empty."""
    article = load_text(text, date=DAY, place="Oslo", title="Some title that was cut…")
    began = time.perf_counter()
    for fact in FACTS:
        found = read_fact(article, fact)
        assert found is None or article.text[found.start : found.end].strip()
    assert time.perf_counter() - began < 1
