"""The progress bar: seen when work takes long, never else."""

from __future__ import annotations

import io
import sys
import threading
import time

import pytest

from qa.progress import ProgressBar


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if "passages" in text:
            self.written.set()
        return super().write(text)


def look(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of stderr; in the test itself, for pytest puts its own there behind fixtures."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_work_that_is_over_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes less than half a second is not told of."""
    terminal = look(monkeypatch)
    bar = ProgressBar()
    bar.show("passages", 0, 1000)
    assert [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    bar.hide()
    assert terminal.getvalue() == ""
    time.sleep(0.1)
    assert not [
        thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()
    ]


def test_long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar says how far it has come and how fast, starts again with the next piece of work, and goes."""
    terminal = look(monkeypatch)
    monkeypatch.setattr("qa.progress._PATIENCE_S", 0.01)
    bar = ProgressBar()
    for done in (0, 600, 1200, 1800):
        bar.show("passages", done, 2000)
        assert terminal.written.wait(5)
    bar.show("more passages", 1, 10)
    bar.hide()
    shown = terminal.getvalue()
    assert "passages 1,800/2,000, " in shown
    assert " a second" in shown
    assert "more passages 1/10" in shown
    assert shown.rstrip().endswith("\x1b[2K")


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets no bar."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr("qa.progress._PATIENCE_S", 0.0)
    bar = ProgressBar()
    bar.show("passages", 1, 2)
    bar.hide()
    assert stream.getvalue() == ""
