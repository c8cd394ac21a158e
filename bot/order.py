"""Many chats at once, each in its own order, and an end that leaves nothing half-done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.inbox import Inbox

_NO_LIMIT = 1_000_000  # the inbox bounds how many there are


class ChatOrder(BaseUpdateProcessor):
    """Works on the updates of one chat one after the other, and tells the inbox when each is finished.

    What is cancelled, or not begun when `close` is called, stays in the inbox for the next start.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(_NO_LIMIT)
        self._inbox = inbox
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}  # chat -> lock, and how many hold it or wait for it
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when it is this update's turn."""
        task = asyncio.current_task()
        if not isinstance(update, Update) or task is None:
            await coroutine
            return
        try:
            async with self._turn(update):
                if self._closed:
                    return
                self._running.add(task)
                self._inbox.begin(update.update_id)
                await coroutine
                self._inbox.finish(update.update_id)
        finally:
            self._running.discard(task)
            close = getattr(coroutine, "close", None)
            if close:
                close()  # it may never have been awaited

    @asynccontextmanager
    async def _turn(self, update: Update) -> AsyncIterator[None]:
        """Wait for the earlier updates of the chat; a button answers at once, and an inline query has no chat."""
        if update.effective_chat is None or update.callback_query:
            yield
            return
        chat = update.effective_chat.id
        lock, users = self._locks.get(chat, (asyncio.Lock(), 0))
        self._locks[chat] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(chat)
            if users > 1:
                self._locks[chat] = lock, users - 1

    async def close(self, seconds: float) -> None:
        """Begin nothing more; give what is under way so many seconds, then let go of it."""
        self._closed = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in list(self._running):
            task.cancel()
