"""The pace: as fast as Telegram allows, and a chat that has to wait holds back no other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from clock import run, settle
from hypothesis import example, given
from hypothesis import strategies as st
from telegram.error import BadRequest, RetryAfter
from updates import GROUP

from bot.pace import LONGEST_WAIT_S, Bucket, Pace

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


class Telegram:
    """Answers requests, or says 429 as often as it was told to; notes when each came, from the start."""

    def __init__(self, *refusals: int, seconds: float = 0.0) -> None:
        self.pace = Pace()
        self.began = time.monotonic()
        self.calls: list[tuple[object, float]] = []
        self.at_once = self.most_at_once = 0
        self._refusals = list(refusals)
        self._seconds = seconds

    async def _answer(self, chat: object) -> dict[str, Any]:
        self.calls.append((chat, round(time.monotonic() - self.began, 3)))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self._seconds)
        self.at_once -= 1
        if self._refusals:
            raise RetryAfter(self._refusals.pop(0))
        return {"message_id": len(self.calls)}

    async def ask(self, chat: int | str | None = 5, endpoint: str = "sendMessage") -> Any:
        data = {} if chat is None else {"chat_id": chat}
        return await self.pace.process_request(self._answer, (chat,), {}, endpoint, data, None)

    async def ask_all(self, *chats: int) -> None:
        await asyncio.gather(*map(self.ask, chats))

    def times(self, chat: object = 5) -> list[float]:
        return [at for other, at in self.calls if other == chat]


def serve(scenario: Callable[[Telegram], Any], *refusals: int, seconds: float = 0.0) -> Telegram:
    """Run a scenario in no time, and return the Telegram that it was run with."""

    async def main() -> Telegram:
        telegram = Telegram(*refusals, seconds=seconds)
        await scenario(telegram)
        return telegram

    return run(main())


# A bucket.


def test_bucket_gives_at_once_and_then_by_time() -> None:
    """Three at once, then two a second; what was refused is not counted."""
    bucket = Bucket(3.0, 2.0)
    assert [bucket.take(0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [bucket.take(now) for now in (0.4, 0.5, 0.6, 1.0, 1.0)] == [False, True, False, True, False]
    assert [bucket.take(99.0) for _ in range(4)] == [True, True, True, False]


def test_bucket_says_when_there_will_be_one() -> None:
    """`ask` says after how long the next one can be taken, and does not count what was refused."""
    bucket = Bucket(1.0, 10 / 60)
    assert [round(bucket.ask(now), 3) for now in (0.0, 0.0, 2.0, 6.0, 9.0, 12.0)] == [0, 6, 4, 0, 3, 0]


def test_bucket_lends() -> None:
    """`reserve` says how long each has to wait, one behind the other."""
    bucket = Bucket(2.0, 4.0)
    assert [bucket.reserve(10.0) for _ in range(5)] == [0.0, 0.0, 0.25, 0.5, 0.75]
    assert bucket.reserve(10.75) == 0.25


def test_bucket_and_a_clock_that_goes_back() -> None:
    """N21: times from before give nothing and take nothing away."""
    bucket = Bucket(1.0, 1.0)
    assert bucket.take(100.0)
    assert not bucket.take(50.0)
    assert not bucket.take(100.5)
    assert bucket.take(101.0)


def test_bucket_is_idle_when_it_is_full() -> None:
    """A bucket that has something to remember is not idle: one that is not full, or closed."""
    bucket = Bucket(2.0, 1.0)
    assert bucket.is_idle(5.0)
    bucket.reserve(5.0)
    assert [bucket.is_idle(now) for now in (5.0, 5.9, 6.0)] == [False, False, True]
    bucket.closed_until = 60.0
    assert [bucket.is_idle(now) for now in (30.0, 61.0)] == [False, True]


@given(st.lists(st.floats(0, 20), min_size=1, max_size=60), st.integers(1, 5), st.sampled_from([0.25, 1.0, 4.0]))
@example([0.0] * 50 + [1.0] * 10, 1, 4.0)
def test_bucket_never_gives_more(asked: list[float], size: int, rate: float) -> None:
    """L4: in any stretch of time no more is given than the burst and what the rate makes of that time."""
    bucket = Bucket(size, rate)
    given_at = [at for at in sorted(asked) if bucket.take(at)]
    for first in range(len(given_at)):
        for last in range(first, len(given_at)):
            assert last - first + 1 <= size + rate * (given_at[last] - given_at[first]) + 1e-6
    assert given_at[0] == min(asked)


# Each chat for itself, and all together.


def test_private_chat() -> None:
    """A private chat gets three messages at once, then one a second."""
    telegram = serve(lambda telegram: telegram.ask_all(*[5] * 6))
    assert telegram.times() == [0, 0, 0, 1, 2, 3]


def test_group() -> None:
    """A group gets five messages at once, then twenty a minute."""
    telegram = serve(lambda telegram: telegram.ask_all(*[GROUP] * 8))
    assert telegram.times(GROUP) == [0, 0, 0, 0, 0, 3, 6, 9]


def test_all_chats_together() -> None:
    """N14: three hundred chats are answered in nine seconds: thirty at once, then thirty a second."""
    telegram = serve(lambda telegram: telegram.ask_all(*range(1, 301)))
    times = [at for _, at in telegram.calls]
    assert times == pytest.approx([max(0, number - 29) / 30 for number in range(300)], abs=0.01)
    assert [chat for chat, _ in telegram.calls] == list(range(1, 301))


def test_no_more_at_once_than_connections() -> None:
    """N14: with a server that takes two seconds no more than 32 requests are under way, and all are made."""
    telegram = serve(lambda telegram: telegram.ask_all(*range(1, 301)), seconds=2.0)
    assert telegram.most_at_once == 32
    assert len(telegram.calls) == 300
    assert 18 <= telegram.calls[-1][1] <= 22


def test_answers_to_buttons_do_not_wait() -> None:
    """Somebody is waiting for it, and it is no message."""

    async def scenario(telegram: Telegram) -> None:
        await telegram.ask_all(*[5] * 3, *range(10, 100))
        began = time.monotonic()
        for endpoint in ("answerCallbackQuery", "answerInlineQuery", "answerGuestQuery"):
            await telegram.ask(None, endpoint)
        assert time.monotonic() == began

    serve(scenario)


def test_menus_do_not_hold_up_messages() -> None:
    """What the bot sets of itself at its start is no message either: typing and answers go out meanwhile."""

    async def scenario(telegram: Telegram) -> None:
        await asyncio.gather(*[telegram.ask(None, "setMyCommands") for _ in range(60)])
        await telegram.ask(5, "sendChatAction")
        await telegram.ask(5)

    assert serve(scenario).times() == [0, 0]


def test_typing_is_no_message() -> None:
    """To show that an answer is coming does not make the answer wait."""

    async def scenario(telegram: Telegram) -> None:
        await asyncio.gather(*[telegram.ask(5, "sendChatAction") for _ in range(10)])
        await telegram.ask_all(*[5] * 3)

    assert set(serve(scenario).times()) == {0}


def test_typing_takes_no_place_of_a_message() -> None:
    """L1: while messages wait for their turn typing is left out, so that nobody's answer is late because of it."""

    async def scenario(telegram: Telegram) -> None:
        answers = asyncio.create_task(telegram.ask_all(*range(1, 61)))
        await settle()
        for chat in range(1, 61):
            assert await telegram.ask(chat, "sendChatAction") is True
        await answers
        await asyncio.sleep(1)
        await telegram.ask(99, "sendChatAction")

    telegram = serve(scenario)
    assert len(telegram.calls) == 61
    assert [at for _, at in telegram.calls[-2:]] == [1.0, 2.0]


# 429.


@pytest.mark.parametrize("as_timedelta", ["0", "1"])
def test_closed_chat_gets_its_message_later(as_timedelta: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """N5: the message is sent again when Telegram said, and other chats' are not late."""
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)

    async def scenario(telegram: Telegram) -> None:
        late = asyncio.create_task(telegram.ask(5))
        await asyncio.sleep(0.5)
        await telegram.ask_all(6, 7)
        assert await late == {"message_id": 4}

    telegram = serve(scenario, 2)
    assert telegram.times() == [0, 2]
    assert telegram.times(6) == telegram.times(7) == [0.5]


def test_seconds_in_parts() -> None:
    """A wait that is no whole number is kept too."""

    async def scenario(telegram: Telegram) -> None:
        telegram._refusals = [timedelta(seconds=1.5)]  # type: ignore[list-item]
        await telegram.ask(5)

    assert serve(scenario).times() == [0, 1.5]


def test_many_refusals_in_a_row() -> None:
    """N6: however often a chat is closed, no request is made before its time, and the message arrives once."""
    waits = [1, 3, 60, 2, 17, 59, 1, 1, 30]
    telegram = serve(lambda telegram: telegram.ask(5), *waits)
    assert [later - earlier for earlier, later in pairwise(telegram.times())] == pytest.approx(waits)


def test_closed_for_too_long() -> None:
    """N6: a chat that is closed for over a minute does not get its message, nor another before its time."""

    async def scenario(telegram: Telegram) -> None:
        for at in (0, 100, 239):
            await asyncio.sleep(telegram.began + at - time.monotonic())
            with pytest.raises(RetryAfter):
                await telegram.ask(5)
        await asyncio.sleep(2)
        await telegram.ask(5)
        await telegram.ask(6)

    telegram = serve(scenario, 300)
    assert telegram.times() == [0, 300]
    assert LONGEST_WAIT_S == 60


def test_closed_while_a_message_waits() -> None:
    """N6: a message that was already waiting for its turn waits until the chat is open again."""
    telegram = serve(lambda telegram: telegram.ask_all(*[5] * 5), 20)
    assert telegram.times()[:3] == [0, 0, 0]
    assert telegram.times()[3:] == [20, 20, 20]


def test_closed_anew_while_a_message_waits() -> None:
    """N6: a chat that is closed anew before it opens is waited for to the end."""

    async def refuse_late(seconds: float) -> dict[str, Any]:
        await asyncio.sleep(seconds)
        raise RetryAfter(20)

    async def scenario(telegram: Telegram) -> None:
        for seconds in (1.0, 5.0, 23.0):
            late = telegram.pace.process_request(refuse_late, (seconds,), {}, "sendChatAction", {"chat_id": 5}, None)
            asyncio.ensure_future(late).add_done_callback(lambda task: task.exception())
        await asyncio.sleep(2)
        await telegram.ask(5)

    assert serve(scenario).times() == [43]


def test_closed_for_too_long_while_a_message_waits() -> None:
    """N6: a message that was already waiting for its turn is given up if the chat is closed for over a minute."""

    async def scenario(telegram: Telegram) -> None:
        results = await asyncio.gather(*[telegram.ask(5) for _ in range(5)], return_exceptions=True)
        assert [type(result) for result in results] == [RetryAfter, dict, dict, RetryAfter, RetryAfter]

    assert serve(scenario, 200).times() == [0, 0, 0]


def test_shorter_refusal_opens_nothing() -> None:
    """N6: of two refusals the longer one counts."""

    async def scenario(telegram: Telegram) -> None:
        await telegram.ask_all(5, 5)

    assert serve(scenario, 30, 1, seconds=0.1).times() == [0, 0, 30.1, 30.1]


def test_typing_in_a_closed_chat() -> None:
    """N6: typing is left out while a chat is closed, and a refusal of it closes the chat for messages."""

    async def scenario(telegram: Telegram) -> None:
        with pytest.raises(RetryAfter):
            await telegram.ask(5, "sendChatAction")
        assert await telegram.ask(5, "sendChatAction") is True
        await telegram.ask(6, "sendChatAction")
        await telegram.ask(5)

    telegram = serve(scenario, 10)
    assert telegram.times() == [0, 10]
    assert telegram.times(6) == [0]


def test_refused_answer_to_a_button() -> None:
    """It is of no use later, so it fails at once."""

    async def scenario(telegram: Telegram) -> None:
        with pytest.raises(RetryAfter):
            await telegram.ask(None, "answerCallbackQuery")

    assert serve(scenario, 3).times(None) == [0]


def test_request_without_a_chat() -> None:
    """One that belongs to no chat waits as it is told, and holds back nothing else; over a minute it fails."""

    async def scenario(telegram: Telegram) -> None:
        menus = asyncio.create_task(telegram.ask(None, "setMyCommands"))
        await asyncio.sleep(1)
        await telegram.ask(5)
        await menus
        telegram._refusals = [61]
        with pytest.raises(RetryAfter):
            await telegram.ask("@channel", "sendMessage")

    telegram = serve(scenario, 7)
    assert telegram.times(None) == [0, 7]
    assert telegram.times() == [1]


def test_other_errors_pass() -> None:
    """What is no matter of pace is the caller's, at once."""

    async def fail() -> dict[str, Any]:
        raise BadRequest("Chat not found")

    async def scenario(telegram: Telegram) -> None:
        with pytest.raises(BadRequest):
            await telegram.pace.process_request(fail, (), {}, "sendMessage", {"chat_id": 5}, None)

    serve(scenario)


def test_table_of_chats_is_bounded() -> None:
    """L8: of a hundred thousand groups only those are remembered that have something to wait for."""

    async def scenario(telegram: Telegram) -> None:
        with pytest.raises(RetryAfter):
            await telegram.ask(5)
        for chat in range(1, 10_001):
            await telegram.ask(-chat)
        assert len(telegram.pace._chats) <= 2_500
        with pytest.raises(RetryAfter):
            await telegram.ask(5)

    assert serve(scenario, 3_000).times() == [0]
