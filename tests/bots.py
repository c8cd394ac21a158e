"""The real bot as a process of its own, beside the stand-in for Telegram's server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fakes import SentenceReader, WordEmbedder
from telegram_server import TelegramServer, text_of

from qa import QA, Article, load_shipped

ROOT = Path(__file__).parents[1]
QUESTION = "Who met Shaza Fatima Khawaja?"
NONSENSE = "Which zebra devoured the xylophone?"
FACTS = 400  # in the article of `write_facts`


def fact(number: int) -> str:
    """Return a sentence that is no other's answer, and is the whole of its own."""
    return f"Someone bought {number:03d}lamp."


def ask(number: int, how: str = "") -> str:
    """Return the question that a fact answers; `how` is what tests/fake_bot.py does with it."""
    return f"Who bought {number:03d}lamp? {how}".strip()


def write_facts(folder: Path) -> str:
    """Write an article of facts, and return its path, to be given as FAKE_ARTICLE."""
    path = folder / "facts.txt"
    path.write_text("Facts\n\n" + "\n\n".join(map(fact, range(FACTS))), encoding="utf-8")
    return str(path)


def heads(server: TelegramServer, chat: int) -> list[str]:
    """Return the first line of every message of the bot in a chat: of an answer, what it says."""
    return [text_of(message).split("\n")[0] for message in server.messages(chat)]


def write_library(folder: Path, articles: Iterable[Article]) -> None:
    """Fill the library of a bot whose folder this is, before it starts."""
    with QA.open(folder / "library", model=WordEmbedder(), reader=SentenceReader()) as qa:
        for article in articles:
            qa.add(article)


class BotProcess:
    """`qa-bot` in a process: by default with models that count words, which starts in a second; `real` has the own.

    A library that is not there yet gets the shipped article.
    Settings are given as environment variables; everybody may ask unless `QA_BOT_PUBLIC` says otherwise. Used as a
    context manager it is started, and killed at the end if it still runs.
    """

    def __init__(
        self, server: TelegramServer, folder: Path, *options: str, real: bool = False, **settings: str
    ) -> None:
        self.data = folder / "data"
        self.log_file = folder / "bot.log"
        self.output_file = folder / "bot.out"
        module = ["-m", "bot"] if real else [str(ROOT / "tests" / "fake_bot.py")]
        self._command = [sys.executable, *module, *options]
        self._fill = folder / "library" if real else None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM_", "QA_"))},
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_BASE_URL": server.base_url,
            "TELEGRAM_BASE_FILE_URL": server.base_file_url,
            "QA_LIBRARY": str(folder / "library"),
            "QA_BOT_DATA": str(self.data),
            "QA_BOT_PUBLIC": "1",
            "QA_BOT_POLL_SECONDS": "2",
            "QA_BOT_BURST": "100",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> BotProcess:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process and self._process.poll() is None:
            self.kill()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self, *, wait: bool = True) -> BotProcess:
        """Start the process, and wait until it has loaded its models and polls."""
        if self._fill and not self._fill.exists():
            with QA.open(self._fill) as qa:
                for article in load_shipped():
                    qa.add(article)
        with self.log_file.open("ab") as log, self.output_file.open("ab") as output:
            self._process = subprocess.Popen(self._command, env=self.environment, stdout=output, stderr=log)
        if wait:
            self.wait_until(lambda health: bool(health["loaded"]) and health["pid"] == self.pid, seconds=90)
        return self

    def run(self, *command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run another `qa-bot` command with the same settings, to its end."""
        return subprocess.run(
            [*self._command, *command],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._end(signal.SIGKILL, 10)

    def stop(self, seconds: float = 9) -> int:
        """Ask the process to end, and return its exit status."""
        return self._end(signal.SIGTERM, seconds)

    def wait(self, seconds: float = 20) -> int:
        """Wait for the process to end by itself, and return its exit status."""
        assert self._process
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the bot still runs after {seconds} s\n{self.log}") from None

    def _end(self, number: signal.Signals, seconds: float) -> int:
        assert self._process
        self._process.send_signal(number)
        return self.wait(seconds)

    @property
    def running(self) -> bool:
        assert self._process
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """What it has logged so far, over all its starts."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    @property
    def output(self) -> str:
        return self.output_file.read_text(encoding="utf-8", errors="replace") if self.output_file.exists() else ""

    @property
    def health(self) -> dict[str, Any]:
        """What it last wrote about itself; empty if it does not run."""
        try:
            found: dict[str, Any] = json.loads((self.data / "health.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def wait_until(self, good: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
        """Wait until what it writes about itself is as wanted, and return it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            health = self.health
            if health and good(health):
                return health
            if not self.running:
                break
            time.sleep(0.05)
        raise AssertionError(f"not in {seconds} s; last: {self.health}\nrunning: {self.running}\n{self.log}")

    def memory(self) -> float:
        """Return how much memory the process has in use, in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
