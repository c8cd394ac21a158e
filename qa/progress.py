"""A progress bar on stderr, for work that takes long enough to be told of."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE_S = 0.5


class ProgressBar:
    """Shows what `qa.types.Progress` is told, if somebody is there to see it and it is not over at once."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._timer: threading.Timer | None = None
        self._state = ("", 0, 0)
        self._lock = threading.RLock()

    def show(self, label: str, done: int, total: int) -> None:
        """Tell how far the work has come: `done` of `total` things, 0 of 0 if it cannot be counted."""
        if not sys.stderr.isatty():
            return
        with self._lock:
            self._state = label, done, total
            if self._bar:
                self._update(self._bar)
            elif not self._timer:
                self._timer = threading.Timer(_PATIENCE_S, self._draw)
                self._timer.daemon = True
                self._timer.start()

    def hide(self) -> None:
        """Take the bar off the screen, so that something can be printed."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._bar:
                self._bar.stop()
            self._timer = self._bar = None

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        with self._lock:
            if threading.current_thread() is not self._timer:  # hidden meanwhile
                return
            columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task(self._state[0])
            self._bar.start()
            self._update(self._bar)

    def _update(self, bar: Progress) -> None:
        label, done, total = self._state
        task = bar.tasks[0]
        task.total = total or None
        if done < task.completed:  # the next piece of work
            bar.reset(task.id, total=task.total)
        count = f" {done:,}/{total:,}" if total else ""
        rate = f", {task.speed:.0f} a second" if total and task.speed else ""
        bar.update(task.id, description=label + count + rate, completed=done)
