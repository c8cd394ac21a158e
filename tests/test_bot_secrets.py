"""A7: the token, the webhook's secret and the proxy's password come out nowhere, whatever goes wrong."""

from __future__ import annotations

import asyncio
import base64
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bots import QUESTION, BotProcess
from telegram_server import TelegramServer, text_of

from bot.app import Service
from bot.settings import Secret, Settings, Webhook
from qa import QA

TOKEN = "987654:AAcanary-Of_The-Token0123456789abcdef"  # noqa: S105
HOOK = "canary-of_the-webhook-7"
PASSWORD = "canary@of/the pröxy"  # noqa: S105
LEAKS = ["AAcanary", "Token0123", HOOK, PASSWORD, "canary@of", "canary%40of", "of/the p", "of%2Fthe"]
LEAKS += [base64.b64encode(f"operator:{PASSWORD}".encode()).decode()]
REJECTED = "qa-bot: Telegram rejected the token; get a new one from @BotFather\n"


class Proxy(socketserver.ThreadingTCPServer):
    """Hands on to the stand-in what comes, and keeps what it was told about who comes."""

    daemon_threads = True

    def __init__(self, server: TelegramServer) -> None:
        super().__init__(("127.0.0.1", 0), _Through)
        self.port = server.port
        self.logins: set[bytes] = set()

    @property
    def url(self) -> str:
        return f"http://operator:{quote(PASSWORD, safe='')}@127.0.0.1:{self.server_address[1]}"


class _Through(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.port), 30) as target:
            back = threading.Thread(target=self._pump, args=(target, self.request), daemon=True)
            back.start()
            self._pump(self.request, target)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                lines = data.split(b"\r\n")
                self.server.logins |= {line for line in lines if line.lower().startswith(b"proxy-authorization")}
                target.sendall(data.replace(b" http://127.0.0.1:%d/" % self.server.port, b" /"))
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_before(server: TelegramServer) -> Iterator[Proxy]:
    with Proxy(server) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join(5)


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(TOKEN) as server:
        yield server


def find_leaks(text: str) -> list[str]:
    """Return the lines with a part of a secret in them."""
    return [line for line in text.splitlines() if any(leak in line for leak in LEAKS)]


def assert_tight(bot: BotProcess, server: TelegramServer) -> None:
    """Look into all that the bot has written and said."""
    said = [str(call.params) for call in server.calls() if call.method not in ("setWebhook", "getUpdates")]
    files = [path for path in (*bot.data.rglob("*"), *(bot.data.parent / "library").rglob("*")) if path.is_file()]
    kept = [path.read_bytes().decode("latin-1") + path.name for path in files]
    assert len(said) > 3
    assert len(kept) > 3
    assert find_leaks("\n".join([bot.log, bot.output, *said, *kept])) == []


@pytest.mark.slow
def test_a7_whole_life(server: TelegramServer, tmp_path: Path) -> None:
    """A7: a bot at debug, through a proxy, with trouble of every kind up to a revoked token, tells no secret."""
    server.fault("getMe", status=502, raw=b"<html>Bad gateway</html>")
    secret = tmp_path / "token"
    secret.write_text(TOKEN, encoding="ascii")
    secret.chmod(0o644)
    with proxy_before(server) as proxy:
        settings: dict[str, Any] = {
            "TELEGRAM_PROXY": proxy.url,
            "TELEGRAM_BOT_TOKEN": "",
            "TELEGRAM_BOT_TOKEN_FILE": str(secret),
        }
        with BotProcess(server, tmp_path, "--log", "debug", **settings) as bot:
            assert not find_leaks(Path(f"/proc/{bot.pid}/cmdline").read_text(encoding="utf-8"))
            _cause_trouble(server)
            server.fault("getUpdates", 20, status=401)
            assert bot.wait() == 2
    assert proxy.logins == {b"Proxy-Authorization: Basic " + base64.b64encode(f"operator:{PASSWORD}".encode())}
    for line in (
        f"{secret}: others can read the secret in it; chmod 600 it",
        ": waiting for Telegram (",
        ": RuntimeError: the reader crashed, as it was asked to",
        "Traceback (most recent call last):",
        ": polling failed (",
        "cannot be parsed (TypeError); dropped",
        ": sending failed (",
        "qa-bot: Telegram rejects the token now; get a new one from @BotFather",
    ):
        assert line in bot.log
    assert_tight(bot, server)


def _cause_trouble(server: TelegramServer) -> None:
    """Let a question crash, an answer be late, and polls be broken in four ways."""
    server.say(QUESTION, user=1)
    server.say(f"{QUESTION} crash", user=2)
    server.push({"callback_query": {"id": "1", "from": {"id": 3, "is_bot": False, "first_name": TOKEN}}})
    server.wait_messages(1)
    assert text_of(server.wait_messages(2)[0]).startswith("Something went wrong on my side (error ")
    server.fault("sendMessage", drop=True, chat=4)
    server.fault("sendMessage", status=429, parameters={"retry_after": 1}, chat=4)
    server.conflict()
    server.fault("getUpdates", drop=True)
    server.fault("getUpdates", raw=b'{"ok": true, "resu')
    server.say(QUESTION, user=4)
    server.wait_messages(4)


@pytest.mark.parametrize("command", [[], ["check"]])
@pytest.mark.parametrize("status", [401, 404])
def test_a7_wrong_token(command: list[str], status: int, server: TelegramServer, tmp_path: Path) -> None:
    """N19: a token that Telegram does not know ends the bot and its check in 5 s with status 2, and is not shown."""
    server.fault("getMe", 5, status=status, description="Unauthorized" if status == 401 else "Not Found")
    bot = BotProcess(server, tmp_path, "--log", "debug")
    began = time.monotonic()
    done = bot.run(*command)
    assert time.monotonic() - began < 5
    assert done.returncode == 2
    assert done.stderr.endswith(REJECTED)
    assert find_leaks(done.stdout + done.stderr) == []
    assert "Traceback" not in done.stderr


_CRASH = """
import sys
import bot.app, bot.cli, fake_bot

async def run(self, wait):
    words = f"{self._bot.token} {self._app!r} {self._settings} {self._settings.proxy.reveal()}"
    raise RuntimeError(words) from ValueError(self._settings.webhook.secret.reveal())

bot.cli.open_library = fake_bot.open_fake_library
bot.app.Service.run = run
sys.exit(bot.cli.run(["--log", "debug"]))
"""


def test_a7_crash_with_the_secrets_in_its_words(server: TelegramServer, tmp_path: Path) -> None:
    """A7: an error of the bot's own, which nothing catches, is told with its traceback and without secrets."""
    hook = {"QA_BOT_WEBHOOK_URL": "https://example.org/bot", "QA_BOT_WEBHOOK_SECRET": HOOK}
    settings: dict[str, Any] = {**hook, "TELEGRAM_PROXY": f"http://operator:{quote(PASSWORD, safe='')}@127.0.0.1:9"}
    done = run_python(BotProcess(server, tmp_path, **settings), "-c", _CRASH)
    assert done.returncode == 1
    assert "CRITICAL bot.log: the bot ends by an error of its own" in done.stderr
    assert "RuntimeError: <hidden>" in done.stderr
    assert "ValueError: <hidden>" in done.stderr
    assert find_leaks(done.stdout + done.stderr) == []


def run_python(bot: BotProcess, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run other code with the settings of a bot."""
    return subprocess.run(
        [sys.executable, *arguments], env=bot.environment, capture_output=True, text=True, timeout=30, check=False
    )


def test_a7_webhook(server: TelegramServer, tmp_path: Path) -> None:
    """A7: the secret of a webhook is not told to who comes without it, nor logged when it is taken or wrong."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.front_door = free.getsockname()
    secret = tmp_path / "hook"
    secret.write_text(f"{HOOK}\n", encoding="ascii")
    settings: dict[str, Any] = {
        "QA_BOT_WEBHOOK_URL": "https://example.org/telegram",
        "QA_BOT_WEBHOOK_SECRET_FILE": str(secret),
        "QA_BOT_WEBHOOK_PORT": str(server.front_door[1]),
    }
    server.fault("setWebhook", status=502)
    with BotProcess(server, tmp_path, "--log", "debug", **settings) as bot:
        server.wait(lambda call: call.method == "setWebhook" and call.ok)
        server.say(QUESTION, user=1)
        assert [server.deliver(secret=wrong) for wrong in ("", HOOK[:-1], f"{HOOK}x")] == [403] * 3
        assert server.deliver(body=HOOK.encode()) == 400
        assert server.deliver() == 200
        server.wait_messages(1)
        server.say("crash " + QUESTION, user=2)
        assert server.deliver() == 200
        server.wait_messages(2)
        assert bot.stop() == 0
    assert "waiting for Telegram to take the webhook" in bot.log
    assert f"{secret}: others can read the secret in it; chmod 600 it" in bot.log
    assert_tight(bot, server)


def test_a7_nothing_shows_itself(library: QA, tmp_path: Path) -> None:
    """A7: neither the application nor the bot nor the settings show a secret, however they are asked."""
    hook = Webhook(url="https://example.org/bot", secret=Secret(HOOK))
    proxy = Secret(f"http://operator:{quote(PASSWORD, safe='')}@127.0.0.1:9")
    settings = Settings(token=Secret(TOKEN), data=tmp_path, public=True, proxy=proxy, webhook=hook)

    async def look() -> list[Any]:
        service = Service(settings, library, lambda: settings)
        parts = list(vars(service).values())
        service._database.close()
        return [service, *parts]

    parts = asyncio.run(look())
    shown = "\n".join(how(part) for part in parts for how in (repr, str, "{}".format))
    assert "Application[bot=Bot()]" in shown
    assert "token=<hidden>" in shown
    assert find_leaks(shown) == []


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        ([], {"TELEGRAM_BOT_TOKEN": f"bot {TOKEN}"}, "TELEGRAM_BOT_TOKEN: not a token"),
        ([], {"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": TOKEN}, "<hidden>: No such file"),
        ([], {"QA_BOT_USERS": TOKEN}, "QA_BOT_USERS: '<hidden>' is not a numeric id"),
        (["--config", f"/run/{TOKEN}"], {}, "<hidden>: No such file"),
        ([], {"QA_BOT_DATA": f"/dev/null/{TOKEN}"}, "<hidden>"),
        ([TOKEN], {}, "No such command '<hidden>'"),
        (["--log", TOKEN], {}, "'<hidden>' is not one of"),
        (["health", TOKEN], {}, "unexpected extra argument (<hidden>)"),
    ],
)
def test_a7_secrets_in_the_wrong_place(
    arguments: Sequence[str], settings: dict[str, Any], told: str, server: TelegramServer, tmp_path: Path
) -> None:
    """A7: a secret that was put where it does not belong is not repeated by the message about it."""
    done = BotProcess(server, tmp_path, *arguments, **settings).run()
    assert done.returncode == 2
    assert told in done.stderr
    assert find_leaks(done.stdout + done.stderr) == []
    assert "Traceback" not in done.stderr
