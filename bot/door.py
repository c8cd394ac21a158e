"""The one gate: who is let in, what for, and how fast. What it keeps out is never written down."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from enum import Enum

from telegram import Message, Update, User

from bot.address import find_command, find_question, is_from_person, is_private
from bot.pace import Bucket
from bot.recent import Recent
from bot.settings import Settings

_DAY_S = 86_400.0
_MINUTE_S = 60.0
_LIGHTER = 4  # commands, or presses, that weigh as much as one question: they cost no model call


class Kind(Enum):
    """What is counted, each for itself."""

    QUESTION = "question"
    COMMAND = "command"  # and what else a message can be that asks nothing
    PRESS = "press"  # of a button


class Door:
    """Decides about every update before anything else sees it.

    `notify(update, key, values)` is called for the few things that are said to those who are not let in: that the
    bot does not know them, once a day and in private only; that they are too fast, once until they may ask again.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        waiting: Callable[[int], int],
        notify: Callable[[Update, str, dict[str, object]], None],
    ) -> None:
        self.settings = settings
        self.me: User | None = None  # known when Telegram has been asked
        self._waiting = waiting
        self._notify = notify
        self._buckets: Recent[tuple[Kind, int], Bucket] = Recent()
        self._noticed: Recent[tuple[str, int], float] = Recent()  # until when it is not said again

    def admit(self, update: Update) -> bool:
        """Say whether an update is worked on; nothing here takes long, whatever a stranger sends."""
        message = update.message or update.edited_message or update.guest_message
        if message and not (self.me and self._concerns(update, message, self.me)):
            return False
        if not (message or update.callback_query or update.inline_query or update.my_chat_member):
            return False
        if not self.knows(update):
            if update.message and is_private(update.message):
                self._tell(update, "refused", _DAY_S, user=update.message.chat.id)
            return False
        if update.callback_query:  # nobody knows when it was pressed
            return self._has_room(update, Kind.PRESS, update.callback_query.from_user.id, time.monotonic())
        return not (message and self.me) or self._keeps_pace(update, message, self.me)

    def knows(self, update: Update) -> bool:
        """Say whether the user or the chat is one that the operator has named, or everybody is welcome."""
        settings = self.settings
        user = update.effective_user.id if update.effective_user else None
        # Inline queries and guest messages are made in chats of which the bot is no member: the user alone counts.
        chat = update.effective_chat.id if update.effective_chat and not update.guest_message else None
        return settings.public or user in settings.users | settings.admins or chat in settings.chats

    def is_admin(self, update: Update) -> bool:
        """Say whether the user is one of the bot's administrators."""
        return update.effective_user is not None and update.effective_user.id in self.settings.admins

    def _concerns(self, update: Update, message: Message, me: User) -> bool:
        if message.migrate_to_chat_id:
            return True
        if not is_from_person(message, me):
            return False
        if update.guest_message:
            return True
        if is_private(message):
            return message.text is not None or update.message is not None
        return find_command(message, me) is not None or find_question(message, me) is not None

    def _keeps_pace(self, update: Update, message: Message, me: User) -> bool:
        """Count by the time of writing, so that what waited for the bot to start is not taken for a flood."""
        sender = update.effective_sender.id if update.effective_sender else message.chat.id
        kind = Kind.QUESTION if update.guest_message or _asks(message, me) else Kind.COMMAND
        if not self._has_room(update, kind, sender, (message.edit_date or message.date).timestamp()):
            return False
        count = self._waiting(message.chat.id)
        if count >= self.settings.waiting_per_chat:
            self._tell(update, "busy", _MINUTE_S, count=count)
            return False
        return True

    def _has_room(self, update: Update, kind: Kind, sender: int, at: float) -> bool:
        seconds = self.take(sender, at, kind)
        if seconds:
            self._tell(update, "too_fast" if kind is Kind.PRESS else "slow_down", seconds, seconds=seconds)
        return not seconds

    def take(self, sender: int, at: float, kind: Kind = Kind.QUESTION) -> int:
        """Count one more of somebody's at a time, in seconds, of one clock for a kind, and return 0.

        If that is too fast it is not counted; what is returned is after how many seconds it will not be.
        """
        weight = 1 if kind is Kind.QUESTION else _LIGHTER
        size, rate = weight * self.settings.burst, weight * self.settings.per_minute / 60
        bucket = self._buckets.get((kind, sender)) or Bucket(size, rate)
        self._buckets[kind, sender] = bucket
        return math.ceil(bucket.ask(at))

    def _tell(self, update: Update, key: str, silence: float, /, **values: object) -> None:
        """Say something to a user, but not again for so many seconds."""
        about = (key, update.effective_user.id if update.effective_user else 0)
        now = time.monotonic()
        if now < self._noticed.get(about, float("-inf")):
            return
        self._noticed[about] = now + silence
        self._notify(update, key, values)


def _asks(message: Message, me: User) -> bool:
    """Say whether a message is answered by the model."""
    command = find_command(message, me)
    return command[0] == "ask" if command else find_question(message, me) is not None
