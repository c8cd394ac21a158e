"""The gate: who is let in, what for and how fast, and what is said to those who are not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clock import run
from telegram import Update
from updates import GROUP, ME, NAME, NOW, make_chat, make_inline, make_press, make_update, make_user, mark

from bot.door import Door, Kind
from bot.settings import Secret, Settings

ANN, STRANGER, ADMIN = 5, 6, 7
CLOSED = Settings(
    token=Secret("x"),
    data=Path(),
    users=frozenset({ANN}),
    chats=frozenset({GROUP}),
    admins=frozenset({ADMIN}),
    burst=3,
    per_minute=6.0,
    waiting_per_chat=4,
)
OPEN = replace(CLOSED, public=True, users=frozenset(), chats=frozenset())
AT = f"@{NAME}"
ELSEWHERE = -100_999


class Gate:
    """A door with what it says, and how many updates are waiting in every chat."""

    def __init__(self, settings: Settings = CLOSED) -> None:
        self.said: list[tuple[int, str, dict[str, object]]] = []
        self.waiting = 0
        self.door = Door(settings, waiting=lambda _: self.waiting, notify=self._notify)
        self.door.me = ME

    def _notify(self, update: Update, key: str, values: dict[str, object]) -> None:
        self.said.append((update.update_id, key, values))

    def admits(self, *updates: Update) -> list[int]:
        return [update.update_id for update in updates if self.door.admit(update)]


def address(number: int, user: int, chat: int = GROUP, **fields: Any) -> Update:
    """Return a message to a group that mentions the bot."""
    text = f"{AT} who?"
    return make_update(number, text, user=user, chat=chat, entities=[mark(text, AT, "mention")], **fields)


def member_change(number: int, chat: int, user: int = STRANGER) -> Update:
    member = {"user": make_user(ME.id, is_bot=True), "status": "left"}
    change = {
        "chat": make_chat(chat),
        "from": make_user(user),
        "date": NOW,
        "old_chat_member": member,
        "new_chat_member": member,
    }
    return Update.de_json({"update_id": number, "my_chat_member": change}, None)


def guest(number: int, user: int, chat: int = ELSEWHERE) -> Update:
    return address(number, user, chat, kind="guest_message", guest_query_id="1")


# Who.


def test_known_users_are_let_in() -> None:
    """A user on the list may ask in private, in any group, by buttons, inline and as a guest."""
    gate = Gate()
    updates = [
        make_update(1, user=ANN),
        address(2, ANN, ELSEWHERE),
        make_press(3, user=ANN),
        make_inline(4, user=ANN),
    ]
    assert gate.admits(*updates) == [1, 2, 3, 4]
    assert gate.admits(guest(5, ADMIN), make_update(6, "/stats", user=ADMIN)) == [5, 6]
    assert gate.said == []


def test_strangers_get_one_refusal_a_day() -> None:
    """A1: a stranger is let in nowhere, is told so once a day in private with the number to add, and else nothing."""

    async def scenario() -> Gate:
        gate = Gate()
        for day in (0, 100, 200):
            updates = [
                address(day + 1, STRANGER, ELSEWHERE),
                make_inline(day + 2, user=STRANGER),
                make_press(day + 3, user=STRANGER),
                guest(day + 4, STRANGER),
                guest(day + 5, STRANGER, GROUP),
                make_update(day + 6, user=STRANGER, kind="edited_message"),
                member_change(day + 7, STRANGER),
                make_update(day + 8, "/start", user=STRANGER),
                make_update(day + 9, user=STRANGER),
                make_update(day + 10, None, user=STRANGER, document={"file_id": "1", "file_unique_id": "1"}),
            ]
            assert gate.admits(*updates) == []
            await asyncio.sleep(86_400 / 2)
        return gate

    assert run(scenario()).said == [(8, "refused", {"user": STRANGER}), (208, "refused", {"user": STRANGER})]


def test_everybody_in_a_known_group() -> None:
    """A3: in a group on the list an unknown member may ask by mention, reply and /ask; the rest is not looked at."""
    reply = {
        "message_id": 1,
        "date": NOW,
        "chat": make_chat(GROUP),
        "from": make_user(ME.id, is_bot=True),
        "text": ".",
    }
    gate = Gate(replace(CLOSED, burst=50))
    updates = [
        address(1, STRANGER),
        make_update(2, "And where?", user=STRANGER, chat=GROUP, reply_to_message=reply),
        make_update(3, "/ask Who?", user=STRANGER, chat=GROUP),
        make_press(4, user=STRANGER, chat=GROUP),
        address(5, STRANGER, kind="edited_message"),
        make_update(6, "I said to @somebody: who?", user=STRANGER, chat=GROUP),
        make_update(7, "/ask@other_bot Who?", user=STRANGER, chat=GROUP),
        make_update(8, None, user=STRANGER, chat=GROUP, new_chat_title="New"),
        member_change(9, GROUP),
    ]
    assert gate.admits(*updates) == [1, 2, 3, 4, 5, 9]
    assert gate.said == []


def test_open_to_everybody() -> None:
    """`public` lets everybody in, everywhere."""
    gate = Gate(OPEN)
    updates = [make_update(1, user=STRANGER), make_inline(2, user=STRANGER), guest(3, STRANGER)]
    assert gate.admits(*updates, address(4, 8, ELSEWHERE)) == [1, 2, 3, 4]


def test_nobody_is_let_in_before_the_bot_knows_itself() -> None:
    """Without its own name it cannot tell what is meant for it."""
    gate = Gate(OPEN)
    gate.door.me = None
    assert gate.admits(make_update(1), address(2, ANN)) == []


def test_new_lists_count_at_once() -> None:
    """/reload: whoever is taken off the list is not let in any more, with what already waits either."""
    gate = Gate()
    waiting = make_update(1, user=ANN)
    assert gate.admits(waiting) == [1]
    gate.door.settings = replace(CLOSED, users=frozenset())
    assert not gate.door.knows(waiting)
    assert gate.admits(make_update(2, user=ANN)) == []


def test_administrators() -> None:
    """A9: only a user among the admins is one, and no update without a user."""
    door = Gate().door
    assert door.is_admin(make_update(user=ADMIN))
    assert not door.is_admin(make_update(user=ANN))
    channel = {"id": ADMIN, "type": "channel", "title": "News"}
    post = Update.de_json({"update_id": 1, "channel_post": {"message_id": 1, "date": NOW, "chat": channel}}, None)
    assert not door.is_admin(post)


# What for.


def test_what_is_no_question_is_not_looked_at() -> None:
    """U2, A5: other kinds of update, bots, channels and edits without a text are dropped in silence."""
    edits = make_update(3, "Who?", kind="edited_channel_post", chat=GROUP)
    posts = make_update(2, "Who?", kind="channel_post", chat=GROUP)
    tomorrow = Update.de_json({"update_id": 4, "a_kind_from_tomorrow": {"text": "Who?"}}, None)
    gate = Gate(OPEN)
    assert gate.admits(Update(1), posts, edits, tomorrow) == []
    bot: dict[str, Any] = {"from": make_user(STRANGER, is_bot=True)}
    assert gate.admits(make_update(5, **bot), address(6, STRANGER, **bot)) == []
    assert gate.admits(make_update(7, None, kind="edited_message", edit_date=NOW)) == []
    assert gate.said == []


def test_private_messages_without_a_text_are_answered() -> None:
    """U2: they get a hint, so they are let in."""
    assert Gate().admits(make_update(1, None, user=ANN, sticker=None)) == [1]


# How fast.


def test_too_fast() -> None:
    """L4: a user has a burst and then so many a minute, is told after each, and slows nobody else down."""

    async def scenario() -> Gate:
        gate = Gate(replace(OPEN, per_minute=60.0))
        for second in range(121):
            updates = [make_update(10 * second + n, user=ANN, date=NOW + second) for n in range(5)]
            admitted = gate.admits(*updates)
            assert admitted == [update.update_id for update in updates][: 1 if second else 3]
            if second % 20 == 0:
                assert gate.admits(make_update(10 * second + 9, user=STRANGER, date=NOW + second))
            await asyncio.sleep(1)
        return gate

    first_dropped = [3, *range(11, 1210, 10)]
    assert run(scenario()).said == [(number, "slow_down", {"seconds": 1}) for number in first_dropped]


def test_too_fast_is_said_once_until_there_is_room() -> None:
    """L4: the notice says after how many seconds a question is read again, and no other comes before that."""

    async def scenario() -> Gate:
        gate = Gate(OPEN)
        admitted = []
        for second in range(30):
            admitted += gate.admits(make_update(second, date=NOW + second))
            await asyncio.sleep(1)
        assert admitted == [0, 1, 2, 10, 20]
        return gate

    told = [(number, values["seconds"]) for number, _, values in run(scenario()).said]
    assert told == [(3, 7), (11, 9), (21, 9)]


LIGHT = ["/start", "/help", "/sources", "/settings", "/new", "/frobnicate", "/help@article_test_bot", None]


def test_what_asks_nothing_is_counted_by_itself() -> None:
    """Commands, presses and files leave a user all their questions, and the other way round."""
    gate = Gate(OPEN)
    light = [make_update(number, text) for number, text in enumerate(LIGHT)] + [make_press(n) for n in range(8, 12)]
    assert len(gate.admits(*light)) == len(light)
    asked = [make_update(20), make_update(21, "/ask Who?"), make_update(22, "Who?"), make_update(23, "/ask Who?")]
    assert gate.admits(*asked) == [20, 21, 22]
    assert gate.admits(make_update(24, "/help"), make_press(25)) == [24, 25]
    assert gate.said == [(23, "slow_down", {"seconds": 10})]


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda number: make_update(number, "/help"), "slow_down"),
        (lambda number: make_update(number, None, sticker=None), "slow_down"),
        (make_press, "too_fast"),
    ],
    ids=["commands", "files", "presses"],
)
def test_what_asks_nothing_is_no_way_to_flood(make: Callable[[int], Update], key: str) -> None:
    """L4: of what costs no model call four times as much is let in, and no more; that is said, too."""

    async def scenario() -> Gate:
        gate = Gate(OPEN)
        assert gate.admits(*map(make, range(50))) == list(range(12))
        return gate

    assert run(scenario()).said == [(12, key, {"seconds": 3})]


def test_guests_and_inline_queries_are_questions() -> None:
    """What is asked from other chats comes out of the same allowance."""
    gate = Gate(OPEN)
    assert gate.admits(*(guest(number, ANN) for number in range(3))) == [0, 1, 2]
    assert gate.door.take(ANN, NOW) == 10
    assert gate.door.take(ANN, NOW, Kind.COMMAND) == 0


def test_what_waited_for_the_start_is_no_flood() -> None:
    """U9: an hour's questions that come all at once are counted by when they were written."""
    gate = Gate(OPEN)
    updates = [make_update(number, date=NOW + 60 * number) for number in range(60)]
    assert len(gate.admits(*updates)) == 60


def test_edits_count_when_they_were_made() -> None:
    """An old question that is edited again and again is a flood too; one that is edited now and then is none."""
    gate = Gate(OPEN)
    flood = [make_update(n, f"Who? {n}", kind="edited_message", edit_date=NOW + 3600) for n in range(5)]
    assert gate.admits(*flood) == [0, 1, 2]
    later = [make_update(n, f"Who? {n}", kind="edited_message", edit_date=NOW + 3600 + 20 * n) for n in range(5, 10)]
    assert gate.admits(*later) == [5, 6, 7, 8, 9]


def test_groups_administrators_who_write_unseen() -> None:
    """They all have one user's number; those of one group do not slow down those of another."""
    anonymous = make_user(1087968824, is_bot=True)
    gate = Gate(OPEN)

    def write(number: int, chat: int) -> Update:
        return address(number, 0, chat, **{"from": anonymous, "sender_chat": make_chat(chat)})

    assert gate.admits(*(write(number, GROUP) for number in range(5))) == [0, 1, 2]
    assert gate.admits(write(6, ELSEWHERE)) == [6]


def test_too_many_waiting() -> None:
    """A chat whose questions wait is told how many, once a minute, and gets no more in."""
    gate = Gate(replace(OPEN, burst=10))
    gate.waiting = 3
    assert gate.admits(make_update(1)) == [1]
    gate.waiting = 4
    assert gate.admits(make_update(2), make_update(3)) == []
    assert gate.said == [(2, "busy", {"count": 4})]


def test_what_is_not_let_in_costs_nothing() -> None:
    """Messages of a group that are not for the bot, and those of strangers, take nothing from anybody's burst."""
    gate = Gate()
    chatter = [make_update(number, "Hello", user=ANN, chat=GROUP) for number in range(50)]
    assert gate.admits(*chatter, *(make_update(number, user=STRANGER) for number in range(50, 99))) == []
    assert gate.admits(*(make_update(number, user=ANN) for number in range(100, 104))) == [100, 101, 102]


@pytest.mark.parametrize("settings", [CLOSED, OPEN])
def test_tables_are_bounded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """L8: of very many users only the last are remembered."""
    monkeypatch.setattr("bot.recent._KEPT", 100)
    gate = Gate(replace(settings, burst=1))
    for number in range(250):
        gate.admits(*[make_update(number, user=1_000 + number)] * 2)
    assert len(gate.said) == 250
    assert len(gate.door._noticed) == 100
    assert len(gate.door._buckets) == (0 if settings is CLOSED else 100)
    assert [about[1] for about in gate.door._noticed] == list(range(1_150, 1_250))


def test_who_was_told_last_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A1: when the table is full it is the notice of longest ago that is forgotten."""
    monkeypatch.setattr("bot.recent._KEPT", 2)

    async def scenario() -> list[int]:
        gate = Gate(replace(CLOSED, users=frozenset()))
        gate.admits(make_update(1, user=101), make_update(2, user=102))
        await asyncio.sleep(86_400)
        gate.admits(*(make_update(number, user=user) for number, user in ((3, 101), (4, 103), (5, 101), (6, 102))))
        return [number for number, _, _ in gate.said]

    assert run(scenario()) == [1, 2, 3, 4, 6]
