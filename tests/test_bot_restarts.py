"""What has been asked is answered, and once: after a kill, an end in the middle of work, a disk that fails."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bots import BotProcess, ask, fact, heads, write_facts, write_library
from telegram_server import TelegramServer

from bot.database import DATABASE_FILE, Database
from bot.health import read_health
from bot.texts import say
from qa import Article

Json = dict[str, Any]
Killed = tuple[TelegramServer, BotProcess]
Fault = Callable[[BotProcess], AbstractContextManager[None]]

KILLS = 20
LINES = 35  # of each chat in the conversation with the kills
EDITED = 200  # is added to the number of a question that is changed
UNDER_WAY_S = 0.5  # before a kill: what was sent so shortly before it may come again

IN_WORK, LATE, SENDING, EDITING, DONE = (1, 2, 3), (4, 5), 6, 7, 8  # chats


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    """A bot that was killed with questions in work, a message and an edit being sent, and started again."""
    folder = tmp_path_factory.mktemp("killed")
    article = write_facts(folder)
    with TelegramServer() as server, BotProcess(server, folder, FAKE_ARTICLE=article, QA_BOT_WORKERS="6") as bot:
        asked = server.say(ask(EDITING), user=EDITING)
        server.say(ask(DONE), user=DONE)
        server.wait_messages(EDITING)
        server.wait_messages(DONE)
        hold_up(server, asked)
        for chat in IN_WORK:
            server.say(ask(chat, "slowly 0.6"), user=chat)
            server.wait("sendChatAction", chat=chat)
        bot.kill()
        for chat in LATE:
            server.say(ask(chat), user=chat)
        bot.start()
        wait_idle(server, bot)
        yield server, bot


def hold_up(server: TelegramServer, asked: Json) -> None:
    """Let a message have arrived and an edit be lost, and the bot wait for the answer of both."""
    server.fault("sendMessage", delay=60, chat=SENDING)
    server.say(ask(SENDING), user=SENDING)
    server.wait_messages(SENDING)
    lost = server.fault("editMessageText", delay=60, drop=True, chat=EDITING)
    server.edit(asked, ask(EDITED + EDITING))
    server.wait_until(lambda: lost.times == 0, "the edit is being sent")


def wait_idle(server: TelegramServer, bot: BotProcess, seconds: float = 30) -> None:
    """Wait until the bot has taken everything and has nothing left to do."""
    bot.wait_until(lambda health: health["loaded"] and health["pid"] == bot.pid, seconds)
    server.wait_until(lambda: server.pending() == 0, "all is taken", seconds)
    now = time.time()
    bot.wait_until(lambda health: health["depth"] == 0 and health["written"] > now, seconds)


@pytest.mark.slow
def test_u6_kill(killed: Killed) -> None:
    """U6: questions in work at a kill, and those asked while the bot is down, are answered once."""
    server, bot = killed
    assert [heads(server, chat) for chat in (*IN_WORK, *LATE)] == [[fact(chat)] for chat in (*IN_WORK, *LATE)]
    assert heads(server, DONE) == [fact(DONE)]
    assert "5 questions left from before" in bot.log


def test_u6_kill_while_sending(killed: Killed) -> None:
    """U6: a message that Telegram had taken when the bot was killed, before it said so, comes twice at most."""
    server, _ = killed
    assert heads(server, SENDING) == 2 * [fact(SENDING)]


def test_u6_kill_while_editing(killed: Killed) -> None:
    """U6: an edited question has its answer edited although the bot was killed at it."""
    server, _ = killed
    assert heads(server, EDITING) == [fact(EDITED + EDITING)]


def test_u6_kill_in_a_conversation(server: TelegramServer, tmp_path: Path) -> None:
    """U6: a choice whose answer was being shown at a kill is answered in its place; a greeting gets one reply."""
    comets = "What is “Comets” about?"
    write_library(tmp_path, [Article("It was seen.", title="Comets"), Article("It shone.", title="Moons")])
    with BotProcess(server, tmp_path) as bot:
        server.say("What is the article about?", user=1)
        (asked,) = server.wait_messages(1)
        lost = server.fault("editMessageText", delay=60, drop=True, chat=1)
        server.tap(asked, comets)
        server.wait_until(lambda: lost.times == 0, "the answer is being shown")
        bot.kill()
        server.say("hello", user=2)
        for _ in range(2):
            bot.start()
            wait_idle(server, bot)
            bot.kill()
    assert heads(server, 1) == [f"I read this as: ⁨{comets}⁩"]
    assert heads(server, 2) == [say("en", "talk_greeting")]


class Step(NamedTuple):
    """What somebody does: asks, or changes the question that was asked last; `line` is the same for both."""

    chat: int
    line: int
    edits: bool


def write_script(dice: random.Random, chats: Sequence[int]) -> list[Step]:
    """Return what happens in some chats, mixed; every fourth question is changed after it was asked."""
    left: dict[int, list[Step]] = {chat: [] for chat in chats}
    for place, chat in enumerate(chats):
        for line in range(place * LINES, (place + 1) * LINES):
            left[chat] += [Step(chat, line, edits) for edits in ((False, True) if line % 4 == 0 else (False,))]
    script = []
    while any(left.values()):
        script.append(left[dice.choice([chat for chat in chats if left[chat]])].pop(0))
    return script


def play(server: TelegramServer, dice: random.Random, script: Iterable[Step]) -> Iterator[None]:
    """Do one step each time that the next is asked for."""
    asked: dict[int, Json] = {}
    for step in script:
        if step.edits:
            server.edit(asked[step.chat], ask(EDITED + step.line))
        else:
            how = dice.choice(["", "slowly 0.1", "slowly 0.4"])
            asked[step.chat] = server.say(ask(step.line, how), user=step.chat)
        yield


def live(bot: BotProcess, dice: random.Random, steps: Iterator[None]) -> float:
    """Kill the bot at a random moment of its work, or of its start; start it again; return when it was killed."""
    end = time.monotonic() + dice.uniform(0.2, 3.2)
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, dice.uniform(0.05, 0.4)))
        next(steps, None)
    assert bot.running, bot.log
    bot.kill()
    moment = time.monotonic()
    bot.start(wait=False)
    return moment


def check_copies(server: TelegramServer, chat: int, kills: Sequence[float]) -> int:
    """Check that no answer was sent again but what was under way at a kill, and return how many were."""
    times: dict[int, list[float]] = {}
    for call in server.calls("sendMessage", chat):
        number = int(call.params["text"].split("lamp")[0][-3:])
        times.setdefault(number % EDITED, []).append(call.time)
    again = [time for sent in times.values() for time in sent[:-1]]
    assert [time for time in again if not any(0 <= kill - time < UNDER_WAY_S for kill in kills)] == []
    return len(again)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_u7_twenty_kills(server: TelegramServer, tmp_path: Path, seed: int) -> None:
    """U7: over 20 random kills every question is answered, in order, and twice only if it was being sent."""
    dice, chats = random.Random(seed), (1, 2, 3, 4)  # noqa: S311
    script = write_script(dice, chats)
    steps = play(server, dice, script)
    for method in ("sendMessage", "editMessageText"):
        server.fault(method, 10_000, delay=0.1)  # as far away as Telegram is
    article = write_facts(tmp_path)
    with BotProcess(server, tmp_path, FAKE_ARTICLE=article, QA_BOT_WAITING_PER_CHAT="100") as bot:
        kills = [live(bot, dice, steps) for _ in range(KILLS)]
        for _ in steps:
            pass
        wait_idle(server, bot, 90)
        twice = sum(check_copies(server, chat, kills) for chat in chats)
        for chat in chats:
            edited = {step.line for step in script if step.edits}
            lines = [step.line for step in script if step.chat == chat and not step.edits]
            assert last_copies(server, chat) == [fact(line + EDITED * (line in edited)) for line in lines]
        assert twice <= KILLS
        assert " ERROR " not in bot.log


def last_copies(server: TelegramServer, chat: int) -> list[str]:
    """Return what stands in a chat, without the earlier copy of what came twice."""
    numbers = [int(head.split("lamp")[0][-3:]) for head in heads(server, chat)]
    return [
        fact(number)
        for place, number in enumerate(numbers)
        if all(later % EDITED != number % EDITED for later in numbers[place + 1 :])
    ]


@pytest.mark.slow
def test_u8_sigterm(server: TelegramServer, tmp_path: Path) -> None:
    """U8: SIGTERM in two calls of 30 s, ten questions behind them, ends within 8 s; the next start goes on."""
    article = write_facts(tmp_path)
    slow, queued = range(1, 3), range(3, 13)
    with BotProcess(server, tmp_path, FAKE_ARTICLE=article) as bot:
        for chat in (*slow, *queued):
            server.say(ask(chat, "slowly 30" if chat in slow else ""), user=chat)
        bot.wait_until(lambda health: health["depth"] == 12)
        assert bot.stop(8) == 0
    assert server.calls("sendMessage") == []
    with BotProcess(server, tmp_path, FAKE_ARTICLE=article, QA_BOT_ANSWER_SECONDS="1") as bot:
        wait_idle(server, bot)
    assert [heads(server, chat) for chat in slow] == 2 * [[say("en", "took_too_long")]]
    assert [heads(server, chat) for chat in queued] == [[fact(chat)] for chat in queued]


def test_u8_second_sigterm(server: TelegramServer, tmp_path: Path) -> None:
    """U8: asked a second time to end, the bot ends at once; the question is kept."""
    with BotProcess(server, tmp_path) as bot:
        server.say(ask(1, "slowly 30"), user=1)
        server.wait("sendChatAction", chat=1)
        os.kill(bot.pid, signal.SIGTERM)
        server.wait_until(lambda: "ending; unanswered questions: 1, kept" in bot.log, "it ends")
        os.kill(bot.pid, signal.SIGTERM)
        assert bot.wait(1) == 1
    with closing(sqlite3.connect(bot.data / DATABASE_FILE)) as database:
        assert database.execute("SELECT chat FROM inbox").fetchall() == [(1,)]


@pytest.mark.slow
def test_u9_five_hundred_waiting(server: TelegramServer, tmp_path: Path) -> None:
    """U9: of 500 updates that waited the old ones get a notice a chat, the others answers, in order and in pace."""
    chats, now = range(1, 51), server.world.now()
    for number in range(10):
        server.say_many({"text": ask(number), "user": c, "date": now - 1_000 * (number < 2)} for c in chats)
    with BotProcess(server, tmp_path, FAKE_ARTICLE=write_facts(tmp_path)) as bot:
        wait_idle(server, bot, 90)
    wanted = [say("en", "was_away"), *map(fact, range(2, 10))]
    assert {chat: heads(server, chat) for chat in chats} == dict.fromkeys(chats, wanted)
    for chat in chats:
        check_pace([call.time for call in server.calls("sendMessage", chat)], burst=3, rate=1)
    check_pace([call.time for call in server.calls() if call.chat in chats], burst=30, rate=30)


def check_pace(times: Sequence[float], burst: float, rate: float) -> None:
    """Check that no stretch of time had more than a burst and so many a second, but for what the network adds."""
    for first, start in enumerate(times):
        for number, end in enumerate(times[first:], 1):
            assert number <= burst + rate * (end - start + 0.1) + 1, (number, end - start)


@contextmanager
def locked(bot: BotProcess) -> Iterator[None]:
    """Hold the bot's database, as a backup that hangs does."""
    with closing(sqlite3.connect(bot.data / DATABASE_FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def full(bot: BotProcess) -> Iterator[None]:
    """Let no file of the bot grow beyond the largest that it has."""
    largest = max(path.stat().st_size for path in bot.data.iterdir())
    limits = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    ("chat", "fail"), [(11, locked), pytest.param(12, full, marks=pytest.mark.slow)], ids=["locked", "full"]
)
def test_u13_disk_fails(killed: Killed, chat: int, fail: Fault) -> None:
    """U13: with a database that cannot be written the bot answers on, says it is degraded, and gets over it."""
    server, bot = killed
    with fail(bot):
        for number in (20, 21):
            server.say(ask(number), user=chat)
        server.wait_messages(chat, 2)
        bot.wait_until(lambda health: bool(health["degraded"]))
        health = read_health(bot.data)
        assert health
        assert health.describe(time.time()).startswith("degraded: the database cannot be written")
    server.say(ask(22), user=chat)
    bot.wait_until(lambda health: not health["degraded"])
    server.wait_messages(chat, 3)
    assert heads(server, chat) == [fact(20), fact(21), fact(22)]
    assert bot.log.count(f"{DATABASE_FILE} cannot be used") == 1


@pytest.mark.parametrize("reason", ["damaged", "written by a newer article-qa (format 99,"])
def test_u14_strange_database(server: TelegramServer, tmp_path: Path, reason: str) -> None:
    """U14: a database that is damaged or a newer version's ends the bot with one line, and stays as it is."""
    bot = BotProcess(server, tmp_path)
    database = Database(bot.data)
    path = database.path
    database.close()
    if "newer" in reason:
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA user_version = 99")
    else:
        content = bytearray(path.read_bytes())
        content[5_000:9_000] = 4_000 * b"\xff"
        path.write_bytes(content)
    before = path.read_bytes()
    ended = bot.run(seconds=20)
    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = [line for line in ended.stderr.splitlines() if " WARNING qa." not in line]
    assert line.startswith(f"qa-bot: {path}: {reason}")
    assert path.read_bytes() == before
