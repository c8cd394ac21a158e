"""Who is let in, what a stranger gets, and what is left of a user who wants to be forgotten (A1-A6, A8, A9, A11)."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from bots import QUESTION, BotProcess
from telegram import Update, User
from telegram_server import TelegramServer, labels, text_of

from bot.database import Database
from bot.door import Door
from bot.memory import Memory, Turn
from bot.settings import Secret, Settings
from qa import Turn as Said

ADMINS = range(90, 100)
GROUPS = range(-1_000_000_000_100, -1_000_000_000_000)
USERS = range(10, 40)
OTHERS = range(1000, 1100)  # who may ask, too
ANSWER = "Shaza Fatima Khawaja"
REFUSED = "This bot answers only people it knows. Ask the one who runs it to add your number: {}"
MENTION = f"@article_test_bot {QUESTION}"
NO_COMMAND = "I do not know that command. /help lists what I can do."
FORGOTTEN = "Done. I have forgotten what was said here."


class Club:
    """A bot that a few may use, as its TOML file says; its files are made while nothing is forbidden to others."""

    def __init__(self, server: TelegramServer, folder: Path) -> None:
        self.server = server
        self.file = folder / "bot.toml"
        self.allow()
        options = ("--config", str(self.file), "--log", "debug")
        self.bot = BotProcess(server, folder, *options, QA_BOT_PUBLIC="")
        self.groups = iter(GROUPS)
        self._others, self._admins = iter(OTHERS), iter(ADMINS)

    def allow(self, users: list[int] | None = None) -> None:
        """Write the lists down."""
        named = list(USERS) if users is None else users
        lists = {"users": named + list(OTHERS), "chats": list(GROUPS), "admins": list(ADMINS)}
        self.file.write_text("".join(f"{name} = {ids}\n" for name, ids in lists.items()), encoding="utf-8")

    def reload(self) -> str:
        """Let an administrator make the bot read its file again, and return what they are told."""
        return text_of(ask(self.server, next(self._admins), "/reload"))

    def settle(self) -> None:
        """Wait until everything said so far has been seen by the bot, and answered if it is to be."""
        ask(self.server, next(self._others), "/privacy")
        with closing(sqlite3.connect(f"file:{self.bot.data / 'bot.sqlite3'}?mode=ro", uri=True)) as database:
            unfinished = "SELECT count(*) FROM inbox"
            self.server.wait_until(lambda: database.execute(unfinished).fetchone() == (0,), "an empty inbox")

    def asked(self) -> int:
        """Return how many questions were put to the library so far."""
        now = time.time()
        return int(self.bot.wait_until(lambda health: health["written"] > now)["asked"])

    def files(self) -> bytes:
        """Return all that the bot keeps on disk but its articles, and its log."""
        return b"\n".join(path.read_bytes() for path in self.bot.data.iterdir()) + self.bot.log.encode()


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    """One bot for the module; every test has users of its own."""
    with TelegramServer() as server:
        made = Club(server, tmp_path_factory.mktemp("club"))
        before = os.umask(0)
        try:
            made.bot.start()
        finally:
            os.umask(before)
        yield made
        made.bot.kill()


@pytest.fixture
def server(club: Club) -> TelegramServer:
    return club.server


@pytest.fixture
def group(club: Club) -> int:
    """An allowed group in which nothing was said yet."""
    return next(club.groups)


def ask(server: TelegramServer, user: int, text: str = QUESTION, **how: Any) -> dict[str, Any]:
    """Ask in private, and return the answer."""
    count = len(server.messages(user))
    server.say(text, user=user, **how)
    return server.wait_messages(user, count + 1)[-1]


def deeds(server: TelegramServer, since: float) -> list[tuple[str, Any]]:
    """Return what the bot has done since then but polling and setting its menus: the method, and the chat."""
    return [
        (call.method, call.chat)
        for call in server.calls()
        if call.time >= since and "My" not in call.method and call.method != "getUpdates" and call.chat not in OTHERS
    ]


# A1: strangers.


def test_a1_stranger_is_refused_once_in_private(club: Club, server: TelegramServer) -> None:
    """A1: whatever a stranger sends in private, they are told their number once, and the library is not asked."""
    known, stranger, asked, since = ask(server, 10), 501, club.asked(), time.monotonic()
    message = server.say(QUESTION, user=stranger)
    server.edit(message, "Who met whom?")
    server.edit(message)
    for command in ("/start", "/ask Who met the minister?", "/stats", "/reload", "/forget", "/settings"):
        server.say(command, user=stranger)
    server.document(b"a text", user=stranger)
    server.document(b"a text", user=stranger, caption=QUESTION)
    server.say(None, user=stranger, location={"latitude": 1.0, "longitude": 2.0})
    for data in ("v1:n:1:1", "v1:g:1:1", "v1:s:l:de", "v1:a:0"):
        server.forge_callback(data, known, user=stranger)
        server.forge_callback(data, message, user=stranger)
    server.push({"callback_query": {**_query(stranger), "inline_message_id": "abc", "data": "v1:n:1:1"}})
    server.inline(QUESTION, user=stranger)
    server.guest(MENTION, user=stranger)
    server.guest(MENTION, user=stranger, chat=GROUPS[-1])
    server.my_chat_member(stranger, "kicked", user=stranger)
    server.world.left.discard(stranger)
    server.say(QUESTION, user=stranger)
    club.settle()
    assert deeds(server, since) == [("sendMessage", stranger)]
    assert [text_of(message) for message in server.messages(stranger)] == [REFUSED.format(stranger)]
    assert club.asked() == asked


def _query(user: int) -> dict[str, Any]:
    return {"id": "1", "from": {"id": user, "is_bot": False, "first_name": "S"}, "chat_instance": "1"}


def test_a1_silence_in_foreign_groups(club: Club, server: TelegramServer) -> None:
    """A1: in a group that is not allowed a stranger gets no word, not even a refusal, and no question is asked."""
    asked, stranger, place, since = club.asked(), 502, GROUPS.stop + 1, time.monotonic()
    there: dict[str, Any] = {"user": stranger, "chat": place}
    server.my_chat_member(place, "member", old="left", user=stranger)
    server.say(MENTION, **there)
    server.say(f"/ask@article_test_bot {QUESTION}", **there)
    message = server.say("/stats@article_test_bot", **there)
    server.edit(message, f"/ask@article_test_bot {QUESTION}")
    server.say(f"/ask {QUESTION}", reply_to=message, quote="/stats", **there)
    server.say(MENTION, sender_chat=place, **there)
    server.forge_callback("v1:n:1:1", message, user=stranger)
    club.settle()
    assert deeds(server, since) == []
    assert club.asked() == asked


def test_a1_nothing_of_a_stranger_is_written_down(club: Club, server: TelegramServer) -> None:
    """A1: what a stranger writes is in no file and in no log, not even at debug."""
    server.say("Where is the vermilion aardvark?", user=503)
    server.edit(server.say("/start@article_test_bot vermilion", user=503), "vermilion once more")
    server.inline("vermilion inline", user=503)
    club.settle()
    assert b"vermilion" not in club.files()


@pytest.mark.parametrize(
    ("stranger", "code", "start"),
    [
        (511, "de", "Dieser Bot antwortet nur"),
        (512, "ru-RU", "Этот бот отвечает"),
        (513, "pt", "This bot answers"),
        (514, None, "This bot answers"),
    ],
)
def test_a1_refusal_is_in_the_strangers_language(
    stranger: int, code: str | None, start: str, server: TelegramServer
) -> None:
    """A1: a refusal is in the language of the stranger's Telegram."""
    assert text_of(ask(server, stranger, language_code=code)).startswith(start)


def make_update(user: int, **fields: Any) -> Update:
    """Return a private message of a user."""
    person = {"id": user, "is_bot": False, "first_name": "N"}
    message = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": user, "type": "private"}, "from": person}
    found = Update.de_json({"update_id": 1, "message": message | {"text": "Who?"} | fields}, None)
    assert found
    return found


def test_a1_refusal_again_after_a_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A1: a stranger who comes back is told again, but not within 24 hours, and each stranger for themselves."""
    told: list[tuple[int, float]] = []
    clock = [0.0]

    def notify(update: Update, key: str, _: object) -> None:
        assert key == "refused"
        assert update.effective_user
        told.append((update.effective_user.id, clock[0]))

    monkeypatch.setattr("bot.door.time.monotonic", lambda: 1_000_000 + 3600 * clock[0])
    door = Door(Settings(token=Secret(""), data=tmp_path), waiting=lambda _: 0, notify=notify)
    door.me = User(1, "Bot", True, username="our_bot")
    for user, clock[0] in ((7, 0), (8, 1), (7, 2), (7, 23.9), (7, 24.1), (8, 24.9), (8, 25.1), (7, 48), (7, 48.2)):
        assert not door.admit(make_update(user))
    assert told == [(7, 0), (8, 1), (7, 24.1), (8, 25.1), (7, 48.2)]


# A3, A4, A5: groups, names, senders that are no people.


def test_a3_member_of_an_allowed_group(club: Club, server: TelegramServer, group: int) -> None:
    """A3: in an allowed group any member is answered by mention, by reply to the bot and by /ask, else by silence."""
    there: dict[str, Any] = {"user": 504, "chat": group}
    asked = [server.say(MENTION, **there)]
    (first,) = server.wait_messages(group)
    asked.append(server.say(QUESTION, reply_to=first, **there))
    asked.append(server.say(f"/ask {QUESTION}", **there))
    other = server.say(QUESTION, **there)
    server.say(QUESTION, reply_to=other, **there)
    server.say(f"@article_test_bot2 {QUESTION}", **there)
    server.say(f"/ask@other_bot {QUESTION}", **there)
    club.settle()
    answers = server.messages(group)
    assert all(ANSWER in text_of(answer) for answer in answers)
    assert [answer["reply_to_message"]["message_id"] for answer in answers] == [one["message_id"] for one in asked]


def test_a3_named_user_in_any_group(club: Club, server: TelegramServer) -> None:
    """A3: a named user is answered in a group that is not allowed; the others there are not."""
    place, since = GROUPS.stop + 2, time.monotonic()
    server.say(MENTION, user=505, chat=place)
    mine = server.say(MENTION, user=11, chat=place)
    server.tap(server.wait_messages(place)[0], "Good", user=505)
    club.settle()
    assert [answer["reply_to_message"]["message_id"] for answer in server.messages(place)] == [mine["message_id"]]
    assert deeds(server, since) == [("sendChatAction", place), ("sendMessage", place)]


def test_a4_name_that_changed_hands(server: TelegramServer) -> None:
    """A4: who has taken over the name of a named user stays a stranger; the user is known under a new one."""
    assert ANSWER in text_of(ask(server, 12, username="trusted", name="Trudy"))
    assert text_of(ask(server, 506, username="trusted", name="Trudy")) == REFUSED.format(506)
    assert ANSWER in text_of(ask(server, 12, username="renamed", name="T"))


OTHER_BOT = {"id": 600, "is_bot": True, "first_name": "Echo", "username": "echo_bot"}


@pytest.mark.parametrize(
    "send",
    [
        lambda server, chat: server.channel_post(MENTION, chat=chat - 1_000),
        lambda server, chat: server.channel_post(MENTION, chat=chat),
        lambda server, chat: server.say(MENTION, chat=chat, sender_chat=-1_000_000_000_777),
        lambda server, chat: server.say(
            MENTION, chat=chat, sender_chat=-1_000_000_000_777, is_automatic_forward=True
        ),
        lambda server, chat: server.say(MENTION, chat=chat, is_automatic_forward=True),
        lambda server, chat: server.say(MENTION, chat=chat, via_bot=True),
        lambda server, _: server.say(MENTION, user=13, chat=13, via_bot=True),
        lambda server, chat: server.say(MENTION, user=600, chat=chat, is_bot=True),
        lambda server, chat: server.say(f"/ask {QUESTION}", user=600, chat=chat, is_bot=True),
        lambda server, chat: server.edit(server.say("no", chat=chat, via_bot=True), MENTION),
    ],
    ids=[
        "post of a channel",
        "post with an allowed id",
        "member who writes as a channel",
        "post of the linked channel",
        "forward by Telegram",
        "via this bot",
        "via this bot in private",
        "other bot",
        "command of another bot",
        "edit of what came via this bot",
    ],
)
def test_a5_not_a_person(
    send: Callable[[TelegramServer, int], object], club: Club, server: TelegramServer, group: int
) -> None:
    """A5: channels, automatic forwards, other bots, and what was sent through this one, are not answered."""
    since = time.monotonic()
    send(server, group)
    club.settle()
    assert deeds(server, since) == []


def test_a5_no_loop_with_another_bot(club: Club, server: TelegramServer, group: int) -> None:
    """A5: a bot that replies to each of our answers in an allowed group gets none back."""
    server.say(MENTION, user=507, chat=group)
    (answer,) = server.wait_messages(group)
    for _ in range(3):
        server.say(text_of(answer)[:100], user=600, chat=group, is_bot=True, reply_to=answer)
    club.settle()
    assert server.messages(group) == [answer]


@pytest.mark.parametrize("way", ["as the group", "via another bot"])
def test_a5_person_behind_a_mask(way: str, server: TelegramServer, group: int) -> None:
    """A5: an administrator who writes as the group is answered, and so is who writes with another bot's help."""
    server.say("hello", user=508, chat=group)
    mask: dict[str, Any] = {"sender_chat": group} if way == "as the group" else {"via_bot": OTHER_BOT}
    asked = server.say(MENTION, user=508, chat=group, **mask)
    (answer,) = server.wait_messages(group)
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    assert ANSWER in text_of(answer)


# A8: files.


@pytest.mark.parametrize("caption", [None, QUESTION])
def test_a8_files_are_not_taken(caption: str | None, club: Club, server: TelegramServer, group: int) -> None:
    """A8: a file in private gets the one sentence that none are taken, and is never fetched."""
    user = 14 if caption else 15
    server.document(b"x" * 1000, file_name="../../etc/passwd", declared=20_000_001, caption=caption, user=user)
    told = "I cannot take files, photos or voice messages, only a question typed as a message."
    assert text_of(server.wait_messages(user)[0]) == told
    server.document(b"x", user=user, chat=group, caption=caption)
    club.settle()
    assert not [*server.calls("getFile"), *server.calls("file"), *server.messages(group)]
    assert len(server.messages(user)) == 1


# A9: administrators, and lists that change.


@pytest.mark.parametrize("command", ["/stats", "/reload", "/stats@article_test_bot now"])
def test_a9_not_an_administrator(command: str, club: Club, server: TelegramServer, group: int) -> None:
    """A9: for everybody else the administrators' commands are not there: said in private, silence in groups."""
    assert text_of(ask(server, 16, command)) == NO_COMMAND
    server.say(command, user=16, chat=group)
    server.say(command, user=16, chat=group, sender_chat=group)
    club.settle()
    assert server.messages(group) == []


def test_a9_settings_of_a_group(server: TelegramServer, group: int) -> None:
    """A9: a group's settings are changed by its administrators and the bot's, whatever buttons others press."""
    server.admins[group] = {508}
    server.say("/settings", user=509, chat=group)
    (shown,) = server.wait_messages(group)
    refused = server.wait_answer(server.tap(shown, "Passages at most: 3", user=509))
    assert refused.params["text"] == "Only administrators of this group can change that."
    assert server.messages(group) == [shown]
    for user, language, title in ((508, "de", "Einstellungen"), (ADMINS[0], "en", "Settings")):
        server.wait_answer(server.forge_callback(f"v1:s:l:{language}", shown, user=user))
        server.wait_until(lambda: text_of(server.messages(group)[0]) == title, title)  # noqa: B023


def test_a9_stats(club: Club, server: TelegramServer) -> None:
    """A9: an administrator is told what was answered and how it was voted on."""

    def figures() -> list[int]:
        return [int(number) for number in re.findall(r": (\d+)", text_of(ask(server, ADMINS[-1], "/stats")))]

    club.settle()
    before = figures()
    answer = ask(server, 17)
    server.wait_answer(server.tap(answer, "Bad"))
    server.wait_answer(server.tap(answer, "Good"))
    ask(server, 17, "Which zebra devoured the xylophone?")
    change = [new - old for new, old in zip(figures(), before, strict=True)]
    assert change == [1, 1, 1, 0, 1, 0]


def test_menus_of_administrators(club: Club, server: TelegramServer) -> None:
    """An administrator who has never written to the bot keeps nobody else's menu and texts from being set."""
    server.wait_until(
        lambda: club.bot.log.count("a command menu could not be set (Chat not found)") == len(ADMINS), ""
    )
    assert [entry["command"] for entry in server.commands("all_group_chats", "de")] == ["ask", "help"]
    assert server.world.profile["description", "ru"].startswith("Спросите меня")


@pytest.fixture
def lists(club: Club) -> Iterator[Club]:
    """The bot, whose lists are put back after the test."""
    yield club
    club.allow()
    assert club.reload().startswith("Reloaded.")


def test_reload_takes_over_the_lists(lists: Club, server: TelegramServer) -> None:
    """/reload: who was added to the file is answered, who was taken out is a stranger, without a restart."""
    assert text_of(ask(server, 520)) == REFUSED.format(520)
    assert ANSWER in text_of(ask(server, 38))
    lists.allow([520])
    assert lists.reload() == f"Reloaded. Articles: 1, users: {1 + len(OTHERS) + len(ADMINS)}, chats: {len(GROUPS)}."
    assert ANSWER in text_of(ask(server, 520))
    assert text_of(ask(server, 38)) == REFUSED.format(38)


def test_reload_counts_for_what_waits(lists: Club, server: TelegramServer) -> None:
    """/reload: a question of somebody who is taken out while it waits is not answered any more."""
    server.say_many([{"text": text, "user": 37} for text in (f"slowly 1 {QUESTION}", "What else waits here?")])
    server.wait_until(lambda: server.pending() == 0, "both taken")
    lists.allow([10])
    assert lists.reload().startswith("Reloaded.")
    server.wait_messages(37)
    lists.settle()
    (answer,) = server.messages(37)
    assert ANSWER in text_of(answer)


def test_reload_of_a_broken_file(lists: Club, server: TelegramServer) -> None:
    """/reload: a mistake in the file leaves the lists as they were, and is one line of the log."""
    before = len(lists.bot.log)
    lists.file.write_text("users = [10\nchats = 7", encoding="utf-8")
    told = lists.reload()
    error = re.fullmatch(
        r"Something went wrong on my side \(error \u2068?(\w{4})\u2069?\)\. Please ask again\.", told
    )
    assert error, told
    news = lists.bot.log[before:]
    assert re.search(rf"ERROR \S+ error {error[1]}: SettingsError: .*bot.toml: .*line 2", news), news
    assert "Traceback" not in news
    assert ANSWER in text_of(ask(server, 18))
    assert text_of(ask(server, 521)) == REFUSED.format(521)


# A6: forgetting.


def test_a6_forget(club: Club, server: TelegramServer) -> None:
    """A6: after /forget no file and no log has a word of the chat; another chat's answers still work."""
    kept, answer = ask(server, 20, f"{QUESTION} okapi"), ask(server, 21, f"/ask {QUESTION} quagga")
    server.wait_answer(server.tap(answer, "Good", user=21))
    server.inline("the quagga inline", user=21)
    club.settle()
    assert b"quagga" in club.files()
    told = ask(server, 21, "/forget quagga", reply_to=answer, quote="Shaza")
    club.settle()
    assert text_of(told) == FORGOTTEN
    assert b"quagga" not in club.files()
    assert b"okapi" in club.files()
    assert server.wait_answer(server.tap(kept, "Good", user=20)).params["text"] == "Thank you."
    assert "too old" in server.wait_answer(server.tap(answer, "Bad", user=21)).params["text"]


def test_a6_forget_settings(server: TelegramServer) -> None:
    """A6: a chat's settings are forgotten with the rest of it."""
    shown = ask(server, 22, "/settings")
    server.wait_answer(server.forge_callback("v1:s:l:de", shown))
    server.wait_until(lambda: text_of(server.messages(22)[0]) == "Einstellungen", "German")
    assert text_of(ask(server, 22, "/forget")) == "Erledigt. Was hier gesagt wurde, habe ich vergessen."
    old = server.wait_answer(server.forge_callback("v1:g:1:1", shown))
    assert old.params["text"] == "This answer is too old. Please ask again."


def test_a6_forget_in_a_group(club: Club, server: TelegramServer, group: int) -> None:
    """A6: a group is forgotten for one of its administrators only; a press on an old answer brings nothing back."""
    server.admins[group] = {508}
    server.say("@article_test_bot Who met the thylacine?", user=509, chat=group)
    server.say("/forget", user=509, chat=group)
    assert text_of(server.wait_messages(group, 2)[1]) == "Only administrators of this group can change that."
    assert b"thylacine" in club.files()
    server.say("/forget", user=508, chat=group)
    answer, *_, told = server.wait_messages(group, 3)
    assert text_of(told) == FORGOTTEN
    assert b"thylacine" not in club.files()
    assert "thylacine" in answer["reply_to_message"]["text"]
    server.wait_answer(server.forge_callback("v1:c:1:0", answer, user=509))
    club.settle()
    assert b"thylacine" not in club.files()


def test_a6_forget_that_fails_is_not_said_to_be_done(club: Club, server: TelegramServer) -> None:
    """A6: if the database cannot be written, the user is not told that they were forgotten."""
    ask(server, 23, "Who met the dodo?")
    club.settle()
    with closing(sqlite3.connect(club.bot.data / "bot.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "Something went wrong" in text_of(ask(server, 23, "/forget"))
        other.execute("ROLLBACK")
    assert text_of(ask(server, 23, "/forget")) == FORGOTTEN
    assert b"dodo" not in club.files()


def test_a6_no_copies_in_the_gaps_of_the_file(tmp_path: Path) -> None:
    """A6: however the rows of many chats were moved about in the file, none of a forgotten one's words are left."""
    for seed in (57, 85, 105):  # some were left by each of these, with `secure_delete` alone
        folder = tmp_path / str(seed)
        database = Database(folder)
        memory = Memory(database)
        _fill(database, memory, random.Random(seed))  # noqa: S311
        for chat in (3, 5):
            assert memory.forget(chat)
            assert f"animal{chat}x".encode() not in b"".join(path.read_bytes() for path in folder.iterdir())
        database.close()


def _fill(database: Database, memory: Memory, rng: random.Random) -> None:
    """Let eight chats ask, each for an animal of its own, at any length."""
    for number in range(rng.randint(100, 200)):
        chat = rng.randint(1, 8)
        text = f"animal{chat}x " * rng.randint(1, 80)
        with database.writing():
            database.execute("INSERT INTO inbox (update_id, chat, body) VALUES (?, ?, ?)", number, chat, text)
        memory.mark_sent(
            memory.begin_turn(Turn(chat, number, 1.0, chat, text, text, (), said=Said(text, text))), [1, 2]
        )
        with database.writing():
            database.execute("DELETE FROM inbox WHERE update_id = ?", number)
        if rng.random() < 0.05:
            memory.forget_turns(rng.randint(1, 8))


# A11: files.


def test_a11_modes(club: Club) -> None:
    """A11: the data folder and the database in it are the operator's alone, whatever the process's umask."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in (club.bot.data, *club.bot.data.glob("bot.sqlite3*"))}
    private = dict.fromkeys(("bot.sqlite3", "bot.sqlite3-wal", "bot.sqlite3-shm"), 0o600)
    assert modes == {"data": 0o700, **private}


@pytest.mark.slow
def test_a6_forgotten_after_a_restart(tmp_path: Path) -> None:
    """A6: what was forgotten does not come back by a crash and a restart, in a folder that others may look into."""
    with TelegramServer() as server:
        bot = BotProcess(server, tmp_path)
        bot.data.mkdir(mode=0o755)
        with bot:
            answer = ask(server, 1, "Who met the quagga?")
            assert text_of(ask(server, 1, "/forget")) == FORGOTTEN
            bot.kill()
            bot.start()
            assert "too old" in server.wait_answer(server.forge_callback("v1:c:1:0", answer)).params["text"]
            assert labels(ask(server, 1, "Who met Shaza?"))
            files = {path.name: path for path in bot.data.iterdir()}
            assert b"quagga" not in b"".join(path.read_bytes() for path in files.values())
            assert files["bot.sqlite3"].stat().st_mode & 0o777 == 0o600
            assert "quagga" not in bot.log
