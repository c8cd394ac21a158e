"""The bot's life: connected, loaded, serving, ended with nothing lost."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import LinkPreviewOptions, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, Defaults, TypeHandler

from bot.ask import Desk
from bot.check import name_askers, tell_empty
from bot.connect import UPDATES, connect, set_webhook
from bot.database import Database
from bot.deliver import Courier
from bot.door import Door
from bot.errors import BotError, TokenError
from bot.health import Health, Heart
from bot.inbox import Inbox
from bot.log import redact
from bot.memory import Memory
from bot.order import ChatOrder
from bot.pace import Pace
from bot.profile import set_profile
from bot.routes import Routes
from bot.settings import Settings
from bot.transport import ApiBot, PollRequest, SendRequest, ServerClock, has_id, mend_update
from bot.webhook import WebhookServer
from qa import QA

# The end: eight seconds in all, for supervisors kill after ten.
_INTAKE_S, _WORK_S, _END_S = 1.5, 4.0, 1.5

# How long a thread may hold the interpreter while the event loop wants it. Python's own .005 lets two questions that
# compute in Python hold the loop up for 470 ms, measured 2026-11-25 with tests/test_bot_load.py.
_SWITCH_S = 0.0005

logger = logging.getLogger(__name__)


class Service:
    """The bot with all its parts, from its start to its end."""

    def __init__(self, settings: Settings, qa: QA, reread: Callable[[], Settings]) -> None:
        """`reread` reads the settings again, for /reload."""
        self._settings = settings
        self._reread = reread
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: set[asyncio.Task[None]] = set()  # what nobody waits for
        clock = ServerClock()
        proxy = settings.proxy.reveal() if settings.proxy else None
        self._poll = PollRequest(clock, proxy, on_end=self._end)
        self._bot = ApiBot(
            settings.token.reveal(),
            base_url=settings.base_url,
            base_file_url=settings.base_file_url,
            request=SendRequest(clock, proxy),
            get_updates_request=self._poll,
            defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
            rate_limiter=Pace(),
        )
        self._database = Database(settings.data)
        self._door = Door(settings, waiting=lambda chat: self._inbox.count_of(chat), notify=self._tell)
        self._inbox = Inbox(self._database, self._door.admit, limit=settings.waiting)
        self._memory = Memory(self._database)
        self._courier = Courier(self._bot, self._memory)
        self._desk = Desk(qa, workers=settings.workers, limit=settings.answer_seconds)
        self._routes = Routes(
            self._desk, self._courier, self._memory, self._inbox, self._door, now=clock.now, reload=self._reload
        )
        self._order = ChatOrder(self._inbox)
        self._heart = Heart(settings.data, self._look)
        self._webhook = WebhookServer(settings.webhook, self._receive, self._is_well) if settings.webhook else None
        self._app = self._build()

    def _build(self) -> Any:  # noqa: ANN401 - Application's six parameters say nothing here
        builder = ApplicationBuilder().bot(self._bot).update_queue(self._inbox).concurrent_updates(self._order)
        app = builder.build()
        app.add_handler(TypeHandler(Update, self._routes.on_update))
        app.add_error_handler(self._routes.on_error)
        return app

    # From start to end.

    async def run(self, *, wait: bool = True) -> None:
        """Serve until a signal or a BotError ends it; UnreachableError, without `wait`, if Telegram is not there."""
        sys.setswitchinterval(_SWITCH_S)
        self._listen_for_signals()
        heart = asyncio.create_task(self._heart.beat())
        start = asyncio.create_task(self._start(wait=wait))
        try:
            await asyncio.wait({start, self._ended}, return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                start.result()
            await self._ended
        except InvalidToken:
            raise TokenError("Telegram rejected the token; get a new one from @BotFather") from None
        finally:
            start.cancel()
            await self._stop()
            heart.cancel()
            self._heart.stop()

    async def _start(self, *, wait: bool) -> None:
        self._heart.write()
        await connect(self._bot, wait=wait)
        self._door.me = self._bot.bot
        await self._introduce()
        await self._desk.load()
        await self._app.initialize()
        left = self._inbox.replay(self._bot, give_up=lambda update: self._tell(update, "failed", {"error": "lost"}))
        await self._app.start()
        if self._webhook and self._settings.webhook:
            await self._webhook.start()
            await set_webhook(self._bot, self._settings.webhook)
        elif self._app.updater:
            self._poll.polled = time.monotonic()
            await self._app.updater.start_polling(
                timeout=self._settings.poll_seconds,
                bootstrap_retries=-1,
                allowed_updates=UPDATES,
                error_callback=lambda error: logger.warning("polling failed (%s)", redact(str(error))),
            )
        logger.info("serving as @%s, %d questions left from before", self._bot.username, left)
        self._spawn(set_profile(self._bot, self._settings.admins))

    async def _introduce(self) -> None:
        folder = self._settings.library_folder
        count = len(await self._desk.call(self._desk.qa.article_ids))
        logger.info("library %s: %d articles; answers %s", folder, count, name_askers(self._settings))
        if not count:
            logger.warning("%s (while the bot runs, if you like)", tell_empty(folder))

    async def _stop(self) -> None:
        """End within eight seconds. What is not answered by then is answered by the next start."""
        if self._app.running:
            logger.info(
                "ending; unanswered questions: %d, kept for the next start if they stay so", self._inbox.depth
            )
        await _at_most(_INTAKE_S, self._stop_intake())
        await self._order.close(_WORK_S)
        for task in self._tasks:
            task.cancel()
        await _at_most(_END_S, self._stop_app())
        self._desk.close()
        self._database.close()

    async def _stop_intake(self) -> None:
        if self._webhook:
            await self._webhook.stop()
        if self._app.updater and self._app.updater.running:
            await self._app.updater.stop()

    async def _stop_app(self) -> None:
        if self._app.running:
            await self._app.stop()
        await self._app.shutdown()

    def _end(self, error: BotError | None = None) -> None:
        if not self._ended.done():
            if error:
                self._ended.set_exception(error)
            else:
                self._ended.set_result(None)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()

        def on_signal() -> None:
            if self._ended.done():
                os._exit(1)  # asked twice: at once
            self._end()

        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, on_signal)
            except NotImplementedError:  # Windows
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(on_signal))

    # What the parts ask of it.

    async def _receive(self, raw: dict[str, object]) -> None:
        """Take an update that came by webhook; it is on disk when this returns."""
        if has_id(raw):
            await self._inbox.put(Update.de_json(mend_update(raw), self._bot))

    def _tell(self, update: Update, key: str, values: dict[str, object]) -> None:
        self._spawn(self._routes.tell(update, key, values))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _reload(self) -> None:
        """Take over who may use the bot, and how fast; the rest of the settings needs a new start."""
        new = self._reread()
        self._door.settings = replace(
            self._settings,
            public=new.public,
            users=new.users,
            chats=new.chats,
            admins=new.admins,
            per_minute=new.per_minute,
            burst=new.burst,
            waiting_per_chat=new.waiting_per_chat,
        )

    def _look(self, lag_ms: float) -> Health:
        polling = self._webhook is None
        return Health(
            pid=os.getpid(),
            written=time.time(),
            loaded=self._desk.loaded,
            poll_age=time.monotonic() - self._poll.polled if polling else None,
            poll_limit=2.0 * self._settings.poll_seconds if polling else None,
            depth=self._inbox.depth,
            limit=self._settings.waiting,
            lag_ms=round(lag_ms, 1),
            asked=self._desk.asked,
            hung=self._desk.hung,
            degraded=self._database.degraded,
        )

    def _is_well(self) -> bool:
        return not self._look(0.0).find_fault(time.time())


async def _at_most(seconds: float, work: Awaitable[None]) -> None:
    """Wait for one step of the end, but not longer; whatever it fails with, the next step comes."""
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        logger.info("did not end in %s s; going on", seconds)
    except (TelegramError, RuntimeError) as error:
        logger.info("did not end well (%s); going on", redact(str(error)))
