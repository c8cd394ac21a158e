"""Whether the bot hears and answers, written down every second for whoever watches over it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

HEALTH_FILE = "health.json"
_TICK_S = 0.05
_WRITE_S = 1.0
_STALE_S = 10.0  # a loop that has not written for so long is stuck
_LAGS_KEPT = 200  # ticks, ten seconds


@dataclass(frozen=True, slots=True)
class Health:
    """What one second looked like.

    `poll_age` is how many seconds ago Telegram last answered a poll, `poll_limit` how many are too many; None for a
    webhook. `depth` of at most `limit` updates are unfinished. `lag_ms` is the longest that the event loop was held
    up in the last ten seconds. `asked` counts the questions put to the library, `hung` those that it has not come
    back from in time. `degraded`: the database cannot be written. `written` is in seconds since 1970.
    """

    pid: int
    written: float
    loaded: bool
    poll_age: float | None
    poll_limit: float | None
    depth: int
    limit: int
    lag_ms: float
    asked: int
    hung: int
    degraded: bool

    def find_fault(self, now: float) -> str:
        """Return what is wrong, or nothing."""
        if now - self.written > _STALE_S:
            return f"no sign of life for {now - self.written:.0f} s"
        if not self.loaded:
            return "the models are not loaded yet"
        if self.hung > 1:
            return f"{self.hung} questions hang"
        if self.depth >= self.limit:  # nothing is polled for until there is room
            return ""
        if self.poll_age is not None and self.poll_limit is not None and self.poll_age > self.poll_limit:
            return f"Telegram has not answered a poll for {self.poll_age:.0f} s"
        return ""

    def describe(self, now: float) -> str:
        """Return one line about it."""
        fault = self.find_fault(now)
        state = f"unhealthy: {fault}" if fault else "degraded: the database cannot be written" * self.degraded or "ok"
        poll = "" if self.poll_age is None else f", last poll {self.poll_age:.1f} s ago"
        return f"{state} (pid {self.pid}{poll}, {self.depth} of {self.limit} waiting, {self.asked} asked)"


class Heart:
    """Measures the event loop and writes the health file."""

    def __init__(self, folder: Path, look: Callable[[float], Health]) -> None:
        """`look` makes a Health of the present, given the lag in milliseconds."""
        self._path = folder / HEALTH_FILE
        self._look = look
        self._lags: deque[float] = deque([0.0], maxlen=_LAGS_KEPT)

    async def beat(self) -> None:
        """Tick until cancelled."""
        written = float("-inf")
        while True:
            before = time.monotonic()
            await asyncio.sleep(_TICK_S)
            now = time.monotonic()
            self._lags.append(1000 * max(0.0, now - before - _TICK_S))
            if now - written >= _WRITE_S:
                written = now
                self.write()

    def write(self) -> None:
        """Write the file in one step; a full disk is told of elsewhere."""
        draft = self._path.with_suffix(".tmp")
        try:
            draft.write_text(json.dumps(asdict(self._look(max(self._lags)))), encoding="utf-8")
            draft.replace(self._path)
        except OSError:
            pass

    def stop(self) -> None:
        """Take the file away, so that nobody takes a bot that has ended for one that is stuck."""
        self._path.unlink(missing_ok=True)


def read_health(folder: Path) -> Health | None:
    """Return what the bot that uses this folder last wrote; None if none runs."""
    try:
        found = Health(**json.loads((folder / HEALTH_FILE).read_text(encoding="utf-8")))
        os.kill(found.pid, 0)  # asks only whether it is there
    except PermissionError:
        return found
    except (OSError, ValueError, TypeError):
        return None
    return found
