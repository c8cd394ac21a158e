"""The stand-in for Telegram's server: what a bot gets from it, what it refuses, how it fails on demand."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram_rules import cut_units, find_entities
from telegram_server import TelegramServer, labels, marked, text_of

KEYS = {"inline_keyboard": [[{"text": "Next", "callback_data": "n:1"}, {"text": "Site", "url": "https://a.example"}]]}
LATE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


def send(server: TelegramServer, method: str, params: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    """Call a method with a JSON body, on a connection of its own."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        body = json.dumps(params)
        link.request("POST", f"/bot{token or server.token}/{method}", body, {"Content-Type": "application/json"})
        answer: dict[str, Any] = json.loads(link.getresponse().read())
        return answer
    finally:
        link.close()


def ask(server: TelegramServer, method: str, **params: Any) -> Any:
    """Return a method's result, or the description of why there is none."""
    answer = send(server, method, params)
    return answer["result"] if answer["ok"] else answer["description"]


def run(server: TelegramServer, work: Callable[[Bot], Awaitable[Any]], token: str | None = None) -> Any:
    """Do something with python-telegram-bot's own bot."""

    async def go() -> Any:
        async with Bot(token or server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
            return await work(bot)

    return asyncio.run(go())


def in_background(work: Callable[[], Any]) -> Future[Any]:
    """Start a call that waits."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(work)
    finally:
        pool.shutdown(wait=False)


# Polling.


def test_a_stock_bot_starts_polls_answers_and_is_seen(server: TelegramServer) -> None:
    """python-telegram-bot's own bot gets a question with its command marked, and its answer stands in the chat."""
    asked = server.say("😀 /ask@article_test_bot who?", user=7, name="Ada", language_code="pt-BR")

    async def work(bot: Bot) -> tuple[tuple[Update, ...], Message]:
        updates = await bot.get_updates(timeout=5)
        entity = MessageEntity(MessageEntity.BOLD, 0, 2)
        return updates, await bot.send_message(
            7, "😀 me", entities=[entity], reply_parameters=ReplyParameters(asked["message_id"], quote="who?")
        )

    (update,), sent = run(server, work)
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "pt-BR"
    assert update.message.from_user.first_name == "Ada"
    assert update.message.parse_entities(["bot_command"]).popitem()[1] == "/ask@article_test_bot"
    (shown,) = server.messages(7)
    assert shown["message_id"] == sent.message_id == 2
    assert text_of(shown) == "😀 me"
    assert marked(shown, "bold") == ["😀"]
    assert shown["quote"] == {"text": "who?", "position": asked["text"].index("who?"), "is_manual": True}


def test_a_poll_waits_for_an_update_and_no_longer(server: TelegramServer) -> None:
    """A long poll ends as soon as something is said, and at its timeout if nothing is."""
    waiting = in_background(lambda: ask(server, "getUpdates", timeout=10))
    server.wait("getUpdates")
    began = time.monotonic()
    server.say("now")
    assert [update["message"]["text"] for update in waiting.result(5)] == ["now"]
    assert time.monotonic() - began < 1
    began = time.monotonic()
    assert ask(server, "getUpdates", timeout=0.3, offset=9999) == []
    assert 0.25 < time.monotonic() - began < 1.5


def test_an_update_stays_until_a_later_offset_confirms_it(server: TelegramServer) -> None:
    """The same updates come again until a poll asks for what is behind them; a negative offset keeps the last."""
    server.say_many([{"text": "a"}, {"text": "b"}, {"text": "c", "user": 2}])
    first = ask(server, "getUpdates", limit=2)
    assert [update["message"]["text"] for update in first] == ["a", "b"]
    assert ask(server, "getUpdates", limit=2) == first
    assert server.pending() == 3
    (third,) = ask(server, "getUpdates", offset=first[-1]["update_id"] + 1)
    assert (third["message"]["text"], server.pending()) == ("c", 1)
    assert third["update_id"] == first[0]["update_id"] + 2
    server.say("d")
    assert [update["message"]["text"] for update in ask(server, "getUpdates", offset=-1)] == ["d"]
    assert ask(server, "getUpdates", limit=101).startswith("Bad Request")


def test_of_two_polls_the_older_one_ends_with_a_conflict(server: TelegramServer) -> None:
    """A second poll throws the first one out, and goes on itself."""
    older = in_background(lambda: send(server, "getUpdates", {"timeout": 10}))
    server.wait("getUpdates")
    newer = in_background(lambda: send(server, "getUpdates", {"timeout": 10}))
    assert older.result(5)["error_code"] == 409
    assert "terminated by other getUpdates request" in older.result()["description"]
    server.say("x")
    assert newer.result(5)["result"][0]["message"]["text"] == "x"


def test_a_poll_whose_bot_has_gone_is_forgotten(server: TelegramServer) -> None:
    """Killing the bot ends its poll: no conflict with the next one, and no update lost."""
    link = socket.create_connection(("127.0.0.1", server.port))
    link.sendall(f"GET /bot{server.token}/getUpdates?timeout=30 HTTP/1.1\r\n\r\n".encode())
    server.wait("getUpdates")
    link.close()
    server.wait_until(lambda: server.calls("getUpdates")[0].response is not None, "the end of the poll", 2)
    server.say("x")
    assert ask(server, "getUpdates", timeout=1)[0]["message"]["text"] == "x"
    assert all(call.ok for call in server.calls("getUpdates"))


def test_kinds_that_are_not_allowed_do_not_come(server: TelegramServer) -> None:
    """allowed_updates is remembered until it is given again, and an empty list is the usual kinds."""
    ask(server, "getUpdates", allowed_updates=["message"])
    message = server.say("a")
    server.edit(message, "b")
    server.channel_post("c")
    assert [[*update][1] for update in ask(server, "getUpdates")] == ["message"]
    ask(server, "getUpdates", allowed_updates=[])
    server.edit(message, "d")
    server.channel_post("e")
    assert [[*update][1] for update in ask(server, "getUpdates")][1:] == ["edited_message", "channel_post"]


def test_a_raw_update_comes_as_it_is(server: TelegramServer) -> None:
    """What push is given goes out as it is: a doubled id, an id of the wrong type, a chat to write to."""
    given: dict[str, Any] = {"message": {"message_id": 4, "date": 0, "chat": {"id": 8, "type": "private"}, "x": [{}]}}
    server.push({"update_id": 5000, **given})
    server.push({"update_id": 5000, "y": None})
    server.push({"update_id": "x"})
    assert server.push({}) == 5002
    got = ask(server, "getUpdates")
    assert got == [
        {"update_id": 5000, **given},
        {"update_id": 5000, "y": None},
        {"update_id": "x"},
        {"update_id": 5002},
    ]
    assert ask(server, "sendMessage", chat_id=8, text="x")["message_id"] == 5
    assert ask(server, "getUpdates", offset=5003) == []
    server.repeat_batch()
    assert ask(server, "getUpdates", offset=5003) == got


# What is refused.


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({}, "Bad Request: message text is empty"),
        ({"text": " \n\u200b\u2068"}, "Bad Request: text must be non-empty"),
        ({"text": "x" * 4097}, "Bad Request: message is too long"),
        ({"text": "😀" * 2048 + "x"}, "Bad Request: message is too long"),
        ({"text": "a\ud83d"}, "Bad Request: strings must be encoded in UTF-8"),
        ({"text": "x", "parse_mode": "Html5"}, "Bad Request: unsupported parse_mode"),
        ({"text": "x", "chat_id": 99}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ({"text": "x", "message_thread_id": 3}, "Bad Request: message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 77}}, "Bad Request: message to be replied not found"),
        ({"text": "x", "reply_parameters": {"message_id": 1, "quote": "who"}}, "Bad Request: QUOTE_TEXT_INVALID"),
        ({"text": "x", "reply_markup": []}, "Bad Request: object expected as reply markup"),
    ],
)
def test_a_message_that_cannot_be_sent(server: TelegramServer, params: dict[str, Any], error: str) -> None:
    """A refused message is answered with Telegram's words, and does not stand in the chat."""
    server.say("Who met her?")
    assert ask(server, "sendMessage", **{"chat_id": 1, **params}) == error
    assert server.messages(1) == []


def test_the_longest_message_and_the_missing_reply_that_is_allowed(server: TelegramServer) -> None:
    """4096 units pass, however they are counted, and a reply to nothing passes if it says so."""
    server.say("a")
    assert "text" in ask(server, "sendMessage", chat_id=1, text="😀" * 2048)
    reply = {"message_id": 77, "quote": "zzz", "allow_sending_without_reply": True}
    assert "reply_to_message" not in ask(server, "sendMessage", chat_id=1, text="x" * 4096, reply_parameters=reply)


def entity(offset: object, length: object, kind: str = "bold", **more: object) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    "entities",
    [
        [entity(0, 5)],
        [entity(-1, 2)],
        [entity(0, 0)],
        [entity(4, 1)],
        [entity(0, 2)],
        [entity(2, 1)],
        [entity(0, "1")],
        [entity(0, 1, "loud")],
        [entity(0, 1, "text_link", url="javascript:alert(1)")],
        [entity(0, 1, "text_link")],
        [entity(0, 3), entity(1, 3, "italic")],
        [entity(0, 4, "expandable_blockquote"), entity(1, 2, "blockquote")],
        [entity(0, 4, "pre"), entity(1, 2)],
        {"type": "bold"},
    ],
)
def test_an_entity_that_telegram_would_move_or_drop(server: TelegramServer, entities: object) -> None:
    """An entity outside the text, within a character, or at odds with another is refused."""
    server.say("a")
    error = ask(server, "sendMessage", chat_id=1, text="a😀b", entities=entities)
    assert error.startswith("Bad Request: can't parse entities")


def test_entities_that_stand_well(server: TelegramServer) -> None:
    """Nested and adjoining entities pass, a hundred of them, and a hundred and one do not."""
    server.say("a")
    good = [
        entity(0, 4, "blockquote"),
        entity(0, 1),
        entity(1, 2, "text_link", url="https://a.example/"),
        entity(1, 2),
    ]
    assert ask(server, "sendMessage", chat_id=1, text="a😀b", entities=good)["entities"] == good
    many = [entity(place, 1) for place in range(101)]
    assert "entities" in ask(server, "sendMessage", chat_id=1, text="x" * 101, entities=many[:100])
    assert ask(server, "sendMessage", chat_id=1, text="x" * 101, entities=many).startswith("Bad Request: too many")


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "url": "javascript:x"}, "BUTTON_URL_INVALID"),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a"}, "can't parse inline keyboard button: one action of [] is allowed"),
        ({"text": "", "callback_data": "x"}, "can't parse inline keyboard button: text is empty"),
        ("a", "can't parse inline keyboard button: text is empty"),
    ],
)
def test_a_button_that_cannot_be_made(server: TelegramServer, button: object, error: str) -> None:
    """A button has a label and one action, and its data at most 64 bytes."""
    server.say("a")
    markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "é" * 32}], [button]]}
    assert ask(server, "sendMessage", chat_id=1, text="x", reply_markup=markup) == f"Bad Request: {error}"


def test_tokens_and_paths_that_are_wrong(server: TelegramServer) -> None:
    """A token of another bot is 401, anything else that is no method is 404."""
    assert send(server, "getMe", {}, "123456:another")["error_code"] == 401
    assert send(server, "getMe", {}, "nonsense")["error_code"] == 404
    assert send(server, "getNothing", {})["error_code"] == 404
    with pytest.raises(InvalidToken):
        run(server, lambda bot: bot.get_me(), "123456:wrong")
    assert [call.ok for call in server.calls()] == [False] * 4


# Edits, buttons, queries.


def test_an_edit_changes_what_the_chat_shows(server: TelegramServer) -> None:
    """Text, entities and buttons are replaced; the same again, a user's message and a missing one are refused."""
    asked = server.say("a")
    sent = ask(server, "sendMessage", chat_id=1, text="b", reply_markup=KEYS)
    at = {"chat_id": 1, "message_id": sent["message_id"]}
    same = ask(server, "editMessageText", **at, text="b", reply_markup=KEYS)
    assert same.startswith("Bad Request: message is not modified: specified new message content and reply markup are")
    assert "edit_date" in ask(server, "editMessageText", **at, text="c")
    (shown,) = server.messages(1)
    assert (text_of(shown), labels(shown)) == ("c", [])
    ask(server, "editMessageReplyMarkup", **at, reply_markup=KEYS)
    assert labels(server.messages(1)[0]) == ["Next", "Site"]
    edit = {"chat_id": 1, "text": "x"}
    assert ask(server, "editMessageText", **edit, message_id=99) == "Bad Request: message to edit not found"
    mine = {**edit, "message_id": asked["message_id"]}
    assert ask(server, "editMessageText", **mine) == "Bad Request: message can't be edited"
    assert ask(server, "deleteMessage", **at) is True
    assert server.messages(1) == []
    assert ask(server, "deleteMessage", **at) == "Bad Request: message to delete not found"


def test_a_press_is_answered_once_and_in_time(server: TelegramServer) -> None:
    """A button is pressed by its label or its data, by whoever it is, and its query can be answered once."""
    server.say("a", user=5)

    async def work(bot: Bot) -> Any:
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="n:1")]])
        await bot.send_message(5, "b", reply_markup=keys)
        return await bot.get_updates(timeout=5, offset=1001)

    server_side = in_background(lambda: run(server, work))
    (sent,) = server.wait_messages(5)
    query = server.tap(sent, "Next")
    (update,) = server_side.result(10)
    assert (update.callback_query.id, update.callback_query.data) == (query, "n:1")
    assert (update.callback_query.from_user.id, update.callback_query.message.text) == (5, "b")
    assert (
        ask(server, "answerCallbackQuery", callback_query_id=query, text="x" * 201) == "Bad Request: MESSAGE_TOO_LONG"
    )
    assert ask(server, "answerCallbackQuery", callback_query_id=query) is True
    assert server.wait_answer(query).params == {"callback_query_id": query}
    assert ask(server, "answerCallbackQuery", callback_query_id=query) == LATE
    assert ask(server, "answerCallbackQuery", callback_query_id="1") == LATE
    old = server.tap(sent, "n:1", user=6)
    server.query_seconds = 0.0
    assert ask(server, "answerCallbackQuery", callback_query_id=old) == LATE
    with pytest.raises(AssertionError, match="no button 'Last' under message 2"):
        server.tap(sent, "Last")


def test_inline_queries_take_fifty_results_with_names_of_their_own(server: TelegramServer) -> None:
    """An inline query is answered once, with at most 50 results whose ids differ and whose texts could be sent."""
    query = server.inline("who", user=3)

    def article(name: str, text: str = "t") -> dict[str, Any]:
        return {"type": "article", "id": name, "title": "T", "input_message_content": {"message_text": text}}

    def answer(results: list[dict[str, Any]]) -> Any:
        return ask(server, "answerInlineQuery", inline_query_id=query, results=results)

    assert answer([article(str(place)) for place in range(51)]) == "Bad Request: RESULTS_TOO_MUCH"
    assert answer([article("a"), article("a")]) == "Bad Request: RESULT_ID_DUPLICATE"
    assert answer([article("é" * 33)]) == "Bad Request: RESULT_ID_INVALID"
    assert answer([article("a", "x" * 4097)]) == "Bad Request: message is too long"
    assert answer([article("a"), article("b")]) is True
    assert answer([article("a")]) == LATE
    assert server.wait_answer(query).params["results"][1]["id"] == "b"


def test_a_guest_message_is_answered_by_a_message_that_can_be_edited(server: TelegramServer) -> None:
    """The bot answers in a group that it is not in, and can change that message and do nothing else there."""
    query = server.guest("@article_test_bot who?", user=3, chat=-77)

    async def work(bot: Bot) -> Any:
        (update,) = await bot.get_updates()
        assert update.guest_message is not None
        assert update.guest_message.guest_query_id == query
        result = InlineQueryResultArticle("1", "Answer", InputTextMessageContent("b"))
        sent = await bot.answer_guest_query(query, result)
        await bot.edit_message_text("c", inline_message_id=sent.inline_message_id)
        return sent.inline_message_id

    assert text_of(server.inline_message(run(server, work))) == "c"
    assert ask(server, "sendMessage", chat_id=-77, text="x") == "Bad Request: chat not found"


# Groups, menus, files.


def test_groups_have_negative_ids_and_numbers_of_their_own(server: TelegramServer) -> None:
    """A message's number says nothing without its chat; a private chat has its user's id."""
    assert [server.say("a")["message_id"], server.say("b", chat=-5)["message_id"]] == [1, 1]
    group = server.say("c", chat=-5, user=9, reply_to=1, quote="b", message_thread_id=40, is_topic_message=True)
    assert (group["chat"]["type"], group["reply_to_message"]["text"], group["quote"]["text"]) == (
        "supergroup",
        "b",
        "b",
    )
    assert ask(server, "sendMessage", chat_id=-5, text="x", message_thread_id=40)["message_thread_id"] == 40
    assert server.say("d", chat=-5, sender_chat=-5)["from"]["username"] == "GroupAnonymousBot"
    with pytest.raises(ValueError, match="a group a negative one"):
        server.say("e", user=1, chat=2)
    ask(server, "leaveChat", chat_id=-5)
    assert ask(server, "sendMessage", chat_id=-5, text="x") == "Forbidden: bot is not a member of the supergroup chat"


def test_members_and_administrators(server: TelegramServer) -> None:
    """Who is an administrator is what the test says; python-telegram-bot can read both kinds."""
    server.say("a", chat=-5, user=8)
    server.admins[-5].add(9)

    async def work(bot: Bot) -> list[str]:
        members = [await bot.get_chat_member(-5, user) for user in (8, 9)]
        return [member.status for member in members] + [(await bot.get_chat(-5)).type]

    assert run(server, work) == ["member", "administrator", "supergroup"]
    server.my_chat_member(-5, "kicked")
    updates: tuple[Update, ...] = run(server, lambda bot: bot.get_updates())
    assert updates[-1].my_chat_member is not None
    assert updates[-1].my_chat_member.new_chat_member.status == "kicked"


def test_menus_and_profile_are_kept_for_each_language(server: TelegramServer) -> None:
    """Commands are kept for each scope and language, names and descriptions for each language."""
    server.say("a", user=5)

    async def work(bot: Bot) -> list[Any]:
        await bot.set_my_commands([BotCommand("ask", "Ask")], language_code="de")
        await bot.set_my_commands([BotCommand("stats", "See")], scope=BotCommandScopeChat(5))
        await bot.set_my_short_description("Short", language_code="de")
        return [
            await bot.get_my_commands(language_code="de"),
            await bot.get_my_commands(),
            (await bot.get_my_short_description("de")).short_description,
            (await bot.get_my_description("de")).description,
        ]

    assert run(server, work) == [(BotCommand("ask", "Ask"),), (), "Short", ""]
    assert server.commands("chat:5") == [{"command": "stats", "description": "See"}]
    wrong = [{"command": "Ask", "description": "x"}]
    assert ask(server, "setMyCommands", commands=wrong) == "Bad Request: BOT_COMMAND_INVALID"
    far = {"scope": {"type": "chat", "chat_id": 99}, "commands": []}
    assert ask(server, "setMyCommands", **far) == "Bad Request: chat not found"
    assert "too long" in ask(server, "setMyShortDescription", short_description="x" * 121)


def test_files_are_served_up_to_twenty_megabytes(server: TelegramServer) -> None:
    """A file comes as its bytes, of whatever size is told, unless more than 20 MB are told."""
    content = bytes(range(256)) * 8
    message = server.document(content, declared=5, caption="/add it")
    assert message["caption_entities"][0]["type"] == "bot_command"
    big = server.document(b"x", declared=20_000_001)

    async def work(bot: Bot) -> bytes:
        return bytes(await (await bot.get_file(message["document"]["file_id"])).download_as_bytearray())

    assert run(server, work) == content
    assert ask(server, "getFile", file_id=big["document"]["file_id"]) == "Bad Request: file is too big"


# HTTP.


def test_forms_json_and_multipart_say_the_same_on_one_connection(server: TelegramServer) -> None:
    """Every kind of body is read, one after another on a connection; a text that looks like JSON stays a text."""
    server.say("a")
    parts = {"chat_id": "1", "text": '{"a": 1}', "entities": '[{"type": "bold", "offset": 0, "length": 1}]'}
    multi = "".join(f'--B\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items())
    multi += '--B\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n\x01\r\n\r\n--B--\r\n'
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for kind, body in {
        "application/x-www-form-urlencoded": urlencode(parts),
        "application/json": json.dumps(parts),
        "multipart/form-data; boundary=B": multi,
    }.items():
        link.request("POST", f"/bot{server.token}/sendMessage", body, {"Content-Type": kind})
        assert json.loads(link.getresponse().read())["ok"], server.describe()
    link.close()
    first, second, third = (call.params for call in server.calls("sendMessage"))
    assert third.pop("f") == b"\x01\r\n"
    assert first == second == third == {"chat_id": 1, "text": '{"a": 1}', "entities": [entity(0, 1)]}


def test_what_is_no_request_is_logged(server: TelegramServer) -> None:
    """A body that cannot be read is a 400; bytes that are no HTTP close the connection, with a line of log."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    link.request("POST", f"/bot{server.token}/sendMessage", "{", {"Content-Type": "application/json"})
    assert link.getresponse().status == 400
    link.close()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"hello\r\n\r\n")
        assert raw.recv(100) == b""
    assert "no request line" in server.wait("?")[0].fault


# Faults.


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_faults_meet_so_many_calls_of_a_method_and_a_chat(server: TelegramServer) -> None:
    """A fault is used up by the calls that it fits, and by no others; python-telegram-bot knows every one of them."""
    server.say_many([{"text": "a", "user": 1}, {"text": "a", "user": 2}])
    server.fault("sendMessage", status=429, parameters={"retry_after": 7}, chat=2)
    server.fault("sendMessage", status=403, chat=2)
    server.fault("sendMessage", status=400, parameters={"migrate_to_chat_id": -9}, chat=2)
    server.fault("sendMessage", raw=b"<html>", status=502, chat=2)
    server.fault("sendMessage", raw=b'{"ok": tr', chat=2)

    async def work(bot: Bot) -> list[type[Exception] | None]:
        seen: list[type[Exception] | None] = []
        await bot.send_message(1, "x")
        for _ in range(6):
            try:
                await bot.send_message(2, "x")
                seen.append(None)
            except Exception as error:
                seen.append(type(error))
        return seen

    seen = run(server, work)
    assert seen[:4] == [RetryAfter, Forbidden, ChatMigrated, NetworkError]
    assert seen[4] is not None
    assert seen[5] is None
    assert [len(server.messages(chat)) for chat in (1, 2)] == [1, 1]


def test_dropped_and_late_answers_with_and_without_effect(server: TelegramServer) -> None:
    """A connection closed before or behind the effect, an answer late with the effect at once, or late with it."""
    server.say("a")

    async def fail(bot: Bot, seconds: float) -> str:
        try:
            await bot.send_message(1, "x", read_timeout=seconds)
        except NetworkError as error:
            return type(error).__name__
        return "sent"

    def count(seconds: float = 5) -> tuple[str, int]:
        outcome = run(server, lambda bot: fail(bot, seconds))
        return outcome, len(server.messages(1))

    server.fault("sendMessage", drop=True)
    assert count() == ("NetworkError", 0)
    server.fault("sendMessage", drop_after=True)
    assert count() == ("NetworkError", 1)
    server.fault("sendMessage", delay=1)
    assert count(0.2) == ("TimedOut", 2)
    server.fault("sendMessage", delay=0.6, before=True)
    assert count(0.2) == ("TimedOut", 2)
    server.wait_messages(1, 3, seconds=3)
    server.fault("sendMessage", raw=b"", effect=True)
    assert run(server, lambda bot: bot.get_me()).id == 123456
    assert send_quietly(server) == b""
    assert len(server.messages(1)) == 4


def send_quietly(server: TelegramServer) -> bytes:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        link.request("GET", f"/bot{server.token}/sendMessage?chat_id=1&text=x")
        return link.getresponse().read()
    finally:
        link.close()


def test_a_black_hole_swallows_and_ends(server: TelegramServer) -> None:
    """Nothing is answered for a time, not even a poll under way; a new connection afterwards is."""
    poll = in_background(lambda: poll_briefly(server))
    server.wait("getUpdates")
    server.black_hole(0.6)
    with pytest.raises(TimedOut):
        asyncio.run(impatient(server))
    assert isinstance(poll.exception(10), TimeoutError)
    time.sleep(0.6)
    assert ask(server, "getMe")["username"] == "article_test_bot"
    assert [call.method for call in server.calls()] == ["getUpdates", "getMe"]


def poll_briefly(server: TelegramServer) -> None:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=1)
    try:
        link.request("GET", f"/bot{server.token}/getUpdates?timeout=0.3")
        link.getresponse()
    finally:
        link.close()


async def impatient(server: TelegramServer) -> None:
    bot = Bot(server.token, base_url=server.base_url)
    await bot.get_me(read_timeout=0.2)


def test_it_can_go_away_and_come_back_on_its_port(server: TelegramServer) -> None:
    """Without a listener connections are refused and open ones broken; what waited is still there afterwards."""
    server.say("a")
    poll = in_background(lambda: ask(server, "getUpdates", timeout=5, offset=5000))
    server.wait("getUpdates")
    port = server.port
    server.stop_listening()
    assert isinstance(poll.exception(5), (http.client.HTTPException, OSError))
    with pytest.raises(ConnectionRefusedError):
        ask(server, "getMe")
    server.say("b")
    server.listen()
    assert server.port == port
    assert [update["message"]["text"] for update in ask(server, "getUpdates")] == ["b"]


def test_conflicts_and_the_rate_of_polls(server: TelegramServer) -> None:
    """So many polls meet another bot's, then they go on; they are counted."""
    server.conflict(2)

    async def work(bot: Bot) -> list[str]:
        seen = []
        for _ in range(3):
            try:
                seen.append(str(await bot.get_updates()))
            except Conflict as error:
                seen.append(str(error)[:32])
        return seen

    assert run(server, work) == ["Conflict: terminated by other ge"] * 2 + ["()"]
    assert server.polls_per_second(10) == 0.3


# Webhook.


class _Hook(BaseHTTPRequestHandler):
    """Keeps what is posted, and answers 503 to the first."""

    got: ClassVar[list[tuple[str, str | None, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, self.headers.get("X-Telegram-Bot-Api-Secret-Token"), json.loads(body)))
        self.send_response(503 if len(self.got) == 1 else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_a_webhook_ends_polling_and_gets_updates_with_its_secret(server: TelegramServer) -> None:
    """With a webhook polls are refused; an update goes to its path with its secret, and again until it is taken."""
    poll = in_background(lambda: send(server, "getUpdates", {"timeout": 9}))
    server.wait("getUpdates")
    assert "HTTPS" in ask(server, "setWebhook", url="http://a.example/tg")
    assert "ports 80" in ask(server, "setWebhook", url="https://a.example:81/tg")
    hook = {"url": "https://bot.example/tg", "secret_token": "s3"}
    assert "unallowed" in ask(server, "setWebhook", **hook | {"secret_token": "ö"})
    with pytest.raises(AssertionError, match="webhook ''"):
        server.deliver()
    assert ask(server, "setWebhook", **hook) is True
    assert poll.result(5)["description"] == "Conflict: terminated by setWebhook request"
    assert "webhook is active" in ask(server, "getUpdates")
    server.say("a")
    assert ask(server, "getWebhookInfo")["pending_update_count"] == 1
    front = HTTPServer(("127.0.0.1", 0), _Hook)
    threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        server.front_door = ("127.0.0.1", front.server_port)
        assert [server.deliver(), server.pending(), server.deliver(), server.pending()] == [503, 1, 200, 0]
        assert server.deliver({"update_id": 1}, secret="", path="/other") == 200
    finally:
        front.shutdown()
        front.server_close()
    assert [(path, secret) for path, secret, _ in _Hook.got] == [("/tg", "s3")] * 2 + [("/other", None)]
    assert _Hook.got[1][2]["message"]["text"] == "a"
    assert ask(server, "deleteWebhook") is True
    assert ask(server, "getUpdates") == []


# Failures that can be read.


def test_a_wait_that_fails_shows_what_was_called(server: TelegramServer) -> None:
    """A wait ends at its limit, and says what it waited for and what came instead."""
    server.say("a")
    ask(server, "getUpdates", offset=9999)
    ask(server, "sendMessage", chat_id=1, text="")
    server.fault("sendMessage", drop=True)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server, "sendMessage", chat_id=1, text="b")
    began = time.monotonic()
    with pytest.raises(AssertionError) as failure:
        server.wait("sendMessage", n=3, seconds=0.3, chat=1)
    assert 0.3 <= time.monotonic() - began < 1
    told = str(failure.value)
    assert "not within 0.3 s: 3 x sendMessage in chat 1 (2 came)" in told
    assert "3 requests: {'getUpdates': 1, 'sendMessage': 2}" in told
    assert "sendMessage chat_id=1 text='' -> 400 Bad Request: message text is empty" in told
    assert "text='b' -> no answer [drop=True]" in told
    with pytest.raises(AssertionError, match="2 messages in chat 1"):
        server.wait_messages(1, 2, seconds=0)


def test_entities_of_what_a_user_types() -> None:
    """Commands, mentions and addresses are marked in UTF-16 units; what only looks like one is not."""
    text = "😀/ask /ask@bot_1 @someone a@bc.de x/y https://a.example/b @ab"
    found = [(entity["type"], cut_units(text, entity["offset"], entity["length"])) for entity in find_entities(text)]
    assert ("bot_command", "/ask@bot_1") in found
    assert ("mention", "@someone") in found
    assert ("url", "https://a.example/b") in found
    assert len(found) == 3 + (("bot_command", "/ask") in found)


def test_the_clock_can_be_ahead(server: TelegramServer) -> None:
    """The dates of messages and of answers are the server's own."""
    server.ahead = 3600
    assert server.say("a")["date"] == pytest.approx(time.time() + 3600, abs=2)
    assert server.say("b", date=5)["date"] == 5
    with pytest.raises(BadRequest):
        run(server, lambda bot: bot.send_message(1, " "))
