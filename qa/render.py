"""An answer -> the JSON contract for scripts, and styled text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.types import Answer, AnswerKind, Article, Citation, Passage

if TYPE_CHECKING:
    from rich.text import Text

_INDENT = 4
_SPACE = re.compile(r"\s+")
_WORDS = re.compile(r"[^\W_]+")
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")  # control codes, overrides of direction

_REPLIES = {
    "greeting": "Hello. Ask me about the articles.",
    "thanks": "You are welcome.",
    "goodbye": "Goodbye.",
    "who_are_you": "I am a program that answers questions about the articles, in their own words.",
    "what_can_you_do": "Ask me what the articles say. I show the passage that says it, or that none does.",
    "are_you_a_bot": "Yes, I am a program. The answers are the articles' own words.",
    "how_are_you": "Ready for your questions about the articles.",
    "yes": "All right. What would you like to know?",
    "no": "All right. Is there anything else that you would like to know?",
    "acknowledgement": "All right.",
    "insult": "I am sorry that I was of no help. Try to ask in other words.",
    "repeat": "Ask your question again, please.",
    "cannot": "I only answer questions about the articles.",
}


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the object that `qa ask --json` prints; its keys are a contract."""
    return {
        "question": answer.question,
        "understood_as": answer.understood_as,
        "kind": answer.kind.value,
        "note": answer.note,
        "found": answer.found,
        "answer": answer.text,
        "when": answer.when,
        "choices": list(answer.choices),
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
        "speaker": article.text[slice(*citation.speaker)] if citation.speaker else None,
    }


def to_blocks(answer: Answer) -> Iterator[tuple[int, Text]]:
    """Yield (columns of indent, text) of an answer's paragraphs: how it was understood, the answer, its passages."""
    from rich.text import Text

    if reworded(answer):
        yield 0, Text(f"I read this as: {printable(answer.understood_as)}", "dim")
    if answer.kind is AnswerKind.OVERVIEW and answer.found:
        yield from _overview_blocks(answer)
        return
    if not answer.found:
        yield from _refusal_blocks(answer)
        return
    for line in _lead(answer):
        yield 0, Text(printable(line), "bold")
    for citation in answer.citations:
        if not citation.agrees:
            yield 0, Text(f"Another passage says: {printable(citation.words)} [{citation.number}]")
    first = answer.citations[0]
    speaker = first.article.text[slice(*first.speaker)] if first.speaker else ""
    if speaker and speaker.lower() not in answer.text.lower():
        yield 0, Text(f"Said by {printable(speaker)}.", "dim")
    for citation in answer.citations:
        yield 0, Text()
        yield from _passage_blocks(f"[{citation.number}]", citation.passage, citation.answer)


def reworded(answer: Answer) -> bool:
    """Say whether a question was understood in other words than it was asked in."""
    asked, understood = (_WORDS.findall(text.casefold()) for text in (answer.question, answer.understood_as))
    return bool(understood) and asked != understood


def _lead(answer: Answer) -> Iterator[str]:
    """Yield the lines of the answer itself."""
    if answer.kind in {AnswerKind.YES, AnswerKind.NO}:
        yield f"{answer.kind.value.capitalize()}: {answer.text}"
    elif answer.kind is AnswerKind.MEMBERS:
        yield from (f"• {citation.words}" for citation in answer.citations if citation.agrees)
    else:
        yield f"{answer.text} ({answer.when})" if answer.when else answer.text
    if answer.kind is AnswerKind.FACT:
        yield "This is from what is known of the article itself."


def _overview_blocks(answer: Answer) -> Iterator[tuple[int, Text]]:
    """Yield the sentences with their numbers, and where they are from."""
    from rich.text import Text

    for citation in answer.citations:
        yield 0, Text.assemble((f"[{citation.number}] ", "bold cyan"), printable(citation.quote))
    yield _INDENT, Text(describe(answer.citations[0].article), "dim")


def _refusal_blocks(answer: Answer) -> Iterator[tuple[int, Text]]:
    """Yield what is said in place of an answer, and the closest passage where something was looked for."""
    from rich.text import Text

    yield 0, Text(_say_instead(answer), "bold")
    for number, choice in enumerate(answer.choices, start=1):
        yield _INDENT, Text(f"{number}. {printable(choice)}")
    if answer.nearest:
        yield 0, Text()
        yield 0, Text("The closest passage, which does not answer it:", "dim")
        yield from _passage_blocks("", answer.nearest)


def _say_instead(answer: Answer) -> str:
    if answer.kind is AnswerKind.TALK:
        return _REPLIES[answer.note]
    if answer.kind is AnswerKind.WHICH:
        return (
            "Which do you mean?" if answer.choices else "What do you mean? Ask it in full: whom or what is it about?"
        )
    if answer.kind is AnswerKind.FACT:
        return f"The article does not say its {answer.note}."
    if answer.kind is AnswerKind.FOREIGN:
        return (
            f"Not found. The models read English only, and this is another language ({answer.note}); ask in English."
        )
    return "Not in the articles."


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
