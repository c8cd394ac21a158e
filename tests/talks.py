"""Conversations whose outcome is known, from lines of JSON, and whether a chat behaves as they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qa import Answer, AnswerKind, Chat

CONVERSATIONS = Path(__file__).parent / "data" / "conversations.jsonl"


def read_conversations(path: Path = CONVERSATIONS) -> list[list[dict[str, Any]]]:
    """Return the turns of each conversation."""
    return [json.loads(line)["turns"] for line in path.read_text(encoding="utf-8").splitlines()]


def hold(chat: Chat, turns: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Answer, str]]:
    """Yield each turn with its answer and what is wrong with that, "" if nothing."""
    for turn in turns:
        answer = chat.ask(turn["ask"])
        yield turn, answer, "; ".join(find_faults(turn, answer))


def find_faults(turn: dict[str, Any], answer: Answer) -> Iterator[str]:
    """Yield what an answer should have been and is not."""
    for key, judge in _JUDGES.items():
        if key in turn and (fault := judge(turn[key], answer)):
            yield f"{key}: {fault}"


def _miss_says(wanted: str | None, answer: Answer) -> str:
    kinds = {"yes": {AnswerKind.YES}, "no": {AnswerKind.NO}}
    good = answer.kind in kinds[wanted] if wanted else answer.kind not in {AnswerKind.YES, AnswerKind.NO}
    return "" if good else f"{answer.kind} {answer.text!r}"


def _miss_quote(wanted: str, answer: Answer) -> str:
    return "" if any(wanted in citation.quote for citation in answer.citations[:1]) else f"not of {wanted!r}"


def _miss_about(wanted: list[str], answer: Answer) -> str:
    return ", ".join(word for word in wanted if word.lower() not in answer.understood_as.lower())


def _miss(found: bool, answer: Answer) -> str:
    return "" if found else f"{answer.kind} {answer.note} {answer.text!r} {answer.when}"


_JUDGES: dict[str, Callable[[Any, Answer], str]] = {
    "talk": lambda wanted, a: _miss((a.kind, a.note) == (AnswerKind.TALK, wanted), a),
    "asks_back": lambda _, a: _miss(a.kind is AnswerKind.WHICH, a),
    "refused": lambda _, a: _miss(not a.found, a),
    "says": _miss_says,
    "overview": lambda _, a: _miss(a.kind is AnswerKind.OVERVIEW and len(a.citations) > 1, a),
    "fact": lambda wanted, a: _miss((a.kind, a.note) == (AnswerKind.FACT, wanted), a),
    "date": lambda wanted, a: _miss(a.when == wanted, a),
    "quote": _miss_quote,
    "answers": lambda wanted, a: _miss(any(_is_right(a.text, words) for words in wanted), a),
    "about": _miss_about,
}


def _is_right(given: str, wanted: str) -> bool:
    """Say whether an answer has all the words that are wanted, or is at least half of them."""
    given, wanted = given.lower(), wanted.lower()
    return wanted in given or (given in wanted and 2 * len(given.split()) >= len(wanted.split()) > 0)
