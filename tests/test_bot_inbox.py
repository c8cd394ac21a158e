"""The inbox: nothing that was taken is lost or doubled, and nothing that comes can stop it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from clock import run, settle
from disk import full_disk
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, Update
from updates import GROUP, make_inline, make_press, make_update

from bot.database import Database
from bot.inbox import MAX_TRIES, Inbox

BOT = Bot("123456:a-token-of-a-bot-that-is-never-started")
Log = pytest.LogCaptureFixture


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with closing(Database(tmp_path_factory.mktemp("inbox"))) as database:
        yield database


@pytest.fixture
def database(shared: Database) -> Database:
    empty(shared)
    return shared


def refuse(update: Update) -> None:
    """Fail where nothing may be given up."""
    raise AssertionError(f"given up: {update}")


def empty(database: Database) -> None:
    with database.writing():
        for table in ("inbox", "done"):
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two names


def open_inbox(database: Database, admit: Callable[[Update], bool] = lambda _: True, limit: int = 50) -> Inbox:
    return Inbox(database, admit, limit=limit)


def put(inbox: Inbox, *updates: object) -> None:
    """Put updates, none of which may have to wait."""

    async def put_all() -> None:
        for update in updates:
            await inbox.put(update)

    run(put_all())


def take_all(inbox: Inbox) -> list[int]:
    """Take what is passed on, and return the update ids."""
    taken: list[Any] = []
    while not inbox.empty():
        taken.append(inbox.get_nowait())
    return [update.update_id for update in taken]


def on_disk(database: Database) -> list[tuple[int, int | None, int]]:
    return [tuple(row) for row in database.rows("SELECT update_id, chat, tries FROM inbox ORDER BY 1")]


def test_written_down_before_it_is_passed_on(database: Database) -> None:
    """U6: an update is on disk when `put` returns, which is when it is confirmed to Telegram."""
    inbox = open_inbox(database)
    put(inbox, make_update(3), make_update(4, chat=GROUP), make_press(5), make_inline(6))
    assert on_disk(database) == [(3, 5, 0), (4, GROUP, 0), (5, 5, 0), (6, None, 0)]
    assert take_all(inbox) == [3, 4, 5, 6]
    assert inbox.depth == 4


def test_unfinished_updates_come_again(database: Database) -> None:
    """U6: what was not finished when the process died comes again as it was, in order, on the next start."""
    first = open_inbox(database)
    updates = [make_update(number, f"Question {number} 🦊 \u202eعربى?", chat=GROUP) for number in (5, 6, 7, 8)]
    put(first, *updates)
    first.finish(6)
    second = open_inbox(database)
    assert second.replay(BOT, give_up=refuse) == 3
    again: list[Any] = [second.get_nowait() for _ in range(3)]
    assert [update.to_dict() for update in again] == [updates[place].to_dict() for place in (0, 2, 3)]
    assert all(update.message.get_bot() is BOT for update in again)
    assert second.empty()
    assert second.depth == 3
    assert second.count_of(GROUP) == 3


def test_repeated_updates_are_dropped(database: Database, caplog: Log) -> None:
    """U4: the same update twice in a batch, or once more when it is finished, is passed on once, which is logged."""
    caplog.set_level("INFO", "bot.inbox")
    inbox = open_inbox(database)
    put(inbox, make_update(1), make_update(1), make_update(2))
    inbox.finish(1)
    put(inbox, make_update(1))
    assert caplog.messages == ["update 1 is waiting; skipped", "update 1 was done before; skipped"]
    put(inbox, make_update(2))
    assert take_all(inbox) == [1, 2]
    after_restart = open_inbox(database)
    after_restart.replay(BOT, give_up=refuse)
    put(after_restart, make_update(1), make_update(2))
    assert take_all(after_restart) == [2]


def test_what_is_not_admitted_is_never_written_down(database: Database) -> None:
    """A1: of those who are not let in, no word and no id gets to the disk."""
    inbox = open_inbox(database, lambda update: update.update_id != 1)
    put(inbox, make_update(1, "a-question-of-a-stranger"), make_update(2))
    assert on_disk(database) == [(2, 5, 0)]
    assert database.rows("SELECT * FROM done") == []
    assert take_all(inbox) == [2]
    assert inbox.depth == 1
    files = database.path.parent.iterdir()
    assert not any(b"a-question-of-a-stranger" in path.read_bytes() for path in files)


def test_admitted_once(database: Database) -> None:
    """A repeated update does not count against its sender."""
    asked: list[int] = []
    inbox = open_inbox(database, lambda update: not asked.append(update.update_id))  # type: ignore[func-returns-value]
    put(inbox, make_update(1), make_update(1))
    inbox.finish(1)
    put(inbox, make_update(1))
    assert asked == [1]


def test_full_inbox_waits(database: Database) -> None:
    """L5: with as many unfinished as it may have, one more is taken only when one is finished."""

    async def scenario() -> None:
        inbox = open_inbox(database, limit=2)
        waiting = [asyncio.create_task(inbox.put(make_update(number))) for number in range(1, 6)]
        await settle()
        assert (inbox.depth, inbox.is_full, len(on_disk(database))) == (2, True, 2)
        for finished in range(1, 5):
            inbox.finish(finished)
            await settle()
            assert [task.done() for task in waiting].count(True) == min(finished + 2, 5)
            assert inbox.depth == min(2, 5 - finished)
        assert take_all(inbox) == [1, 2, 3, 4, 5]
        assert not inbox.is_full

    run(scenario())


def test_the_end_passes_a_full_inbox(database: Database) -> None:
    """U8: python-telegram-bot's own signal to stop, which is no update, never waits."""
    inbox, signal = open_inbox(database, limit=1), object()
    put(inbox, make_update(1), signal)
    assert inbox.get_nowait() is not signal
    assert inbox.get_nowait() is signal
    assert inbox.depth == 1


def test_given_up_waiting_loses_nothing(database: Database) -> None:
    """U8: an update that was still waiting for room at the end was not taken, so that Telegram keeps it."""

    async def scenario() -> None:
        inbox = open_inbox(database, limit=1)
        await inbox.put(make_update(1))
        waiting = asyncio.create_task(inbox.put(make_update(2)))
        await settle()
        waiting.cancel()
        await settle()
        inbox.finish(1)
        assert on_disk(database) == []
        await inbox.put(make_update(2))
        assert take_all(inbox) == [1, 2]

    run(scenario())


def test_count_of_a_chat(database: Database) -> None:
    """A chat's unfinished updates are counted, those of others and of no chat are not."""
    inbox = open_inbox(database)
    put(inbox, make_update(1), make_update(2, user=6), make_update(3), make_inline(4))
    assert (inbox.count_of(5), inbox.count_of(6), inbox.count_of(7)) == (2, 1, 0)
    inbox.finish(1)
    assert (inbox.count_of(5), inbox.depth) == (1, 3)


def test_failing_gate_does_not_stop_it(database: Database, caplog: Log) -> None:
    """U3: whatever an update does to the gate, it alone is dropped, with one line; what is in it is not told."""

    def admit(update: Update) -> bool:
        if update.update_id == 2:
            raise ValueError("some words of the user")
        return True

    inbox = open_inbox(database, admit)
    put(inbox, make_update(1), make_update(2), make_update(3))
    assert take_all(inbox) == [1, 3]
    assert caplog.messages == ["update 2 cannot be taken (ValueError); dropped"]


def test_without_the_disk_it_goes_on_from_memory(database: Database) -> None:
    """U13: with a full disk updates are taken, passed on and finished all the same."""
    inbox = open_inbox(database)
    with full_disk():
        put(inbox, *(make_update(number) for number in range(1, 21)))
        assert database.degraded
        assert take_all(inbox) == list(range(1, 21))
        for number in range(1, 21):
            inbox.begin(number)
            inbox.finish(number)
        assert inbox.depth == 0
        assert database.degraded


def test_update_that_kills_is_given_up(database: Database, caplog: Log) -> None:
    """U7: what was begun ten times and never finished is dropped at the next start; nine times are not enough."""
    inbox = open_inbox(database)
    put(inbox, make_update(1), make_update(2))
    for _ in range(MAX_TRIES - 1):
        inbox.begin(1)
        inbox.begin(2)
    inbox.begin(2)
    after = open_inbox(database)
    lost: list[Update] = []
    assert after.replay(BOT, give_up=lost.append) == 1
    assert [update.update_id for update in lost] == [2]
    assert take_all(after) == [1]
    assert on_disk(database) == [(1, 5, 9)]
    assert caplog.messages == ["update 2 was begun 10 times and never finished; dropped"]


@pytest.mark.parametrize("body", ["", "no json", "[]", "null", '{"update_id": 1, "message": 7}', '{"message": {}}'])
def test_unreadable_row_is_dropped(database: Database, body: str, caplog: Log) -> None:
    """What cannot be read again keeps nothing else from its answer."""
    put(open_inbox(database), make_update(1), make_update(2))
    with database.writing():
        database.execute("UPDATE inbox SET body = ? WHERE update_id = 1", body)
    inbox = open_inbox(database)
    inbox.replay(BOT, give_up=refuse)
    assert take_all(inbox) == [2]
    assert on_disk(database) == [(2, 5, 0)]
    assert len(caplog.messages) == 1
    assert "update 1 cannot be read again" in caplog.text


def test_finished_ids_are_bounded(database: Database) -> None:
    """L7: of all updates that ever came, the ids of the last ten thousand are kept."""
    inbox = open_inbox(database)
    for number in (1, 2, 3, 10_002, 10_003):
        inbox.finish(number)
    assert [number for (number,) in database.rows("SELECT update_id FROM done ORDER BY 1")] == [10_002, 10_003]
    inbox.finish(10_004)
    put(inbox, make_update(10_003), make_update(10_005))
    assert take_all(inbox) == [10_005]


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 8)),
        st.tuples(st.sampled_from(["take", "begin", "finish"]), st.integers(0, 7)),
        st.tuples(st.just("kill"), st.just(0)),
    ),
    max_size=30,
)


class Life:
    """Does steps with an inbox, and keeps its own books."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.known: set[int] = set()
        self.finished: list[int] = []
        self.taken: list[int] = []
        self.begun: Counter[int] = Counter()
        self.start()

    def start(self) -> None:
        """Be a new process with the same file."""
        self.inbox = open_inbox(self.database, limit=100)
        self.taken = []
        self.inbox.replay(BOT, give_up=refuse)

    async def do(self, step: str, number: int) -> None:
        if step == "kill":
            self.start()
        elif step == "put":
            await self.inbox.put(make_update(number))
            self.known.add(number)
        elif step == "take" and not self.inbox.empty():
            self.taken += take_all(self.inbox)
        elif self.taken and step == "begin":
            begun = self.taken[number % len(self.taken)]
            self.begun[begun] += 1
            if self.begun[begun] < MAX_TRIES:
                self.inbox.begin(begun)
        elif self.taken and step == "finish":
            finished = self.taken.pop(number % len(self.taken))
            self.inbox.finish(finished)
            self.finished.append(finished)

    def check(self) -> None:
        assert len(set(self.finished)) == len(self.finished), "worked on twice"
        assert self.inbox.depth == len(self.known - set(self.finished))
        assert {number for number, _, _ in on_disk(self.database)} == self.known - set(self.finished)


@settings(deadline=None)
@given(steps=STEPS)
def test_any_history_loses_and_doubles_nothing(shared: Database, steps: list[Step]) -> None:
    """U6, U7: however updates come, come again, are worked on and are cut short by kills, each is finished once."""
    empty(shared)
    life = Life(shared)

    async def live() -> None:
        for step, number in steps:
            await life.do(step, number)
            life.check()

    run(live())
    life.start()
    life.taken = take_all(life.inbox)
    assert sorted(life.taken) == life.taken
    assert sorted(life.taken + life.finished) == sorted(life.known)
