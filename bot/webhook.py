"""A small HTTP server that takes Telegram's updates and tells a supervisor whether the bot is well."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from bot.errors import SettingsError
from bot.settings import Webhook

HEALTH_PATH = "/healthz"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_DRAINED = 16_000_000  # bytes of a refused body that are read and dropped, so that the sender gets to see the answer
_ANY_SIZE = 1 << 60  # tornado's own limit; its answer is 400, and a body is never held whole, so that ours is enough
_BUFFER = 1 << 20  # bytes a connection
_BODY_S, _IDLE_S, _STOP_S = 30.0, 120.0, 5.0

logger = logging.getLogger(__name__)

Receive = Callable[[dict[str, object]], Awaitable[None]]


class WebhookServer:
    """Awaits `receive` for every update before it answers 200: what Telegram is told of has to be safe by then.

    Any failure of `receive` is answered 500, upon which Telegram delivers the update again.
    """

    def __init__(self, settings: Webhook, receive: Receive, healthy: Callable[[], bool]) -> None:
        self._settings = settings
        self._port = settings.port
        self._idle = asyncio.Event()
        self._idle.set()
        self._taking = 0
        self._receive = receive
        shared: dict[str, Any] = {"max_body": settings.max_body}
        updates = shared | {"secret": settings.secret.reveal().encode(), "receive": self._take}
        application = Application(
            [
                (re.escape(settings.path), _Updates, updates),
                (HEALTH_PATH, _Health, shared | {"healthy": healthy}),
            ],
            default_handler_class=_Missing,
            default_handler_args=shared,
            log_function=lambda handler: None,  # noqa: ARG005 - the path may be meant to be secret
        )
        self._server = HTTPServer(
            application,
            max_body_size=_ANY_SIZE,
            max_buffer_size=_BUFFER,
            body_timeout=_BODY_S,
            idle_connection_timeout=_IDLE_S,
        )

    @property
    def port(self) -> int:
        """The port listened on; before the start, the one in the settings."""
        return self._port

    async def start(self) -> None:
        """Listen; SettingsError if that cannot be done."""
        address, port = self._settings.listen, self._settings.port
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            listener = socket.create_server((address, port), family=family, backlog=128)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SettingsError(
                f"cannot listen on {address} port {port}: {reason}; set QA_BOT_WEBHOOK_LISTEN or QA_BOT_WEBHOOK_PORT"
            ) from error
        listener.setblocking(False)
        self._port = listener.getsockname()[1]
        self._server.add_socket(listener)

    async def stop(self) -> None:
        """Listen no more, give the updates that are being taken a few seconds, and close every connection."""
        self._server.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), _STOP_S)
        await self._server.close_all_connections()

    async def _take(self, update: dict[str, object], done: Callable[[], None]) -> None:
        """Hand an update on, and answer; `stop` waits for both."""
        self._taking += 1
        self._idle.clear()
        try:
            await self._receive(update)
            done()
        finally:
            self._taking -= 1
            if not self._taking:
                self._idle.set()


@stream_request_body
class _Handler(RequestHandler):
    """Refuses a request as soon as it can, and then reads on without keeping anything.

    To close at once would reset the connection, and the sender, still writing, would not get to read the answer.
    """

    def initialize(self, max_body: int) -> None:
        self._max_body = max_body
        self._body = bytearray()
        self._read = 0
        self._refused = False

    def judge(self) -> HTTPStatus | None:
        """Return the status to refuse the request with, going by its head; None to go on."""
        raise NotImplementedError

    async def reply(self) -> None:
        """Answer a request that has come in whole."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Type", "text/plain; charset=utf-8")

    def compute_etag(self) -> None:
        """Send none."""

    def prepare(self) -> None:
        if status := self.judge():
            self.refuse(status)

    def data_received(self, chunk: bytes) -> None:
        self._read += len(chunk)
        if self._refused:
            if self._read > _DRAINED:
                self.finish()
        elif self._read > self._max_body:
            self._body.clear()
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._body += chunk

    async def get(self) -> None:
        """Answer any method, once the body is there."""
        if self._refused:
            self.finish()
        else:
            await self.reply()

    head = post = put = patch = delete = options = get

    def refuse(self, status: HTTPStatus) -> None:
        """Send the answer now; the request ends with its body."""
        self._refused = True
        logger.info("a request from %s was refused: %d", self.request.remote_ip, status)
        self.set_status(status)
        text = f"{status.phrase}\n".encode()
        self.set_header("Content-Length", str(len(text)))
        self.write(text)
        if "Expect" in self.request.headers:  # the sender waits for leave to send the body
            self.finish()
        else:
            self.flush()

    def too_long(self) -> bool:
        """Say whether the head announces a body that is over the limit."""
        length = self.request.headers.get("Content-Length", "")
        return length.isdecimal() and (len(length) > 18 or int(length) > self._max_body)

    def write_error(self, status_code: int, **_: object) -> None:
        self.finish(f"{HTTPStatus(status_code).phrase}\n")

    def log_exception(
        self, typ: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        if typ and value and not isinstance(value, HTTPError | StreamClosedError):
            logger.error("a request failed", exc_info=(typ, value, tb))


class _Updates(_Handler):
    def initialize(  # type: ignore[override]
        self,
        max_body: int,
        secret: bytes,
        receive: Callable[[dict[str, object], Callable[[], None]], Awaitable[None]],
    ) -> None:
        super().initialize(max_body)
        self._secret = secret
        self._receive = receive

    def judge(self) -> HTTPStatus | None:
        if self.request.method != "POST":
            self.set_header("Allow", "POST")
            return HTTPStatus.METHOD_NOT_ALLOWED
        if not hmac.compare_digest(self.request.headers.get(_SECRET_HEADER, "").encode(), self._secret):
            return HTTPStatus.FORBIDDEN
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if self.too_long() else None

    async def reply(self) -> None:
        try:
            update = json.loads(self._body)
        except (ValueError, RecursionError):
            update = None
        if not isinstance(update, dict):
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        await self._receive(update, self._finish_well)

    def _finish_well(self) -> None:
        self.finish()


class _Health(_Handler):
    def initialize(self, max_body: int, healthy: Callable[[], bool]) -> None:  # type: ignore[override]
        super().initialize(max_body)
        self._healthy = healthy

    def judge(self) -> HTTPStatus | None:
        if self.request.method not in {"GET", "HEAD"}:
            self.set_header("Allow", "GET, HEAD")
            return HTTPStatus.METHOD_NOT_ALLOWED
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if self.too_long() else None

    async def reply(self) -> None:
        if not self._healthy():
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.finish("ok")


class _Missing(_Handler):
    def judge(self) -> HTTPStatus | None:
        return HTTPStatus.NOT_FOUND
