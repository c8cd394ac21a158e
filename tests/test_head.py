"""The first lines of an article: headings, datelines, front matter, and what only looks like one."""

from __future__ import annotations

import datetime as dt

import pytest

from qa.head import read_head

DAY = dt.date(2024, 5, 15)


@pytest.mark.parametrize(
    ("text", "title", "date", "place", "body"),
    [
        ("date 2024-05-15 ISLAMABAD: It rained.", "It rained.", DAY, "ISLAMABAD", "It"),
        ("date 2024-05-15 A quiet day.", "A quiet day.", DAY, None, "A quiet"),
        ("LONDON: It rained.", "It rained.", None, "LONDON", "It"),
        ("# Rain #\n\nKYIV, Ukraine (AP) — It rained.", "Rain", None, "KYIV", "It"),
        ("Rain\n\nNEW YORK, May 15, 2024 (Reuters) - It rained.", "Rain", DAY, "NEW YORK", "It"),
        ("ST. PETERSBURG, Fla. (AP) -- It rained.", "It rained.", None, "ST. PETERSBURG", "It"),
        ("Rain\n====\nPublished: Wednesday, 15 May 2024\nIt rained.", "Rain", DAY, None, "Rain"),
        ('---\ntitle: "Rain: a story"\ndate: 2024-05-15\n---\nIt rained.', "Rain: a story", DAY, None, "---"),
        ("BREAKING: It rained.", "BREAKING: It rained.", None, None, "BREAKING"),
        ("It rained. Then it stopped.", "It rained.", None, None, "It"),
        ("date 2024-13-45 ROME: It rained.", "It rained.", None, "ROME", "It"),
        ("NASA — the agency — launched it.", "NASA — the agency — launched it.", None, None, "NASA"),
        ("москва: дождь", "москва: дождь", None, None, "москва"),
        ("It rained all day.\n\nUSDA: The report.", "It rained all day.", None, None, "It rained"),
        ("# a" + " " * 9_000 + "b\nIt rained.", "a b", None, None, "# a"),
        ("KARACHI, May 15: It rained.", "It rained.", None, "KARACHI", "It"),
    ],
)  # fmt: skip
def test_heads(text: str, title: str, date: dt.date | None, place: str | None, body: str) -> None:
    """What the head says is read, what it does not say is None."""
    head = read_head(text)
    assert (head.title, head.date, head.place) == (title, date, place)
    assert text[head.body_start :].startswith(body)


def test_long_title_is_cut_at_a_word() -> None:
    """A title has at most 80 characters."""
    assert read_head("word " * 50).title == "word " * 15 + "word…"
    assert read_head("x" * 200).title == "x" * 79 + "…"
