"""An answer -> the JSON contract for scripts, and styled text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.types import Answer, Article, Citation, Passage

if TYPE_CHECKING:
    from rich.text import Text

_INDENT = 4
_SPACE = re.compile(r"\s+")
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")  # control codes, overrides of direction


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the object that `qa ask --json` prints; its keys are a contract."""
    return {
        "question": answer.question,
        "understood_as": answer.understood_as,
        "found": answer.found,
        "answer": answer.text,
        "confidence": round(answer.confidence, 4),
        "citations": [_citation_to_json(citation) for citation in answer.citations],
        "model": {"embedder": answer.embedder, "reader": answer.reader},
        "ms": {
            "retrieve": round(answer.ms.retrieve, 1),
            "read": round(answer.ms.read, 1),
            "total": round(answer.ms.total, 1),
        },
    }


def _citation_to_json(citation: Citation) -> dict[str, Any]:
    article = citation.article
    return {
        "n": citation.number,
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "date": article.date.isoformat() if article.date else None,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "answer_start": citation.answer[0],
        "answer_end": citation.answer[1],
        "agrees": citation.agrees,
    }


def to_blocks(answer: Answer) -> Iterator[tuple[int, Text]]:
    """Yield (columns of indent, text) of an answer's paragraphs: the answer, then its numbered passages."""
    from rich.text import Text

    if not answer.found:
        yield 0, Text("Not in the articles.", "bold")
        if answer.nearest:
            yield 0, Text()
            yield 0, Text("The closest passage, which does not answer it:", "dim")
            yield from _passage_blocks("", answer.nearest)
        return
    yield 0, Text(printable(answer.text), "bold")
    for citation in answer.citations:
        if not citation.agrees:
            yield 0, Text(f"Another passage says: {printable(citation.words)} [{citation.number}]")
    for citation in answer.citations:
        yield 0, Text()
        yield from _passage_blocks(f"[{citation.number}]", citation.passage, citation.answer)


def _passage_blocks(
    label: str, passage: Passage, marked: tuple[int, int] | None = None
) -> Iterator[tuple[int, Text]]:
    from rich.text import Text

    start, end = marked or (passage.end, passage.end)
    text = passage.article.text
    before, words, after = text[passage.start : start], text[start:end], text[end : passage.end]
    yield (
        _INDENT,
        Text.assemble(
            (label and f"{label} ", "bold cyan"),
            printable(before),
            (printable(words), "bold green"),
            printable(after),
        ),
    )
    yield _INDENT, Text(describe(passage.article), "dim")


def describe(article: Article) -> str:
    """Return title, date, place and source of an article on one line."""
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else None
    return printable(" · ".join(filter(None, (article.title, day, article.place, article.source))))


def printable(text: str) -> str:
    """Return a text on one line, with whatever could steer a terminal shown as "�"."""
    return _STEERS.sub("�", " ".join(_SPACE.split(text)))
