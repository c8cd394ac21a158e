"""Every update that was let in -> the part that answers it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from telegram import Message, Update, User
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, NetworkError
from telegram.ext import CallbackContext

from bot.address import find_command, is_for_other_bot
from bot.ask import Desk
from bot.buttons import Buttons
from bot.choices import Choices
from bot.commands import Commands
from bot.compose import compose_text
from bot.deliver import Courier, attempt_quietly
from bot.door import Door
from bot.errors import BotError
from bot.inbox import Inbox
from bot.inline import Inline
from bot.log import redact
from bot.memory import Memory
from bot.questions import Questions
from bot.texts import say

_NOT_READ = ("slow_down", "busy")  # said of one message, as a reply to it

logger = logging.getLogger(__name__)


class Routes:
    """The parts that answer, and which of them answers what."""

    def __init__(
        self,
        desk: Desk,
        courier: Courier,
        memory: Memory,
        inbox: Inbox,
        door: Door,
        *,
        now: Callable[[], float],
        reload: Callable[[], None],
    ) -> None:
        self._courier = courier
        self._memory = memory
        self._door = door
        old_after = 60 * door.settings.old_minutes
        self._questions = Questions(desk, courier, memory, now=now, old_after=old_after)
        self._commands = Commands(desk, courier, memory, inbox, door, self._questions, reload)
        self._buttons = Buttons(desk, courier, memory)
        self._choices = Choices(memory, self._questions)
        self._inline = Inline(self._questions, door)

    async def on_update(self, update: Update, _: CallbackContext) -> None:  # type: ignore[type-arg]
        """Answer one update. It passes the gate again: it may have waited while the lists were changed."""
        me = self._door.me
        if me is None or not self._door.knows(update):
            return
        self._unmark(update)
        if update.callback_query:
            if not (await self._commands.on_press(update) or await self._choices.on_press(update)):
                await self._buttons.on_press(update)
        elif update.inline_query:
            await self._inline.on_query(update)
        elif update.guest_message:
            await self._inline.on_guest(update, me)
        elif update.edited_message:
            await self._questions.on_edit(update, me)
        elif update.my_chat_member and update.my_chat_member.new_chat_member.status in _GONE:
            self._memory.mark_gone(update.my_chat_member.chat.id, gone=True)
        elif update.message:
            await self._on_message(update, update.message, me)

    async def _on_message(self, update: Update, message: Message, me: User) -> None:
        if message.migrate_to_chat_id:
            self._courier.move(message.chat.id, message.migrate_to_chat_id)
        elif find_command(message, me):
            await self._commands.on_command(update, me)
        elif not is_for_other_bot(message, me):
            await self._questions.on_message(update, me)

    def _unmark(self, update: Update) -> None:
        """Send again to a chat that says something, whatever it said before."""
        if update.effective_chat and self._memory.settings(update.effective_chat.id).gone:
            self._memory.mark_gone(update.effective_chat.id, gone=False)

    async def tell(self, update: Update, key: str, values: dict[str, object]) -> None:
        """Say one of the bot's own texts to whoever sent an update; on top of the chat to who pressed a button."""
        message, query = update.message or update.edited_message, update.callback_query
        if message:
            text = say(self._questions.language(message), key, **values)
            await self._questions.send(message, compose_text(text), reply=key in _NOT_READ)
        elif query:
            language = self._memory.language(query.message.chat.id if query.message else 0, query.from_user)
            await attempt_quietly(query.answer(say(language, key, **values)))

    async def on_error(self, update: object, context: CallbackContext) -> None:  # type: ignore[type-arg]
        """Log what went wrong under a name, and tell the name to whoever waits for an answer."""
        error, name = context.error, secrets.token_hex(2)
        logger.error("error %s: %s: %s", name, type(error).__name__, redact(str(error)), exc_info=_trace(error))
        if isinstance(update, Update):
            await self.tell(update, "failed", {"error": name})


_GONE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


def _trace(error: Exception | None) -> Exception | None:
    """Return an error whose traceback is worth logging: none that Telegram, network or settings are to blame for."""
    return None if isinstance(error, (BadRequest, NetworkError, BotError)) else error
