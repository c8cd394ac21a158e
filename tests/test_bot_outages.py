"""What the bot does when Telegram cannot be reached, and when it may not serve (N2-N4, N14, N17-N20)."""

from __future__ import annotations

import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import QUESTION, BotProcess
from crowd import ask_all, wait_for_all
from telegram_server import TOKEN, TelegramServer, text_of
from tunnel import Tunnel

ANSWER = "Donald Blome\n"
ELSEWHERE = "qa-bot: another program polls with this token, or has set a webhook; end one of the two\n"
REJECTED = "qa-bot: Telegram rejected the token; get a new one from @BotFather\n"
WRONG_TOKEN = "654321:WRONG-TOKEN-zyxwvutsrqponmlkjihgfedcba98"  # noqa: S105 - nobody's


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


# Outages.


@pytest.mark.slow
def test_n2_black_hole(server: TelegramServer, tmp_path: Path) -> None:
    """N2: while Telegram swallows everything `qa-bot health` fails, and then the bot recovers by itself."""
    with BotProcess(server, tmp_path) as bot:
        assert bot.run("health").returncode == 0
        server.black_hole(20)
        began = time.monotonic()
        server.say(QUESTION)
        bot.wait_until(lambda health: health["poll_age"] > health["poll_limit"], seconds=7)
        sick = bot.run("health")
        assert (sick.returncode, sick.stdout[:49]) == (1, "unhealthy: Telegram has not answered a poll for 4")
        answer = server.wait_messages(1, seconds=began + 20 + 12 - time.monotonic())[0]
        assert text_of(answer).startswith(ANSWER)
        bot.wait_until(lambda health: health["poll_age"] < health["poll_limit"], seconds=2)
        assert bot.run("health").returncode == 0
        assert "Traceback" not in bot.log


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_n3_broken_proxy(server: TelegramServer, tmp_path: Path) -> None:
    """N3: a proxy's handshakes, then its own answers, hang or are cut: all are answered soon after that, once."""
    with Tunnel(server.port, tmp_path) as tunnel:
        bot = BotProcess(
            server,
            tmp_path,
            TELEGRAM_BASE_URL=f"https://127.0.0.1:{server.port}/bot",
            TELEGRAM_PROXY=tunnel.url,
            SSL_CERT_FILE=str(tunnel.certificate),
            QA_BOT_WORKERS="40",
        )
        with bot:
            for first, connects in ((100, True), (200, False)):  # forty: more than the bot has connections
                under_way = ask_all(server, range(first, first + 40), f"{QUESTION} slowly 1.5")
                server.wait_until(lambda: server.pending() == 0, "40 questions taken")
                with tunnel.outage(connects=connects):
                    lose_connections(bot, tunnel)
                    assert server.calls("sendMessage", first) == []
                    asked = ask_all(server, [first + 50])
                wait_for_all(server, asked, seconds=5)
                wait_for_all(server, under_way, seconds=35)  # a message pauses for at most 30
                assert [len(server.messages(user)) for user in under_way] == [1] * 40
            assert "Traceback" not in bot.log


def lose_connections(bot: BotProcess, tunnel: Tunnel) -> None:
    """Wait until more connections are lost than the bot has, for polling and for all else.

    Three polls that all hang, with the pauses between them, take 23 s.
    """
    polls, broken = bot.log.count("polling failed"), tunnel.broken
    lost = lambda _: bot.log.count("polling failed") >= polls + 3 and tunnel.broken >= broken + 40  # noqa: E731
    bot.wait_until(lost, seconds=60)


@pytest.mark.slow
def test_n4_unreachable_at_the_start(server: TelegramServer, tmp_path: Path) -> None:
    """N4: with Telegram out of reach the bot waits, says so, and starts when it is there."""
    server.say(QUESTION)
    server.stop_listening()
    bot = BotProcess(server, tmp_path).start(wait=False)
    try:
        server.wait_until(lambda: bot.log.count("waiting for Telegram (httpx.ConnectError") >= 5, "5 tries", 30)
        waiting = bot.run("health")
        assert (waiting.returncode, waiting.stdout[:40]) == (1, "unhealthy: the models are not loaded yet")
        server.listen()
        assert text_of(server.wait_messages(1, seconds=12)[0]).startswith(ANSWER)
        assert "Traceback" not in bot.log
    finally:
        bot.kill()


def test_n4_no_wait(server: TelegramServer, tmp_path: Path) -> None:
    """N4: with --no-wait the bot ends at once with status 3 if Telegram is out of reach."""
    server.stop_listening()
    ended = BotProcess(server, tmp_path, "--no-wait").run(seconds=5)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.splitlines()[-1].startswith("qa-bot: Telegram cannot be reached (httpx.ConnectError")
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_n14_slow_server(server: TelegramServer, tmp_path: Path) -> None:
    """N14: 300 ask at once while Telegram takes 2 s for a message: all are answered once, none waits in vain."""
    server.fault("sendMessage", 300, delay=2)
    with BotProcess(server, tmp_path, QA_BOT_WAITING="400") as bot:
        asked = ask_all(server, range(1, 301))
        wait_for_all(server, asked, seconds=60)
        bot.wait_until(lambda health: health["depth"] == 0)
        assert [len(server.messages(user)) for user in asked] == [1] * 300
        assert len(server.calls("sendMessage")) == 300
        trouble = [line for line in bot.log.splitlines() if " WARNING " in line or " ERROR " in line]
        assert [line for line in trouble if "qa.calibration" not in line] == []  # that one is about the fakes


# Starts.


def test_n17_second_instance_here(server: TelegramServer, tmp_path: Path) -> None:
    """N17: a second bot with the token or the folder of one that runs refuses to start: status 4, naming that one."""
    other = TOKEN.replace("123456", "123457")
    with BotProcess(server, tmp_path) as bot:
        for again in (
            BotProcess(server, tmp_path),
            BotProcess(server, tmp_path / "other"),
            BotProcess(server, tmp_path, TELEGRAM_BOT_TOKEN=other),
        ):
            again.data.mkdir(parents=True, exist_ok=True)
            ended = again.run()
            refusal = f"qa-bot: already running, pid {bot.pid}; end that one first\n"
            assert (ended.returncode, ended.stdout, ended.stderr) == (4, "", refusal)
        server.say(QUESTION)
        assert text_of(server.wait_messages(1)[0]).startswith(ANSWER)


@pytest.mark.slow
def test_n18_conflicts(server: TelegramServer, tmp_path: Path) -> None:
    """N18: five polls refused for another bot's are borne; at the sixth in a minute the bot ends with status 5."""
    conflicts = server.conflict(5)
    with BotProcess(server, tmp_path) as bot:
        server.wait_until(lambda: conflicts.times == 0, "five conflicts", 20)
        server.say(QUESTION)
        server.wait_messages(1)
        server.conflict(50)
        assert bot.wait(5) == 5
        assert bot.log.endswith(ELSEWHERE)
        assert "Traceback" not in bot.log


@pytest.mark.slow
def test_n18_second_instance_elsewhere(server: TelegramServer, tmp_path: Path) -> None:
    """N18: of two bots on two machines one ends, and the other answers everything once."""
    machines = [tmp_path / name for name in ("here", "there")]
    for machine in machines:
        machine.mkdir()
    bots = [BotProcess(server, machine, TMPDIR=str(machine)) for machine in machines]
    with bots[0] as first, bots[1] as second:
        server.wait_until(lambda: not (first.running and second.running), "one that ends", 60)
        ended, other = (first, second) if second.running else (second, first)
        assert ended.wait() == 5
        assert ended.log.endswith(ELSEWHERE)
        asked = ask_all(server, range(10, 18))
        wait_for_all(server, asked)
        other.wait_until(lambda health: health["depth"] == 0)
        assert [len(server.messages(user)) for user in asked] == [1] * 8


@pytest.mark.parametrize(
    ("token", "status"), [(WRONG_TOKEN, None), (TOKEN, 404), (WRONG_TOKEN.replace(":", "-"), None)]
)
def test_n19_wrong_token(server: TelegramServer, tmp_path: Path, token: str, status: int | None) -> None:
    """N19: a token that Telegram does not know, or that is none: status 2 within 5 s, and no part of it is shown."""
    if status:
        server.fault("getMe", status=status, description="Not Found")
    ended = BotProcess(server, tmp_path, "--log", "debug", TELEGRAM_BOT_TOKEN=token).run(seconds=5)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert not shown(token, ended.stderr)
    assert "Traceback" not in ended.stderr
    if ":" in token:
        assert ended.stderr.endswith(REJECTED)
        assert "questions" not in ended.stderr  # none were ever taken


@pytest.mark.slow
@pytest.mark.parametrize("status", [401, 404])
def test_n19_token_taken_back(server: TelegramServer, tmp_path: Path, status: int) -> None:
    """N19: when the token is taken back while the bot serves, it ends with status 2 and one clear line."""
    with BotProcess(server, tmp_path, "--log", "debug") as bot:
        server.fault("*", 1000, status=status, description="Unauthorized" if status == 401 else "Not Found")
        assert bot.wait(8) == 2
        assert bot.log.endswith("qa-bot: Telegram rejects the token now; get a new one from @BotFather\n")
        assert "Traceback" not in bot.log
        assert not shown(TOKEN, bot.log + bot.output)


def shown(token: str, text: str) -> list[str]:
    """Return the parts of a token, of eight characters, that stand in a text."""
    return [token[at : at + 8] for at in range(len(token) - 7) if token[at : at + 8] in text]


def test_n20_webhook_elsewhere(server: TelegramServer, tmp_path: Path) -> None:
    """N20: a bot that begins to poll takes a webhook away, and answers what was waiting for that."""
    url = f"{server.base_url}{TOKEN}/setWebhook"
    request = urllib.request.Request(url, b"url=https%3A%2F%2Fexample.org%2Fbot")  # noqa: S310 - this machine
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
    for user in (1, 2, 3):
        server.say(QUESTION, user=user)
    with BotProcess(server, tmp_path):
        for user in (1, 2, 3):
            assert text_of(server.wait_messages(user)[0]).startswith(ANSWER)
        (taken,) = server.calls("deleteWebhook")
        assert taken.params.get("drop_pending_updates") in (None, False)
        assert server.pending() == 0
