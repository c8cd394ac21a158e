"""A conversation: questions one after the other, with a bounded memory of what was asked."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from qa.types import Answer

_REMEMBERED_TURNS = 20


class Asks(Protocol):
    """What a conversation needs of a library."""

    def ask(self, question: str) -> Answer:
        """Answer one question that stands alone."""


class Chat:
    """One conversation about a library. Every question is read on its own; follow-ups are not resolved yet."""

    def __init__(self, qa: Asks) -> None:
        """Begin a conversation about the articles of `qa`."""
        self._qa = qa
        self._turns: deque[Answer] = deque(maxlen=_REMEMBERED_TURNS)

    @property
    def turns(self) -> tuple[Answer, ...]:
        """The last answers, the oldest first, at most 20."""
        return tuple(self._turns)

    def ask(self, question: str) -> Answer:
        """Answer the next question; raises what `QA.ask` raises."""
        answer = self._qa.ask(question)
        self._turns.append(answer)
        return answer
