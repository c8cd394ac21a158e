"""What comes in, whatever it is: in its order, once each, and nothing of it stops the bot."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bots import BotProcess, ask, fact, heads, write_facts
from telegram_server import TelegramServer

from bot.health import read_health
from bot.texts import say

SECRET = "webhook-secret-for-tests-only"  # noqa: S105
GROUP = -1_000_000_000_001
DAY_S = 86_400
FUZZ_UPDATES = 2_000

Json = dict[str, Any]


@pytest.fixture(scope="module")
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    with BotProcess(server, folder, FAKE_ARTICLE=write_facts(folder)) as bot:
        yield bot


@pytest.fixture(scope="module")
def hooked() -> Iterator[TelegramServer]:
    """A stand-in that has been given a webhook."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with TelegramServer() as server:
        server.front_door = ("127.0.0.1", port)
        yield server


@pytest.fixture(scope="module")
def webhook(hooked: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    folder = tmp_path_factory.mktemp("webhook")
    assert hooked.front_door
    with BotProcess(
        hooked,
        folder,
        "--log",
        "debug",
        QA_BOT_WEBHOOK_URL="https://bot.example.org/telegram",
        QA_BOT_WEBHOOK_SECRET=SECRET,
        QA_BOT_WEBHOOK_PORT=str(hooked.front_door[1]),
        FAKE_ARTICLE=write_facts(folder),
    ) as bot:
        hooked.wait("setWebhook")
        yield bot


def unparsable(user: int) -> Json:
    """Return a press without its `chat_instance`, which python-telegram-bot takes for a programming error."""
    return {"callback_query": {"id": "1", "from": {"id": user, "is_bot": False, "first_name": "U"}, "data": "x"}}


def say_twice(server: TelegramServer, text: str, user: int) -> int:
    """Let one update come twice in a batch, and return its id."""
    with server.world.lock:
        server.say(text, user=user)
        update = server.world.peek(100)[-1]
        server.push(update)
    return int(update["update_id"])


def wait_heads(server: TelegramServer, chat: int, wanted: list[str], seconds: float = 10) -> None:
    """Wait until the bot's messages in a chat begin so, and no other is there."""
    server.wait_messages(chat, len(wanted), seconds)
    assert heads(server, chat) == wanted


def test_u1_unparsable_update(server: TelegramServer, bot: BotProcess) -> None:
    """U1: an update that cannot be parsed is logged once and asked for no more; the next is answered at once."""
    before = len(server.calls("getUpdates"))
    bad = server.push(unparsable(101))
    server.say(ask(1), user=101)
    wait_heads(server, 101, [fact(1)], seconds=2)
    server.say(ask(2), user=101)
    wait_heads(server, 101, [fact(1), fact(2)], seconds=2)
    assert bot.log.count(f"update {bad} cannot be parsed") == 1
    assert server.pending() == 0
    assert len(server.calls("getUpdates")) - before <= 5


GROUP_SERVICE: list[Json] = [
    {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "New"}]},
    {"left_chat_member": {"id": 5, "is_bot": False, "first_name": "Old"}},
    {"new_chat_title": "Another name"},
    {"story": {"chat": {"id": 5, "type": "private"}, "id": 1}},
    {"rich_message": {"blocks": []}},
    {"gift": {"gift": {"id": "1"}}},
]
UNKNOWN: list[Json] = [
    {},
    {"a_kind_of_the_future": {"chat": {"id": 102, "type": "private"}, "text": "Who?"}},
    {"message_reaction": {"chat": {"id": 102, "type": "private"}, "message_id": 1, "date": 1, "old_reaction": []}},
    {"poll": {"id": "1", "question": "Who?", "options": [], "total_voter_count": 0, "is_closed": False}},
    {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -102, "type": "channel"}, "text": "Who?"}},
    {"message": None},
]


def test_u2_updates_of_no_use(server: TelegramServer, bot: BotProcess) -> None:
    """U2: kinds that are not known, and what happens in a group, are passed over in silence."""
    for update in UNKNOWN:
        server.push(update)
    for service in GROUP_SERVICE:
        server.say(None, user=102, chat=GROUP - 2, **service)
    server.say(f"/ask {ask(3)}", user=102, chat=GROUP - 2)
    server.say(ask(4), user=102, unknown_field={"deep": [1]}, effect_id="5")
    wait_heads(server, GROUP - 2, [fact(3)])
    wait_heads(server, 102, [fact(4)])
    assert server.calls(chat=-102) == []
    assert "Traceback" not in bot.log


def test_u2_message_without_text(server: TelegramServer, bot: BotProcess) -> None:
    """U2: in a private chat a message without a text is told what to send."""
    textless: list[Json] = [{"rich_message": {"blocks": []}}, {"dice": {"value": 3, "emoji": "🎲"}}]
    for content in textless:
        server.say(None, user=103, **content)
    server.say(ask(5), user=103)
    wait_heads(server, 103, [*2 * [say("en", "send_text")], fact(5)])
    assert bot.running


def test_u4_same_update_again(server: TelegramServer, bot: BotProcess) -> None:
    """U4: an update that comes twice in a batch, and again with the whole batch, is answered once."""
    number = say_twice(server, ask(6), 104)
    server.wait_messages(104)
    again = server.repeat_batch()
    assert again.raw
    assert again.raw.count(f'"update_id": {number},'.encode()) == 2
    server.say(ask(7), user=104)
    server.wait_until(lambda: again.times == 0, "the batch again")
    server.say(ask(8), user=104)
    wait_heads(server, 104, [fact(6), fact(7), fact(8)])
    assert bot.running


@pytest.mark.usefixtures("bot")
def test_u5_same_question_twice(server: TelegramServer) -> None:
    """U5: the same question in two messages gets two answers."""
    for number in (9, 9, 10):
        server.say(ask(number), user=105)
    wait_heads(server, 105, [fact(9), fact(9), fact(10)])


@pytest.mark.usefixtures("bot")
def test_u9_old_questions(server: TelegramServer) -> None:
    """U9: questions from before the bot was there get one notice a chat, in their place, and no answer."""
    old = server.world.now() - 16 * 60
    for number in (11, 12):
        server.say(ask(number), user=109, date=old)
    server.say(ask(13), user=109, date=old + 2 * 60)
    server.say(ask(14), user=109, date=old)
    server.say(ask(15), user=109)
    wait_heads(server, 109, [say("en", "was_away"), fact(13), fact(15)])


@pytest.mark.usefixtures("bot")
def test_u10_order_in_a_chat(server: TelegramServer) -> None:
    """U10: a quick question waits for the slow one before it in its chat, and not for that of another chat."""
    server.say(ask(16, "slowly 0.8"), user=110)
    server.say(ask(17), user=110)
    server.say(ask(18), user=106)
    server.wait_messages(106)
    assert heads(server, 110) == []
    wait_heads(server, 110, [fact(16), fact(17)])


@pytest.mark.usefixtures("bot")
def test_u11_edited_question(server: TelegramServer) -> None:
    """U11: a question that is changed soon has its answer changed, also when that is still to come."""
    question = server.say(ask(19), user=112)
    (answer,) = server.wait_messages(112)
    question = server.edit(question, ask(20), date=question["date"] + 50)
    server.wait_until(lambda: heads(server, 112) == [fact(20)], "the answer to the edited question")
    assert server.messages(112)[0]["message_id"] == answer["message_id"]
    slow = server.say(ask(21, "slowly 0.3"), user=111)
    server.edit(slow, ask(22))
    server.wait_until(lambda: heads(server, 111) == [fact(22)], "the answer to the second edit")
    assert len(server.calls("sendMessage", 112)) == len(server.calls("sendMessage", 111)) == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("text", "later"), [(ask(24), DAY_S), (None, 30), (ask(23), 30)], ids=["after a day", "touched", "same text"]
)
def test_u11_edit_of_no_use(server: TelegramServer, text: str | None, later: int) -> None:
    """U11: an edit a day later, and one that leaves the text as it was, change nothing."""
    user = 113 + later + (text is None)
    question = server.say(ask(23), user=user)
    server.wait_messages(user)
    server.edit(question, text, date=question["date"] + later)
    server.say(ask(25), user=user)
    wait_heads(server, user, [fact(23), fact(25)])
    assert server.calls("editMessageText", user) == []


@pytest.mark.usefixtures("bot")
def test_u11_edit_of_an_earlier_question(server: TelegramServer) -> None:
    """U11: only the last question's answer changes; the conversation before it stays as it was."""
    first = server.say(ask(26), user=114)
    server.say(ask(27), user=114)
    server.wait_messages(114, 2)
    server.edit(first, ask(28))
    server.say(ask(29), user=114)
    wait_heads(server, 114, [fact(26), fact(27), fact(29)])
    assert server.calls("editMessageText", 114) == []


def test_u12_question_deleted(server: TelegramServer, bot: BotProcess) -> None:
    """U12: a question in a group that is deleted meanwhile is answered without being replied to."""
    group = GROUP - 12
    kept = server.say(f"/ask {ask(30)}", user=115, chat=group)
    gone = server.say(f"/ask {ask(31, 'slowly 0.5')}", user=115, chat=group)
    server.delete(gone)
    wait_heads(server, group, [fact(30), fact(31)])
    replies = [message.get("reply_to_message", {}).get("message_id") for message in server.messages(group)]
    assert replies == [kept["message_id"], None]
    assert " ERROR " not in bot.log


def test_u15_webhook_delivers_again(hooked: TelegramServer, webhook: BotProcess) -> None:
    """U15: an update that Telegram delivers three times while its answer takes long is answered once."""
    hooked.say(ask(32, "slowly 0.5"), user=116)
    (update,) = hooked.world.peek(2)
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(hooked.deliver, 2 * [update])) == [200, 200]
    assert hooked.deliver() == 200
    hooked.say(ask(33), user=116)
    assert hooked.deliver() == 200
    wait_heads(hooked, 116, [fact(32), fact(33)])
    assert hooked.pending() == 0
    assert webhook.health["poll_age"] is None


def test_u15_webhook_unparsable(hooked: TelegramServer, webhook: BotProcess) -> None:
    """U15: what cannot be parsed is taken, so that Telegram does not bring it for ever, and logged in a line."""
    broken = [unparsable(117), {"message": {"chat": 5}}, {"message": [[]]}, {"edited_message": {"text": "\ud800"}}]
    for content in broken:
        bad = hooked.push(content)
        assert hooked.deliver() == 200
        assert webhook.log.count(f"update {bad} cannot be parsed") == 1
    for content in ({"message": {}}, {"update_id": None}, {"update_id": "5"}, {"update_id": 1 << 70}, {}):
        assert hooked.deliver(content) == 200
    hooked.say(ask(34), user=117)
    assert hooked.deliver() == 200
    wait_heads(hooked, 117, [fact(34)])
    assert "Traceback" not in webhook.log


def test_u15_webhook_refuses(hooked: TelegramServer, webhook: BotProcess) -> None:
    """U15: what is no delivery of Telegram's is refused, and no value of a secret gets into the log."""
    refused: list[tuple[int, Json]] = [
        (403, {"secret": "the-wrong-secret"}),
        (403, {"secret": SECRET[:-1]}),
        (403, {"secret": ""}),
        (413, {"body": b"x" * 5_000_000}),
        (405, {"verb": "GET"}),
        (404, {"path": "/other"}),
        (400, {"body": b'{"update_id": 1'}),
    ]
    hooked.say(ask(35), user=118)
    (update,) = hooked.world.peek(1)
    for status, how in refused:
        assert hooked.deliver(None if "body" in how else update, **how) == status, how
    hooked.world.drop(update)
    hooked.say(ask(36), user=118)
    assert hooked.deliver() == 200
    wait_heads(hooked, 118, [fact(36)])
    assert "was refused: 403" in webhook.log
    assert SECRET[:-1] not in webhook.log
    assert "the-wrong-secret" not in webhook.log


@pytest.mark.slow
def test_u15_webhook_hundred_at_once(hooked: TelegramServer, webhook: BotProcess) -> None:
    """U15: of a hundred updates delivered in parallel every one is answered, once."""
    users = range(1_000, 1_100)
    for user in users:
        hooked.say(ask(user - 1_000), user=user)
    with ThreadPoolExecutor(100) as pool:
        assert set(pool.map(hooked.deliver, hooked.world.peek(100))) == {200}
    for user in users:
        wait_heads(hooked, user, [fact(user - 1_000)], seconds=30)
    webhook.wait_until(lambda health: health["depth"] == 0)
    assert [heads(hooked, user) for user in users] == [[fact(number)] for number in range(100)]


def nest(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"chat": value}
    return value


def spoil(value: Any, dice: random.Random, junk: list[Any]) -> Any:
    """Return a value with some of what is in it replaced by junk, or gone."""
    if isinstance(value, dict):
        kept = {name: part for name, part in value.items() if dice.random() > 0.03}
        return {
            name: junk[dice.randrange(len(junk))] if dice.random() < 0.1 else spoil(part, dice, junk)
            for name, part in kept.items()
        }
    return [spoil(part, dice, junk) for part in value] if isinstance(value, list) else value


def make_fuzz(server: TelegramServer, dice: random.Random) -> Json:
    """Return an update of one of the kinds that the bot works on, damaged."""
    junk: list[Any] = [
        None,
        True,
        -1,
        0,
        1.5,
        1 << 53,
        1 << 62,
        1 << 70,
        -(1 << 63),
        "",
        "\ud800",
        "x" * 5_000,
        "🦊",
        [],
        {},
    ]
    junk += [[None], [[]], {"id": None}, nest(5), nest(300)]
    person = server.person(dice.randrange(10_000, 20_000))
    place = {"id": dice.choice([person["id"], -dice.randrange(1, 1_000)]), "type": dice.choice(["private", "group"])}
    text = dice.choice(["/ask Who?", "/start a_1", "@article_test_bot Who?", "/forget", "\u200b"])
    entities = [{"type": "bot_command", "offset": 0, "length": 4}, {"type": "mention", "offset": 0, "length": 17}]
    message: Json = {"message_id": 7, "date": server.world.now(), "chat": place, "from": person, "text": text}
    message |= {"entities": entities, "reply_to_message": {**message}, "quote": {"text": "o", "position": 1}}
    query = {"id": "7", "from": person, "chat_instance": "1", "data": "v1:n:1:1", "message": message}
    member = {"status": "member", "user": server.me}
    kinds: Json = dict.fromkeys(("message", "edited_message", "guest_message", "channel_post"), message)
    kinds |= {"callback_query": query, "inline_query": {"id": "7", "from": person, "query": "Who?", "offset": ""}}
    kinds["my_chat_member"] = {"chat": place, "from": person, "date": 1, "old_chat_member": member}
    kinds["my_chat_member"] |= {"new_chat_member": member}
    kind = dice.choice(list(kinds))
    return {kind: spoil(kinds[kind], dice, junk)}


@pytest.mark.slow
def test_u3_fuzz(server: TelegramServer, bot: BotProcess) -> None:
    """U3: two thousand damaged updates leave the bot alive and well, and no larger."""
    dice = random.Random(3)  # noqa: S311
    updates, before = [make_fuzz(server, dice) for _ in range(FUZZ_UPDATES)], bot.log.count("cannot be parsed")
    for update in updates[: FUZZ_UPDATES // 10]:
        server.push(update)
    server.wait_until(lambda: server.pending() == 0, "the first are taken", 60)
    bot.wait_until(lambda health: health["depth"] == 0, 60)
    memory = bot.memory()
    for update in updates[FUZZ_UPDATES // 10 :]:
        server.push(update)
    server.wait_until(lambda: server.pending() == 0, "all are taken", 120)
    server.say(ask(40), user=140)
    wait_heads(server, 140, [fact(40)], seconds=30)
    health = read_health(bot.data)
    assert health
    assert health.find_fault(time.time()) == ""
    assert bot.memory() - memory < 20
    assert 500 < bot.log.count("cannot be parsed") - before < FUZZ_UPDATES - 200
