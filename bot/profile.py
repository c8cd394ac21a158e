"""What Telegram shows of the bot: its menus of commands and its description, in every language."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterable, Iterator

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
    """Set menus and descriptions that are not yet what they should be; what fails is left for the next start.

    An administrator's menu fails until they have written to the bot for the first time.
    """
    await _attempt(_describe(bot))
    for scope, names in _menus(admins):
        await _attempt(_set_menu(bot, scope, names))


async def _attempt(work: Awaitable[None]) -> None:
    try:
        await work
    except TelegramError as error:
        logger.warning("a command menu could not be set (%s); the bot answers all the same", redact(str(error)))


async def _set_menu(bot: Bot, scope: BotCommandScope, names: Iterable[str]) -> None:
    for code in (None, *LANGUAGES[1:]):
        menu = tuple(BotCommand(name, say(code or "en", f"command_{name}")) for name in names)
        if await bot.get_my_commands(scope=scope, language_code=code) != menu:
            await bot.set_my_commands(menu, scope=scope, language_code=code)


async def _describe(bot: Bot) -> None:
    for code in (None, *LANGUAGES[1:]):
        text = say(code or "en", "description")
        if (await bot.get_my_description(language_code=code)).description != text:
            await bot.set_my_description(text, language_code=code)
        text = say(code or "en", "short_description")
        if (await bot.get_my_short_description(language_code=code)).short_description != text:
            await bot.set_my_short_description(text, language_code=code)


def _menus(admins: Iterable[int]) -> Iterator[tuple[BotCommandScope, tuple[str, ...]]]:
    yield BotCommandScopeAllPrivateChats(), PRIVATE
    yield BotCommandScopeAllGroupChats(), GROUP
    for admin in admins:
        yield BotCommandScopeChat(admin), ADMIN
