"""Getting hold of Telegram at the start, however long it takes."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.errors import SettingsError, UnreachableError
from bot.log import redact
from bot.settings import Webhook

UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member", "guest_message")
_LONGEST_PAUSE_S = 10.0  # between two tries

logger = logging.getLogger(__name__)


async def connect(bot: Bot, *, wait: bool) -> None:
    """Ask Telegram who the bot is; UnreachableError if it does not answer and is not to be waited for."""
    pause = 0.5
    while True:
        try:
            await bot.initialize()
        except (NetworkError, RetryAfter) as error:
            if not wait:
                raise UnreachableError(f"Telegram cannot be reached ({redact(str(error))})") from None
            logger.warning("waiting for Telegram (%s)", redact(str(error)))
        else:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_S)


async def set_webhook(bot: Bot, hook: Webhook) -> None:
    """Tell Telegram where to deliver; SettingsError if it refuses the address."""
    while True:
        try:
            await bot.set_webhook(
                hook.url, secret_token=hook.secret.reveal(), allowed_updates=UPDATES, max_connections=40
            )
        except BadRequest as error:
            reason = redact(str(error))
            raise SettingsError(f"Telegram refuses the webhook ({reason}); check QA_BOT_WEBHOOK_URL") from None
        except NetworkError as error:
            logger.warning("waiting for Telegram to take the webhook (%s)", redact(str(error)))
            await asyncio.sleep(1)
        else:
            return
