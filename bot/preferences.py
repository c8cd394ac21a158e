"""What a chat can set for itself, behind buttons."""

from __future__ import annotations

import re
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.compose import Message, compose_text
from bot.deliver import Courier, attempt_quietly
from bot.door import Door
from bot.memory import ChatSettings, Memory
from bot.texts import LANGUAGES, NAMES, say

_DATA = re.compile(r"v1:s:(l|p|f):(\w{1,4})")
_PASSAGES = (1, 2, 3)


class Preferences:
    """Shows and changes the settings of a chat."""

    def __init__(self, courier: Courier, memory: Memory, door: Door) -> None:
        self._courier = courier
        self._memory = memory
        self._door = door

    def page(self, chat: int, language: str) -> tuple[list[Message], InlineKeyboardMarkup]:
        """Return the settings of a chat as a message, and its buttons."""
        return compose_text(say(language, "settings")), _overview(self._memory.settings(chat), language)

    async def on_press(self, update: Update) -> bool:
        """Change a setting; false if the button is not one of these."""
        query = update.callback_query
        data = _DATA.fullmatch((query and query.data) or "")
        if not (query and query.message and data):
            return False
        chat = query.message.chat.id
        settings = self._memory.settings(chat)
        language = self._memory.language(chat, query.from_user)
        if not await self.may_change(update):
            await attempt_quietly(query.answer(say(language, "only_admins")))
            return True
        await attempt_quietly(query.answer())
        changed = _change(settings, data[1], data[2])
        if changed != settings:
            self._memory.choose(chat, changed)
            language = self._memory.language(chat, query.from_user)
        texts, buttons = self.page(chat, language)
        if data[2] == "list":
            buttons = _languages(changed, language)
        await self._courier.edit(chat, query.message.message_id, texts[0], buttons)
        return True

    async def may_change(self, update: Update) -> bool:
        """Say whether the user may change what concerns all of a chat: in a group, its administrators only."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or chat.type == ChatType.PRIVATE or self._door.is_admin(update):
            return chat is not None
        if update.message and update.message.sender_chat:  # an administrator who writes as the group
            return True
        try:
            member = await chat.get_member(user.id)
        except TelegramError:
            return False
        return member.status in (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)


def _change(settings: ChatSettings, what: str, value: str) -> ChatSettings:
    if what == "l" and value in (*LANGUAGES, "auto"):
        return replace(settings, language=None if value == "auto" else value)
    if what == "p" and value in map(str, _PASSAGES):
        return replace(settings, passages=int(value))
    if what == "f" and value in ("0", "1"):
        return replace(settings, full=value == "1")
    return settings


def _overview(settings: ChatSettings, language: str) -> InlineKeyboardMarkup:
    """Return a row a setting with its present value; a press goes on to the next, or to all languages."""
    chosen = NAMES[settings.language] if settings.language else say(language, "automatic")
    full = say(language, "yes" if settings.full else "no")
    next_count = settings.passages % len(_PASSAGES) + 1
    return InlineKeyboardMarkup.from_column(
        [
            _button("l:list", f"{say(language, 'setting_language')}: {chosen}"),
            _button(f"p:{next_count}", f"{say(language, 'setting_passages')}: {settings.passages}"),
            _button(f"f:{int(not settings.full)}", f"{say(language, 'setting_length')}: {full}"),
        ]
    )


def _languages(settings: ChatSettings, language: str) -> InlineKeyboardMarkup:
    choices = {"auto": say(language, "automatic"), **NAMES}
    now = settings.language or "auto"
    buttons = [_button(f"l:{code}", f"✓ {name}" if code == now else name) for code, name in choices.items()]
    back = _button("l:back", f"‹ {say(language, 'settings')}")
    return InlineKeyboardMarkup([buttons[:1], *(buttons[at : at + 2] for at in range(1, len(buttons), 2)), [back]])


def _button(data: str, label: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"v1:s:{data}")
