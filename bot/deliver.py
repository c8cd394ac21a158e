"""Getting a message to a chat whatever Telegram or the network says to it: once, or not at all with a line of log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from telegram import Bot, InlineKeyboardMarkup, ReplyParameters
from telegram import Message as Sent
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.compose import Block, Mark, Message, split_blocks
from bot.log import redact
from bot.memory import Memory
from bot.transport import GarbledError, is_unsent

_LONGEST_PAUSE_S = 30.0

logger = logging.getLogger(__name__)


class Spot(NamedTuple):
    """Where something is sent: a chat, the message that it replies to, the topic."""

    chat: int
    reply_to: int | None = None
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One message with where it goes."""

    chat: int
    message: Message
    reply: ReplyParameters | None
    thread: int | None
    buttons: InlineKeyboardMarkup | None
    halved: bool = False

    def simplify(self, reason: str) -> _Parcel | None:
        """Return it without what Telegram refused; None if that was not an ornament."""
        if "entit" in reason and self.message.entities:
            logger.error("chat %d: Telegram refused the entities of a message (%s); sent plain", self.chat, reason)
            return replace(self, message=Message(self.message.text))
        if self.reply and ("repl" in reason or "quote" in reason):
            return replace(self, reply=None)
        if self.thread and "thread" in reason:
            return replace(self, thread=None)
        return None

    def split(self, parts: Sequence[Message]) -> Iterator[_Parcel]:
        """Yield it in parts: the first is the reply, the last has the buttons."""
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            yield replace(
                self,
                message=part,
                reply=None if place else self.reply,
                buttons=self.buttons if last else None,
            )


class Courier:
    """Sends and edits messages."""

    def __init__(self, bot: Bot, memory: Memory) -> None:
        self._bot = bot
        self._memory = memory

    async def send(
        self,
        chat: int,
        messages: Sequence[Message],
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        buttons: InlineKeyboardMarkup | None = None,
    ) -> list[int]:
        """Send the parts of an answer, the buttons under the last, and return the ids of those surely delivered.

        What cannot be delivered is logged. Nothing is sent to a chat that does not want to hear from the bot.
        """
        if not messages or self._memory.settings(chat).gone:
            return []
        reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        return await self._send_parts(_Parcel(chat, messages[0], reply, thread, buttons), messages)

    async def _send_parts(self, whole: _Parcel, parts: Sequence[Message]) -> list[int]:
        sent: list[int] = []
        for parcel in whole.split(parts):
            found = await self._send_one(parcel)
            if found is None:
                break
            sent += found
        return sent

    async def _send_one(self, parcel: _Parcel) -> list[int] | None:
        """Send one message, simpler each time that Telegram refuses it; None if nothing more can be sent."""
        while True:
            try:
                return [(await _insist(partial(self._post, parcel))).message_id]
            except TimedOut:
                logger.warning("chat %d: unsure whether a message has arrived; not sent again", parcel.chat)
                return []
            except ChatMigrated as error:
                self.move(parcel.chat, error.new_chat_id)
                parcel = replace(parcel, chat=error.new_chat_id, reply=None)
            except Forbidden:
                self._memory.mark_gone(parcel.chat, gone=True)
                logger.info("chat %d does not want messages any more", parcel.chat)
                return None
            except RetryAfter as error:
                logger.error("chat %d: closed by Telegram for too long (%s); a message is lost", parcel.chat, error)
                return None
            except BadRequest as error:
                reason = redact(str(error)).lower()
                if "too long" in reason and not parcel.halved:
                    logger.error("chat %d: a message is too long for Telegram; split again", parcel.chat)
                    half = (len(parcel.message.text) + 1) // 2
                    halves = split_blocks([_to_block(parcel.message)], limit=half)
                    return await self._send_parts(replace(parcel, halved=True), halves) or None
                simpler = parcel.simplify(reason)
                if simpler is None:
                    logger.error("chat %d: Telegram refused a message: %s", parcel.chat, reason)
                    return None
                parcel = simpler

    async def _post(self, parcel: _Parcel) -> Sent:
        return await self._bot.send_message(
            parcel.chat,
            parcel.message.text,
            entities=parcel.message.entities,
            reply_parameters=parcel.reply,
            message_thread_id=parcel.thread,
            reply_markup=parcel.buttons,
        )

    def move(self, chat: int, new: int) -> None:
        """Take note that a group has become a supergroup, which has another number."""
        self._memory.move(chat, new)
        logger.warning(
            "chat %d has become %d; if the one is in a list of the settings, put the other there", chat, new
        )

    async def edit(
        self, chat: int, message_id: int, message: Message, buttons: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Put a message in another's place; false if it is not there any more or cannot be changed."""
        try:
            await _insist(
                lambda: self._bot.edit_message_text(
                    message.text, chat, message_id, entities=message.entities, reply_markup=buttons
                )
            )
        except (BadRequest, ChatMigrated) as error:
            if "not modified" not in str(error).lower():
                logger.info("chat %d: a message could not be changed: %s", chat, redact(str(error)))
                return False
        except (Forbidden, NetworkError, RetryAfter) as error:
            logger.warning("chat %d: a message could not be changed: %s", chat, redact(str(error)))
        return True

    async def delete(self, chat: int, message_ids: Sequence[int]) -> None:
        """Take messages away that an edited answer does not need any more."""
        for message_id in message_ids:
            await attempt_quietly(self._bot.delete_message(chat, message_id))


async def attempt_quietly(call: Awaitable[object]) -> None:
    """Make a call to Telegram that nobody waits for; that it failed is seen at DEBUG alone."""
    try:
        await call
    except TelegramError as error:
        logger.debug("a call failed: %s", redact(str(error)))


async def _insist(attempt: Callable[[], Awaitable[Sent | bool]]) -> Sent:
    """Try until Telegram answers. TimedOut if it may have got the request and did not say so.

    Measured: a server that answers late has accepted the message, so a timeout is not tried again. A connection that
    breaks leaves it open, and is tried once more: an answer that comes twice is better than none.
    """
    pause, broken = 1.0, 0
    while True:
        try:
            return await attempt()  # type: ignore[return-value]
        except BadRequest:
            raise
        except NetworkError as error:
            cause = error.__cause__
            if not is_unsent(error):
                # Anything but an answer of Telegram's, whose status said that it cannot take the request now.
                broken += isinstance(error, GarbledError) or not (cause is None or isinstance(cause, GarbledError))
                if isinstance(error, TimedOut) or broken > 1:
                    raise TimedOut from error
            logger.warning("sending failed (%s); trying again", redact(str(error))[:200])
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_S)


def _to_block(message: Message) -> Block:
    """Return a message as a block again, its entities in code points."""
    units = message.text.encode("utf-16-le")
    return Block(
        message.text,
        [
            Mark(
                len(units[: 2 * entity.offset].decode("utf-16-le")),
                len(units[: 2 * (entity.offset + entity.length)].decode("utf-16-le")),
                entity.type,
                entity.url,
            )
            for entity in message.entities
        ],
    )
