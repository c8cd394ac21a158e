"""Getting a message to a chat whatever Telegram or the network says: once, or not at all with a line of log."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import httpx
import pytest
from clock import run
from telegram import Bot, Chat, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram import Message as Sent
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from updates import GROUP

from bot.compose import Message
from bot.database import Database
from bot.deliver import Courier, attempt_quietly
from bot.memory import ChatSettings, Memory, Turn
from bot.transport import GarbledError

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
Log = pytest.LogCaptureFixture
SUPERGROUP = -1_000_500
BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="v1:n:1:1")]])
BOLD = MessageEntity(MessageEntity.BOLD, 0, 3)


def caused(error: NetworkError, cause: Exception | None) -> NetworkError:
    """Return an error as python-telegram-bot raises it from one of httpx's."""
    error.__cause__ = cause
    return error


@dataclass
class Call:
    """One request that reached Telegram's side."""

    method: str
    at: float
    chat: object
    text: str = ""
    entities: tuple[MessageEntity, ...] = ()
    reply_to: int | None = None
    thread: int | None = None
    buttons: bool = False
    message: int | None = None


@dataclass
class FakeBot:
    """Does what it is told, one outcome a request: an error to raise, or a message id; then all goes well."""

    outcomes: list[Exception | int] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    async def send_message(self, chat: int, text: str, **given: Any) -> Sent:
        reply = given["reply_parameters"]
        self._note(
            "send",
            chat,
            text=text,
            entities=given["entities"],
            reply_to=reply and reply.message_id,
            thread=given["message_thread_id"],
            buttons=given["reply_markup"] is not None,
        )
        assert reply is None or reply.allow_sending_without_reply
        return Sent(self._answer(), datetime.now(UTC), Chat(chat, Chat.PRIVATE))

    async def edit_message_text(self, text: str, chat: int, message: int, **given: Any) -> bool:
        buttons = given["reply_markup"] is not None
        self._note("edit", chat, text=text, entities=given["entities"], buttons=buttons, message=message)
        return bool(self._answer())

    async def delete_message(self, chat: int, message: int) -> bool:
        self._note("delete", chat, message=message)
        return bool(self._answer())

    def _note(self, method: str, chat: object, **fields: Any) -> None:
        self.calls.append(Call(method, round(time.monotonic() - 1_000, 3), chat, **fields))

    def _answer(self) -> int:
        outcome = self.outcomes.pop(0) if self.outcomes else 100 + len(self.calls)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.calls]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with closing(Database(tmp_path_factory.mktemp("deliver"))) as database:
        yield database


@pytest.fixture
def memory(database: Database) -> Memory:
    with database.writing():
        database.execute("DELETE FROM chats")
    return Memory(database)


class Post:
    """A courier with its bot."""

    def __init__(self, memory: Memory, *outcomes: Exception | int) -> None:
        self.bot = FakeBot(list(outcomes))
        self.courier = Courier(cast(Bot, self.bot), memory)

    def send(self, *texts: str | Message, chat: int = 5, **options: Any) -> list[int]:
        messages = [text if isinstance(text, Message) else Message(text) for text in texts]
        return run(self.courier.send(chat, messages, **options))

    def edit(self, text: str = "New", buttons: InlineKeyboardMarkup | None = None) -> bool:
        return run(self.courier.edit(5, 70, Message(text, (BOLD,)), buttons))


@pytest.fixture
def post(memory: Memory) -> Callable[..., Post]:
    return lambda *outcomes: Post(memory, *outcomes)


Office = Callable[..., Post]


def cut(text: str, entities: tuple[MessageEntity, ...]) -> list[str]:
    """Return the words that entities mark."""
    units = text.encode("utf-16-le")
    return [units[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le") for e in entities]


# Sending.


def test_parts_of_an_answer(post: Office) -> None:
    """The first part is the reply, the buttons are under the last, and the ids come back in order."""
    office = post(11, 12, 13)
    first = Message("One", (BOLD,))
    assert office.send(first, "Two", "Three", reply_to=70, thread=8, buttons=BUTTONS) == [11, 12, 13]
    assert office.bot.calls == [
        Call("send", 0, 5, "One", (BOLD,), 70, 8),
        Call("send", 0, 5, "Two", (), None, 8),
        Call("send", 0, 5, "Three", (), None, 8, buttons=True),
    ]


def test_nothing_to_send(post: Office) -> None:
    """Without messages there is no request."""
    office = post()
    assert office.send() == []
    assert office.bot.calls == []


def test_blocked(post: Office, memory: Memory, caplog: Log) -> None:
    """N8: a chat that blocked the bot is marked and gets nothing more, no other part and no other message."""
    caplog.set_level(logging.INFO)
    memory.choose(5, ChatSettings("de"))
    office = post(Forbidden("Forbidden: bot was blocked by the user"))
    assert office.send("One", "Two") == []
    assert office.send("Three") == []
    assert office.bot.texts == ["One"]
    assert memory.settings(5) == ChatSettings("de", gone=True)
    assert caplog.messages == ["chat 5 does not want messages any more"]
    memory.mark_gone(5, gone=False)
    assert office.send("Four") == [102]


def test_too_long_for_telegram(post: Office, caplog: Log) -> None:
    """N9: what Telegram takes for too long is split once more and arrives whole, marks, reply and buttons too."""
    text = "🦊 The first one. The second one? And a third one without an end"
    office = post(BadRequest("Message is too long"))
    italic = MessageEntity(MessageEntity.ITALIC, 3, len(text) - 2)
    sent = office.send(Message(text, (italic,)), "Next", reply_to=70, buttons=BUTTONS)
    whole, *pieces, last = office.bot.calls
    assert sent == [102, 103, 104, 105]
    assert (whole.text, last.text) == (text, "Next")
    texts = ["🦊 The first one. ", "The second one? And a third one ", "without an end"]
    assert [piece.text for piece in pieces] == texts
    assert [piece.reply_to for piece in pieces] == [70, None, None]
    assert [call.buttons for call in office.bot.calls] == [False, False, False, False, True]
    assert [cut(piece.text, piece.entities) for piece in pieces] == [[texts[0][2:]], texts[1:2], texts[2:]]
    assert caplog.messages == ["chat 5: a message is too long for Telegram; split again"]


def test_too_long_for_ever(post: Office, caplog: Log) -> None:
    """N9: it is split once more, not again and again; then it is given up with what is behind it."""
    office = post(*[BadRequest("Message is too long")] * 20)
    assert office.send("One two three four", "Next") == []
    assert office.bot.texts == ["One two three four", "One two "]
    assert caplog.messages[-1] == "chat 5: Telegram refused a message: message is too long"


@pytest.mark.parametrize("reason", ["Can't parse entities: unsupported start tag", "ENTITIES_TOO_LONG"])
def test_refused_entities(post: Office, reason: str, caplog: Log) -> None:
    """N10: entities that Telegram refuses are left out, once, and told as our mistake."""
    office = post(BadRequest(reason), 12)
    assert office.send(Message("One two", (BOLD,)), reply_to=70, buttons=BUTTONS) == [12]
    assert office.bot.calls[1] == Call("send", 0, 5, "One two", (), 70, None, buttons=True)
    assert len(office.bot.calls) == 2
    assert caplog.messages == [f"chat 5: Telegram refused the entities of a message ({reason.lower()}); sent plain"]


@pytest.mark.parametrize("reason", ["Message to be replied not found", "QUOTE_TEXT_INVALID", "Quote_text_invalid"])
def test_refused_reply(post: Office, reason: str, caplog: Log) -> None:
    """N11, U12: an answer to a message that is gone comes without pointing to it."""
    office = post(BadRequest(reason), 12)
    assert office.send(Message("One", (BOLD,)), reply_to=70, thread=8) == [12]
    assert office.bot.calls[1] == Call("send", 0, 5, "One", (BOLD,), None, 8)
    assert caplog.messages == []


def test_refused_thread(post: Office) -> None:
    """A topic that was deleted meanwhile does not swallow the answer."""
    office = post(BadRequest("Message thread not found"), 12)
    assert office.send("One", thread=8) == [12]
    assert [call.thread for call in office.bot.calls] == [8, None]


def test_everything_refused(post: Office, caplog: Log) -> None:
    """N10, N11: one ornament after the other is left out; what is refused bare is given up with the reason."""
    reasons = [
        "Can't parse entities",
        "Message to be replied not found",
        "Message thread not found",
        "Chat not found",
    ]
    office = post(*map(BadRequest, reasons))
    assert office.send(Message("One", (BOLD,)), "Two", reply_to=70, thread=8) == []
    assert [(bool(call.entities), call.reply_to, call.thread) for call in office.bot.calls] == [
        (True, 70, 8),
        (False, 70, 8),
        (False, None, 8),
        (False, None, None),
    ]
    assert caplog.messages[-1] == "chat 5: Telegram refused a message: chat not found"


@pytest.mark.parametrize("reason", ["Can't parse entities", "Message to be replied not found", "Thread not found"])
def test_refused_for_what_it_has_not(post: Office, reason: str) -> None:
    """A refusal of an ornament that there is not is no reason to try for ever."""
    office = post(*[BadRequest(reason)] * 5)
    assert office.send("One") == []
    assert len(office.bot.calls) == 1


def test_late_answer(post: Office, caplog: Log) -> None:
    """N13: a message whose arrival is unsure is not sent again; the parts behind it are sent."""
    office = post(caused(TimedOut(), httpx.ReadTimeout("late")), 12)
    assert office.send("One", "Two") == [12]
    assert office.bot.texts == ["One", "Two"]
    assert caplog.messages == ["chat 5: unsure whether a message has arrived; not sent again"]


@pytest.mark.parametrize(
    "failure",
    [
        caused(NetworkError("httpx.ConnectError: "), httpx.ConnectError("")),
        caused(TimedOut(), httpx.ConnectTimeout("")),
        caused(TimedOut("Pool timeout"), httpx.PoolTimeout("")),
        caused(NetworkError("httpx.ProxyError: "), httpx.ProxyError("")),
        caused(NetworkError("httpx.WriteError: "), httpx.WriteError("")),
        NetworkError("Internal Server Error (500)"),
        caused(NetworkError("Bad Gateway (502)"), GarbledError("the answer is not JSON")),
    ],
)
def test_what_has_not_arrived_is_sent_again(post: Office, failure: NetworkError, caplog: Log) -> None:
    """N15: as long as Telegram cannot have taken a message it is sent again, at longer and longer intervals."""
    office = post(*[failure] * 8, 12)
    assert office.send("One") == [12]
    assert [call.at for call in office.bot.calls] == [0, 1, 3, 7, 15, 31, 61, 91, 121]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


@pytest.mark.parametrize(
    "failure",
    [
        GarbledError("the answer is not JSON"),
        caused(NetworkError("httpx.ReadError: "), httpx.ReadError("")),
        caused(NetworkError("httpx.RemoteProtocolError: "), httpx.RemoteProtocolError("")),
        caused(NetworkError("Unknown error in HTTP implementation: RuntimeError()"), RuntimeError()),
    ],
)
def test_broken_connection(post: Office, failure: NetworkError, caplog: Log) -> None:
    """N15: a message lost on the way is sent once more; if that is lost too it is left alone."""
    office = post(failure, 12)
    assert office.send("One") == [12]
    assert len(office.bot.calls) == 2
    caplog.clear()
    office = post(failure, failure)
    assert office.send("Two") == []
    assert len(office.bot.calls) == 2
    assert caplog.messages[-1] == "chat 5: unsure whether a message has arrived; not sent again"


def test_closed_for_too_long(post: Office, caplog: Log) -> None:
    """N6: a chat that Telegram closes for long loses its message, with one line; its other parts are not tried."""
    office = post(RetryAfter(300))
    assert office.send("One", "Two") == []
    assert office.bot.texts == ["One"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "300" in caplog.text


def test_group_that_moved(post: Office, memory: Memory) -> None:
    """N16: the answer goes to the supergroup that the group became, with settings and turns, not as a reply."""
    memory.choose(GROUP, ChatSettings("hi"))
    turn = memory.begin_turn(Turn(GROUP, 70, 0.0, 5, "Who?", "She.", ()))
    office = post(ChatMigrated(SUPERGROUP), 12, ChatMigrated(SUPERGROUP), 13)
    assert office.send("One", "Two", chat=GROUP, reply_to=70) == [12, 13]
    arrived = [(call.text, call.reply_to) for call in office.bot.calls if call.chat == SUPERGROUP]
    assert arrived == [("One", None), ("Two", None)]
    assert memory.settings(SUPERGROUP) == ChatSettings("hi")
    assert memory.turn(turn.number, SUPERGROUP)


def test_rejected_token_is_told(post: Office) -> None:
    """What no other try can mend is raised."""
    with pytest.raises(InvalidToken):
        post(InvalidToken()).send("One")


def test_no_secret_in_the_log(post: Office, caplog: Log) -> None:
    """A7: whatever an error says, a token in it is not logged."""
    token = "bot123456789:AAabcdefghijklmnopqrstuvwxyz-_01234"  # noqa: S105
    office = post(NetworkError(f"https://api.telegram.org/{token}/sendMessage"), BadRequest(f"no {token}"))
    assert office.send("One") == []
    assert len(caplog.messages) == 2
    assert "AAabc" not in caplog.text


# Changing.


def test_edit(post: Office) -> None:
    """A message is changed with its entities and buttons."""
    office = post()
    assert office.edit("New text", BUTTONS) is True
    assert office.bot.calls == [Call("edit", 0, 5, "New text", (BOLD,), buttons=True, message=70)]


def test_edit_that_changes_nothing(post: Office, caplog: Log) -> None:
    """N12: a text that is already there is no error."""
    caplog.set_level(logging.INFO)
    assert post(BadRequest("Message is not modified: specified new message content ...")).edit() is True
    assert caplog.messages == []


@pytest.mark.parametrize("reason", ["Message to edit not found", "Message can't be edited", "MESSAGE_ID_INVALID"])
def test_edit_of_what_is_gone(post: Office, reason: str, caplog: Log) -> None:
    """N12, U12: what cannot be changed is said to the caller, who sends it anew; it is no error."""
    office = post(BadRequest(reason))
    assert office.edit() is False
    assert len(office.bot.calls) == 1
    assert {record.levelno for record in caplog.records} <= {logging.INFO}


def test_edit_in_a_group_that_moved(post: Office) -> None:
    """N16: the message is not in the new chat, so that it is sent anew, there."""
    assert post(ChatMigrated(SUPERGROUP)).edit() is False


def test_edit_that_may_have_arrived(post: Office) -> None:
    """N13: a change that may have come through is not followed by a second message."""
    assert post(caused(TimedOut(), httpx.ReadTimeout("late"))).edit() is True


@pytest.mark.parametrize("error", [partial(Forbidden, "blocked"), partial(RetryAfter, 300)])
def test_edit_that_telegram_does_not_take(post: Office, error: Callable[[], TelegramError], caplog: Log) -> None:
    """N6, N8: nothing is sent in place of a change that the chat does not get."""
    assert post(error()).edit() is True
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_edit_is_tried_again(post: Office) -> None:
    """While Telegram is away a change waits for it."""
    office = post(caused(NetworkError("httpx.ConnectError: "), httpx.ConnectError("")))
    assert office.edit() is True
    assert [call.at for call in office.bot.calls] == [0, 1]


def test_delete(post: Office, caplog: Log) -> None:
    """Messages are taken away one by one; one that is gone already is no error."""
    office = post(BadRequest("Message to delete not found"))
    run(office.courier.delete(5, [71, 72]))
    assert [(call.method, call.message) for call in office.bot.calls] == [("delete", 71), ("delete", 72)]
    assert caplog.messages == []


@pytest.mark.parametrize(
    "error",
    [
        partial(BadRequest, "Query is too old"),
        partial(Forbidden, "blocked"),
        TimedOut,
        partial(NetworkError, "httpx.ReadError"),
        partial(RetryAfter, 7),
        partial(ChatMigrated, SUPERGROUP),
        InvalidToken,
    ],
)
def test_quiet_calls(error: Callable[[], TelegramError], caplog: Log) -> None:
    """N12: what nobody waits for fails in silence, whatever Telegram says."""

    async def fail() -> None:
        raise error()

    caplog.set_level(logging.INFO)
    asyncio.run(attempt_quietly(fail()))
    assert caplog.messages == []


def test_quiet_calls_hide_no_mistakes_of_ours() -> None:
    """An error that is not Telegram's is raised."""

    async def fail() -> None:
        raise ValueError("a mistake of ours")

    with pytest.raises(ValueError, match="a mistake of ours"):
        asyncio.run(attempt_quietly(fail()))
