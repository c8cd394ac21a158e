"""Questions to the library: a few at once, none for ever, and the event loop is free meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.ask import Desk, Found, Place
from qa import QA, Answer, AnswerKind, Article, Hit, LibraryError, Passage, QuestionError, Reader, Reading, Turn


@dataclass
class FakeLibrary:
    """Gives the question back as the answer; "hang" waits for `let_go`, "fail" and "empty" raise."""

    let_go: threading.Event = field(default_factory=threading.Event)
    threads: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def turns(self) -> list[Turn]:
        return []

    def article_ids(self) -> list[str]:
        return ["0"]

    def chat(self, turns: Sequence[Turn]) -> FakeLibrary:
        assert list(turns) == []
        return self

    def ask(self, question: str) -> Answer:
        if question == "":
            raise QuestionError("no words")
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
            self.threads.add(threading.current_thread().name)
        try:
            if "hang" in question:
                assert self.let_go.wait(10)
            if "fail" in question:
                raise LibraryError("the disk is gone")
            time.sleep(0.02)
            return cast(Answer, FakeAnswer(question))
        finally:
            with self.lock:
                self.at_once -= 1


@dataclass
class FakeAnswer:
    """An answer without passages."""

    text: str
    kind: AnswerKind = AnswerKind.WORDS
    passages: tuple[Passage, ...] = ()


@contextmanager
def open_desk(*, workers: int = 2, limit: float = 5.0) -> Iterator[tuple[Desk, FakeLibrary]]:
    library = FakeLibrary()
    desk = Desk(cast(QA, library), workers=workers, limit=limit)
    try:
        yield desk, library
    finally:
        library.let_go.set()
        desk.close()


def do(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 20))


async def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_questions_are_answered_in_threads() -> None:
    """L3: the library is asked off the event loop, as many questions at once as there are workers."""

    async def scenario() -> None:
        with open_desk(workers=3) as (desk, library):
            found = await asyncio.gather(*(desk.ask(f"Question {number}") for number in range(12)))
            assert [each.answer.text for each in found] == [f"Question {number}" for number in range(12)]
            assert library.most_at_once == 3
            assert threading.current_thread().name not in library.threads
            assert (desk.asked, desk.hung) == (12, 0)

    do(scenario())


def test_question_that_takes_too_long() -> None:
    """L2: it is given up at its limit, its place is free for others, and it counts as hung until it comes back."""

    async def scenario() -> None:
        with open_desk(workers=1, limit=0.3) as (desk, library):
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                await desk.ask("hang")
            assert 0.3 <= time.monotonic() - began < 2
            assert desk.hung == 1
            assert (await desk.ask("Who?")).answer.text == "Who?"
            assert desk.hung == 1
            library.let_go.set()
            await wait_for(lambda: desk.hung == 0)
            assert desk.asked == 2

    do(scenario())


def test_waiting_for_a_place_does_not_count(caplog: pytest.LogCaptureFixture) -> None:
    """The limit is for one question's work, not for the queue before it; one that hangs may fail later."""

    async def scenario() -> None:
        with open_desk(workers=1, limit=0.25) as (desk, library):
            first = asyncio.create_task(desk.ask("hang and fail"))
            others = [asyncio.create_task(desk.ask(f"Who {number}?")) for number in range(14)]
            results = await asyncio.gather(first, *others, return_exceptions=True)
            assert type(results[0]) is TimeoutError
            assert [type(result) for result in results[1:]] == [Found] * 14
            with caplog.at_level("INFO"):
                library.let_go.set()
                await wait_for(lambda: desk.hung == 0)
            assert caplog.messages == ["a question that took too long ended in LibraryError"]

    do(scenario())


def test_errors_of_the_library() -> None:
    """What the library raises is raised, and frees its place."""

    async def scenario() -> None:
        with open_desk(workers=1) as (desk, _):
            for question, kind in (("", QuestionError), ("fail", LibraryError), ("", QuestionError)):
                with pytest.raises(kind):
                    await desk.ask(question)
            assert (await desk.ask("Who?")).answer.text == "Who?"
            assert desk.hung == 0

    do(scenario())


def test_many_that_hang() -> None:
    """L2: sixteen calls that do not come back take no worker's place."""

    async def scenario() -> None:
        with open_desk(workers=16, limit=0.3) as (desk, library):
            hanging = [desk.ask(f"hang {number}") for number in range(16)]
            results = await asyncio.gather(*hanging, return_exceptions=True)
            assert [type(result) for result in results] == [TimeoutError] * 16
            assert (desk.hung, library.at_once) == (16, 16)
            found = await asyncio.gather(*(desk.ask(f"Who {number}?") for number in range(16)))
            assert [each.answer.text for each in found] == [f"Who {number}?" for number in range(16)]
            assert library.most_at_once > 17

    do(scenario())


def test_a_question_that_is_not_waited_for() -> None:
    """U8: one that is let go of at the end frees its place, and its late failure is nobody's error."""

    async def scenario() -> None:
        with open_desk(workers=1) as (desk, library):
            asking = asyncio.create_task(desk.ask("hang and fail"))
            await wait_for(lambda: library.at_once == 1)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert (await desk.ask("Who?")).answer.text == "Who?"
            library.let_go.set()
            await wait_for(lambda: library.at_once == 0)

    do(scenario())


def test_loading() -> None:
    """It is loaded when it has answered once; that is no user's question."""

    async def scenario() -> None:
        with open_desk() as (desk, _):
            assert not desk.loaded
            await desk.load()
            assert desk.loaded
            assert desk.asked == 0

    do(scenario())


def test_loading_reads(library: QA) -> None:
    """What is asked at the start goes through all that answers questions: it finds passages, and reads them."""
    library.add(Article(TEXT, title="Animals"))

    async def scenario() -> None:
        desk = Desk(library, workers=1, limit=5.0)
        with pytest.MonkeyPatch.context() as patch:
            read: list[int] = []
            reader = library._reader
            patch.setattr(library._answerer, "_reader", _Counted(reader, read))
            await desk.load()
            assert read == [3]
        desk.close()

    do(scenario())


@dataclass
class _Counted:
    """A reader that notes how many passages it was given."""

    reader: Reader
    read_: list[int]

    @property
    def name(self) -> str:
        return self.reader.name

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        self.read_.append(len(hits))
        return self.reader.read(question, hits)


def test_an_empty_library_is_loaded_too(library: QA) -> None:
    """A bot whose library has no articles starts, and finds nothing."""

    async def scenario() -> None:
        desk = Desk(library, workers=1, limit=5.0)
        await desk.load()
        found = await desk.ask("Who met the minister?")
        assert (found.answer.found, found.passages, found.places, found.is_empty) == (False, (), [], True)
        assert (await desk.ask("hello")).is_empty is False
        desk.close()

    do(scenario())


TEXT = "The cat sat on the mat. The dog chased the red ball. A bird sang in the old tree."


def test_passages_of_an_answer(library: QA) -> None:
    """The passages that were read are found again by their places: the cited first, its words marked, each once."""
    article = library.add(Article(TEXT, title="Animals"))

    async def scenario() -> None:
        desk = Desk(library, workers=1, limit=5.0)
        found = await desk.ask("Which dog chased the red ball?")
        desk.close()
        assert found.answer.found
        assert sorted(passage.text for passage in found.passages) == sorted(TEXT.replace(". ", ".|").split("|"))
        first, *others = found.places
        start, words = TEXT.index("The dog"), found.answer.citations[0].answer
        assert first == Place(article.id, start, start + 28, *words)
        assert TEXT[first.words_start : first.words_end] == "The dog chased the red ball."
        assert all(place.words_start == place.words_end == place.end for place in others)

    do(scenario())


def test_a_conversation(library: QA) -> None:
    """A turn comes with each answer, to be given back with the next question; small talk makes none."""
    article = library.add(Article(TEXT, title="Animals"))

    async def scenario() -> None:
        desk = Desk(library, workers=1, limit=5.0)
        first = await desk.ask("Which dog chased the red ball?")
        assert first.turn
        start = TEXT.index("The dog")
        assert first.turn.question == "Which dog chased the red ball?"
        assert [(words.article, words.start) for words in first.turn.words] == [(article.id, start)]
        talk = await desk.ask("thanks", [first.turn])
        assert (talk.turn, talk.answer.kind, talk.places) == (None, AnswerKind.TALK, [])
        again = await desk.ask("Which dog chased the red ball?", [first.turn])
        assert again.turn == first.turn
        assert again.turn is not first.turn
        desk.close()

    do(scenario())
