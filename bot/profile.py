"""What Telegram shows of the bot: its menus of commands and its description, in every language."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.log import redact
from bot.texts import LANGUAGES, say

PRIVATE = ("ask", "sources", "new", "settings", "forget", "privacy", "help")
GROUP = ("ask", "help")
ADMIN = (*PRIVATE, "stats", "reload")

logger = logging.getLogger(__name__)


async def set_profile(bot: Bot, admins: Iterable[int]) -> None:
    """Set menus and descriptions that are not yet what they should be; what fails is left for the next start."""
    try:
        for scope, names in _menus(admins):
            for code in (None, *LANGUAGES[1:]):
                menu = tuple(BotCommand(name, say(code or "en", f"command_{name}")) for name in names)
                if await bot.get_my_commands(scope=scope, language_code=code) != menu:
                    await bot.set_my_commands(menu, scope=scope, language_code=code)
        for code in (None, *LANGUAGES[1:]):
            text = say(code or "en", "description")
            if (await bot.get_my_description(language_code=code)).description != text:
                await bot.set_my_description(text, language_code=code)
            text = say(code or "en", "short_description")
            if (await bot.get_my_short_description(language_code=code)).short_description != text:
                await bot.set_my_short_description(text, language_code=code)
    except TelegramError as error:
        logger.warning("the command menus could not be set (%s); the bot answers all the same", redact(str(error)))


def _menus(admins: Iterable[int]) -> Iterator[tuple[BotCommandScope, tuple[str, ...]]]:
    yield BotCommandScopeAllPrivateChats(), PRIVATE
    yield BotCommandScopeAllGroupChats(), GROUP
    for admin in admins:
        yield BotCommandScopeChat(admin), ADMIN
