"""HTTP/1.1 as a bot speaks it with Telegram: requests read, parameters decoded, answers written."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

_TEXTS = {"text", "caption", "parse_mode", "callback_query_id", "inline_query_id", "guest_query_id", "action", "url"}
_TEXTS |= {"inline_message_id", "secret_token", "name", "description", "short_description", "language_code"}
_TEXTS |= {"file_id", "next_offset", "title", "ip_address"}
HEAD_BYTES = 1 << 16


class Malformed(Exception):  # noqa: N818 - a client's fault, told by a status
    """Bytes that are no HTTP request, or parameters that are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: its verb, path and query as sent, its headers by lower-case name, its body."""

    verb: str
    path: str
    headers: dict[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request of a connection; None if the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Malformed("the connection ended within a request's head") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise Malformed("a head without an end") from error
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Malformed(f"no request line: {first[:80]!r}")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(verb=parts[0], path=parts[1], headers=headers, body=await _read_body(reader, headers))


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    try:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", "0")))
        body = bytearray()
        while size := int((await reader.readline()).partition(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    except (asyncio.IncompleteReadError, ValueError) as error:
        raise Malformed("the body is not as long as its head says") from error
    return bytes(body)


def decode_params(request: Request) -> dict[str, Any]:
    """Return the parameters of a request: numbers, lists and objects decoded, texts and files' bytes as they are."""
    found: dict[str, Any] = dict(parse_qsl(request.path.partition("?")[2], keep_blank_values=True))
    kind = request.headers.get("content-type", "")
    try:
        if kind.startswith("application/json"):
            posted = json.loads(request.body or b"{}")
            if not isinstance(posted, dict):
                raise Malformed("the body is no JSON object")
            found |= posted
        elif kind.startswith("multipart/form-data"):
            found |= _split_parts(request.body, kind)
        elif request.body:
            text = request.body.decode("ascii")
            found |= dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError as error:
        raise Malformed(f"the body cannot be read: {error}") from error
    return {name: _decode(name, value) for name, value in found.items()}


def _decode(name: str, value: Any) -> Any:
    if isinstance(value, str) and name not in _TEXTS:
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _split_parts(body: bytes, kind: str) -> dict[str, Any]:
    boundary = re.search(r'boundary="?([^";]+)', kind)
    if boundary is None:
        raise Malformed("a multipart body without a boundary")
    found: dict[str, Any] = {}
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'[ ;]name="([^"]*)"', head)
        if name is None:
            raise Malformed("a part without a name")
        value = value.removesuffix(b"\r\n")
        found[unquote(name[1].decode())] = value if b"filename=" in head else value.decode()
    return found


def write_answer(status: int, body: bytes, now: float, *, kind: str = "application/json") -> bytes:
    """Return an answer's bytes; `now` is the Date it tells, in seconds since 1970."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    head = f"HTTP/1.1 {status} {reason}\r\nServer: stand-in\r\nDate: {formatdate(now, usegmt=True)}\r\n"
    head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    return head.encode() + body
