"""The webhook server: what it takes, what it refuses and how, and that its secret is in no log."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.settings import Secret, Webhook
from bot.webhook import WebhookServer

SECRET = "the-Secret_of-9-letters"  # noqa: S105
UPDATE = {"update_id": 7, "message": {"text": "Wer? 🦊"}}
BODY = json.dumps(UPDATE).encode()

Reply = tuple[int, str]


class Inbox:
    """Keeps what the server hands on."""

    def __init__(self) -> None:
        self.updates: list[dict[str, object]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = 0
        self.well = True

    async def receive(self, update: dict[str, object]) -> None:
        await self.gate.wait()
        if self.fails:
            self.fails -= 1
            raise OSError("the disk is full")
        self.updates.append(update)

    @asynccontextmanager
    async def serve(self, **options: Any) -> AsyncIterator[WebhookServer]:
        settings = Webhook(**{"url": "https://example.org/t", "secret": Secret(SECRET), "port": 0, **options})
        server = WebhookServer(settings, self.receive, lambda: self.well)
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


def send(
    server: WebhookServer,
    method: str = "POST",
    path: str = "/telegram",
    body: bytes | Iterator[bytes] = BODY,
    secret: str | None = SECRET,
) -> Awaitable[Reply]:
    """Return the status and the body of the answer."""

    def ask() -> Reply:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

    return asyncio.to_thread(ask)


async def talk(server: WebhookServer, head: str, body: bytes = b"", *, wait: bool = True) -> bytes:
    """Return the bytes that a raw request is answered with, up to the end of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    answer = await asyncio.wait_for(reader.read() if wait else reader.read(1000), 5)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return answer


def test_takes_an_update() -> None:
    """An update is handed on as it was sent, and answered 200 with nothing."""

    async def run() -> None:
        inbox = Inbox()
        async with inbox.serve() as server:
            assert await send(server) == (200, "")
        assert inbox.updates == [UPDATE]

    asyncio.run(run())


def test_answers_after_it_took() -> None:
    """Telegram hears nothing before the update is safe."""

    async def run() -> None:
        inbox = Inbox()
        inbox.gate.clear()
        async with inbox.serve() as server:
            answer = asyncio.ensure_future(send(server))
            await asyncio.sleep(0.2)
            assert not answer.done()
            inbox.gate.set()
            assert (await answer)[0] == 200

    asyncio.run(run())


def test_failure_is_delivered_again(caplog: pytest.LogCaptureFixture) -> None:
    """An update that could not be kept is answered 500; the next delivery is taken."""

    async def run() -> None:
        inbox = Inbox()
        inbox.fails = 1
        async with inbox.serve() as server:
            assert [(await send(server))[0] for _ in range(2)] == [500, 200]
        assert inbox.updates == [UPDATE]

    asyncio.run(run())
    assert "the disk is full" in caplog.text
    assert "Wer?" not in caplog.text


def test_a_hundred_at_once() -> None:
    """All of a hundred updates in parallel are taken."""

    async def run() -> None:
        inbox = Inbox()
        async with inbox.serve() as server:
            head = f"POST /telegram HTTP/1.1\nHost: x\nConnection: close\nX-Telegram-Bot-Api-Secret-Token: {SECRET}"
            bodies = [json.dumps({"update_id": number}).encode() for number in range(100)]
            heads = [f"{head}\nContent-Length: {len(body)}" for body in bodies]
            answers = await asyncio.gather(*(talk(server, *pair) for pair in zip(heads, bodies, strict=True)))
        assert {answer[:15] for answer in answers} == {b"HTTP/1.1 200 OK"}
        assert sorted(update["update_id"] for update in inbox.updates) == list(range(100))  # type: ignore[type-var]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "body", "secret", "status"),
    [
        ("POST", "/telegram", BODY, None, 403),
        ("POST", "/telegram", BODY, "", 403),
        ("POST", "/telegram", BODY, "the-Secret_of-9-letterz", 403),
        ("POST", "/telegram", BODY, SECRET + "x", 403),
        ("POST", "/telegram", BODY, "clé", 403),
        ("POST", "/telegram", b"x" * 5_000_000, "wrong", 403),
        ("POST", "/telegram", b"x" * 5_000_000, SECRET, 413),
        ("POST", "/telegram", b'{"a":' * 100_000, SECRET, 400),
        ("POST", "/telegram", b"{", SECRET, 400),
        ("POST", "/telegram", b"", SECRET, 400),
        ("POST", "/telegram", b"[1]", SECRET, 400),
        ("POST", "/telegram", b'"\xff"', SECRET, 400),
        ("GET", "/telegram", b"", SECRET, 405),
        ("HEAD", "/telegram", b"", SECRET, 405),
        ("PUT", "/telegram", BODY, SECRET, 405),
        ("PROPFIND", "/telegram", b"", SECRET, 405),
        ("POST", "/telegram/", BODY, SECRET, 404),
        ("POST", "/", BODY, SECRET, 404),
        ("POST", "/other", b"x" * 5_000_000, SECRET, 404),
        ("POST", "/healthz", b"x" * 5_000_000, SECRET, 405),
        ("GET", "/telegram?x=1", b"", SECRET, 405),
    ],
)
def test_refuses(
    method: str, path: str, body: bytes, secret: str | None, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """What is no delivery of Telegram's gets its status and is not handed on; no value of a secret is logged."""

    async def run() -> None:
        inbox = Inbox()
        async with inbox.serve() as server:
            assert (await send(server, method, path, body, secret))[0] == status
            assert await send(server) == (200, "")
        assert inbox.updates == [UPDATE]

    with caplog.at_level(logging.DEBUG):
        asyncio.run(run())
    assert not secret or secret not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(("size", "status"), [(1000, 200), (1001, 413), (100_000, 413), (40_000_000, None)])
def test_limit_of_a_chunked_body(size: int, status: int | None) -> None:
    """A body without a length is cut off at the limit, and one that does not end is cut off altogether."""

    def parts() -> Iterator[bytes]:
        left = size - 2
        yield b"{"
        while left > 0:
            yield b" " * min(left, 16_384)
            left -= 16_384
        yield b"}"

    async def run() -> None:
        inbox = Inbox()
        async with inbox.serve(max_body=1000) as server:
            if status:
                assert (await send(server, body=parts()))[0] == status
            else:
                with pytest.raises(OSError, match=r"reset|pipe|aborted"):
                    await send(server, body=parts())
        assert inbox.updates == ([{}] if status == 200 else [])

    asyncio.run(run())


def test_refuses_by_the_head() -> None:
    """Without the secret, or with too much announced, the answer is there before any of the body."""

    async def run() -> None:
        async with Inbox().serve() as server:
            head = "POST /telegram HTTP/1.1\nHost: x\nContent-Length: 900000"
            secret = f"\nX-Telegram-Bot-Api-Secret-Token: {SECRET}"
            assert (await talk(server, head, wait=False)).startswith(b"HTTP/1.1 403")
            assert (await talk(server, head + "000000000" + secret, wait=False)).startswith(b"HTTP/1.1 413")
            assert (await talk(server, head + "0" * 30 + secret, wait=False)).startswith(b"HTTP/1.1 413")
            expecting = await talk(server, head + "\nExpect: 100-continue")
            assert expecting.startswith(b"HTTP/1.1 403")
            assert expecting.count(b"HTTP/1.1") == 1

    asyncio.run(run())


def test_connection_lives_on() -> None:
    """A refused request does not cost the proxy in front its connection."""

    async def run() -> None:
        async with Inbox().serve() as server:

            def ask() -> list[int]:
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
                statuses = []
                for secret in ("wrong", SECRET, "wrong", SECRET):
                    connection.request("POST", "/telegram", BODY, {"X-Telegram-Bot-Api-Secret-Token": secret})
                    response = connection.getresponse()
                    response.read()
                    statuses.append(response.status)
                    assert connection.sock is not None
                connection.close()
                return statuses

            assert await asyncio.to_thread(ask) == [403, 200, 403, 200]

    asyncio.run(run())


def test_health() -> None:
    """The same listener says whether the bot is well, and needs no secret for it."""

    async def run() -> None:
        inbox = Inbox()
        async with inbox.serve() as server:
            assert await send(server, "GET", "/healthz", b"", None) == (200, "ok")
            assert await send(server, "HEAD", "/healthz", b"", None) == (200, "")
            inbox.well = False
            assert await send(server, "GET", "/healthz", b"", None) == (503, "Service Unavailable\n")

    asyncio.run(run())


def test_path_is_no_pattern() -> None:
    """A dot in the path is a dot."""

    async def run() -> None:
        async with Inbox().serve(path="/a.b") as server:
            assert [(await send(server, path=path))[0] for path in ("/a.b", "/axb")] == [200, 404]

    asyncio.run(run())


def test_says_allow_and_not_what_it_is() -> None:
    """405 names the method that is allowed; no answer names the server."""

    async def run() -> None:
        async with Inbox().serve() as server:
            answer = await talk(server, "GET /telegram HTTP/1.1\nHost: x\nConnection: close")
            assert b"\r\nAllow: POST\r\n" in answer
            assert b"ornado" not in answer

    asyncio.run(run())


def test_stop_lets_updates_end() -> None:
    """An update that is being taken when the server stops is still answered; then nothing listens."""

    async def run() -> None:
        inbox = Inbox()
        inbox.gate.clear()
        async with inbox.serve() as server:
            answer = asyncio.ensure_future(send(server))
            await asyncio.sleep(0.2)
            asyncio.get_running_loop().call_later(0.2, inbox.gate.set)
            await server.stop()
            assert await answer == (200, "")
            with pytest.raises(ConnectionRefusedError):
                await send(server)

    asyncio.run(run())


def test_port_taken() -> None:
    """A port that somebody listens on is told in a line that says what to change."""

    async def run() -> None:
        inbox = Inbox()
        async with inbox.serve() as server:
            with pytest.raises(
                SettingsError, match=r"^cannot listen on 127\.0\.0\.1 port \d+: .*QA_BOT_WEBHOOK_PORT$"
            ):
                async with inbox.serve(port=server.port):
                    pass

    asyncio.run(run())
