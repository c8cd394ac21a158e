"""The one gate: who is let in, what for, and how fast. What it keeps out is never written down."""

from __future__ import annotations

import time
from collections.abc import Callable

from telegram import Message, Update, User

from bot.address import find_command, find_question, is_from_person, is_private
from bot.pace import Bucket
from bot.recent import Recent
from bot.settings import Settings

_DAY_S = 86_400.0
_MINUTE_S = 60.0


class Door:
    """Decides about every update before anything else sees it.

    `notify(update, key, values)` is called for the few things that are said to those who are not let in: that the
    bot does not know them, once a day and in private only; that they are too fast, once a minute.
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
        self._buckets: Recent[int, Bucket] = Recent()
        self._noticed: Recent[tuple[str, int], float] = Recent()

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
        return not message or self._keeps_pace(update, message)

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

    def _keeps_pace(self, update: Update, message: Message) -> bool:
        """Count by the time of writing, so that what waited for the bot to start is not taken for a flood."""
        sender = update.effective_sender.id if update.effective_sender else message.chat.id
        if not self.take(sender, (message.edit_date or message.date).timestamp()):
            self._tell(update, "slow_down", _MINUTE_S)
            return False
        count = self._waiting(message.chat.id)
        if count >= self.settings.waiting_per_chat:
            self._tell(update, "busy", _MINUTE_S, count=count)
            return False
        return True

    def take(self, sender: int, at: float) -> bool:
        """Say whether somebody may ask once more at a time, in seconds since 1970, and count it."""
        bucket = self._buckets.get(sender) or Bucket(self.settings.burst, self.settings.per_minute / 60)
        self._buckets[sender] = bucket
        return bucket.take(at)

    def _tell(self, update: Update, key: str, seconds: float, **values: object) -> None:
        """Say something to a user, but not again for so many seconds."""
        about = (key, update.effective_user.id if update.effective_user else 0)
        now = time.monotonic()
        if now - self._noticed.get(about, float("-inf")) < seconds:
            return
        self._noticed[about] = now
        self._notify(update, key, values)
