"""The queue between Telegram and the handlers: what it has taken is on disk until it is answered.

python-telegram-bot confirms an update to Telegram when `put` returns, and only then: the update is written down
first. When more than `limit` updates are unfinished `put` waits, and Telegram keeps the rest.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator

from telegram import Bot, Update

from bot.database import Database

MAX_TRIES = 10  # times that the process may die at an update before it is given up
_IDS_KEPT = 10_000  # finished updates that are recognised when they come again

logger = logging.getLogger(__name__)


class Inbox(asyncio.Queue[object]):
    """An `update_queue` for `telegram.ext.Application` that survives the process.

    `admit` is asked of every new update; what it does not admit is forgotten at once and never written down.
    """

    def __init__(self, database: Database, admit: Callable[[Update], bool], *, limit: int) -> None:
        super().__init__()
        self._database = database
        self._admit = admit
        self._limit = limit
        self._unfinished: dict[int, int | None] = {}  # update id -> chat
        self._room = asyncio.Event()

    @property
    def depth(self) -> int:
        """How many updates were taken and are not finished."""
        return len(self._unfinished)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken from Telegram for now."""
        return self.depth >= self._limit

    def count_of(self, chat: int) -> int:
        """Return how many unfinished updates a chat has."""
        return sum(other == chat for other in self._unfinished.values())

    async def put(self, item: object) -> None:
        """Take an update: write it down, then pass it on. Repeated ones are dropped."""
        if not isinstance(item, Update):  # python-telegram-bot's signal to stop
            await super().put(item)
            return
        await asyncio.sleep(0)  # whatever else is to be done is not held up by a whole batch
        while self.is_full:
            self._room.clear()
            await self._room.wait()
        if item.update_id in self._unfinished or self._is_done(item.update_id):
            what = "is waiting" if item.update_id in self._unfinished else "was done before"
            logger.info("update %d %s; skipped", item.update_id, what)
            return
        try:
            if not self._admit(item):
                return
            body = json.dumps(_to_keep(item))  # ASCII: a lone surrogate is no trouble
        except Exception as error:  # it would end the polling
            logger.error("update %d cannot be taken (%s); dropped", item.update_id, type(error).__name__)
            return
        chat = item.effective_chat.id if item.effective_chat else None
        with self._database.writing():
            self._database.execute(
                "INSERT OR IGNORE INTO inbox (update_id, chat, body) VALUES (?, ?, ?)",
                item.update_id,
                chat,
                body,
            )
        self._unfinished[item.update_id] = chat
        await super().put(item)

    def _is_done(self, update_id: int) -> bool:
        return bool(self._database.rows("SELECT 1 FROM done WHERE update_id = ?", update_id))

    def begin(self, update_id: int) -> None:
        """Note that work on an update begins: one that kills the process must not do so for ever."""
        with self._database.writing():
            self._database.execute("UPDATE inbox SET tries = tries + 1 WHERE update_id = ?", update_id)

    def finish(self, update_id: int) -> None:
        """Forget an update but for its id."""
        with self._database.writing():
            self._database.execute("DELETE FROM inbox WHERE update_id = ?", update_id)
            self._database.execute("INSERT OR IGNORE INTO done VALUES (?)", update_id)
            self._database.execute("DELETE FROM done WHERE update_id <= ?", update_id - _IDS_KEPT)
        self._unfinished.pop(update_id, None)
        self._room.set()

    def replay(self, bot: Bot, *, give_up: Callable[[Update], None]) -> int:
        """Take what an earlier process left unfinished, the oldest first, and return how much that was.

        `give_up` is called for each update at which the process has died too often.
        """
        for update_id, update in self._left(bot, give_up):
            self._unfinished[update_id] = update.effective_chat.id if update.effective_chat else None
            self.put_nowait(update)
        return self.depth

    def _left(self, bot: Bot, give_up: Callable[[Update], None]) -> Iterator[tuple[int, Update]]:
        for update_id, tries, body in self._database.rows(
            "SELECT update_id, tries, body FROM inbox ORDER BY update_id"
        ):
            try:
                update = Update.de_json(json.loads(body), bot)
            except Exception as error:  # whatever it is, it must not keep the others from their answers
                logger.error("update %d cannot be read again (%s); dropped", update_id, type(error).__name__)
                self.finish(update_id)
                continue
            if tries >= MAX_TRIES:
                logger.error("update %d was begun %d times and never finished; dropped", update_id, tries)
                give_up(update)
                self.finish(update_id)
                continue
            yield update_id, update


def _to_keep(update: Update) -> dict[str, object]:
    """Return an update as it is written down: of the message under whose button was pressed only which one it is.

    A press on an old message would else bring the words of a chat that was forgotten back to the disk.
    """
    kept = update.to_dict()
    message = kept.get("callback_query", {}).get("message")
    if message:
        kept["callback_query"]["message"] = {name: message[name] for name in ("message_id", "date", "chat")}
    return kept
