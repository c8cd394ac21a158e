"""How the bot talks HTTP with Telegram: requests that cannot go deaf, on python-telegram-bot's extension points."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import httpx
from telegram import Update
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.errors import BotError, ConflictError, TokenError
from bot.log import redact

CONFLICTS_BORNE = 5  # in a minute: after a restart Telegram holds the old poll for some time
_PAUSES_S = (0.5, 1.0, 2.0, 3.0)  # before the next poll after one failure, two, ...
_CONNECTIONS = 32  # at once, for everything but polling
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.WriteError)
_BATCH = 10  # updates a poll: a hundred of the largest that there are hold the event loop up for a second
_LARGEST = 1 << 63  # what SQLite keeps; Telegram's own ids have 52 bits

logger = logging.getLogger(__name__)


class GarbledError(NetworkError):
    """Something answered in Telegram's place, or a part of its answer is missing."""


class ApiBot(ExtBot[None]):
    """Telegram's methods. It does not show its token, and takes few updates at once."""

    def __repr__(self) -> str:
        return "Bot()"

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:  # noqa: ANN401 - the base's parameters
        """Poll."""
        return await super().get_updates(*args, **kwargs | {"limit": _BATCH})


class ServerClock:
    """Telegram's time, from the Date of its answers: the machine's own clock may be wrong, or jump."""

    def __init__(self) -> None:
        self._ahead: float | None = None  # of the monotonic clock

    async def note(self, response: httpx.Response) -> None:
        """Read the time of an answer, as a hook of httpx."""
        with contextlib.suppress(KeyError, ValueError, OverflowError):
            self._ahead = parsedate_to_datetime(response.headers["date"]).timestamp() - time.monotonic()

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return time.time() if self._ahead is None else self._ahead + time.monotonic()


class SendRequest(BaseRequest):
    """Requests for everything but polling.

    Measured with httpcore 1.0.9: every TLS handshake that fails through a proxy keeps its place in the pool of
    connections, and with 32 of them lost each request waits for a place until it fails. So after any failure to
    connect the next requests get another pool; the old one is closed behind the last request that it still makes.
    """

    def __init__(self, clock: ServerClock, proxy: str | None = None) -> None:
        hooks = {"request": [_follow], "response": [clock.note]}
        kwargs = {"event_hooks": hooks, "verify": httpx.create_ssl_context()}  # made in 40 ms
        self._make = partial(
            HTTPXRequest, _CONNECTIONS, proxy=proxy, read_timeout=5.0, pool_timeout=30.0, httpx_kwargs=kwargs
        )
        self._pool = self._make()
        self._under_way: Counter[HTTPXRequest] = Counter()

    @property
    def read_timeout(self) -> float | None:
        """How many seconds an answer may take."""
        return self._pool.read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        await self._pool.initialize()

    async def shutdown(self) -> None:
        """Close every connection."""
        for pool in {self._pool, *self._under_way}:
            await pool.shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the base's parameters
        """Send one request."""
        pool = self._pool
        self._under_way[pool] += 1
        try:
            return await pool.do_request(*args, **kwargs)
        except NetworkError as error:
            if is_unsent(error) and pool is self._pool:
                self._pool = self._make()
            raise
        finally:
            self._under_way[pool] -= 1
            if not self._under_way[pool]:
                del self._under_way[pool]
                if pool is not self._pool:
                    await pool.shutdown()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return Telegram's answer as a dict; GarbledError for what a broken proxy answers in its place."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise GarbledError("the answer is not JSON") from error
        if not isinstance(answer, dict) or not {"result", "description"} & answer.keys():
            raise GarbledError("the answer is not Telegram's")
        return answer


async def _follow(request: httpx.Request) -> None:
    """Mark a request when it begins to be sent, as a hook of httpx; what a proxy is asked before is none of it."""

    async def trace(event: str, info: dict[str, Any]) -> None:
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            request.extensions["begun"] = True

    request.extensions["trace"] = trace


def is_unsent(error: NetworkError) -> bool:
    """Say whether a SendRequest failed before Telegram could have got it: to send it again doubles nothing."""
    cause = error.__cause__
    if isinstance(cause, httpx.RequestError) and not isinstance(cause, _NOT_SENT):
        with contextlib.suppress(RuntimeError):  # it does not tell of which request it is
            return "begun" not in cause.request.extensions
    return isinstance(cause, _NOT_SENT)


class PollRequest(HTTPXRequest):
    """Requests for `getUpdates` alone: after every failure a fresh client, and no update that stops the others.

    Measured with python-telegram-bot 22.8 as it is: an update that it cannot parse is asked for 870 times a second
    and nothing behind it is ever seen; after some broken TLS handshakes through a proxy its one connection is lost
    and it polls no more. `polled` is when the last poll succeeded, on the monotonic clock.
    """

    def __init__(self, clock: ServerClock, proxy: str | None = None, *, on_end: Callable[[BotError], None]) -> None:
        """`on_end` is told what no further poll can mend."""
        super().__init__(
            connection_pool_size=2,
            proxy=proxy,
            read_timeout=5.0,
            pool_timeout=5.0,
            httpx_kwargs={"event_hooks": {"response": [clock.note]}},
        )
        self.polled = time.monotonic()
        self._failures = 0
        self._conflicts: deque[float] = deque(maxlen=CONFLICTS_BORNE + 1)
        self._yields = False  # to another bot, whose own poll any further one would break off
        self._on_end = on_end

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the base's parameters
        """Poll once. A failure is told in one line and becomes TimedOut, after which python-telegram-bot goes on."""
        if self._yields:  # python-telegram-bot ends with one more poll
            return 200, b'{"ok": true, "result": []}'
        try:
            code, payload = await super().do_request(*args, **kwargs)
            if code >= 500:
                raise NetworkError(f"status {code}")
            if code < 300:
                _check(payload)
        except NetworkError as error:
            self._failures += 1
            logger.warning("polling failed (%s); trying again", redact(str(error)))
            await self.shutdown()
            await self.initialize()
            await asyncio.sleep(_PAUSES_S[min(self._failures, len(_PAUSES_S)) - 1])
            raise TimedOut from error
        self._failures = 0
        if code < 300:
            self.polled = time.monotonic()
        elif code == 409:
            self._count_conflict()
        elif code in (401, 404):
            self._on_end(TokenError("Telegram rejects the token now; get a new one from @BotFather"))
        return code, payload

    def _count_conflict(self) -> None:
        self._conflicts.append(time.monotonic())
        if len(self._conflicts) > CONFLICTS_BORNE and self._conflicts[-1] - self._conflicts[0] < 60:
            self._yields = True
            self._on_end(
                ConflictError("another program polls with this token, or has set a webhook; end one of the two")
            )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return Telegram's answer with every update that cannot be parsed replaced by its bare id."""
        try:
            answer = SendRequest.parse_json_payload(payload)
        except GarbledError as error:
            ids = re.findall(rb'"update_id": ?(\d{1,18})\b', payload)
            if not (ids and isinstance(error.__cause__, RecursionError)):
                raise
            logger.warning("%d updates are nested too deeply to be parsed; dropped", len(ids))
            answer = {"result": [{"update_id": int(number)} for number in ids]}
        if isinstance(answer.get("result"), list):
            answer["result"] = [mend_update(update) for update in answer["result"] if has_id(update)]
        return answer


def _check(payload: bytes) -> None:
    """Raise GarbledError for what is not Telegram's answer; one that is too deep is dealt with when it is parsed."""
    try:
        SendRequest.parse_json_payload(payload)
    except GarbledError as error:
        if not isinstance(error.__cause__, RecursionError):
            raise


def has_id(update: object) -> bool:
    """Say whether this is an update that can be told from others."""
    return isinstance(update, dict) and type(update.get("update_id")) is int and 0 <= update["update_id"] < _LARGEST


def mend_update(update: dict[str, Any]) -> dict[str, Any]:
    """Return an update if it can be parsed and kept, half characters in it replaced, else nothing but its id."""
    try:
        text = json.dumps(update, ensure_ascii=False)
        clean: dict[str, Any] = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        parsed = Update.de_json(clean, None)
        message = parsed.message or parsed.edited_message or parsed.guest_message
        numbered = (parsed.effective_chat, parsed.effective_user, message)
        if parsed.to_dict() and all(abs(part.id) < _LARGEST for part in numbered if part):
            return clean
        reason = "an id out of range"
    except Exception as error:  # whatever is in it, the next one has to be seen
        reason = type(error).__name__
    logger.warning("update %d cannot be parsed (%s); dropped", update["update_id"], reason)
    return {"update_id": update["update_id"]}
