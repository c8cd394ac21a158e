"""Questions to the library, off the event loop: a few at once, and none for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from qa import QA, Answer, AnswerKind, Passage, Turn

_WHOLE = "Who met the minister?"  # owes nothing to a question before, so that all of it is read
_SPARE = 16  # threads for calls that hang, and for looking things up

logger = logging.getLogger(__name__)
_Value = TypeVar("_Value")


class Place(NamedTuple):
    """A passage without its text: article id, and offsets of the passage and of the answering words in it."""

    article: str
    start: int
    end: int
    words_start: int
    words_end: int


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, and the turn of the conversation that it makes: none for small talk and for what was not read."""

    answer: Answer
    turn: Turn | None = None
    is_empty: bool = False  # the library, which has no articles at all

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage that was read, the cited first."""
        return self.answer.passages

    @property
    def places(self) -> list[Place]:
        """Where the passages are, to be remembered; of one that is cited twice, the words cited first are marked."""
        words = {citation.passage: citation.answer for citation in reversed(self.answer.citations)}
        return [Place(p.article.id, p.start, p.end, *words.get(p, (p.end, p.end))) for p in self.passages]


class Desk:
    """Asks the library in threads. `hung` counts the calls that did not come back in time and still run."""

    def __init__(self, qa: QA, *, workers: int, limit: float) -> None:
        """Answer `workers` questions at once, each in at most `limit` seconds."""
        self.qa = qa
        self.asked = 0
        self.hung = 0
        self.loaded = False
        self._limit = limit
        self._places = asyncio.Semaphore(workers)
        self._threads = ThreadPoolExecutor(workers + _SPARE, thread_name_prefix="qa")

    async def load(self) -> None:
        """Load the models and the index, so that the first question does not wait for them."""
        await self.call(self._answer, _WHOLE)
        self.loaded = True

    async def ask(self, question: str, turns: Sequence[Turn] = ()) -> Found:
        """Return the answer to the next question of a conversation.

        QAError as `Chat.ask` raises it, TimeoutError if it took too long.
        """
        async with self._places:
            self.asked += 1
            future = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, question, turns)
            try:
                return await asyncio.wait_for(asyncio.shield(future), self._limit)
            except TimeoutError:
                self.hung += 1
                future.add_done_callback(self._come_back)
                raise

    async def call(self, function: Callable[..., _Value], *args: Any) -> _Value:  # noqa: ANN401
        """Run what may wait for the library's lock in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    def _answer(self, question: str, turns: Sequence[Turn] = ()) -> Found:
        chat = self.qa.chat(turns)
        answer = chat.ask(question)
        last = chat.turns[-1] if chat.turns else None
        is_new = last is not None and not any(last is turn for turn in turns)
        unread = not answer.passages and answer.kind is not AnswerKind.TALK
        return Found(answer, last if is_new else None, is_empty=unread and not self.qa.article_ids())

    def _come_back(self, future: asyncio.Future[Found]) -> None:
        self.hung -= 1
        if not future.cancelled() and (error := future.exception()):
            logger.info("a question that took too long ended in %s", type(error).__name__)

    def close(self) -> None:
        """Take no more questions; threads that hang are left behind."""
        self._threads.shutdown(wait=False, cancel_futures=True)
