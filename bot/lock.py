"""One bot a token and a data folder on one machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import AlreadyRunningError, StateError
from bot.settings import Settings


@contextlib.contextmanager
def run_alone(settings: Settings) -> Iterator[None]:
    """Hold the token and the data folder for this process; AlreadyRunningError if another one here has them."""
    token = hashlib.sha256(f"{settings.base_url}{settings.token.reveal()}".encode()).hexdigest()[:16]
    with contextlib.ExitStack() as stack:
        try:
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in (Path(tempfile.gettempdir()) / f"qa-bot-{token}.lock", settings.data / "bot.lock"):
                stack.enter_context(_hold(path))
        except OSError as error:
            raise StateError(
                f"{error.filename or settings.data}: cannot be used ({error.strerror}); name another folder with "
                "QA_BOT_DATA or TMPDIR"
            ) from error
        yield


@contextlib.contextmanager
def _hold(path: Path) -> Iterator[None]:
    """Hold one lock, with the process's number beside it."""
    note = path.with_suffix(".pid")
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(FileLock(path, blocking=False))
        except Timeout:
            raise AlreadyRunningError(f"already running, pid {_read(note)}; end that one first") from None
        note.write_text(str(os.getpid()), encoding="ascii")
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                note.unlink()


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="ascii")
    except FileNotFoundError:  # that one is beginning, or ending
        return "unknown"
