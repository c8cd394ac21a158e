"""What the bot makes of Telegram's errors while it serves (N1, N5-N13, N15, N16, N18, N21)."""

from __future__ import annotations

import itertools
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from bots import QUESTION, BotProcess
from crowd import ask_all, wait_for_all
from telegram_front import Fault
from telegram_server import TelegramServer, labels, marked, text_of

ANSWER = "Donald Blome\n"
WAS_AWAY = "I was away when you wrote. If you still want to know, please ask again."
NO_ANSWERS = [
    (502, b"<html>Bad Gateway</html>"),
    (200, b"<html>Log in to the network of this hotel</html>"),
    (200, b""),
    (200, b'{"ok": true, "result": [{"upd'),
    (200, b'{"hello": "there"}'),
]
_numbers = itertools.count(10)

Told = Callable[[], str]


@pytest.fixture(scope="module")
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """One bot for the module; every test has users of its own."""
    with BotProcess(server, tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest.fixture
def user() -> int:
    """A user whom no other test has."""
    return next(_numbers)


@pytest.fixture
def group() -> int:
    """A group that no other test has."""
    return -1_000_000_000_000 - next(_numbers)


@pytest.fixture
def told(bot: BotProcess) -> Told:
    """Return what the bot has logged since the test began."""
    start = len(bot.log)
    return lambda: bot.log[start:]


def ask(server: TelegramServer, user: int, **how: Any) -> dict[str, Any]:
    """Ask in private, and return the answer."""
    count = len(server.messages(user))
    server.say(QUESTION, user=user, **how)
    return server.wait_messages(user, count + 1)[-1]


def settle(server: TelegramServer, bot: BotProcess) -> None:
    """Wait until the bot has finished with everything, so that nothing more will be sent."""
    server.wait_until(lambda: server.pending() == 0, "no update that waits")
    server.wait_until(lambda: look_up(bot, "SELECT count(*) FROM inbox") == [(0,)], "an empty inbox")


def wait_for_fault(server: TelegramServer, fault: Fault) -> None:
    """Wait until a fault has happened as often as it was to."""
    server.wait_until(lambda: fault.times == 0, f"the fault {fault}")


def look_up(bot: BotProcess, statement: str, *values: object) -> list[Any]:
    """Return what the bot remembers."""
    with closing(sqlite3.connect(f"file:{bot.data / 'bot.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute(statement, values).fetchall()


def count_sent(server: TelegramServer, chat: int) -> int:
    """Return how often the bot tried to send to a chat."""
    return len(server.calls("sendMessage", chat=chat))


# Polls.


@pytest.mark.slow
def test_n1_broken_polls(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N1: two polls cut off and a 502: the question that waits is answered within 6 s, once, with a line for each."""
    cut, bad = server.fault("getUpdates", 2, drop=True), server.fault("getUpdates", status=502)
    server.say("/help", user=next(_numbers))  # ends the poll that is under way
    server.wait_until(lambda: cut.times < 2, "a poll cut off")
    server.say(QUESTION, user=user)
    server.wait_messages(user, seconds=6)
    settle(server, bot)
    assert (cut.times, bad.times, count_sent(server, user)) == (0, 0, 1)
    lines = [line for line in told().splitlines() if "polling failed" in line]
    reasons = [re.sub(r".*failed \((?:httpx\.)?(.*?)(?::.*)?\); trying again", r"\1", line) for line in lines]
    assert reasons == ["RemoteProtocolError", "RemoteProtocolError", "status 502"]
    assert "Traceback" not in told()


@pytest.mark.slow
def test_n7_refused_poll(server: TelegramServer, bot: BotProcess, user: int) -> None:
    """N7: a poll that Telegram refuses for two seconds is not repeated before, and then what waits is answered."""
    fault = server.fault("getUpdates", status=429, parameters={"retry_after": 2})
    ask(server, next(_numbers))
    wait_for_fault(server, fault)
    answer = ask(server, user)
    settle(server, bot)
    polls = server.calls("getUpdates")
    (refused,) = [place for place, poll in enumerate(polls) if poll.fault == str(fault)]
    assert polls[refused + 1].time - polls[refused].time >= 2
    assert text_of(answer).startswith(ANSWER)


@pytest.mark.slow
def test_n15_polls_answered_by_others(server: TelegramServer, told: Told, user: int) -> None:
    """N15: a page, nothing, half an answer or foreign JSON in place of Telegram's: the polls go on."""
    for status, body in NO_ANSWERS:
        fault = server.fault("getUpdates", status=status, raw=body)
        ask(server, next(_numbers))
        wait_for_fault(server, fault)
    assert text_of(ask(server, user)).startswith(ANSWER)
    assert told().count("polling failed") == len(NO_ANSWERS)
    assert "Traceback" not in told()


def test_n15_sends_answered_by_others(server: TelegramServer, bot: BotProcess, told: Told) -> None:
    """N15: an answer that something else than Telegram replied to is sent again."""
    users = {next(_numbers): answer for answer in NO_ANSWERS}
    for user, (status, body) in users.items():
        server.fault("sendMessage", status=status, raw=body, chat=user)
    wait_for_all(server, ask_all(server, users))
    settle(server, bot)
    assert [count_sent(server, user) for user in users] == [2] * len(users)
    assert all(text_of(server.messages(user)[0]).startswith(ANSWER) for user in users)
    assert told().count("sending failed") == len(users)
    assert "Traceback" not in told()


@pytest.mark.slow
def test_n18_one_conflict(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N18: one poll refused because another is under way, as after a restart, is ridden out."""
    fault = server.conflict()
    ask(server, next(_numbers))
    wait_for_fault(server, fault)
    assert text_of(ask(server, user)).startswith(ANSWER)
    assert bot.running
    assert "Traceback" not in told()


def test_n21_server_ahead(server: TelegramServer) -> None:
    """N21: whether a question is old goes by Telegram's own time, however far that is from the machine's."""
    try:
        for days in (3, 5000, -2, 0):
            server.ahead = days * 86_400.0
            assert text_of(ask(server, next(_numbers))).startswith(ANSWER)
        server.ahead = 3 * 86_400.0
        assert text_of(ask(server, next(_numbers), date=int(time.time()))) == WAS_AWAY
    finally:
        server.ahead = 0.0


# Sending: how fast.


def test_n5_refused_for_a_second(server: TelegramServer, bot: BotProcess, user: int) -> None:
    """N5: an answer that Telegram refuses for a second comes a second later, once; another chat's is not delayed."""
    other = next(_numbers)
    server.fault("sendMessage", status=429, parameters={"retry_after": 1}, chat=user)
    server.say(QUESTION, user=user)
    server.wait("sendMessage", chat=user)
    waited = wait_for_all(server, ask_all(server, [other]))
    assert server.messages(user) == []
    server.wait_messages(user, seconds=3)
    settle(server, bot)
    first, second = server.calls("sendMessage", chat=user)
    assert 1 <= second.time - first.time < 1.5
    assert waited.share(1) < 0.5


@pytest.mark.slow
def test_n6_flood(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N6: refused again and again, a chat is left alone for so long; beyond a minute a message is given up."""
    waits = (1, 3, 2, 300)
    for seconds in waits:
        server.fault("sendMessage", status=429, parameters={"retry_after": seconds}, chat=user)
    server.say(QUESTION, user=user)
    others = [next(_numbers) for _ in range(60)]
    waited = wait_for_all(server, ask_all(server, others, seconds=6))
    settle(server, bot)
    times = [call.time for call in server.calls("sendMessage", chat=user)]
    assert len(times) == len(waits)
    assert all(later - earlier >= seconds for earlier, later, seconds in zip(times, times[1:], waits, strict=False))
    assert waited.share(0.95) < 1
    server.say(QUESTION, user=user)
    settle(server, bot)
    assert count_sent(server, user) == len(waits)
    lost = [line for line in told().splitlines() if "a message is lost" in line]
    assert len(lost) == 2
    assert f"chat {user}: closed by Telegram for too long" in lost[0]


# Sending: what Telegram refuses.


@pytest.mark.parametrize("reason", ["bot was blocked by the user", "user is deactivated"])
def test_n8_blocked(server: TelegramServer, bot: BotProcess, told: Told, user: int, reason: str) -> None:
    """N8: to a user who has blocked the bot nothing is sent a second time, until the user writes again."""
    server.fault("sendMessage", status=403, description=f"Forbidden: {reason}", chat=user)
    server.say(QUESTION, user=user)
    server.wait("sendMessage", chat=user)
    settle(server, bot)
    assert (count_sent(server, user), server.messages(user)) == (1, [])
    assert look_up(bot, "SELECT gone FROM chats WHERE id = ?", user) == [(1,)]
    assert f"chat {user} does not want messages any more" in told()
    assert not {"WARNING", "ERROR"} & set(told().split())
    assert text_of(ask(server, user)).startswith(ANSWER)
    assert look_up(bot, "SELECT gone FROM chats WHERE id = ?", user) == [(0,)]


def test_n8_kicked(server: TelegramServer, bot: BotProcess, group: int, user: int) -> None:
    """N8: a bot that is thrown out of a group sends nothing more there, until it is asked there again."""
    server.fault(
        "sendMessage", status=403, description="Forbidden: bot was kicked from the supergroup chat", chat=group
    )
    server.say(f"/ask {QUESTION}", user=user, chat=group)
    server.wait("sendMessage", chat=group)
    settle(server, bot)
    assert look_up(bot, "SELECT gone FROM chats WHERE id = ?", group) == [(1,)]
    server.my_chat_member(group, "kicked")
    server.my_chat_member(group, "member", old="kicked")
    server.say(f"/ask {QUESTION}", user=user, chat=group)
    assert text_of(server.wait_messages(group)[0]).startswith(ANSWER)
    assert count_sent(server, group) == 2


def test_n9_too_long(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N9: a message that Telegram finds too long comes in smaller ones, with all its words, and is logged."""
    whole = ask(server, next(_numbers))
    server.fault("sendMessage", status=400, description="Bad Request: message is too long", chat=user)
    ask(server, user)
    settle(server, bot)
    parts = server.messages(user)
    assert len(parts) > 1
    assert "".join(map(text_of, parts)).split() == text_of(whole).split()
    assert [word for part in parts for word in marked(part, "bold")] == marked(whole, "bold")
    assert [labels(part) for part in parts] == [[]] * (len(parts) - 1) + [labels(whole)]
    assert f"ERROR bot.deliver: chat {user}: a message is too long for Telegram; split again" in told()


def test_n10_entities_refused(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N10: an answer whose marks Telegram refuses comes without them."""
    whole = ask(server, next(_numbers))
    reason = "Bad Request: can't parse entities: unsupported start tag"
    server.fault("sendMessage", status=400, description=reason, chat=user)
    answer = ask(server, user)
    settle(server, bot)
    assert count_sent(server, user) == 2
    assert (text_of(answer), answer.get("entities")) == (text_of(whole), None)
    assert f"ERROR bot.deliver: chat {user}: Telegram refused the entities" in told()


@pytest.mark.parametrize(
    "reason", ["message to be replied not found", "QUOTE_TEXT_INVALID", "REPLY_MESSAGE_ID_INVALID"]
)
def test_n11_reply_refused(server: TelegramServer, bot: BotProcess, group: int, user: int, reason: str) -> None:
    """N11: an answer that Telegram does not let be a reply comes as none."""
    server.fault("sendMessage", status=400, description=f"Bad Request: {reason}", chat=group)
    server.say(f"/ask {QUESTION}", user=user, chat=group)
    (answer,) = server.wait_messages(group)
    settle(server, bot)
    assert text_of(answer).startswith(ANSWER)
    assert "reply_to_message" not in answer
    assert [bool(call.params.get("reply_parameters")) for call in server.calls("sendMessage", group)] == [True, False]


def test_n12_nothing_to_change(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N12: that a message is as it should be, or a press too old, is no news to anybody."""
    answer = ask(server, user)
    same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    for method, reason in (("editMessageText", same), ("answerCallbackQuery", old)):
        server.fault(method, status=400, description=reason)
        before = len(server.calls("editMessageText", user))
        server.tap(answer, "Next passage")
        server.wait("editMessageText", before + 1, chat=user)
    settle(server, bot)
    assert text_of(server.messages(user)[0]) != text_of(answer)  # the press came too late, what it asked for did not
    assert (len(server.messages(user)), told()) == (1, "")


def test_n12_cannot_be_changed(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N12: an answer that cannot be changed any more is given anew when its question is."""
    question = server.say(QUESTION, user=user)
    server.wait_messages(user)
    settle(server, bot)
    server.fault("editMessageText", status=400, description="Bad Request: message can't be edited")
    server.edit(question, "What did Ambassador Blome recognise?")
    first, second = server.wait_messages(user, 2)
    assert text_of(first).startswith(ANSWER)
    assert text_of(second).startswith("Ambassador Blome")
    assert not {"WARNING", "ERROR"} & set(told().split())


@pytest.mark.slow
def test_n13_late_response(server: TelegramServer, bot: BotProcess, told: Told, user: int) -> None:
    """N13: an answer that Telegram took, and says so too late, is not sent again; the log says that it is unsure."""
    server.fault("sendMessage", delay=6, chat=user)
    answer = ask(server, user)
    unsure = f"WARNING bot.deliver: chat {user}: unsure whether a message has arrived; not sent again"
    server.wait_until(lambda: unsure in told(), "a line of log")
    settle(server, bot)
    assert (count_sent(server, user), text_of(answer).startswith(ANSWER)) == (1, True)
    ask(server, user)
    assert count_sent(server, user) == 2


@pytest.mark.slow
def test_n13_broken_connection(server: TelegramServer, bot: BotProcess) -> None:
    """N13: an answer whose connection breaks is sent once more, and never a third time: twice is better than not."""
    lost, arrived = next(_numbers), next(_numbers)
    server.fault("sendMessage", drop=True, chat=lost)
    server.fault("sendMessage", 3, drop_after=True, chat=arrived)
    wait_for_all(server, ask_all(server, [lost, arrived]))
    settle(server, bot)
    assert (len(server.messages(lost)), count_sent(server, lost)) == (1, 2)
    assert (len(server.messages(arrived)), count_sent(server, arrived)) == (2, 2)


def test_n16_group_becomes_a_supergroup(server: TelegramServer, bot: BotProcess, group: int, user: int) -> None:
    """N16: an answer goes to what its group has become meanwhile, which has the group's settings and answers."""
    new = become_spanish(server, group, user)
    server.fault("sendMessage", status=400, parameters={"migrate_to_chat_id": new}, chat=group)
    server.say(f"/ask {QUESTION}", user=user, chat=group)
    (answer,) = server.wait_messages(new)
    settle(server, bot)
    assert text_of(answer).startswith(ANSWER)
    server.tap(answer, "Siguiente fragmento", user=user)
    server.wait("editMessageText", chat=new)
    server.say("/ask", user=user, chat=new)
    assert text_of(server.wait_messages(new, 2)[1]).startswith("Escribe tu pregunta")


def test_n16_group_has_become_a_supergroup(server: TelegramServer, told: Told, group: int, user: int) -> None:
    """N16: when Telegram tells that a group has become another its settings are moved, and the log names both."""
    new = become_spanish(server, group, user)
    server.say(None, user=user, chat=group, migrate_to_chat_id=new)
    server.say("/ask", user=user, chat=new)
    assert text_of(server.wait_messages(new)[0]).startswith("Escribe tu pregunta")
    assert len(server.messages(group)) == 1  # the settings
    assert f"WARNING bot.deliver: chat {group} has become {new}" in told()


def become_spanish(server: TelegramServer, group: int, user: int) -> int:
    """Let a group choose Spanish, and return the number of the supergroup that it becomes."""
    server.admins[group] = {user}
    server.say("/settings", user=user, chat=group)
    (shown,) = server.wait_messages(group)
    server.wait_answer(server.forge_callback("v1:s:l:es", shown, user=user))
    server.wait("editMessageText", chat=group)
    new = group - 1_000_000
    server.place(new)
    return new
