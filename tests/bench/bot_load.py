"""Puts the bot under load, for three minutes: `PYTHONPATH=.:tests python tests/bench/bot_load.py`."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from bots import QUESTION, BotProcess
from crowd import Waits, Watch, ask_all, serve_histories, settle, wait_for_all
from telegram_server import TelegramServer

CHATS = 200  # that ask within a second
MESSAGES, ASKERS = 10_000, 2_000  # while the models are stopped
HISTORIES = 100_000


def ask_real_models(folder: Path) -> None:
    """Let many chats ask within a second."""
    with TelegramServer() as server, BotProcess(server, folder, real=True) as bot:
        wait_for_all(server, ask_all(server, [1]))
        before = settle(bot), bot.memory()
        with Watch(bot) as watch:
            waits = wait_for_all(server, ask_all(server, range(100, 100 + CHATS), seconds=1), seconds=120)
            settle(bot)
        sent = Counter(call.chat for call in server.calls("sendMessage") if call.chat != 1)
        print_row(
            f"{CHATS} chats ask within a second, real models",
            f"p50 {waits.p50:.1f} s, p95 {waits.p95:.1f} s, all {waits.longest:.1f} s",
        )
        print_row("  of them", f"lost {CHATS - len(sent)}, doubled {sum(n > 1 for n in sent.values())}")
        print_row("  memory", f"{before[1]:.0f} MB before, {watch.memory:.0f} at most, {bot.memory():.0f} after")
        print_row("  event loop", f"held up for {watch.lag_ms:.0f} ms at most")


def hang_a_call(folder: Path) -> None:
    """Compare how long others wait with and without a call that hangs."""

    def ask_steadily(first: int) -> Waits:
        return wait_for_all(server, ask_all(server, range(first, first + 150), f"{QUESTION} slowly 0.05", seconds=15))

    with TelegramServer() as server, BotProcess(server, folder, QA_BOT_ANSWER_SECONDS="90"):
        free = ask_steadily(1000)
        server.say("Who hangs? slowly 60", user=1)
        held = ask_steadily(2000)
        assert not server.messages(1)
        print_row("10 questions a second of 50 ms", f"p95 {1000 * free.p95:.0f} ms")
        print_row("  while one chat's call hangs", f"p95 {1000 * held.p95:.0f} ms, x {held.p95 / free.p95:.2f}")


def queue_messages(folder: Path) -> None:
    """Let messages pile up while the models are stopped, and see how fast a part of them is answered."""
    with TelegramServer() as server, BotProcess(server, folder) as bot:
        wait_for_all(server, ask_all(server, range(100, 200)))
        settle(bot)
        before = bot.memory()
        ask_all(server, (1, 2), f"{QUESTION} slowly 20")
        bot.wait_until(lambda health: health["depth"] == 2)
        with Watch(bot) as watch:
            server.say_many({"text": QUESTION, "user": 1000 + number % ASKERS} for number in range(MESSAGES))
            bot.wait_until(lambda health: health["depth"] == health["limit"])
            assert not server.messages(1)
        print_row(
            f"{MESSAGES:,} messages of {ASKERS:,} chats, models stopped",
            f"+{watch.memory - before:.1f} MB, {server.pending():,} left with Telegram",
        )


def remember_chats(folder: Path) -> None:
    """Compare a bot that remembers many chats with one that remembers none."""
    empty = serve_histories(folder / "empty", 0)
    full = serve_histories(folder / "full", HISTORIES)
    print_row(
        f"{HISTORIES:,} chats with history",
        f"+{full.memory - empty.memory:.1f} MB, {full.database:.0f} MB on disk, start {full.start:.1f} s "
        f"(none: {empty.start:.1f} s)",
    )


def keep_interpreter_busy(folder: Path) -> None:
    """See how long calls that do not let go of the interpreter hold up the event loop."""
    with TelegramServer() as server, BotProcess(server, folder) as bot, Watch(bot) as watch:
        asked = ask_all(server, (1, 2), f"{QUESTION} spin 6")
        waits = wait_for_all(server, ask_all(server, range(100, 140), "/privacy", seconds=3))
        assert not server.messages(1)
        wait_for_all(server, asked)
    print_row("two calls keep the interpreter busy", f"event loop held up for {watch.lag_ms:.0f} ms at most")
    print_row("  40 chats send /privacy meanwhile", f"p95 {1000 * waits.p95:.0f} ms")


def print_row(what: str, figures: str) -> None:
    print(f"{what:48} {figures}", flush=True)


def main() -> None:
    """Print the figures, a row each."""
    parts = (ask_real_models, hang_a_call, queue_messages, remember_chats, keep_interpreter_busy)
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            part(Path(folder))


if __name__ == "__main__":
    main()
