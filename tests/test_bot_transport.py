"""Talking with Telegram: no answer, however broken, stops the bot from hearing the next one."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from clock import run, settle
from hypothesis import example, given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest
from updates import make_message, make_press, make_update, make_user, raw_update

import bot.transport
from bot.errors import BotError, ConflictError, TokenError
from bot.transport import (
    CONFLICTS_BORNE,
    ApiBot,
    GarbledError,
    PollRequest,
    SendRequest,
    ServerClock,
    is_unsent,
    mend_update,
)

Log = pytest.LogCaptureFixture
HUGE = 1 << 63


def reply(**fields: Any) -> bytes:
    return json.dumps({"ok": True, **fields}).encode()


# Answers.


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html><h1>502 Bad Gateway</h1></html>",
        b'{"ok": true, "result": [{"upd',
        b"[]",
        b"null",
        b'"ok"',
        b"{}",
        b'{"ok": true}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"result":' * 100_000,
    ],
)
def test_garbled_answers_are_network_errors(payload: bytes) -> None:
    """N15: whatever a broken proxy sends in Telegram's place is taken for a failure of the network."""
    for request in (SendRequest, PollRequest):
        with pytest.raises(NetworkError) as caught:
            request.parse_json_payload(payload)
        assert type(caught.value) is GarbledError


def test_whole_answers_are_passed_on() -> None:
    """A result and a refusal are what Telegram says."""
    for answer in ({"ok": True, "result": {"id": 1}}, {"ok": False, "error_code": 400, "description": "Bad Request"}):
        assert SendRequest.parse_json_payload(json.dumps(answer).encode()) == answer
        assert PollRequest.parse_json_payload(json.dumps(answer).encode()) == answer


def test_unreadable_update_before_a_good_one(caplog: Log) -> None:
    """U1: an update that cannot be parsed is passed on as its bare number; the others of the batch as they are."""
    bad = {"update_id": 1, "callback_query": {"id": "1", "from": make_user(5), "data": "x"}}
    good = raw_update(2, "Who? 🦊")
    assert PollRequest.parse_json_payload(reply(result=[bad, good])) == {
        "ok": True,
        "result": [{"update_id": 1}, good],
    }
    assert caplog.messages == ["update 1 cannot be parsed (TypeError); dropped"]


@pytest.mark.parametrize("number", [None, "1", 1.0, True, -1, HUGE, [], {}])
def test_updates_without_a_number(number: object) -> None:
    """U3: what has no number that can be kept is left out."""
    good = raw_update(2)
    answer = PollRequest.parse_json_payload(reply(result=[{**good, "update_id": number}, {}, [], None, 7, good]))
    assert answer["result"] == [good]


# Updates.


def test_good_updates_stay_as_they_are() -> None:
    """A new kind of update and fields from tomorrow are no reason to drop one."""
    updates = [
        raw_update(1, "Who? 🦊 \u202e\u200d é", chat=-100),
        {**raw_update(2), "from_tomorrow": {"a": [1, None]}},
        {"update_id": 3, "a_kind_from_tomorrow": {"x": 1}},
        raw_update(4, kind="edited_message", edit_date=1),
        json.loads(make_press(5).to_json()),
    ]
    assert [mend_update(update) for update in updates] == updates


@pytest.mark.parametrize(
    "fields",
    [
        {"from": make_user(HUGE)},
        {"from": make_user(-HUGE)},
        {"from": make_user("5")},  # type: ignore[arg-type]
        {"chat": {"id": HUGE, "type": "private"}},
        {"chat": {"id": [5], "type": "private"}},
        {"chat": {"type": "private"}},
        {"message_id": HUGE},
        {"message_id": None},
        {"date": 10**30},
        {"date": "yesterday"},
        {"entities": [{"type": "mention"}]},
        {"entities": 7},
        {"reply_to_message": {"text": "no more"}},
    ],
)
def test_updates_that_cannot_be_kept(fields: dict[str, Any], caplog: Log) -> None:
    """U3: huge numbers, wrong kinds of value and missing parts leave the bare number, and one line of log."""
    for kind in ("message", "edited_message", "guest_message"):
        caplog.clear()
        update = {"update_id": 9, kind: make_message("some private words") | fields}
        assert mend_update(update) == {"update_id": 9}
        assert len(caplog.messages) == 1
        assert "some private words" not in caplog.text


@pytest.mark.parametrize("depth", [100, 900, 1_100, 3_000])
def test_deep_nesting(depth: int) -> None:
    """U3: what is nested deep is dropped alone; deeper than Python reads, with its batch, and not asked for again."""
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    good = raw_update(2)
    payload = b'{"ok": true, "result": [{"update_id": 1, "message": %s}, %s]}' % (deep, json.dumps(good).encode())
    result = PollRequest.parse_json_payload(payload)["result"]
    assert result == [{"update_id": 1}, good] or (depth > 900 and result == [{"update_id": 1}, {"update_id": 2}])


def test_half_characters_are_replaced() -> None:
    """T3: half of a character, which no file and no answer can hold, becomes the sign for an unknown one."""
    update = raw_update(1, "a \ud83d b \ude00 🦊 \\ud83d")
    mended = mend_update(update)
    assert mended["message"]["text"] == "a \ufffd b \ufffd 🦊 \\ud83d"
    assert {**mended["message"], "text": ""} == {**update["message"], "text": ""}
    json.dumps(mended, ensure_ascii=False).encode()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([HUGE, -HUGE, "private"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["text", "from", "chat", "message_id", "date", "entities", "quote", "sticker", "edit_date"])


@settings(deadline=None)
@given(
    number=st.integers(0, HUGE - 1),
    kind=st.sampled_from(["message", "edited_message", "guest_message", "callback_query", "inline_query", "poll"]),
    fields=st.dictionaries(FIELDS, VALUES, max_size=3),
)
@example(1, "message", {"text": "\ud800"})
def test_any_update_can_be_passed_on(number: int, kind: str, fields: dict[str, object]) -> None:
    """U3: whatever is in an update, what comes out can be parsed, written down, and has its number."""
    mended = mend_update({"update_id": number, kind: make_message() | fields})
    update = Update.de_json(mended, None)
    assert update.update_id == number
    json.dumps(update.to_dict()).encode()
    for part in (update.effective_chat, update.effective_user):
        assert part is None or abs(part.id) < HUGE


# Telegram's clock.


def note(clock: ServerClock, date: bytes | None) -> None:
    asyncio.run(clock.note(httpx.Response(200, headers=[] if date is None else [(b"Date", date)])))


def test_time_of_the_server() -> None:
    """N21: the time is Telegram's, wherever the machine's clock stands, and goes on between answers."""

    async def scenario() -> None:
        clock = ServerClock()
        await clock.note(httpx.Response(200, headers={"Date": "Sat, 01 Jan 2050 00:00:00 GMT"}))
        assert clock.now() == 2_524_608_000
        await asyncio.sleep(90)
        assert clock.now() == 2_524_608_090
        await clock.note(httpx.Response(200, headers={"Date": formatdate(1_000, usegmt=True)}))
        assert clock.now() == 1_000

    run(scenario())


@pytest.mark.parametrize(
    "date",
    [None, "", "tomorrow", "Fri, 99 Foo 2050", "Sat, 01 Jan 99999 00:00:00 GMT", "Sat, 32 Jan 2050 00:00:00 GMT"],
)
def test_no_time_of_the_server(date: str | None) -> None:
    """N21: without a date that can be read the machine's clock counts, or the last date that could."""
    clock = ServerClock()
    unreadable = None if date is None else date.encode()
    note(clock, unreadable)
    assert clock.now() == pytest.approx(time.time(), abs=5)
    note(clock, b"Sat, 01 Jan 2050 00:00:00 GMT")
    note(clock, unreadable)
    assert clock.now() == pytest.approx(2_524_608_000, abs=5)


NUMBERS = st.integers(-5, 70) | st.integers(0, 10**6)


@given(
    st.binary()
    | st.builds(
        "Sat, {} {} {} {}:{}:{} {}".format,
        NUMBERS,
        st.sampled_from(["Jan", "Feb", "Foo"]),
        NUMBERS,
        NUMBERS,
        NUMBERS,
        NUMBERS,
        st.sampled_from(["GMT", "-0000", "+9999", "-2400", ""]),
    ).map(str.encode)
)
@example(b"Mon, 01 Jan 0001 00:00:00 -0000")
def test_any_date(date: bytes) -> None:
    """N21: no header can fail a request."""
    clock = ServerClock()
    note(clock, date)
    assert clock.now() > -1e12


# Requests.

Outcome = tuple[int, bytes] | Exception | asyncio.Event  # an event: EMPTY, when it is set
EMPTY = (200, reply(result=[]))
CONFLICT = (409, reply(description="Conflict: terminated by other getUpdates request"))


class Line:
    """Plays the network below a request: outcomes one after the other; notes when each was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.times: list[float] = []
        self.clients: list[httpx.AsyncClient] = []
        line = self

        async def do_request(self: HTTPXRequest, *_: Any, **__: Any) -> tuple[int, bytes]:
            line.times.append(round(time.monotonic() - 1_000, 3))
            line.clients.append(self._client)
            outcome = line.outcomes.pop(0)
            if isinstance(outcome, asyncio.Event):
                await outcome.wait()
                return EMPTY
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(HTTPXRequest, "do_request", do_request)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Line]:
    return lambda *outcomes: Line(monkeypatch, *outcomes)


Play = Callable[..., Line]


def poll(line: Line, ended: list[BotError], *, seconds: float = 0.0) -> PollRequest:
    """Poll until the line has nothing more, with a pause behind each; return the request."""

    async def main() -> PollRequest:
        request = PollRequest(ServerClock(), on_end=ended.append)
        await request.initialize()
        while line.outcomes:
            try:
                await request.do_request("https://api.telegram.org", "POST")
            except TimedOut:
                continue
            await asyncio.sleep(seconds)
        await request.shutdown()
        return request

    return run(main())


@pytest.mark.parametrize(
    "failure",
    [
        NetworkError("httpx.ConnectError: "),
        TimedOut(),
        (502, b"<html>"),
        (500, reply(description="Internal")),
        (200, b"<html>"),
        (200, b""),
    ],
)
def test_failed_poll(failure: Outcome, play: Play, caplog: Log) -> None:
    """N1, N3, N15: after any failure a fresh client polls after a pause that grows to 3 s, with one line for each."""
    ended: list[BotError] = []
    line = play(*[failure] * 5, EMPTY, failure, EMPTY)
    request = poll(line, ended, seconds=10)
    assert line.times == [0, 0.5, 1.5, 3.5, 6.5, 9.5, 19.5, 20]
    assert len(set(line.clients)) == 7, "a fresh client after each of the six failures"
    assert [message.partition(" (")[0] for message in caplog.messages] == ["polling failed"] * 6
    assert not any(record.exc_info for record in caplog.records)
    assert request.polled == 1_020
    assert ended == []


def test_time_of_the_last_poll(play: Play) -> None:
    """N2: what health goes by is the last poll that succeeded; neither failures nor refusals count."""
    line = play(EMPTY, EMPTY, CONFLICT, (429, reply(description="Too Many Requests")), TimedOut())
    assert poll(line, [], seconds=10).polled == 1_010


def test_unreadable_update_is_told_once(play: Play, caplog: Log) -> None:
    """U1: the check of a poll's answer does not log what is logged when it is parsed."""
    poll(play((200, reply(result=[{"update_id": 1, "message": {}}]))), [])
    assert caplog.messages == []


@pytest.mark.parametrize(("pause", "borne"), [(1.0, False), (11.0, False), (13.0, True)])
def test_conflicts(play: Play, pause: float, borne: bool) -> None:
    """N18: five conflicts a minute are borne; with the sixth the bot ends, for another one polls."""
    ended: list[BotError] = []
    poll(play(*[CONFLICT] * CONFLICTS_BORNE), ended, seconds=pause)
    assert ended == []
    poll(play(*[CONFLICT] * (CONFLICTS_BORNE + 1)), ended, seconds=pause)
    assert [type(error) for error in ended] == ([] if borne else [ConflictError])
    assert all(error.status == 5 for error in ended)


def test_no_poll_after_giving_way(play: Play) -> None:
    """N18: the last poll, with which python-telegram-bot ends, is not sent: it would break off the other bot's."""
    ended: list[BotError] = []
    line = play(*[CONFLICT] * (CONFLICTS_BORNE + 1))

    async def main() -> tuple[int, bytes]:
        request = PollRequest(ServerClock(), on_end=ended.append)
        while not ended:
            await request.do_request("https://api.telegram.org", "POST")
        return await request.do_request("https://api.telegram.org", "POST")

    assert run(main()) == EMPTY
    assert len(line.times) == CONFLICTS_BORNE + 1


@pytest.mark.parametrize("status", [401, 404])
def test_rejected_token(play: Play, status: int) -> None:
    """N19: a token that Telegram stops to know ends the bot."""
    ended: list[BotError] = []
    poll(play(EMPTY, (status, reply(description="Unauthorized"))), ended)
    assert [type(error) for error in ended] == [TokenError]
    assert "BotFather" in str(ended[0])


def test_lost_pool_of_connections(play: Play) -> None:
    """N3: when no connection comes free a message is sent through a fresh client the next time."""
    lost = TimedOut("Pool timeout: All connections in the connection pool are occupied.")
    lost.__cause__ = httpx.PoolTimeout("")
    line = play(lost, EMPTY, TimedOut("Timed out"), EMPTY)

    async def main() -> None:
        request = SendRequest(ServerClock())
        await request.initialize()
        for fails in (True, False, True, False):
            await _expect(request.do_request("https://api.telegram.org", "POST"), fails=fails)
        await request.shutdown()

    run(main())
    first, *others = line.clients
    assert first.is_closed
    assert first not in others
    assert len(set(others)) == 1


def test_new_connections_do_not_break_old_ones(play: Play) -> None:
    """N3: what is still asked through the old connections gets its answer, and then they are closed."""
    line = play()

    async def main() -> None:
        request = SendRequest(ServerClock())
        await request.initialize()
        answered = asyncio.Event()
        line.outcomes = [answered, caused(NetworkError("httpx.ConnectError: "), httpx.ConnectError("")), EMPTY]
        slow = asyncio.create_task(request.do_request("https://api.telegram.org", "POST"))
        await settle()
        with pytest.raises(NetworkError):
            await request.do_request("https://api.telegram.org", "POST")
        assert await request.do_request("https://api.telegram.org", "POST") == EMPTY
        old, _, new = line.clients
        assert (old.is_closed, old is new) == (False, False)
        answered.set()
        assert await slow == EMPTY
        assert (old.is_closed, new.is_closed) == (True, False)
        await request.shutdown()
        assert new.is_closed

    run(main())


def caused(error: NetworkError, cause: Exception | None) -> NetworkError:
    """Return an error as python-telegram-bot raises it from one of httpx's."""
    error.__cause__ = cause
    return error


HEADERS = "http11.send_request_headers.started"


@pytest.mark.parametrize(
    ("cause", "events", "unsent"),
    [
        (httpx.ConnectError, [], True),
        (httpx.ConnectTimeout, [], True),
        (httpx.PoolTimeout, [], True),
        (httpx.ProxyError, [], True),
        (httpx.WriteError, [(HEADERS, b"POST")], True),
        (httpx.ReadError, [], True),
        (httpx.ReadTimeout, [(HEADERS, b"CONNECT")], True),
        (httpx.ReadTimeout, [("connection.start_tls.started", b"POST")], True),
        (httpx.ReadError, [(HEADERS, b"POST")], False),
        (httpx.ReadTimeout, [(HEADERS, b"CONNECT"), (HEADERS, b"POST")], False),
        (httpx.RemoteProtocolError, [(HEADERS, b"POST")], False),
    ],
)
def test_what_cannot_have_arrived(
    cause: type[httpx.RequestError], events: list[tuple[str, bytes]], unsent: bool
) -> None:
    """N13, N15: until the head of a request goes out, not the question to a proxy before it, Telegram has nothing."""
    request = httpx.Request("POST", "https://api.telegram.org")

    async def follow() -> None:
        await bot.transport._follow(request)
        for event, method in events:
            await request.extensions["trace"](event, {"request": SimpleNamespace(method=method)})

    run(follow())
    assert is_unsent(caused(NetworkError("it failed"), cause("it failed", request=request))) is unsent


def test_what_may_have_arrived() -> None:
    """N13: an answer that is none, and an error of which nothing is known, count as sent."""
    for cause in (None, GarbledError("the answer is not JSON"), RuntimeError(), httpx.ReadTimeout("late")):
        assert not is_unsent(caused(NetworkError("it failed"), cause))


def test_few_updates_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """L3: a poll asks for no more updates than are parsed in a moment, whatever python-telegram-bot wants."""
    asked: list[dict[str, Any]] = []

    async def get_updates(_: object, **given: Any) -> tuple[Update, ...]:
        asked.append(given)
        return ()

    monkeypatch.setattr(ExtBot, "get_updates", get_updates)
    assert asyncio.run(ApiBot("123456:a-token").get_updates(offset=7, limit=100, timeout=2)) == ()
    (given,) = asked
    assert (given["offset"], given["timeout"]) == (7, 2)
    assert 1 <= given["limit"] <= 20


def test_a_bot_does_not_show_its_token() -> None:
    """A7: not even when it is printed."""
    assert "a-token" not in f"{ApiBot('123456:a-token')!r}{ApiBot('123456:a-token')}"


async def _expect(request: Coroutine[Any, Any, object], *, fails: bool) -> None:
    if fails:
        with pytest.raises(TimedOut):
            await request
    else:
        await request


def test_updates_are_made_as_telegram_does() -> None:
    """The updates of these tests are ones that need no mending."""
    update = raw_update(1, "/ask Who?")
    assert mend_update(update) == update
    assert make_update(1, "/ask Who?").message
