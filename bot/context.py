"""A message and the turns of its chat -> what its question follows on from, and the turn that it makes."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message

from bot.address import is_private
from bot.ask import Found
from bot.memory import Turn


def find_asker(message: Message) -> int:
    """Return the id of the user who wrote a message, 0 for an administrator who writes as the group."""
    return message.from_user.id if message.from_user and not message.sender_chat else 0


def choose_turns(turns: Sequence[Turn], message: Message) -> list[Turn]:
    """Return those of a chat's turns that a message follows on from, the oldest first.

    In private these are all. In a group they are those of who asks, whoever else has asked meanwhile. The turn whose
    answer the message replies to goes last in any case, for that is what it is about.
    """
    user = find_asker(message)
    reply = message.reply_to_message
    replied = [turn for turn in turns if reply and reply.message_id in turn.sent and turn.said]
    own = find_own(turns, None if is_private(message) else user)
    return [*(turn for turn in own if turn not in replied), *replied]


def find_own(turns: Sequence[Turn], user: int | None) -> list[Turn]:
    """Return the turns of a user's conversation, of a chat's without one; small talk is left out."""
    return [turn for turn in turns if turn.said and (user is None or (user and turn.user == user))]


def make_turn(message: Message, question: str, found: Found) -> Turn:
    """Return the turn of a question that was just answered, not yet remembered."""
    return Turn(
        chat=message.chat.id,
        asked=message.message_id,
        at=message.date.timestamp(),
        user=find_asker(message),
        question=question,
        answer=found.answer.text,
        passages=tuple(found.places),
        kind=found.answer.kind,
        said=found.turn,
    )
