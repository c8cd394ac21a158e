"""Files in SQuAD's format, made of what a test says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

Paragraphs = Sequence[tuple[str, Mapping[str, Sequence[str]]]]  # a text, and questions with their answers in it


def write_squad(path: Path, articles: Mapping[str, Paragraphs]) -> Path:
    """Write articles by their titles; an answer stands where its words are first found."""
    data = [
        {"title": title, "paragraphs": [_paragraph(text, asked) for text, asked in paragraphs]}
        for title, paragraphs in articles.items()
    ]
    path.write_text(json.dumps({"version": "v2.0", "data": data}), encoding="utf-8")
    return path


def write_lines(path: Path, *lines: object) -> Path:
    """Write one JSON value a line."""
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def _paragraph(text: str, asked: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {
        "context": text,
        "qas": [
            {
                "id": question,
                "question": question,
                "is_impossible": not answers,
                "answers": [{"text": answer, "answer_start": text.index(answer)} for answer in answers],
            }
            for question, answers in asked.items()
        ],
    }
