"""The `qa-bot` command: its help, its exit statuses, what it says of itself, and data folders that cannot be used."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from bots import QUESTION, ROOT, BotProcess, heads, write_library
from telegram_server import TelegramServer

from bot.database import Database
from bot.health import read_health
from bot.settings import Secret, Settings
from bot.texts import say
from qa import load_shipped
from qa.pipeline import default_library

HEAVY = ["torch", "transformers", "sentence_transformers", "faiss", "numpy", "onnxruntime", "telegram", "httpx"]
HEAVY += ["tornado", "sqlite3", "rich", "filelock"]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": "/nowhere"}


@pytest.fixture(scope="module")
def served(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """A bot that runs."""
    with BotProcess(server, tmp_path_factory.mktemp("served")) as bot:
        yield bot


@pytest.fixture
def idle(server: TelegramServer, tmp_path: Path) -> BotProcess:
    """A bot that does not run, whose token is not used by any that does."""
    return BotProcess(server, tmp_path, TELEGRAM_BOT_TOKEN=f"7:{hashlib.sha256(str(tmp_path).encode()).hexdigest()}")


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` with no settings but these."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**ENVIRONMENT, **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


# Help.


@pytest.mark.parametrize("arguments", [["--help"], ["check", "-h"]])
def test_help(arguments: list[str]) -> None:
    """`python -m bot` is `qa-bot`; help needs no settings and is there in a second."""
    began = time.monotonic()
    done = run(*arguments)
    assert time.monotonic() - began < 2
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: qa-bot")
    assert done.stderr == ""


def test_help_names_what_there_is() -> None:
    """Help tells both commands, every option and where the token comes from; there is none for the token itself."""
    text = run("--help").stdout
    assert re.findall(r"^  (check|health) ", text, re.MULTILINE) == ["check", "health"]
    assert set(re.findall(r"--[a-z-]+", text)) == {"--version", "--config", "--no-wait", "--log", "--help"}
    assert "TELEGRAM_BOT_TOKEN_FILE" in text


@pytest.mark.parametrize("arguments", [["--help"], ["health"]])
def test_quick_commands_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    """Neither help nor health, which a supervisor asks every few seconds, waits for models or Telegram's library."""
    code = f"import sys; from bot.cli import run; run({arguments}); print(sorted(sys.modules.keys() & set({HEAVY})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**ENVIRONMENT, "QA_BOT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_version() -> None:
    """The version is that of the package."""
    assert run("--version").stdout == f"qa-bot, version {version('article-qa')}\n"


# Mistakes.

SOMEBODY = {"TELEGRAM_BOT_TOKEN": "123456:abcdefghijklmnopqrstuvwxyz", "QA_BOT_USERS": "1"}


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "there is no token; set TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE"),
        ({"TELEGRAM_BOT_TOKEN": SOMEBODY["TELEGRAM_BOT_TOKEN"]}, "nobody may ask; set QA_BOT_USERS=123456789 "),
        ({**SOMEBODY, "QA_BOT_USERS": "@me"}, "QA_BOT_USERS: '@me' is not a numeric id; names change hands"),
        ({**SOMEBODY, "QA_BOT_WORKERS": "0"}, "QA_BOT_WORKERS: '0' is out of range; give a number from 1 to 64"),
        ({**SOMEBODY, "QA_BOT_CONFIG": "/nowhere/x.toml"}, "/nowhere/x.toml: No such file or directory"),
        ({**SOMEBODY, "QA_BOT_DATA": "/dev/null/bot"}, "/dev/null/bot: cannot be used (Not a directory)"),
        ({**SOMEBODY, "QA_BOT_DATA": "/dev/null"}, "/dev/null: cannot be used (File exists)"),
        ({**SOMEBODY, "QA_LIBRARY": "/dev/null"}, "/dev/null: "),
    ],
)
def test_a2_settings_that_cannot_be(environ: dict[str, str], told: str, tmp_path: Path) -> None:
    """A2: a setting that is missing or wrong ends the bot in 5 s with status 2 and one line that says what to do."""
    began = time.monotonic()
    done = run(**{"QA_BOT_DATA": str(tmp_path), **environ})
    assert time.monotonic() - began < 5
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"qa-bot: {told}")


def test_check_and_health_tell_wrong_settings_too(tmp_path: Path) -> None:
    """The same line and status come from `check` and `health`; health needs neither a token nor users."""
    for command in ("check", "health"):
        done = run(command, QA_BOT_DATA=str(tmp_path), QA_BOT_PORT="1", QA_BOT_BURST="many", **SOMEBODY)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith("qa-bot: QA_BOT_BURST: 'many' is not a whole number")
    assert run("health", QA_BOT_DATA=str(tmp_path)).returncode == 1


@pytest.mark.parametrize("arguments", [["serve"], ["--poll", "3"], ["--log", "loud"]])
def test_arguments_that_there_are_not(arguments: list[str]) -> None:
    """A mistake on the command line is told, with status 2."""
    done = run(*arguments, **SOMEBODY)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_unreachable(server: TelegramServer, tmp_path: Path) -> None:
    """Without Telegram `--no-wait` and `check` end with status 3 and one line; A10: a token in clear is warned of."""
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
    settings: dict[str, Any] = {"TELEGRAM_PROXY": proxy, "TELEGRAM_BASE_URL": "http://example.org/bot"}
    bot = BotProcess(server, tmp_path, "--no-wait", **settings)
    for command in ([], ["check"]):
        done = bot.run(*command)
        assert done.returncode == 3
        assert "qa-bot: Telegram cannot be reached (" in done.stderr.splitlines()[-1]
        assert "TELEGRAM_BASE_URL: the token travels in clear to example.org; use https" in done.stderr
        assert "Traceback" not in done.stderr


# Health.


def test_health_before_and_while(served: BotProcess, idle: BotProcess) -> None:
    """Health is status 1 where no bot runs and 0 where one does, in a line or as JSON."""
    assert _health(idle) == (1, "unhealthy: not running")
    assert _health(idle, "--json") == (1, "null")
    served.wait_until(lambda health: health["poll_age"] < 2)
    status, line = _health(served)
    assert status == 0
    assert re.fullmatch(rf"ok \(pid {served.pid}, last poll \d\.\d s ago, 0 of 200 waiting, 0 asked\)", line)
    status, line = _health(served, "--json")
    found = json.loads(line)
    assert status == 0
    assert found.keys() == served.health.keys()
    assert found | {"written": 0, "poll_age": 0, "lag_ms": 0} == {
        "pid": served.pid,
        "written": 0,
        "loaded": True,
        "poll_age": 0,
        "poll_limit": 4.0,
        "depth": 0,
        "limit": 200,
        "lag_ms": 0,
        "asked": 0,
        "hung": 0,
        "degraded": False,
    }


def _health(bot: BotProcess, *options: str) -> tuple[int, str]:
    done = bot.run("health", *options)
    assert done.stderr == ""
    return done.returncode, done.stdout.rstrip("\n")


@pytest.mark.slow
def test_health_afterwards(tmp_path: Path) -> None:
    """Health is status 1 as soon as the bot has ended, whether killed or asked to."""
    with TelegramServer() as server, BotProcess(server, tmp_path) as bot:
        bot.kill()
        assert _health(bot) == (1, "unhealthy: not running")
        bot.start()
        assert _health(bot)[0] == 0
        assert bot.stop() == 0
        assert _health(bot) == (1, "unhealthy: not running")


def test_health_of_a_process_that_has_gone(idle: BotProcess) -> None:
    """What a killed bot has left behind does not count, however fresh it is."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(10)
    idle.data.mkdir()
    (idle.data / "health.json").write_text(json.dumps(WELL | {"pid": gone.pid}), encoding="utf-8")
    assert _health(idle) == (1, "unhealthy: not running")


WELL = {
    "pid": os.getpid(),
    "written": 1000.0,
    "loaded": True,
    "poll_age": 1.0,
    "poll_limit": 4.0,
    "depth": 1,
    "limit": 200,
    "lag_ms": 1.0,
    "asked": 3,
    "hung": 0,
    "degraded": False,
}


@pytest.mark.parametrize(
    ("change", "state", "poll"),
    [
        ({}, "ok", 1.0),
        ({"written": 988.5}, "unhealthy: no sign of life for 12 s", 1.0),
        ({"loaded": False}, "unhealthy: the models are not loaded yet", 1.0),
        ({"hung": 2}, "unhealthy: 2 questions hang", 1.0),
        ({"poll_age": 5.5}, "unhealthy: Telegram has not answered a poll for 6 s", 5.5),
        ({"degraded": True}, "degraded: the database cannot be written", 1.0),
        ({"hung": 1}, "ok", 1.0),
        ({"poll_age": 5.5, "depth": 200}, "ok", 5.5),
        ({"poll_age": None, "poll_limit": None}, "ok", None),
    ],
)
def test_health_of_a_bot_in_trouble(change: dict[str, Any], state: str, poll: float | None, tmp_path: Path) -> None:
    """Health says what is wrong; it is no fault that the database cannot be written, or that the queue is full."""
    content = WELL | change
    (tmp_path / "health.json").write_text(json.dumps(content), encoding="utf-8")
    found = read_health(tmp_path)
    assert found
    assert bool(found.find_fault(1000.5)) == state.startswith("unhealthy")
    told = "" if poll is None else f", last poll {poll} s ago"
    line = f"{state} (pid {os.getpid()}{told}, {content['depth']} of 200 waiting, 3 asked)"
    assert found.describe(1000.5) == line


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "7", "null", '{"pid": 1}', json.dumps(WELL | {"pid": "x"}), "\xff"]
)
def test_health_of_a_garbled_file(content: str, tmp_path: Path) -> None:
    """A health file that is none means that no bot runs."""
    (tmp_path / "health.json").write_text(content, encoding="latin-1")
    assert read_health(tmp_path) is None


# Check.


def test_check(server: TelegramServer, tmp_path: Path) -> None:
    """Check tells what getMe allows, what to switch on at BotFather, who may ask and whether the library answers."""
    bot = BotProcess(server, tmp_path, QA_BOT_USERS="5,6", QA_BOT_CHATS="-7", QA_BOT_ADMINS="5,8", QA_BOT_PUBLIC="0")
    write_library(tmp_path, load_shipped())
    done = bot.run("check")
    assert done.returncode == 0
    *lines, models = done.stdout.splitlines()
    assert lines == [
        "token: accepted, @article_test_bot, id 123456",
        "groups: can be added",
        "privacy mode: on; /ask and replies reach the bot in groups",
        "inline mode: on",
        "guest mode: on",
        "answers: 3 users and 1 chats; 2 administrators",
        f"library: 1 articles in {tmp_path / 'library'}",
    ]
    assert re.fullmatch(r"models: words, sentences; a question takes \d+ ms", models)
    assert not bot.data.exists()


@pytest.mark.parametrize("kept", ["no folder", "folder", "library"])
def test_check_of_an_empty_library(kept: str, server: TelegramServer, tmp_path: Path) -> None:
    """Check says that there are no articles and how to add some, and makes and adds nothing itself."""
    folder = tmp_path / "the library"
    if kept == "folder":
        folder.mkdir()
    if kept == "library":
        write_library(tmp_path, [])
        (tmp_path / "library").rename(folder)
    before = sorted(tmp_path.rglob("*"))
    bot = BotProcess(server, tmp_path, QA_LIBRARY=str(folder), FAKE_ARTICLE="")
    done = bot.run("check")
    assert (done.returncode, done.stderr) == (0, "")
    told = f"library: no articles in {folder}; add some with: qa add --library '{folder}' FILE"
    assert done.stdout.splitlines()[-1] == told
    assert sorted(tmp_path.rglob("*")) == before


def test_check_of_a_bot_with_everything_off(tmp_path: Path) -> None:
    """Check names the BotFather command for each switch that is off, and a webhook that is in the way."""
    with TelegramServer() as server:
        for flag in ("can_join_groups", "supports_inline_queries", "supports_guest_queries"):
            server.me[flag] = False
        server.me["can_read_all_group_messages"] = True
        server.world.webhook |= {"url": "https://example.org/elsewhere", "secret_token": "", "max_connections": 40}
        done = BotProcess(server, tmp_path).run("check")
        assert done.returncode == 0
        assert done.stdout.splitlines()[1:7] == [
            "groups: off; switch on at BotFather with /setjoingroups",
            "privacy mode: off, so Telegram sends the bot all that is said in groups; switch on at BotFather with "
            "/setprivacy",
            "inline mode: off; switch on at BotFather with /setinline",
            "guest mode: off; switch on in the bot settings at BotFather",
            "webhook: one is set; the bot takes it away when it begins to poll",
            "answers: everybody; 0 administrators",
        ]
        assert server.calls("deleteWebhook") == server.calls("getUpdates") == []


def test_check_beside_a_bot_that_runs(served: BotProcess, server: TelegramServer) -> None:
    """Check may be asked while the bot serves, and does not take its updates away."""
    assert served.run("check").returncode == 0
    server.say("/help", user=1)
    server.wait_messages(1)
    assert all(call.ok for call in server.calls("getUpdates") if call.response)


# The start.


def test_start_names_library_and_askers(served: BotProcess) -> None:
    """One line of the log says where the library is, how many articles it has, and who may ask."""
    library = served.data.with_name("library")
    line = f"INFO bot.app: library {library}: 1 articles; answers everybody; 0 administrators\n"
    assert served.log.count(line) == 1
    assert "no articles" not in served.log


def test_start_with_an_empty_library(tmp_path: Path) -> None:
    """An empty library is served, warned of and left as it is; what is added meanwhile is answered from."""
    with TelegramServer() as server, BotProcess(server, tmp_path, FAKE_ARTICLE="") as bot:
        assert f"WARNING bot.app: no articles in {tmp_path / 'library'}; add some with: qa add --library" in bot.log
        server.say(QUESTION, user=1)
        server.wait_messages(1)
        write_library(tmp_path, load_shipped())
        server.say(QUESTION, user=1)
        server.wait_messages(1, 2)
        first, second = heads(server, 1)
        assert first == say("en", "no_articles")
        assert second == "Donald Blome"


def test_default_library_is_that_of_qa() -> None:
    """Where no library is named, the bot serves the one that `qa` fills."""
    assert Settings(token=Secret(""), data=Path()).library_folder == default_library()


# Two at once.


def test_n17_same_token(served: BotProcess, server: TelegramServer, tmp_path: Path) -> None:
    """N17: a second bot with the token is refused with status 4 and the first one's number, and harms nothing."""
    done = BotProcess(server, tmp_path).run()
    assert done.returncode == 4
    assert done.stderr == f"qa-bot: already running, pid {served.pid}; end that one first\n"
    assert served.running
    assert list((tmp_path / "data").iterdir()) == []


def test_n17_same_data(served: BotProcess, idle: BotProcess) -> None:
    """N17: so is one with another token and the same data folder."""
    idle.environment["QA_BOT_DATA"] = str(served.data)
    done = idle.run()
    assert done.returncode == 4
    assert done.stderr == f"qa-bot: already running, pid {served.pid}; end that one first\n"
    assert served.wait_until(lambda health: health["written"] > time.time() - 1)["pid"] == served.pid


# U14: data that cannot be used.


def _make_other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE notes (words)")
        database.commit()


def _make_newer(path: Path) -> None:
    Database(path.parent).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def _make_damaged(path: Path) -> None:
    Database(path.parent).close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda path: path.write_bytes(b"no database at all, but some text" * 200),
            "cannot be used (file is not a da",
        ),
        (_make_damaged, "damaged; put back a copy, or move it away"),
        (_make_newer, "written by a newer article-qa (format 99, this one reads 2)"),
        (_make_other, "a database of another program; name another folder with QA_BOT_DATA"),
        (lambda path: path.mkdir(), "cannot be used (unable to open database file)"),
    ],
    ids=["text", "damaged", "newer", "other", "folder"],
)
def test_u14_database(make: Callable[[Path], object], told: str, idle: BotProcess) -> None:
    """U14: a database that is damaged, newer or not the bot's is refused in one line, status 2, and left as it is."""
    path = idle.data / "bot.sqlite3"
    path.parent.mkdir(mode=0o700)
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    done = idle.run()
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"qa-bot: {path}: {told}")
    assert "Traceback" not in done.stderr
    assert (path.read_bytes() if path.is_file() else b"") == before


_WITHOUT_ROOT = """
import ctypes, os, sys
for capability in (1, 2):  # those that let root pass over a folder's mode
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="takes rights away as Linux does")
@pytest.mark.parametrize("kept", ["nothing", "locks", "everything"])
def test_u14_read_only_folder(kept: str, idle: BotProcess) -> None:
    """U14: a data folder that cannot be written is refused in one line that names it, status 2."""
    idle.data.mkdir(mode=0o700)
    if kept != "nothing":
        for name in ("bot.lock", "bot.pid"):
            (idle.data / name).touch()
    if kept == "everything":
        Database(idle.data).close()
        (idle.data / "bot.sqlite3").chmod(0o400)
    idle.data.chmod(0o500)
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_ROOT, str(ROOT / "tests" / "fake_bot.py")],
        env=idle.environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    idle.data.chmod(0o700)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    assert re.match(rf"qa-bot: {idle.data}/?\S*: cannot be used \(", done.stderr.splitlines()[-1])
