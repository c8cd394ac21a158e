"""Many chats that ask at once, how long each of them waits, and what that costs the bot meanwhile."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bots import QUESTION, BotProcess
from telegram_server import TelegramServer

from bot.ask import Place
from bot.database import Database
from bot.memory import Memory, Turn
from qa import Slice
from qa import Turn as Said

_HISTORY = "Someone attended the meeting between the minister and the ambassador."  # an answer of usual length


class Waits:
    """How many seconds every chat waited for its answer."""

    def __init__(self, seconds: Iterable[float]) -> None:
        self._seconds = sorted(seconds)

    def share(self, part: float) -> float:
        """Return the seconds in which a part of the chats, over 0 to 1, had their answers."""
        return self._seconds[math.ceil(part * len(self._seconds)) - 1]

    @property
    def p50(self) -> float:
        return self.share(0.5)

    @property
    def p95(self) -> float:
        return self.share(0.95)

    @property
    def longest(self) -> float:
        return self.share(1)


def ask_all(
    server: TelegramServer, chats: Iterable[int], text: str = QUESTION, *, seconds: float = 0.0
) -> dict[int, float]:
    """Let every chat ask once, evenly over so many seconds, and return when each did, on the monotonic clock."""
    everybody = list(chats)
    asked: dict[int, float] = {}
    began = time.monotonic()
    for number, chat in enumerate(everybody):
        time.sleep(max(0.0, began + seconds * number / len(everybody) - time.monotonic()))
        asked[chat] = time.monotonic()
        server.say(text, user=chat)
    return asked


def wait_for_all(server: TelegramServer, asked: Mapping[int, float], seconds: float = 60.0) -> Waits:
    """Wait until everybody who asked has a message of the bot's, and return how long each waited for the first."""
    first: dict[int, float] = {}

    def count() -> int:
        first.clear()
        for call in server.calls("sendMessage"):
            if call.chat in asked and call.time >= asked[call.chat]:
                first.setdefault(call.chat, call.time - asked[call.chat])
        return len(first)

    server.wait_until(lambda: count() == len(asked), f"{len(asked)} answers", seconds, lambda: f"{count()} came")
    return Waits(first.values())


class Watch:
    """The largest figures of a bot as long as the context lasts: what it says about itself, its memory in MB."""

    def __init__(self, bot: BotProcess) -> None:
        self._bot = bot
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.memory = 0.0
        self.lag_ms = 0.0
        self.depth = 0

    def __enter__(self) -> Watch:
        self._began = time.time()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """The last look is at figures that were written after all was over."""
        now = time.time()
        self._bot.wait_until(lambda health: bool(health["written"] > now))
        self._over.set()
        self._thread.join(5)
        self._note(self._bot.health)

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self._note(self._bot.health)

    def _note(self, health: Mapping[str, Any]) -> None:
        if health and health["written"] >= self._began:
            self.memory = max(self.memory, self._bot.memory())
            self.lag_ms = max(self.lag_ms, health["lag_ms"])
            self.depth = max(self.depth, health["depth"])


def settle(bot: BotProcess, seconds: float = 20.0) -> dict[str, Any]:
    """Wait until nothing is left to do, and return what the bot says about itself then."""
    now = time.time()
    return bot.wait_until(lambda health: health["written"] > now and not health["depth"], seconds)


class Cost(NamedTuple):
    """What histories cost: the memory in use and the size of the database, in MB, and the seconds of the start."""

    memory: float
    database: float
    start: float


def serve_histories(folder: Path, chats: int, askers: int = 300) -> Cost:
    """Start a bot that remembers an answer in so many chats, and let some ask."""
    folder.mkdir()
    with TelegramServer() as server:
        bot = BotProcess(server, folder)
        size = write_histories(bot.data, range(1, chats + 1))
        began = time.monotonic()
        with bot:
            start = server.wait("getUpdates")[0].time - began
            wait_for_all(server, ask_all(server, range(1, 333 * askers, 333)))
            settle(bot)
            return Cost(bot.memory(), size, start)


def write_histories(data: Path, chats: Iterable[int]) -> float:
    """Write down a question and its answer for every chat, as the bot does, and return the file's size in MB."""
    database = Database(data)
    memory = Memory(database)
    places = tuple(Place("0123456789abcdef", 400 * number, 400 * number + 390, 0, 60) for number in range(8))
    said = Said(QUESTION, _HISTORY, (Slice("0123456789abcdef", 0, 60),))
    for chat in chats:
        turn = memory.begin_turn(Turn(chat, 5, time.time(), chat, QUESTION, _HISTORY, places, said=said))
        memory.mark_sent(turn, [6])
    database.close()
    return database.path.stat().st_size / 1e6
