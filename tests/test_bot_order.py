"""Many chats at once, each in its own order, and an end that leaves nothing half-done."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import closing
from typing import Any

import pytest
from clock import run, settle
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update
from updates import GROUP, make_inline, make_press, make_update

from bot.database import Database
from bot.inbox import Inbox
from bot.order import ChatOrder


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with closing(Database(tmp_path_factory.mktemp("order"))) as database:
        yield database


class Work:
    """Puts updates through, each of which takes its time, and notes what happens when."""

    def __init__(self, database: Database) -> None:
        for table in ("inbox", "done"):
            with database.writing():
                database.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two names
        self.database = database
        self.inbox = Inbox(database, lambda _: True, limit=1000)
        self.order = ChatOrder(self.inbox)
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self, update: Update, seconds: float = 1.0) -> None:
        """Take an update and work on it as python-telegram-bot does, in a task of its own."""
        await self.inbox.put(update)
        work = self._handle(update.update_id, seconds)
        self.tasks.append(asyncio.create_task(self.order.process_update(update, work)))
        await settle()

    async def _handle(self, number: int, seconds: float) -> None:
        self.begun.append(number)
        await asyncio.sleep(seconds)
        self.ended.append(number)

    async def finish(self) -> None:
        await asyncio.gather(*self.tasks, return_exceptions=True)

    @property
    def unfinished(self) -> list[tuple[int, int]]:
        """Which updates are left for the next start, and how often each was begun."""
        return [tuple(row) for row in self.database.rows("SELECT update_id, tries FROM inbox ORDER BY 1")]


def do(scenario: Coroutine[Any, Any, None]) -> None:
    run(asyncio.wait_for(scenario, 10_000))


def test_a_chat_in_order_and_others_at_once(database: Database) -> None:
    """U10: of a chat's questions one is worked on at a time, the earlier first, and no other chat waits for it."""

    async def scenario() -> None:
        work = Work(database)
        await work.start(make_update(1), 5)
        await work.start(make_update(2), 0.1)
        await work.start(make_update(3, kind="edited_message"), 0.1)
        await work.start(make_update(4, user=6), 0.2)
        await work.start(make_update(5, chat=GROUP), 0.3)
        assert work.begun == [1, 4, 5]
        await work.finish()
        assert work.ended == [4, 5, 1, 2, 3]
        assert work.unfinished == []
        assert work.inbox.depth == 0
        assert work.order._locks == {}

    do(scenario())


def test_buttons_and_inline_queries_do_not_wait(database: Database) -> None:
    """A button is answered while its chat's question is worked on, and inline queries know no chat."""

    async def scenario() -> None:
        work = Work(database)
        await work.start(make_update(1), 30)
        await work.start(make_press(2), 30)
        await work.start(make_press(3), 30)
        await work.start(make_inline(4), 30)
        await work.start(make_inline(5), 30)
        assert work.begun == [1, 2, 3, 4, 5]
        await work.finish()
        assert work.unfinished == []

    do(scenario())


def test_the_end_waits_and_then_lets_go(database: Database) -> None:
    """U8: what can be finished in time is; the rest, begun or not, is kept for the next start."""

    async def scenario() -> None:
        work = Work(database)
        await work.start(make_update(1), 2)
        await work.start(make_update(2), 2)
        await work.start(make_update(3, user=6), 60)
        await work.start(make_update(4, user=6), 60)
        await work.start(make_press(5, user=7), 60)
        began = asyncio.get_running_loop().time()
        await work.order.close(4.0)
        assert asyncio.get_running_loop().time() - began == pytest.approx(4.0)
        await work.start(make_update(6, user=8), 1)
        await work.finish()
        assert work.begun == [1, 3, 5]
        assert work.ended == [1]
        assert work.unfinished == [(2, 0), (3, 1), (4, 0), (5, 1), (6, 0)]
        assert work.order._locks == {}
        assert all(task.done() for task in work.tasks)

    do(scenario())


def test_the_end_with_nothing_to_do(database: Database) -> None:
    """A bot at rest ends at once."""

    async def scenario() -> None:
        work = Work(database)
        await work.order.close(4.0)
        assert asyncio.get_running_loop().time() == pytest.approx(1_000.0)

    do(scenario())


def test_the_end_does_not_wait_longer_than_it_must(database: Database) -> None:
    """U8: the end comes when the last question is answered, not when the time is up."""

    async def scenario() -> None:
        work = Work(database)
        await work.start(make_update(1), 1.5)
        await work.order.close(4.0)
        assert asyncio.get_running_loop().time() == pytest.approx(1_001.5)
        assert work.unfinished == []

    do(scenario())


def test_a_failure_frees_the_chat(database: Database) -> None:
    """An update that fails in a way nobody foresaw is kept, and the next of its chat is worked on."""

    async def fail() -> None:
        raise ValueError("nobody foresaw this")

    async def scenario() -> None:
        work = Work(database)
        first = make_update(1)
        await work.inbox.put(first)
        with pytest.raises(ValueError, match="nobody foresaw"):
            await work.order.process_update(first, fail())
        await work.start(make_update(2))
        await work.finish()
        assert work.ended == [2]
        assert work.unfinished == [(1, 1)]
        assert work.order._locks == {}

    do(scenario())


def test_what_is_no_update_passes(database: Database) -> None:
    """Something else that python-telegram-bot has processed is just awaited."""

    async def scenario() -> None:
        work = Work(database)
        await work.order.process_update("no update", work._handle(7, 1))
        assert work.ended == [7]

    do(scenario())


@given(asked=st.lists(st.tuples(st.integers(1, 4), st.floats(0, 5)), max_size=30))
def test_any_load_keeps_the_order(database: Database, asked: list[tuple[int, float]]) -> None:
    """U10, L7: whatever takes how long, each chat's are answered once, in order, and no lock is left."""

    async def scenario() -> None:
        work = Work(database)
        for number, (user, seconds) in enumerate(asked):
            await work.start(make_update(number, user=user), seconds)
        await work.finish()
        users = [user for user, _ in asked]
        for user in set(users):
            mine = [number for number, other in enumerate(users) if other == user]
            assert [number for number in work.ended if users[number] == user] == mine
        assert sorted(work.ended) == list(range(len(asked)))
        assert work.order._locks == {}
        assert work.inbox.depth == 0

    do(scenario())
