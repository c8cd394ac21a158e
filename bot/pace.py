"""How fast the bot may send: as Telegram allows, each chat for itself.

Telegram's limits (its bots FAQ): about one message a second to a chat, twenty a minute to a group, thirty a second in
all. python-telegram-bot's own limiter has none for a private chat and lets one chat's 429 hold back all others.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

LONGEST_WAIT_S = 60.0  # a chat that Telegram closes for longer does not get its message
_PRIVATE = (3.0, 1.0)  # messages at once, and then a second
_GROUP = (5.0, 20 / 60)
_ALL = (30.0, 30.0)
_AT_ONCE = 32  # requests; no more than there are connections, so that none waits for one and fails
_CHATS_KEPT = 2_000
_FREE = {"answerCallbackQuery", "answerInlineQuery", "answerGuestQuery"}  # not messages, and somebody is waiting

logger = logging.getLogger(__name__)

_Result = bool | dict[str, Any] | list[dict[str, Any]]


class Bucket:
    """A token bucket: `size` at once, then `rate` a second."""

    __slots__ = ("_left", "_rate", "_size", "_then", "closed_until")

    def __init__(self, size: float, rate: float) -> None:
        self._size, self._rate = size, rate
        self._left, self._then = size, float("-inf")
        self.closed_until = 0.0

    def take(self, now: float) -> bool:
        """Take one if there is one; `now` is in seconds, of any clock."""
        return not self.ask(now)

    def ask(self, now: float) -> float:
        """Take one if there is one, and return 0; else return for how many seconds there will be none."""
        wait = round(self.reserve(now), 9)  # fractions do not add up to whole seconds
        if wait:
            self._left += 1
        return wait

    def reserve(self, now: float) -> float:
        """Take one, or one of those to come, and return for how many seconds it has to be waited for."""
        if now > self._then:
            self._left = min(self._size, self._left + (now - self._then) * self._rate)
            self._then = now
        self._left -= 1
        return max(0.0, -self._left / self._rate)

    def is_idle(self, now: float) -> bool:
        """Say whether nothing would be forgotten with it."""
        return self.closed_until < now and self._left + (now - self._then) * self._rate >= self._size


class Pace(BaseRateLimiter[None]):
    """Holds every request back until its time. A chat's 429 closes that chat alone."""

    def __init__(self) -> None:
        self._chats: dict[int, Bucket] = {}
        self._all = Bucket(*_ALL)
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Result]],
        args: Any,  # noqa: ANN401
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002
    ) -> _Result:
        """Make the request when its chat may have it; RetryAfter if that is more than a minute off."""
        chat = data.get("chat_id")
        bucket = self._find(chat) if isinstance(chat, int) else None
        typing = endpoint == "sendChatAction"  # dropped rather than late
        if typing and not self._has_time(bucket):
            return True
        while True:
            if bucket and not typing:  # what has no chat is no message
                await self._wait(bucket)
            try:
                async with self._at_once:
                    return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = _seconds(error)
                if bucket:
                    bucket.closed_until = max(bucket.closed_until, time.monotonic() + seconds)
                if seconds > LONGEST_WAIT_S or endpoint in _FREE or typing:
                    raise
                if not bucket:
                    await asyncio.sleep(seconds)

    async def _wait(self, bucket: Bucket) -> None:
        closed = bucket.closed_until - time.monotonic()
        if closed > LONGEST_WAIT_S:
            raise RetryAfter(int(closed))
        await asyncio.sleep(max(closed, bucket.reserve(time.monotonic())))
        while (closed := bucket.closed_until - time.monotonic()) > 0:  # closed anew meanwhile
            if closed > LONGEST_WAIT_S:
                raise RetryAfter(int(closed))
            await asyncio.sleep(closed)
        await asyncio.sleep(self._all.reserve(time.monotonic()))

    def _has_time(self, bucket: Bucket | None) -> bool:
        """Say whether a request may be made now that no message has to wait for, and count it if so."""
        now = time.monotonic()
        return not (bucket and bucket.closed_until > now) and self._all.take(now)

    def _find(self, chat: int) -> Bucket:
        if chat not in self._chats:
            if len(self._chats) >= _CHATS_KEPT:
                now = time.monotonic()
                self._chats = {id_: bucket for id_, bucket in self._chats.items() if not bucket.is_idle(now)}
            self._chats[chat] = Bucket(*(_GROUP if chat < 0 else _PRIVATE))
        return self._chats[chat]


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
