"""What a question follows on from: in private all that was asked, in a group what its asker has asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from telegram import Chat, Message, User

from bot.context import choose_turns, find_asker, find_own
from bot.memory import Turn
from qa import AnswerKind
from qa import Turn as Said

GROUP = -100
ANN, BOB, ANONYMOUS = 5, 6, 1087968824


def make_turn(number: int, user: int, said: Said | None = None, kind: AnswerKind = AnswerKind.WORDS) -> Turn:
    return Turn(GROUP, 10 * number, 0.0, user, "Who?", "", (), kind, said or Said("Who?"), (10 * number + 1,), number)


TURNS = [make_turn(1, ANN), make_turn(2, BOB), make_turn(3, ANN), make_turn(4, 0)]
TALK = Turn(GROUP, 50, 0.0, ANN, "hello", "", (), AnswerKind.TALK, None, (51,), 5)


def write(user: int, *, chat: int = GROUP, reply_to: int | None = None, **more: Any) -> Message:
    """Return a message of a user, perhaps in reply to one of the bot's."""
    place = Chat(chat, Chat.PRIVATE if chat > 0 else Chat.SUPERGROUP)
    now = dt.datetime.now(dt.UTC)
    me = User(1, "Bot", is_bot=True)
    reply = Message(reply_to, now, place, from_user=me) if reply_to else None
    return Message(90, now, place, from_user=User(user, "U", is_bot=False), reply_to_message=reply, **more)


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        (write(ANN), [1, 3]),
        (write(BOB), [2]),
        (write(7), []),
        (write(BOB, reply_to=11), [2, 1]),
        (write(ANN, reply_to=11), [3, 1]),
        (write(7, reply_to=31), [3]),
        (write(ANN, reply_to=51), [1, 3]),
        (write(ANN, reply_to=10), [1, 3]),
        (write(ANN, chat=ANN), [1, 2, 3, 4]),
        (write(ANN, chat=ANN, reply_to=21), [1, 3, 4, 2]),
        (write(ANONYMOUS, sender_chat=Chat(GROUP, Chat.SUPERGROUP)), []),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else "",
)
def test_choose_turns(message: Message, numbers: list[int]) -> None:
    """Of a group only the asker's own turns count, of a private chat all; the one that is replied to goes last."""
    assert [turn.number for turn in choose_turns([*TURNS, TALK], message)] == numbers


def test_who_asks() -> None:
    """Administrators who write as the group cannot be told apart, and have no conversation."""
    assert find_asker(write(ANN)) == ANN
    assert find_asker(write(ANONYMOUS, sender_chat=Chat(GROUP, Chat.SUPERGROUP))) == 0
    assert find_own(TURNS, 0) == []
    assert find_own([*TURNS, TALK], None) == TURNS
