"""A stand-in Bot API server on the loopback interface, strict where that finds bugs, with faults on demand."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from telegram_front import OTHER_POLL, Call, Fault, Front
from telegram_people import People, list_buttons
from telegram_rules import cut_units
from telegram_world import Json, World

TOKEN = "123456:TEST-TOKEN-abcdefghijklmnopqrstuvwxyz012345"  # noqa: S105 - nobody's
_SHOWN_CALLS = 40  # of the log, in a failure's message
_NOTHING = {"ok": True, "result": []}
_QUERY_IDS = ("callback_query_id", "inline_query_id", "guest_query_id")


class TelegramServer(People):
    """Telegram as a bot sees it, from entering the context to leaving it.

    Everything may be called from a test's thread; everything that waits has a bound. The users' side is in `People`.
    `me` is what getMe tells, `admins` who is an administrator (chat -> users), `ahead` the seconds that its clock is
    before the machine's, `query_seconds` how long a press can be answered, `front_door` where a proxy in front of the
    bot would hand webhook updates on to, as (host, port).
    """

    def __init__(self, token: str = TOKEN, username: str = "article_test_bot") -> None:
        super().__init__(World(token, username))
        self.token = token
        self.front_door: tuple[str, int] | None = None
        self._front = Front(self.world, token)
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        self._front.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, trace: TracebackType | None) -> None:
        self._front.stop()
        if kind is None:
            self._check_itself()

    # Where it is, and what it is like.

    @property
    def port(self) -> int:
        return self._front.port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file/bot"

    @property
    def me(self) -> Json:
        return self.world.me

    @property
    def admins(self) -> dict[int, set[int]]:
        return self.world.admins

    @property
    def ahead(self) -> float:
        return self.world.ahead

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        self.world.ahead = seconds

    @property
    def query_seconds(self) -> float:
        return self.world.query_seconds

    @query_seconds.setter
    def query_seconds(self, seconds: float) -> None:
        self.world.query_seconds = seconds

    # Observing.

    def calls(self, method: str | None = None, chat: int | None = None) -> list[Call]:
        """Return the bot's requests so far, of one method and about one chat if they are given."""
        with self.world.lock:
            return [
                call
                for call in self._front.calls
                if method in (None, call.method) and (chat is None or call.chat == chat)
            ]

    def wait(
        self, what: str | Callable[[Call], bool], n: int = 1, seconds: float = 10.0, chat: int | None = None
    ) -> list[Call]:
        """Return the requests of a method, or that a predicate takes, as soon as there are `n` since the start."""

        def find() -> list[Call]:
            if isinstance(what, str):
                return self.calls(what, chat)
            return [call for call in self.calls(chat=chat) if what(call)]

        name = what if isinstance(what, str) else getattr(what, "__name__", "predicate")
        self.wait_until(lambda: len(find()) >= n, f"{n} x {name}{_in(chat)}", seconds, lambda: f"{len(find())} came")
        return find()

    def wait_messages(self, chat: int, n: int = 1, seconds: float = 10.0) -> list[Json]:
        """Return the bot's messages in a chat as soon as there are `n`."""

        def find() -> list[Json]:
            return self.messages(chat)

        self.wait_until(lambda: len(find()) >= n, f"{n} messages{_in(chat)}", seconds, lambda: f"{len(find())} came")
        return find()

    def wait_until(
        self, is_so: Callable[[], bool], what: str, seconds: float = 10.0, so_far: Callable[[], str] = lambda: ""
    ) -> None:
        """Wait until something holds; `what` and `so_far` say in a failure what that was."""
        deadline = time.monotonic() + seconds
        while True:
            began = time.monotonic()
            if is_so():
                return
            now = time.monotonic()
            if now >= deadline:
                self._check_itself()
                raise AssertionError(f"not within {seconds:g} s: {what} ({so_far()})\n{self.describe()}")
            time.sleep(max(0.0, min(0.01 + 3 * (now - began), deadline - now)))  # a long log is not always looked at

    def wait_answer(self, query: str, seconds: float = 10.0) -> Call:
        """Return the answer that was taken, to a press, an inline query or a guest query."""

        def find() -> list[Call]:
            return [call for call in self.calls() if call.ok and query in map(call.params.get, _QUERY_IDS)]

        self.wait_until(lambda: bool(find()), f"an answer to query {query}", seconds)
        return find()[0]

    def messages(self, chat: int) -> list[Json]:
        """Return the bot's messages that stand in a chat now, as they are after edits, in their order."""
        with self.world.lock:
            found = sorted(self.world.messages.get(chat, {}).items())
            return [message for _, message in found if message.get("from", {}).get("id") == self.me["id"]]

    def message(self, chat: int, message_id: int) -> Json:
        """Return one message of a chat as it is now, a user's too."""
        with self.world.lock:
            return self.world.messages[chat][message_id]

    def inline_message(self, name: str) -> Json:
        """Return what a message shows that the bot sent by a guest query."""
        with self.world.lock:
            return self.world.inline_messages[name]

    def commands(self, scope: str = "default", language: str = "") -> list[Json]:
        """Return a menu; the scope is as Telegram names it, "chat:5" for that of a chat."""
        with self.world.lock:
            return self.world.commands.get((scope, language), [])

    def pending(self) -> int:
        """Return how many updates the bot has not confirmed."""
        return self.world.pending()

    def polls_per_second(self, seconds: float = 1.0) -> float:
        """Return how often the bot polled in the last `seconds`."""
        since = time.monotonic() - seconds
        return sum(call.time >= since for call in self.calls("getUpdates")) / seconds

    def describe(self) -> str:
        """Return the last requests, a line each; empty polls and what sets menus and profile are counted only."""
        calls = self.calls()
        told = [call for call in calls if not (call.ok and _is_dull(call))]
        counts = Counter(call.method for call in calls)
        lines = [f"{sum(counts.values())} requests: {dict(counts)}; {self.pending()} updates unconfirmed"]
        lines += [_describe(call, self._started) for call in told[-_SHOWN_CALLS:]]
        return "\n  ".join(lines)

    def _check_itself(self) -> None:
        if self._front.broken:
            raise AssertionError("the stand-in is broken:\n" + self._front.broken[0])

    # Faults.

    def fault(
        self,
        method: str,
        times: int = 1,
        *,
        status: int | None = None,
        parameters: Json | None = None,
        description: str | None = None,
        delay: float = 0.0,
        before: bool = False,
        drop: bool = False,
        drop_after: bool = False,
        raw: bytes | None = None,
        effect: bool = False,
        chat: int | None = None,
    ) -> Fault:
        """Spoil the next `times` calls of a method ("*": of any; "file": downloads), in `chat` only if it is given.

        `status`: refused with it, without effect; `description` and `parameters` go with it. `raw`: these bytes for
        a body, with `status` or 200, without effect. `effect`: those two happen although the call has its effect.
        `delay`: the effect at once, the answer so many seconds later; with `before` the effect as late as the
        answer. `drop`: the connection is closed, without effect; `drop_after`: with it. The fault is returned: its
        `times` are those left, and may be set to 0.
        """
        made = Fault(
            method=method,
            times=times,
            chat=chat,
            status=status,
            description=description,
            parameters=parameters,
            delay=delay,
            before=before,
            drop=drop,
            drop_after=drop_after,
            raw=raw,
            effect=effect,
        )
        with self.world.lock:
            self._front.faults.append(made)
        return made

    def conflict(self, n: int = 1) -> Fault:
        """Answer the next `n` polls as if another bot polled."""
        return self.fault("getUpdates", n, status=409, description=OTHER_POLL)

    def repeat_batch(self) -> Fault:
        """Give the next poll the updates again that the last one which got any got, whatever it has confirmed."""
        batch = json.dumps({"ok": True, "result": self.world.last_batch})
        return self.fault("getUpdates", raw=batch.encode())

    def black_hole(self, seconds: float) -> None:
        """Take everything and answer nothing; a connection that carried something meanwhile stays silent for ever."""
        self._front.hole_until = time.monotonic() + seconds

    def stop_listening(self) -> None:
        """Refuse connections and break those that are open, until `listen`."""
        self._front.stop_listening()

    def listen(self) -> None:
        """Take connections again, on the same port."""
        self._front.listen()

    # Webhook.

    def deliver(
        self,
        update: Json | None = None,
        *,
        secret: str | None = None,
        verb: str = "POST",
        path: str | None = None,
        body: bytes | None = None,
        seconds: float = 10.0,
    ) -> int:
        """Post an update to the webhook that the bot has set, and return the status of its answer.

        Without an update or a body it is the oldest update that waits, which a 2xx confirms. `secret` "" sends none.
        `front_door` must be set.
        """
        hook = self.world.webhook
        if not hook["url"] or self.front_door is None:
            raise AssertionError(f"webhook {hook['url']!r}, front door {self.front_door}\n{self.describe()}")
        waiting = None
        if update is None and body is None:
            update = waiting = next(iter(self.world.peek(1)), None)
            if waiting is None:
                raise AssertionError(f"no update waits for the webhook\n{self.describe()}")
        data = json.dumps(update).encode() if body is None else body
        status = self._post(verb, path or urlsplit(hook["url"]).path or "/", data, secret, seconds)
        if waiting is not None and 200 <= status < 300:
            self.world.drop(waiting)
        return status

    def _post(self, verb: str, path: str, data: bytes, secret: str | None, seconds: float) -> int:
        assert self.front_door
        headers = {"Content-Type": "application/json"}
        shown = self.world.webhook["secret_token"] if secret is None else secret
        if shown:
            headers["X-Telegram-Bot-Api-Secret-Token"] = shown
        link = http.client.HTTPConnection(*self.front_door, timeout=seconds)
        try:
            link.request(verb, path, None if verb == "GET" else data, headers)
            return link.getresponse().status
        finally:
            link.close()


def text_of(message: Json) -> str:
    """Return a message's text, or its caption."""
    return str(message.get("text") or message.get("caption") or "")


def marked(message: Json, kind: str) -> list[str]:
    """Return the words of a message that have a mark of one kind, as Telegram cuts them out."""
    found = [entity for entity in message.get("entities", []) if entity["type"] == kind]
    return [cut_units(text_of(message), entity["offset"], entity["length"]) or "" for entity in found]


def labels(message: Json) -> list[str]:
    """Return the labels of the buttons under a message."""
    return [button["text"] for button in list_buttons(message)]


def _is_dull(call: Call) -> bool:
    return "My" in call.method or (call.method == "getUpdates" and call.response == _NOTHING)


def _in(chat: int | None) -> str:
    return "" if chat is None else f" in chat {chat}"


def _describe(call: Call, start: float) -> str:
    def cut(value: Any, size: int = 100) -> str:
        text = repr(value)
        return text if len(text) <= size else f"{text[:size]}…"

    params = " ".join(f"{name}={cut(value)}" for name, value in call.params.items())
    response = call.response
    if response is None:
        answer = "no answer"
    elif "raw" in response or response["ok"]:
        answer = cut(response.get("raw", response.get("result")))
    else:
        answer = f"{response['error_code']} {response['description']} {response.get('parameters', '')}"
    return f"{call.time - start:7.3f} s {call.method} {params} -> {answer}" + (
        f" [{call.fault}]" if call.fault else ""
    )
