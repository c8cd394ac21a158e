"""What an operator wants to know before the bot serves: token, switches at BotFather, webhook, library."""

from __future__ import annotations

import shlex
from pathlib import Path

from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.errors import TokenError, UnreachableError
from bot.log import redact
from bot.settings import Settings
from bot.transport import SendRequest, ServerClock
from qa import QA

_PROBE = "Who is it?"


async def check_telegram(settings: Settings) -> list[str]:
    """Return a line for each thing that Telegram says of the bot; TokenError or UnreachableError if it says none."""
    proxy = settings.proxy.reveal() if settings.proxy else None
    bot = Bot(settings.token.reveal(), base_url=settings.base_url, request=SendRequest(ServerClock(), proxy))
    try:
        async with bot:
            me, hook = bot.bot, await bot.get_webhook_info()
    except InvalidToken:
        raise TokenError("Telegram rejected the token; get a new one from @BotFather") from None
    except (NetworkError, RetryAfter) as error:
        raise UnreachableError(f"Telegram cannot be reached ({redact(str(error))})") from None
    lines = [
        f"token: accepted, @{me.username}, id {me.id}",
        f"groups: {'can be added' if me.can_join_groups else 'off; switch on at BotFather with /setjoingroups'}",
        "privacy mode: "
        + (
            "off, so Telegram sends the bot all that is said in groups; switch on at BotFather with /setprivacy"
            if me.can_read_all_group_messages
            else "on; /ask and replies reach the bot in groups"
        ),
        f"inline mode: {'on' if me.supports_inline_queries else 'off; switch on at BotFather with /setinline'}",
        f"guest mode: {'on' if me.supports_guest_queries else 'off; switch on in the bot settings at BotFather'}",
    ]
    if hook.url and not settings.webhook:
        lines.append("webhook: one is set; the bot takes it away when it begins to poll")
    elif hook.last_error_message:
        lines.append(f"webhook: Telegram could not deliver lately: {redact(hook.last_error_message)}")
    return [*lines, f"answers: {name_askers(settings)}"]


def name_askers(settings: Settings) -> str:
    """Return who may ask, in numbers."""
    named = f"{len(settings.users | settings.admins)} users and {len(settings.chats)} chats"
    return f"{'everybody' if settings.public else named}; {len(settings.admins)} administrators"


def is_missing(library: Path) -> bool:
    """Say whether there is no library in a folder yet, without making one."""
    try:
        return not any(library.iterdir())
    except FileNotFoundError:
        return True
    except OSError:  # whoever opens it is told what is wrong
        return False


def tell_empty(library: Path) -> str:
    """Return that there are no articles, and what to do."""
    return f"no articles in {library}; add some with: qa add --library {shlex.quote(str(library))} FILE"


def check_library(qa: QA, library: Path) -> list[str]:
    """Return one line about the articles and one about the models; QAError if they cannot be used."""
    count = len(qa.article_ids())
    if not count:
        return [f"library: {tell_empty(library)}"]
    qa.ask(_PROBE)  # loads the models
    answer = qa.ask(_PROBE)
    return [
        f"library: {count} articles in {library}",
        f"models: {answer.embedder}, {answer.reader}; a question takes {answer.ms.total:.0f} ms",
    ]
