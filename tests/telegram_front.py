"""The stand-in Bot API's listening side: connections, the poll for updates, faults on demand, the log of calls."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from telegram_methods import Methods
from telegram_rules import Refused
from telegram_wire import HEAD_BYTES, Malformed, Request, decode_params, read_request, write_answer
from telegram_world import Json, World

_TICK_S = 0.1  # how soon a waiting poll sees that its client has gone
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = "Conflict: terminated by setWebhook request"
_WEBHOOK_ON = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
_WEBHOOK_ON += " first"


@dataclass(slots=True, kw_only=True)
class Call:
    """One request of the bot. `time` is when it came, on the monotonic clock; `response` what it is answered.

    It is in the log from when it has had its effect, a poll from when it came. `response` is None for a poll that
    waits and for a request that a fault swallowed, and {"raw": ...} for an answer that is not Telegram's.
    """

    method: str
    params: Json
    time: float
    response: Json | None = None
    fault: str = ""
    listed: bool = field(default=False, repr=False)

    @property
    def ok(self) -> bool:
        """Tell whether it was answered well."""
        return bool(self.response and self.response.get("ok"))

    @property
    def chat(self) -> Any:
        """Return the chat that it is about, if any."""
        return self.params.get("chat_id")


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next `times` calls of a method: see TelegramServer.fault."""

    method: str
    times: int
    chat: int | None = None
    status: int | None = None
    description: str | None = None
    parameters: Json | None = None
    delay: float = 0.0
    before: bool = False
    drop: bool = False
    drop_after: bool = False
    raw: bytes | None = None
    effect: bool = False

    def fits(self, method: str, params: Json) -> bool:
        """Tell whether this call is one of those meant."""
        return self.times > 0 and self.method in ("*", method) and self.chat in (None, params.get("chat_id"))

    def __str__(self) -> str:
        told = ("status", "parameters", "delay", "before", "drop", "drop_after", "raw", "effect")
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in told if getattr(self, name))


@dataclass(slots=True, eq=False)
class _Link:
    """One connection of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    stuck: bool = False  # for ever: it carried something into a black hole
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def gone(self) -> bool:
        return self.reader.at_eof() or self.writer.is_closing()


class Front:
    """Serves on a port of 127.0.0.1 from a thread of its own."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.hole_until = 0.0
        self.broken: list[str] = []  # tracebacks of faults of the stand-in itself
        self.port = 0
        self._token = token
        self._methods = Methods(world)
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self._wake = asyncio.Event()
        self._newest_poll = 0
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)
        world.news = self._on_news

    # The thread, and what a test's thread asks of it.

    def start(self) -> None:
        """Start the thread and listen."""
        self._thread.start()
        self.listen()

    def stop(self) -> None:
        """Close everything and end the thread."""
        self.stop_listening()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        if self._thread.is_alive():
            raise AssertionError("the stand-in's thread does not end")

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def _ask(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(5)

    def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._ask(self._listen())

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(
                self._on_connect, "127.0.0.1", self.port, limit=HEAD_BYTES, reuse_address=True, backlog=512
            )
            self.port = self._server.sockets[0].getsockname()[1]

    def stop_listening(self) -> None:
        """Refuse connections and break those that are open."""
        self._ask(self._stop_listening())

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = [link.task for link in self._links if link.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_news(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: there is nobody to wake
            self._loop.call_soon_threadsafe(self._wake.set)

    # Connections.

    async def _on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(reader, writer, task=asyncio.current_task())
        self._links.add(link)
        try:
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while await self._serve(link):
                pass
        except (ConnectionError, asyncio.CancelledError):
            pass
        except Malformed as error:
            self.log(Call(method="?", params={}, time=time.monotonic(), fault=str(error)))
        finally:
            self._links.discard(link)
            writer.transport.abort()

    async def _serve(self, link: _Link) -> bool:
        """Answer one request; false if the connection is to be closed."""
        request = await read_request(link.reader)
        if request is None:
            return False
        if self._swallows(link):
            return await self._swallow(link)
        answer = await self._answer(request, link)
        if self._swallows(link):
            return await self._swallow(link)
        if answer is not None:
            link.writer.write(answer)
            await link.writer.drain()
        return answer is not None and request.headers.get("connection", "").lower() != "close"

    def _swallows(self, link: _Link) -> bool:
        link.stuck = link.stuck or time.monotonic() < self.hole_until
        return link.stuck

    async def _swallow(self, link: _Link) -> bool:
        while await link.reader.read(HEAD_BYTES):
            pass
        return False

    # Requests.

    async def _answer(self, request: Request, link: _Link) -> bytes | None:
        """Return an answer's bytes; None if the connection is to be closed without one."""
        try:
            return await self._answer_well(request, link)
        except Malformed as error:
            refused = Refused(400, f"Bad Request: {error}")
            return self._finish(
                Call(method=request.path.rpartition("/")[2], params={}, time=time.monotonic()), refused
            )
        except Exception:
            self.broken.append(traceback.format_exc())
            return self._write(500, {"ok": False, "error_code": 500, "description": "the stand-in is broken"})

    async def _answer_well(self, request: Request, link: _Link) -> bytes | None:
        parts = re.fullmatch(r"(/file)?/bot([^/]*)/(.+)", unquote(request.path.partition("?")[0]))
        fault = self._refuse_token(parts[2] if parts else "")
        if fault or parts is None:
            call = Call(method=parts[3] if parts else request.path, params={}, time=time.monotonic())
            return self._finish(call, fault or Refused(404, "Not Found"))
        if parts[1]:
            return await self._download(parts[3], link)
        call = Call(method=parts[3], params=decode_params(request), time=time.monotonic())
        return await self._do(call, link)

    def _refuse_token(self, token: str) -> Refused | None:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            return Refused(404, "Not Found")
        return None if token == self._token else Refused(401, "Unauthorized")

    async def _do(self, call: Call, link: _Link) -> bytes | None:
        fault = self._next_fault(call)
        if fault is None:
            return await self._effect(call, link)
        if fault.delay and (fault.before or fault.status or fault.raw or fault.drop):
            await asyncio.sleep(fault.delay)
        if fault.drop:
            self.log(call)
            return None
        answer = None
        if fault.effect or (fault.status is None and fault.raw is None):
            answer = await self._effect(call, link)
            if fault.delay and not fault.before:
                await asyncio.sleep(fault.delay)
        if fault.drop_after:
            return None
        if fault.raw is not None:
            call.response = {"raw": fault.raw}
            self.log(call)
            return write_answer(fault.status or 200, fault.raw, self.world.now(), kind="text/html")
        if fault.status is not None:
            return self._finish(call, Refused(fault.status, fault.description or _name(fault), fault.parameters))
        return answer

    def _next_fault(self, call: Call) -> Fault | None:
        with self.world.lock:
            found = next((fault for fault in self.faults if fault.fits(call.method, call.params)), None)
            if found:
                found.times -= 1
                call.fault = str(found)
            return found

    async def _effect(self, call: Call, link: _Link) -> bytes:
        try:
            if call.method == "getUpdates":
                self.log(call)
                return self._finish(call, await self._poll(call.params, link))
            with self.world.lock:
                return self._finish(call, self._methods.call(call.method, call.params))
        except Refused as refused:
            return self._finish(call, refused)

    def _finish(self, call: Call, result: Any) -> bytes:
        """Put the answer into the log, and return its bytes."""
        status = 200
        response: Json = {"ok": True, "result": result}
        if isinstance(result, Refused):
            status = result.status
            response = {"ok": False, "error_code": status, "description": str(result)}
            if result.parameters:
                response["parameters"] = result.parameters
        call.response = response
        self.log(call)
        return self._write(status, response)

    def _write(self, status: int, response: Json) -> bytes:
        return write_answer(status, json.dumps(response).encode(), time.time() + self.world.ahead)

    def log(self, call: Call) -> None:
        """Keep a call, once."""
        with self.world.lock:
            if not call.listed:
                call.listed = True
                self.calls.append(call)

    async def _download(self, path: str, link: _Link) -> bytes | None:
        call = Call(method="file", params={"file_path": path}, time=time.monotonic())
        stored = self.world.files.get(path.removeprefix("documents/"))
        fault = self._next_fault(call)
        if fault or stored is None:
            refused = Refused(404, "Not Found") if fault is None else Refused(fault.status or 500, _name(fault))
            answer = self._finish(call, refused)
            return None if link.gone or (fault and fault.drop) else answer
        self._finish(call, {"bytes": len(stored[1])})
        return write_answer(200, stored[1], self.world.now(), kind="application/octet-stream")

    # The poll.

    async def _poll(self, params: Json, link: _Link) -> list[Json]:
        limit, mine = self._begin_poll(params)
        deadline = time.monotonic() + min(float(params.get("timeout") or 0), 50.0)
        while True:
            self._wake.clear()
            if link.gone:  # a bot that ends breaks its poll off and confirms with another: no conflict
                return []
            if self.world.webhook["url"]:
                raise Refused(409, _WEBHOOK_SET)
            if mine != self._newest_poll:
                raise Refused(409, OTHER_POLL)
            left = deadline - time.monotonic()
            batch = self.world.peek(limit)
            if batch or left <= 0:
                self.world.last_batch = batch or self.world.last_batch
                return batch
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), min(left, _TICK_S))

    def _begin_poll(self, params: Json) -> tuple[int, int]:
        if self.world.webhook["url"]:
            raise Refused(409, _WEBHOOK_ON)
        limit, offset = params.get("limit", 100), params.get("offset", 0)
        if type(limit) is not int or not 1 <= limit <= 100 or type(offset) is not int:
            raise Refused(400, "Bad Request: limit must be 1 to 100 and offset a number")
        if params.get("allowed_updates") is not None:
            self.world.allowed = params["allowed_updates"]
        if offset:
            self.world.confirm(offset)
        self._newest_poll += 1
        self._wake.set()
        return limit, self._newest_poll


def _name(fault: Fault) -> str:
    """Return the description that Telegram gives with a status."""
    after = (fault.parameters or {}).get("retry_after")
    if fault.status == 429:
        return f"Too Many Requests: retry after {after}"
    if fault.parameters and "migrate_to_chat_id" in fault.parameters:
        return "Bad Request: group chat was upgraded to a supergroup chat"
    texts = {403: "Forbidden: bot was blocked by the user", 409: OTHER_POLL, 502: "Bad Gateway", 401: "Unauthorized"}
    return texts.get(fault.status or 500, f"Stand-in: fault {fault.status}")
