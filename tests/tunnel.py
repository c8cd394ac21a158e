"""A CONNECT proxy with an end for TLS behind it, whose handshakes can be made to fail."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Self

_CERTIFICATE = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=127.0.0.1"
_CERTIFICATE += " -addext subjectAltName=IP:127.0.0.1 -addext keyUsage=critical,digitalSignature,keyCertSign"
_CHUNK = 65_536
_Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Tunnel:
    """Whatever address a client wants to be connected with, it gets to an HTTP server on this machine, by TLS.

    `url` is where the proxy listens, `certificate` what a client has to trust; `broken` counts the handshakes that it
    let fail.
    """

    def __init__(self, port: int, folder: Path) -> None:
        """`port` is the server's; a certificate and its key are made in the folder, with openssl."""
        self.certificate = folder / "tunnel.pem"
        self.broken = 0
        self._is_broken = False
        self._connects = True
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tunnel", daemon=True)
        self._listeners: list[asyncio.Server] = []
        self._server_port = port
        self._key = folder / "tunnel.key"
        command = ["openssl", *_CERTIFICATE.split(), "-keyout", str(self._key), "-out", str(self.certificate)]
        subprocess.run(command, check=True, capture_output=True, timeout=20)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)
        return self

    async def _start(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self._key)
        to_server = partial(self._on_connect, partial(_pass_to, self._server_port))
        end = await asyncio.start_server(to_server, "127.0.0.1", 0, ssl=context)
        to_end = partial(self._on_connect, partial(self._tunnel, _port_of(end)))
        self._listeners = [await asyncio.start_server(to_end, "127.0.0.1", 0), end]

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        for listener in self._listeners:
            listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{_port_of(self._listeners[0])}"

    @contextmanager
    def outage(self, *, connects: bool = True) -> Iterator[None]:
        """Let every other handshake hang and the rest be cut, as behind a proxy that is started anew at the end.

        Without `connects` it is not the handshake but the proxy's own answer that does not come.
        """
        self._connects = connects
        self._loop.call_soon_threadsafe(self._change, True)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._change, False)

    def _change(self, is_broken: bool) -> None:
        self._is_broken = is_broken
        for writer in self._open:
            writer.transport.abort()

    async def _on_connect(self, serve: _Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await serve(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _tunnel(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if self._connects or not self._is_broken:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        if not self._is_broken:
            await _pass_to(port, reader, writer)
            return
        self.broken += 1
        hangs = self.broken % 2 == 1
        while await reader.read(_CHUNK) and hangs:
            pass


async def _pass_to(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes from either side, until one of them ends."""
    back, forth = await asyncio.open_connection("127.0.0.1", port)
    ways = [asyncio.create_task(_copy(reader, forth)), asyncio.create_task(_copy(back, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        forth.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()


def _port_of(listener: asyncio.Server) -> int:
    return int(listener.sockets[0].getsockname()[1])
