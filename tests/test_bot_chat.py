"""What a user does in a private chat, from the first /start to the last page of the articles."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from bots import NONSENSE, QUESTION, ROOT, BotProcess, write_library
from telegram import Bot
from telegram_people import list_buttons
from telegram_server import TelegramServer, labels, marked, text_of

from bot.profile import set_profile
from bot.texts import LANGUAGES, say
from qa import Article, load_shipped

ADMIN = 77
NOT_FOUND = "The articles do not say that."
CLOSEST = "The closest passage, which does not answer it:"
BESIDES = "Another passage that fits ({} of 5); the answer need not be in it:"
WHICH_NONE = "What do you mean? Please ask it in full: whom or what is it about?"
TOO_OLD = "This answer is too old. Please ask again."
GREETING = """Ask me about the articles I know. I answer only in their own words, and show the passage.

/sources – The articles I know
/help – How to ask, and the commands"""
MONDAY, TUESDAY = "The comet was seen on Monday.", "The comet was seen on Tuesday."
TITLE = "⁨Minister of State for IT and Telecommunication, Shaza Fatima Khawaja, and US…⁩"
DESCRIPTION = f"{TITLE} · ⁨15 May 2024⁩ · ⁨ISLAMABAD⁩ · ⁨seeds/000_33365600aa446036.txt⁩"
CASES = [json.loads(line) for line in (ROOT / "tests" / "data" / "questions.jsonl").read_text("utf-8").splitlines()]

Json = dict[str, Any]


def make_articles() -> list[Article]:
    """Return the shipped article, two that contradict each other, and enough others for three pages."""
    comets = [
        Article(MONDAY, title="Comets", source="https://example.org/monday?a=1&b=2"),
        Article(TUESDAY, title="More comets"),
    ]
    others = [
        Article(
            f"Nothing of note, {number}.",
            title=f"{number} " + "T" * 76,
            place="P" * 80,
            source=f"https://example.org/{number}/" + "s" * 400,
        )
        for number in range(22)
    ]
    return [*load_shipped(), *comets, *others]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return make_articles()


@pytest.fixture(scope="module", autouse=True)
def bot(
    server: TelegramServer, articles: Sequence[Article], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    write_library(folder, articles)
    with BotProcess(server, folder, QA_BOT_ADMINS=str(ADMIN)) as bot:
        yield bot


_users = itertools.count(100)


@pytest.fixture
def user() -> int:
    """Somebody who has not said anything yet."""
    return next(_users)


@pytest.fixture
def found(seed: Article) -> str:
    """What the article says to QUESTION."""
    assert "Donald Blome, met" in seed.text
    return "Donald Blome"


@pytest.fixture
def sentence(seed: Article) -> str:
    """The sentence that it stands in."""
    start = seed.text.index("Minister of State")
    return seed.text[start : seed.text.index("\n", start)]


@pytest.fixture
def passage(seed: Article) -> str:
    """The passage that they stand in."""
    return seed.text[: seed.text.index("\n\nIn her discussions")].lstrip()


def ask(server: TelegramServer, user: int, text: str = QUESTION, **how: Any) -> Json:
    """Say something, and return the message that answers it."""
    count = len(server.messages(user))
    server.say(text, user=user, **how)
    return server.wait_messages(user, count + 1)[-1]


def press(server: TelegramServer, message: Json, button: str, **who: Any) -> str | None:
    """Press a button, and return what is shown on top of the chat for it."""
    shown: str | None = server.wait_answer(server.tap(message, button, **who)).params.get("text")
    return shown


def wait_text(server: TelegramServer, message: Json, start: str) -> Json:
    """Wait until a message begins with some words, and return it as it is then."""
    where = message["chat"]["id"], message["message_id"]
    server.wait_until(lambda: text_of(server.message(*where)).startswith(start), f"a message {start!r}…")
    return server.message(*where)


def press_to(server: TelegramServer, message: Json, button: str, shown: str, **who: Any) -> Json:
    """Press a button, wait until its message has another one, and return it as it is then."""
    press(server, message, button, **who)
    where = message["chat"]["id"], message["message_id"]
    server.wait_until(lambda: shown in labels(server.message(*where)), f"a button {shown!r}")
    return server.message(*where)


def data_of(message: Json, label: str) -> str:
    """Return the data of a button."""
    (found,) = [button["callback_data"] for button in list_buttons(message) if button["text"] == label]
    return str(found)


# Answers.


def test_answer(server: TelegramServer, user: int, found: str, passage: str) -> None:
    """A question gets its answer in bold, then the passage as a folded quote, and where that is from."""
    answer = ask(server, user)
    assert text_of(answer) == f"{found}\n\n[1] {passage}\n{DESCRIPTION}"
    assert marked(answer, "bold") == [found, found]
    assert marked(answer, "expandable_blockquote") == [f"[1] {passage}"]
    assert marked(answer, "italic") == [DESCRIPTION]
    assert len(answer["entities"]) == 4
    assert [[button["text"] for button in row] for row in answer["reply_markup"]["inline_keyboard"]] == [
        ["Next passage"],
        ["Good", "Bad"],
    ]
    (call,) = server.calls("sendMessage", user)
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert not {"parse_mode", "reply_parameters", "message_thread_id"} & call.params.keys()


def test_typing_comes_first(server: TelegramServer, user: int) -> None:
    """Typing is shown before the answer comes, once for a quick one."""
    ask(server, user)
    did = [call.method for call in server.calls(chat=user)]
    assert did == ["sendChatAction", "sendMessage"]
    assert server.calls("sendChatAction", user)[0].params["action"] == "typing"


def test_web_source_is_a_link(server: TelegramServer, user: int) -> None:
    """An article from the web is linked by its address, and nothing else is."""
    answer = ask(server, user, "When was the comet seen?")
    (link,) = [entity for entity in answer["entities"] if entity["type"] == "text_link"]
    assert link["url"] == "https://example.org/monday?a=1&b=2"
    assert marked(answer, "text_link") == ["⁨https://example.org/monday?a=1&b=2⁩"]


def test_contradiction(server: TelegramServer, user: int) -> None:
    """A passage that says something else is named right under the answer, and shown."""
    lines = text_of(ask(server, user, "When was the comet seen?")).split("\n")
    assert lines[:2] == [MONDAY, f"Another passage says: ⁨{TUESDAY}⁩ [2]"]
    assert [line for line in lines if line.startswith("[")] == [f"[1] {MONDAY}", f"[2] {TUESDAY}"]


def test_refusal(server: TelegramServer, user: int) -> None:
    """What the articles do not say is said to be not in them, uncited; the closest passage is behind a button."""
    answer = ask(server, user, NONSENSE)
    assert (text_of(answer), labels(answer)) == (NOT_FOUND, ["The closest I have"])
    assert "entities" not in answer
    assert press(server, answer, "The closest I have") is None
    shown = wait_text(server, answer, f"{NOT_FOUND}\n{CLOSEST}\n\n")
    (quote,) = marked(shown, "expandable_blockquote")
    assert text_of(shown).startswith(f"{NOT_FOUND}\n{CLOSEST}\n\n{quote}\n")
    assert (marked(shown, "bold"), labels(shown)) == ([], [])


def test_next_passage(server: TelegramServer, user: int, found: str, passage: str) -> None:
    """`Next passage` leafs through all that was read and begins again; the answer stands above the cited alone."""
    answer = ask(server, user)
    assert press(server, answer, "Next passage") is None
    second = wait_text(server, answer, f"{BESIDES.format(2)}\n\n[2] ")
    assert marked(second, "bold") == []
    assert labels(second) == ["Next passage", "Good", "Bad"]
    server.forge_callback(data_of(second, "Next passage")[:-1] + "4", second)
    last = wait_text(server, answer, f"{BESIDES.format(5)}\n\n[5] ")
    press(server, last, "Next passage")
    first = wait_text(server, answer, f"{found}\nPassage 1 of 5\n\n[1] {passage}\n{DESCRIPTION}")
    assert marked(first, "bold") == [found, found]


def test_press_is_answered_before_the_message_changes(server: TelegramServer, user: int) -> None:
    """The client stops waiting for a press at once; the message changes after that."""
    answer = ask(server, user)
    query = server.tap(answer, "Next passage")
    (edit,) = server.wait("editMessageText", chat=user)
    (reply,) = [call for call in server.calls("answerCallbackQuery") if call.params["callback_query_id"] == query]
    assert reply.time < edit.time


def test_vote(server: TelegramServer, user: int) -> None:
    """A vote is thanked for, and leaves the answer as it is."""
    answer = ask(server, user)
    assert [press(server, answer, label) for label in ("Good", "Bad", "Bad")] == 3 * ["Thank you."]
    assert server.messages(user) == [answer]


def test_press_while_the_answer_is_still_being_sent(server: TelegramServer, user: int) -> None:
    """Buttons work from the moment they are seen, whatever the bot knows of its message by then."""
    server.fault("sendMessage", delay=1.0, chat=user)
    assert press(server, ask(server, user), "Good") == "Thank you."


def test_too_fast(tmp_path: Path) -> None:
    """What is dropped gets a reply that says when to send it again; commands go on, and presses are told, too."""
    with TelegramServer() as server, BotProcess(server, tmp_path, QA_BOT_BURST="1", QA_BOT_PER_MINUTE="6"):
        answer = ask(server, 1)
        dropped = server.say(QUESTION, user=1)
        notice = server.wait_messages(1, 2)[1]
        assert notice["reply_to_message"]["message_id"] == dropped["message_id"]
        assert text_of(notice) in {say("en", "slow_down", seconds=seconds) for seconds in range(1, 11)}
        assert text_of(ask(server, 1, "/help")) == say("en", "help")
        assert [press(server, answer, "Good", language_code="de") for _ in range(4)] == 4 * ["Danke."]
        told = {say("de", "too_fast", seconds=seconds) for seconds in range(1, 4)}
        assert press(server, answer, "Good", language_code="de") in told


# Edits.


def test_edit_from_refusal_to_answer(server: TelegramServer, user: int, found: str) -> None:
    """A question that is mended has the refusal replaced by its answer, buttons and all."""
    question = server.say(NONSENSE, user=user)
    (refusal,) = server.wait_messages(user)
    server.edit(question, QUESTION)
    answer = wait_text(server, refusal, found)
    assert labels(answer) == ["Next passage", "Good", "Bad"]
    press(server, answer, "Next passage")
    wait_text(server, answer, BESIDES.format(2))
    server.edit(question, NONSENSE)
    assert labels(wait_text(server, answer, NOT_FOUND)) == ["The closest I have"]


def test_edit_into_a_question(server: TelegramServer, user: int, found: str) -> None:
    """What had no words in it is answered when it is given some."""
    question = server.say("?!", user=user)
    server.wait_messages(user)
    server.edit(question, QUESTION)
    server.wait_until(lambda: any(text_of(m).startswith(found) for m in server.messages(user)), "the answer")
    assert [text_of(message).split("\n")[0] for message in server.messages(user)] == ["Please ask in words.", found]


@pytest.mark.parametrize(("asked", "told"), [(QUESTION, "🦊"), (f"/ask {QUESTION}", "/ask")])
def test_edit_to_what_has_no_words(asked: str, told: str, server: TelegramServer, user: int, found: str) -> None:
    """A question whose words are taken out is told so: its answer does not stand as if nothing had been said."""
    question = server.say(asked, user=user)
    server.wait_messages(user)
    server.edit(question, told)
    assert [text_of(message).split("\n")[0] for message in server.wait_messages(user, 2)] == [
        found,
        "Please ask in words.",
    ]


# Conversations.

ALL_ABOUT = "What is the article about?"  # which of several, has to be asked back
ABOUT_COMETS = "What is “Comets” about?"


def read_as(message: Json) -> str:
    """Return how a question was read, "" if it was read as it was asked."""
    first, _, _ = text_of(message).partition("\n")
    found = first.startswith("I read this as: ")
    assert marked(message, "italic")[:1] == [first] or not found
    return first.partition("⁨")[2].partition("⁩")[0] if found else ""


def test_follow_up(server: TelegramServer, user: int, found: str) -> None:
    """A piece of a question is asked back about, after a question it follows on from that, and after /new no more."""
    assert (text_of(ask(server, user, "And when?")), labels(server.messages(user)[0])) == (WHICH_NONE, [])
    assert read_as(ask(server, user)) == ""
    later = ask(server, user, "And when?")
    assert read_as(later).startswith("When ")
    assert "Shaza Fatima Khawaja" in read_as(later)
    assert found in read_as(later)
    assert labels(later) == ["Next passage", "Good", "Bad"]
    ask(server, user, "/new")
    assert text_of(ask(server, user, "And when?")) == WHICH_NONE


def test_follow_up_of_another_chat(server: TelegramServer, user: int) -> None:
    """What was asked in one private chat is nothing to another."""
    ask(server, user)
    assert text_of(ask(server, next(_users), "And when?")) == WHICH_NONE


def test_reply_to_an_older_answer(server: TelegramServer, user: int) -> None:
    """A reply to an answer follows on from that one, whatever was asked since."""
    first = ask(server, user)
    ask(server, user, "When was the comet seen?")
    assert "comet" in read_as(ask(server, user, "And where?"))
    assert "Khawaja" in read_as(ask(server, user, "And when?", reply_to=first))


def test_edit_of_a_follow_up(server: TelegramServer, user: int) -> None:
    """An edited question is answered after those before it alone."""
    ask(server, user)
    question = server.say("When was the comet seen?", user=user)
    answer = server.wait_messages(user, 2)[1]
    server.edit(question, "And when?")
    assert "Khawaja" in read_as(wait_text(server, answer, "I read this as: ⁨When "))


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("hello", "ur", say("ur", "talk_greeting")),
        ("شکریہ", "ur", say("ur", "talk_thanks")),
        ("👍", None, say("en", "talk_acknowledgement")),
        ("/ask danke", "de", say("de", "talk_thanks")),
        ("say that again", "hi", say("hi", "talk_repeat")),
    ],
)
def test_small_talk(text: str, code: str | None, said: str, server: TelegramServer, user: int) -> None:
    """Small talk gets a short reply in the user's language, with neither quote nor buttons."""
    reply = ask(server, user, text, language_code=code)
    assert (text_of(reply), labels(reply), "entities" in reply) == (said, [], False)


def test_small_talk_is_no_turn(server: TelegramServer, user: int, found: str) -> None:
    """After thanks and a greeting the conversation goes on where it was; a greeting made a question is answered."""
    ask(server, user)
    ask(server, user, "thanks")
    greeting = server.say("hello", user=user)
    reply = server.wait_messages(user, 3)[2]
    assert "Khawaja" in read_as(ask(server, user, "And when?"))
    other = next(_users)
    greeting = server.say("hello", user=other)
    (reply,) = server.wait_messages(other)
    server.edit(greeting, QUESTION)
    assert labels(wait_text(server, reply, found)) == ["Next passage", "Good", "Bad"]
    server.edit(greeting, "hello!")
    assert labels(wait_text(server, reply, say("en", "talk_greeting"))) == []


def test_the_last_answer_again(server: TelegramServer, user: int, found: str) -> None:
    """Who asks for the last answer again gets it, and can follow on from it."""
    ask(server, user)
    again = ask(server, user, "say that again")
    assert read_as(again) == QUESTION
    assert text_of(again).split("\n")[1] == found
    assert "Khawaja" in read_as(ask(server, user, "And when?"))


def test_choice(server: TelegramServer, user: int) -> None:
    """What a question may mean is behind a button each; the one pressed is answered in the same place, as a turn."""
    asked = ask(server, user, ALL_ABOUT)
    assert (text_of(asked), len(labels(asked)), labels(asked)[1]) == ("Which do you mean?", 5, ABOUT_COMETS)
    assert max(map(len, labels(asked))) <= 80
    old = data_of(asked, ABOUT_COMETS)
    assert press(server, asked, ABOUT_COMETS) is None
    answer = wait_text(server, asked, f"I read this as: ⁨{ABOUT_COMETS}⁩\n\n[1] {MONDAY}")
    assert labels(answer) == ["Good", "Bad"]
    assert press(server, answer, "Good") == "Thank you."
    assert server.wait_answer(server.forge_callback(old, answer)).params["text"] == TOO_OLD
    assert text_of(ask(server, user, "Who wrote this article?")) == "The article does not name its author."
    assert len(server.messages(user)) == 2


def test_choice_by_its_number(server: TelegramServer, user: int) -> None:
    """A choice can be typed, too: its answer is a message of its own."""
    ask(server, user, ALL_ABOUT)
    answer = ask(server, user, "2")
    assert (read_as(answer), f"[1] {MONDAY}" in text_of(answer)) == (ABOUT_COMETS, True)


def test_forged_choice(server: TelegramServer, user: int) -> None:
    """T11: another chat's choice, one that was not offered, and another message's are too old; nothing changes."""
    other = next(_users)
    theirs, mine = ask(server, other, ALL_ABOUT), ask(server, user, ALL_ABOUT)
    refusal, answer = ask(server, user, NONSENSE), ask(server, user)
    own = data_of(mine, ABOUT_COMETS)
    numbers = [data_of(refusal, "The closest I have").split(":")[2], data_of(answer, "Good").split(":")[2]]
    forged = [data_of(theirs, ABOUT_COMETS), own[:-1] + "5", own[:-1] + "9999", "v1:r:0:0", own + "0000"]
    for data in (*forged, *(f"v1:r:{number}:0" for number in numbers), own.replace(":r:", ":n:")):
        assert server.wait_answer(server.forge_callback(data, mine)).params["text"] == TOO_OLD, data
    assert server.wait_answer(server.forge_callback(own, answer)).params["text"] == TOO_OLD
    assert server.messages(user) == [mine, refusal, answer]
    assert server.messages(other) == [theirs]


def test_another_language(server: TelegramServer, user: int) -> None:
    """A question that is not read is said to be in its language; the closest passage is behind the button."""
    said = ask(server, user, "وزیر سے کون ملا؟", language_code="de")
    assert text_of(said) == say("de", "foreign", language="اردو")
    press(server, said, say("de", "button_closest"), language_code="de")
    wait_text(server, said, f"{say('de', 'not_found')}\n{say('de', 'closest')}\n\n")


# Commands.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/start", GREETING),
        ("/START@Article_Test_Bot", say("en", "greeting")),
        ("/help", say("en", "help")),
        ("/privacy", say("en", "privacy")),
        ("/new", say("en", "new_talk")),
        ("/forget", "Done. I have forgotten what was said here."),
        ("/settings", "Settings"),
        ("/frobnicate", "I do not know that command. /help lists what I can do."),
    ],
)
def test_command(text: str, said: str, server: TelegramServer, user: int) -> None:
    """A command gets what it promises, in plain text."""
    answer = ask(server, user, text)
    assert text_of(answer) == said
    assert "entities" not in answer


def test_help_lists_the_menu(server: TelegramServer, user: int) -> None:
    """/help names every command of the menu in a line of its own, as the menu words it."""
    lines = text_of(ask(server, user, "/help")).split("\n")
    server.wait_until(lambda: bool(server.commands("all_private_chats")), "the menu")
    menu = server.commands("all_private_chats")
    assert [f"/{command['command']} – {command['description']}" for command in menu] == lines[-len(menu) :]


def test_help_of_an_administrator(server: TelegramServer) -> None:
    """/help names the administrators' commands to an administrator, in private alone."""
    assert text_of(ask(server, ADMIN, "/help")) == say("en", "help_of_admins")
    group = -1_000_000_000_000 - ADMIN
    server.say("/help", user=ADMIN, chat=group)
    assert text_of(server.wait_messages(group)[0]) == say("en", "help")


@pytest.mark.parametrize("text", [f"/ask {QUESTION}", f"/ask\n{QUESTION}", f"  {QUESTION}  "])
def test_ask(text: str, server: TelegramServer, user: int, found: str) -> None:
    """/ask is not needed in private, and does no harm."""
    assert text_of(ask(server, user, text)).startswith(found)


def test_new(server: TelegramServer, user: int) -> None:
    """After /new the buttons of what was said before are too old."""
    answer, refusal = ask(server, user), ask(server, user, NONSENSE)
    ask(server, user, "/new")
    pressed = [press(server, answer, label) for label in ("Next passage", "Good", "Bad")]
    assert [*pressed, press(server, refusal, "The closest I have")] == 4 * [TOO_OLD]


def test_failure(server: TelegramServer, user: int, bot: BotProcess) -> None:
    """A failure is told in a sentence with a number that the log has, too, and the next question is answered."""
    text = text_of(ask(server, user, "crash"))
    assert text.startswith("Something went wrong on my side (error ⁨")
    number = text.partition("⁨")[2].partition("⁩")[0]
    assert text == say("en", "failed", error=number)
    assert f"error {number}: RuntimeError" in bot.log
    assert text_of(ask(server, user, NONSENSE)) == NOT_FOUND


# Languages and settings.


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ur", "ur"),
        ("hi", "hi"),
        ("es-419", "es"),
        ("de", "de"),
        ("DE_at", "de"),
        ("ru", "ru"),
        ("pt-br", "en"),
        (None, "en"),
    ],
)
def test_language_of_the_user(code: str | None, language: str, server: TelegramServer, user: int) -> None:
    """The bot's own words are in the language of the user's Telegram; those of the article stay its own."""
    refusal = ask(server, user, NONSENSE, language_code=code)
    assert (text_of(refusal), labels(refusal)) == (say(language, "not_found"), [say(language, "button_closest")])
    answer = ask(server, user, "When was the comet seen?", language_code=code)
    assert text_of(answer).startswith(f"{MONDAY}\n" + say(language, "another", words=TUESDAY, number=2))
    assert labels(answer) == [say(language, f"button_{name}") for name in ("next", "good", "bad")]
    assert press(server, answer, labels(answer)[1], language_code=code) == say(language, "thanks_vote")


@pytest.mark.slow
def test_language_of_the_settings(server: TelegramServer, user: int) -> None:
    """A chosen language goes before that of the user's Telegram, until it is automatic again."""
    settings = ask(server, user, "/settings", language_code="es")
    assert (text_of(settings), labels(settings)[0]) == (say("es", "settings"), "Idioma: automático")
    settings = press_to(server, settings, "Idioma: automático", "✓ automático", language_code="es")
    settings = press_to(server, settings, "Deutsch", "Sprache: Deutsch")
    assert text_of(settings) == "Einstellungen"
    assert text_of(ask(server, user, NONSENSE, language_code="es")) == say("de", "not_found")
    settings = press_to(server, settings, "Sprache: Deutsch", "✓ Deutsch")
    press_to(server, settings, "automatisch", "Idioma: automático", language_code="es")
    assert text_of(ask(server, user, NONSENSE, language_code="es")) == say("es", "not_found")


def test_settings_of_the_passages(server: TelegramServer, user: int, sentence: str) -> None:
    """The settings say how many passages are shown at most, and whether whole or only the sentence that answers."""
    settings = ask(server, user, "/settings")
    assert labels(settings) == ["Language: automatic", "Passages at most: 3", "Passages in full: yes"]
    press_to(server, settings, "Passages in full: yes", "Passages in full: no")
    assert marked(ask(server, user), "expandable_blockquote") == [f"[1] {sentence}"]


@pytest.mark.slow
def test_setting_of_one_passage(server: TelegramServer, user: int) -> None:
    """With one passage shown, one that contradicts it is shown all the same; `Next passage` goes on behind it."""
    settings = press_to(server, ask(server, user, "/settings"), "Passages at most: 3", "Passages at most: 1")
    answer = ask(server, user, "When was the comet seen?")
    assert marked(answer, "expandable_blockquote") == [f"[1] {MONDAY}", f"[2] {TUESDAY}"]
    press_to(
        server,
        press_to(server, settings, "Passages at most: 1", "Passages at most: 2"),
        "Passages at most: 2",
        "Passages at most: 3",
    )


def test_same_setting_again(server: TelegramServer, user: int) -> None:
    """What is set already can be chosen again, and the list can be left: the settings are shown as they are."""
    settings = press_to(server, ask(server, user, "/settings"), "Language: automatic", "✓ automatic")
    settings = press_to(server, settings, "✓ automatic", "Language: automatic")
    settings = press_to(server, settings, "Language: automatic", "‹ Settings")
    assert labels(settings)[-1] == "‹ Settings"
    press_to(server, settings, "‹ Settings", "Language: automatic")


# Menus.


def test_menus(server: TelegramServer) -> None:
    """Private chats and groups have their menus, in every language."""
    private = ["ask", "sources", "new", "settings", "forget", "privacy", "help"]
    for scope, names in {"all_private_chats": private, "all_group_chats": ["ask", "help"]}.items():
        for language in LANGUAGES:
            code = "" if language == "en" else language
            server.wait_until(lambda: bool(server.commands(scope, code)), "the menus")  # noqa: B023
            menu = [(command["command"], command["description"]) for command in server.commands(scope, code)]
            assert menu == [(name, say(language, f"command_{name}")) for name in names]


def test_profile_is_set_only_when_changed() -> None:
    """Menus and descriptions are set once; at the next start only what is not as it should be, admins' menus too."""
    with TelegramServer() as server:
        server.place(ADMIN)

        def start() -> list[tuple[str, str]]:
            """Start once, and return what was set: the method, and the language."""
            before = len(server.calls())
            asyncio.run(_set_profile(server, [ADMIN, ADMIN + 1]))
            calls = [call for call in server.calls()[before:] if call.method.startswith("set")]
            return [(call.method, call.params.get("language_code", "")) for call in calls]

        assert len(start()) == len(LANGUAGES) * 5
        assert [command["command"] for command in server.commands(f"chat:{ADMIN}", "ru")][-2:] == ["stats", "reload"]
        assert start() == []
        server.world.commands["all_group_chats", "de"] = []
        server.world.profile["short_description", "hi"] = "old"
        assert start() == [("setMyShortDescription", "hi"), ("setMyCommands", "de")]
        assert start() == []


async def _set_profile(server: TelegramServer, admins: Sequence[int]) -> None:
    async with Bot(server.token, base_url=server.base_url) as bot:
        await set_profile(bot, admins)


# Articles.


def test_deep_link(server: TelegramServer, user: int, seed: Article) -> None:
    """A link to an article opens it by name, with an invitation to ask; so does the beginning of its id."""
    for payload in (f"a_{seed.id}", f"a_{seed.id[:8]}"):
        shown = ask(server, user, f"/start {payload}")
        assert text_of(shown) == f"{DESCRIPTION}\n\nAsk me anything about it."
        assert marked(shown, "italic") == [DESCRIPTION]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("a_0123456789abcdef", "I do not have that article (any more)."),
        ("a_", "greeting"),
        ("inline", "greeting"),
        ("a_%00" + "x" * 59, "greeting"),
        ("a_1c3c 1c3c", "greeting"),
    ],
)
def test_deep_link_to_nothing(payload: str, said: str, server: TelegramServer, user: int) -> None:
    """A link to an article that is gone says so; any other payload is greeted."""
    text = text_of(ask(server, user, f"/start {payload}"))
    assert text == (say("en", "greeting") if said == "greeting" else said)


def test_deep_link_to_several(server: TelegramServer, user: int, articles: Sequence[Article]) -> None:
    """The beginning of several ids names none of them."""
    firsts = [article.id[0] for article in articles]
    several = next(first for first in firsts if firsts.count(first) > 1)
    assert text_of(ask(server, user, f"/start a_{several}")) == "I do not have that article (any more)."


def test_sources(server: TelegramServer, user: int, articles: Sequence[Article]) -> None:
    """/sources lists every article once over its pages, in the order of the library; buttons turn them both ways."""
    page = ask(server, user, "/sources")
    seen: list[str] = []
    while True:
        heading, *lines = text_of(page).split("\n")
        assert heading == f"The articles I know ({len(articles)}):"
        seen += lines
        onward = [label for label in labels(page) if label.startswith(f"{len(seen) + 1}–")]
        if not onward:
            break
        assert press(server, page, onward[0]) is None
        page = wait_text(server, page, f"{heading}\n{len(seen) + 1}. ")
    assert [line.partition(".")[0] for line in seen] == [str(number) for number in range(1, len(articles) + 1)]
    assert seen[0] == f"1. {DESCRIPTION}"
    assert seen[1] == "2. ⁨Comets⁩ · ⁨https://example.org/monday?a=1&b=2⁩"
    press(server, page, labels(page)[0])
    page = wait_text(server, page, f"{heading}\n{len(seen) - (len(seen) - 1) % 10 - 10}. ")
    assert len(server.messages(user)) == 1


def test_sources_is_in_the_users_language(server: TelegramServer, user: int, articles: Sequence[Article]) -> None:
    """The list's own words are the user's on every page."""
    page = ask(server, user, "/sources", language_code="de")
    press(server, page, labels(page)[0], language_code="de")
    wait_text(server, page, f"Die Artikel, die ich kenne ({len(articles)}):\n11. ")


# Slow: what waits by its nature, and the real models.


@pytest.mark.slow
def test_typing_goes_on(server: TelegramServer, user: int) -> None:
    """While an answer takes long, typing is shown again before it would end, in a group only once."""
    group = -1_000_000_000_000 - user
    server.say(f"slowly 5.5 {QUESTION}", user=user)
    server.say(f"/ask slowly 5.5 {QUESTION}", user=user, chat=group)
    server.wait_messages(user)
    server.wait_messages(group)
    first, second = (call.time for call in server.calls("sendChatAction", user))
    assert 4 < second - first < 5
    assert len(server.calls("sendChatAction", group)) == 1


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramServer]:
    """A stand-in whose bot has the models and the article that ship."""
    with TelegramServer() as server, BotProcess(server, tmp_path_factory.mktemp("real"), real=True):
        yield server


@pytest.mark.slow
def test_real_answers(real: TelegramServer, seed: Article) -> None:
    """With its own models, the bot answers in the article's words, marks them where they stand, and errs seldom."""
    wanted = [case for case in CASES if case["answers"]]
    right = 0
    for user, case in enumerate(wanted, start=1):
        message = ask(real, user, case["question"])
        if text_of(message) in {NOT_FOUND, WHICH_NONE}:
            continue
        words = marked(message, "bold")
        quotes = marked(message, "expandable_blockquote")
        assert text_of(message).removeprefix("• ").startswith(words[0])
        if words[0] in {"Yes", "No"}:
            words = words[1:]
        else:
            assert words[0] in words[1:]
        assert words[0] in seed.text
        assert quotes
        assert all(quote.removeprefix(f"[{n}] ") in seed.text for n, quote in enumerate(quotes, start=1))
        assert text_of(message).endswith(DESCRIPTION)
        assert labels(message) == ["Next passage", "Good", "Bad"]
        right += any(answer in words[0] or words[0] in answer for answer in case["answers"])
    assert right >= 0.8 * len(wanted)


@pytest.mark.slow
def test_real_refusals(real: TelegramServer, seed: Article) -> None:
    """With its own models, the bot refuses nearly all that is not in the article, and shows the closest passage."""
    foreign = [case["question"] for case in CASES if not case["answers"]]
    answers = [ask(real, user, question) for user, question in enumerate(foreign, start=1001)]
    refusals = [message for message in answers if text_of(message) == NOT_FOUND]
    assert len(refusals) >= 0.9 * len(foreign)
    assert all(labels(message) == ["The closest I have"] and "entities" not in message for message in refusals)
    press(real, refusals[0], "The closest I have")
    shown = wait_text(real, refusals[0], f"{NOT_FOUND}\n{CLOSEST}\n\n")
    (quote,) = marked(shown, "expandable_blockquote")
    assert quote in seed.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("user", "text"),
    [
        (2001, "WHO IS THE US AMBASSADOR TO PAKISTAN"),
        (2002, "\u202eWho is the US\u200b ambassador to Pakistan?\u202c"),
        (2003, "Who is the US ambassador to Pakistan? 🙏🇵🇰"),
        (2004, "who is   the us ambassador\nto pakistan??"),
        (2005, "".join(f"{letter}\u0351\u036b\u0322" for letter in "Who is the US ambassador to Pakistan?")),
    ],
)
def test_real_question_as_people_type_it(user: int, text: str, real: TelegramServer) -> None:
    """With its own models, capitals, emoji, heaps of accents and a hurried hand make no difference."""
    answer = text_of(ask(real, user, text))
    first = answer.split("\n")[answer.startswith("I read this as: ")]
    assert first.endswith("Donald Blome")  # of what is written over and under each letter, more may come with it
    assert first == "Donald Blome" or "\u0322" in text
