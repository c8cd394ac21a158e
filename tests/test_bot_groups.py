"""What the bot does where others are, too: in groups, in topics, and in chats that it is not in."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from bots import NONSENSE, QUESTION, BotProcess
from telegram_server import TelegramServer, labels, marked, text_of

from bot.texts import say
from qa import Article

USER, OTHER = 5, 6
TOPIC = 7
ADMIN_OF_THE_BOT = 77
NAME = "article_test_bot"
NOT_FOUND = "The articles do not say that."
NO_WORDS = "Please ask in words."
ASK_EMPTY = "Write your question after the command, for example: /ask Who met the minister?"

Json = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with BotProcess(server, tmp_path_factory.mktemp("bot"), QA_BOT_ADMINS=str(ADMIN_OF_THE_BOT)) as bot:
        yield bot


_groups = itertools.count(-1_000_000_000_001, -1)


@pytest.fixture
def group() -> int:
    """A group in which nothing was said yet."""
    return next(_groups)


@pytest.fixture
def found(seed: Article) -> str:
    """What the article says to QUESTION."""
    assert "Donald Blome, met" in seed.text
    return "Donald Blome"


def head(message: Json) -> str:
    return text_of(message).split("\n")[0]


def answered(message: Json) -> int | None:
    """Return the id of the message that a message of the bot's replies to."""
    reply = message.get("reply_to_message")
    return int(reply["message_id"]) if reply else None


def mention(text: str, name: str) -> list[Json]:
    """Return the entities of a text in which one name, all of it ASCII, is a mention."""
    return [{"type": "mention", "offset": text.index(name), "length": len(name)}]


def wait_only(server: TelegramServer, group: int, asked: Json) -> Json:
    """Let another member ask, so that all before is through, and return the bot's only message before: to `asked`."""
    last = server.say(f"/ask {QUESTION}", user=OTHER, chat=group)
    server.wait_until(
        lambda: any(answered(m) == last["message_id"] for m in server.messages(group)), "the last answer"
    )
    (*before, _) = server.messages(group)
    assert [answered(message) for message in before] == [asked["message_id"]]
    return before[0]


def count_asked(bot: BotProcess) -> int:
    """Return how many questions were put to the library so far."""
    now = time.time()
    return int(bot.wait_until(lambda health: health["written"] > now)["asked"])


# Addressed, or not.


@pytest.mark.parametrize(
    "text",
    [
        f"@{NAME} {QUESTION}",
        f"(@{NAME}), {QUESTION}",
        f"{QUESTION} @{NAME.upper()}",
        f"😀🇵🇰 @{NAME} {QUESTION}",
        f"/ask {QUESTION}",
        f"/ask@{NAME} {QUESTION}",
        f"/ASK@{NAME.upper()}\n{QUESTION}",
    ],
)
def test_addressed(text: str, server: TelegramServer, group: int, found: str) -> None:
    """Who names the bot or gives it the command is answered in a reply, in one message."""
    asked = server.say(text, user=USER, chat=group)
    answer = wait_only(server, group, asked)
    assert head(answer) == found
    assert labels(answer) == ["Next passage", "Good", "Bad"]


def test_addressed_by_a_link_to_its_profile(server: TelegramServer, group: int, found: str) -> None:
    """A mention without a name, as some clients make it, is one; that of somebody else is not."""
    said = []
    for user in (server.person(OTHER), server.me):
        entities = [{"type": "text_mention", "offset": 0, "length": 8, "user": user}]
        said.append(server.say(f"Articles {QUESTION}", user=USER, chat=group, entities=entities))
    assert head(wait_only(server, group, said[1])) == found


def test_reply_to_the_bot(server: TelegramServer, group: int, found: str) -> None:
    """A reply to a message of the bot's is a question; one to somebody else's is not."""
    asked = server.say(f"/ask {NONSENSE}", user=USER, chat=group)
    (answer,) = server.wait_messages(group)
    again = server.say(QUESTION, user=OTHER, chat=group, reply_to=answer)
    server.say(QUESTION, user=OTHER, chat=group, reply_to=asked)
    server.wait_messages(group, 2)
    last = server.say(f"/ask {QUESTION}", user=OTHER, chat=group)
    answers = server.wait_messages(group, 3)
    assert [answered(message) for message in answers] == [message["message_id"] for message in (asked, again, last)]
    assert [head(message) for message in answers] == [NOT_FOUND, found, found]


def test_silence(server: TelegramServer, group: int, bot: BotProcess) -> None:
    """Nothing is said to what is not for the bot: talk, other names, other bots, unknown commands, files, buttons."""
    before = count_asked(bot)
    for text in (
        QUESTION,
        NAME,
        f"@{NAME}2 {QUESTION}",
        f"@my_{NAME} {QUESTION}",
        f"@other_bot {QUESTION}",
        f"/ask@other_bot {QUESTION}",
        f"/ask@{NAME}2 {QUESTION}",
        f"/ask@other_bot @{NAME} {QUESTION}",
        "/frobnicate",
        f"/frobnicate@{NAME}",
        "/stats",
        f"see /ask {QUESTION}",
        f"me@{NAME} {QUESTION}",
    ):
        server.say(text, user=USER, chat=group)
    server.say(f"@{NAME} {QUESTION}", user=USER, chat=group, entities=[])
    server.document(b"x", caption=f"@{NAME} {QUESTION}", user=USER, chat=group)
    server.document(b"x", caption=f"/ask {QUESTION}", user=USER, chat=group)
    server.say(None, user=USER, chat=group, new_chat_members=[server.person(9)])
    asked = server.say(f"/ask {NONSENSE}", user=USER, chat=group)
    assert head(wait_only(server, group, asked)) == NOT_FOUND
    assert len(server.calls("sendChatAction", group)) == 2
    assert count_asked(bot) == before + 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"@{NAME}", NO_WORDS),
        (f"@{NAME} ?!", NO_WORDS),
        ("/ask", ASK_EMPTY),
        (f"/ask@{NAME}", ASK_EMPTY),
        ("/ask 🦊", NO_WORDS),
        ("/ask 😀", say("en", "talk_acknowledgement")),
        (f"/help@{NAME}", say("en", "help").split("\n")[0]),
    ],
)
def test_addressed_without_a_question(text: str, said: str, server: TelegramServer, group: int) -> None:
    """Who addresses the bot and asks nothing is told how to, in a reply."""
    asked = server.say(text, user=USER, chat=group)
    (answer,) = server.wait_messages(group)
    assert (head(answer), answered(answer), labels(answer)) == (said, asked["message_id"], [])


# /ask about what somebody said.


@pytest.mark.parametrize(
    ("said", "words", "quote"),
    [
        (f"I wonder: {QUESTION}", "", QUESTION),
        ("Shaza Fatima Khawaja", "who met", None),
        ("Somebody told me about zebras and Shaza Fatima Khawaja", "who met", "Shaza Fatima Khawaja"),
        (QUESTION, "", None),
    ],
    ids=["chosen words alone", "words about words", "words about chosen words", "words alone"],
)
def test_ask_in_reply(
    said: str, words: str, quote: str | None, server: TelegramServer, group: int, found: str
) -> None:
    """`/ask` in reply to somebody asks about their words, or about those chosen of them; the asker is replied to."""
    other = server.say(said, user=OTHER, chat=group)
    asked = server.say(f"/ask {words}".strip(), user=USER, chat=group, reply_to=other, quote=quote)
    (answer,) = server.wait_messages(group)
    assert (head(answer), answered(answer)) == (found, asked["message_id"])


def test_ask_in_reply_to_more_than_was_chosen(server: TelegramServer, group: int) -> None:
    """What the other one said besides the chosen words is not asked about."""
    other = server.say(f"{QUESTION} {NONSENSE}", user=OTHER, chat=group)
    server.say("/ask", user=USER, chat=group, reply_to=other, quote=NONSENSE)
    assert head(server.wait_messages(group)[0]) == NOT_FOUND


def test_ask_in_reply_to_a_picture(server: TelegramServer, group: int, found: str) -> None:
    """The words under a picture can be asked about; without any, the bot says how to ask."""
    for caption in (QUESTION, None):
        picture = server.document(b"x", caption=caption, user=OTHER, chat=group)
        server.say("/ask", user=USER, chat=group, reply_to=picture)
    assert [head(message) for message in server.wait_messages(group, 2)] == [found, ASK_EMPTY]


def test_ask_in_reply_to_a_long_text(server: TelegramServer, group: int, found: str) -> None:
    """Words about a long text are asked about as much of it as can be read; the text alone is too long."""
    other = server.say("Shaza Fatima Khawaja met " + "met " * 900, user=OTHER, chat=group)
    server.say("/ask who met", user=USER, chat=group, reply_to=other)
    server.say("/ask", user=USER, chat=group, reply_to=other)
    answers = server.wait_messages(group, 2)
    assert [head(message) for message in answers] == [found, say("en", "too_long", limit=1000)]


def test_ask_in_reply_to_the_bot(server: TelegramServer, group: int) -> None:
    """`/ask` in reply to the bot asks what stands behind it, and about its answer only words chosen of it."""
    server.say(f"/ask {QUESTION}", user=USER, chat=group)
    (answer,) = server.wait_messages(group)
    server.say("/ask Who attended the meeting?", user=OTHER, chat=group, reply_to=answer)
    assert head(server.wait_messages(group, 2)[1]).startswith("The meeting was attended by Additional Secretary")
    server.say("/ask", user=OTHER, chat=group, reply_to=answer, quote="Donald Blome")
    server.say("/ask", user=OTHER, chat=group, reply_to=answer)
    quoted, empty = map(head, server.wait_messages(group, 4)[2:])
    assert quoted.startswith("Minister of State")
    assert empty == ASK_EMPTY


def test_edit_of_ask_in_reply(server: TelegramServer, group: int, found: str) -> None:
    """An /ask in reply that is changed still asks about the other's words; touched, it stays as it is."""
    other = server.say("Shaza Fatima Khawaja", user=OTHER, chat=group)
    asked = server.say(f"/ask {NONSENSE}", user=USER, chat=group, reply_to=other)
    assert head(server.wait_messages(group)[0]) == NOT_FOUND
    typed = len(server.calls("sendChatAction", group))
    server.edit(asked)
    server.edit(asked, "/ask who met")
    server.wait_until(lambda: head(server.messages(group)[0]) == found, "the edited answer")
    assert len(server.calls("sendChatAction", group)) == typed + 1
    assert len(server.calls("sendMessage", group)) == 1


def test_edit_that_addresses(server: TelegramServer, group: int, found: str) -> None:
    """A message that names the bot only after an edit is answered then."""
    asked = server.say(f"{QUESTION}", user=USER, chat=group)
    server.edit(asked, f"@{NAME} {QUESTION}")
    (answer,) = server.wait_messages(group)
    assert (head(answer), answered(answer)) == (found, asked["message_id"])


# Whose conversation it is.


def test_others_do_not_go_on_from_my_question(server: TelegramServer, group: int) -> None:
    """In a group a question follows on from the asker's own, or from the answer that it replies to, from no other."""
    server.say(f"/ask {QUESTION}", user=USER, chat=group)
    (answer,) = server.wait_messages(group)
    server.say("/ask And when?", user=OTHER, chat=group)
    assert text_of(server.wait_messages(group, 2)[1]) == say("en", "which_none")
    server.say(f"/ask {NONSENSE}", user=OTHER, chat=group)
    server.say("/ask And when?", user=USER, chat=group)
    server.say("And when?", user=OTHER, chat=group, reply_to=answer)
    own, replied = server.wait_messages(group, 5)[3:]
    assert head(own).startswith("I read this as: ⁨When ")
    assert "Shaza Fatima Khawaja" in head(own)
    assert head(replied) == head(own)


def test_a_reply_goes_on_from_what_it_replies_to(server: TelegramServer, group: int) -> None:
    """A reply to an older answer follows on from that one, though the same user has asked something else since."""
    server.say(f"/ask {QUESTION}", user=USER, chat=group)
    (answer,) = server.wait_messages(group)
    server.say("/ask Who attended the meeting?", user=USER, chat=group)
    server.say("And when?", user=USER, chat=group, reply_to=answer)
    assert "Shaza Fatima Khawaja" in head(server.wait_messages(group, 3)[2])


def test_new_forgets_the_group(server: TelegramServer, group: int) -> None:
    """After /new there is nothing to follow on from."""
    server.say(f"/ask {QUESTION}", user=USER, chat=group)
    server.say("/new", user=USER, chat=group)
    server.say("/ask And when?", user=USER, chat=group)
    assert text_of(server.wait_messages(group, 3)[2]) == say("en", "which_none")


# Groups as places: topics, settings.


@pytest.mark.parametrize(
    "text",
    [
        f"/ask {QUESTION}",
        f"@{NAME} {NONSENSE}",
        "/ask",
        "/help",
        "/sources",
        "/settings",
        "/privacy",
        "/new",
        "/start a_0123456789abcdef",
        "/start a_{seed}",
        "/forget",
        "/ask crash please",
    ],
)
def test_topic(text: str, server: TelegramServer, group: int, seed: Article) -> None:
    """Whatever is asked for in a topic is answered there, in reply to who asked."""
    server.admins[group] = {USER}
    text = text.replace("{seed}", seed.id)
    asked = server.say(text, user=USER, chat=group, message_thread_id=TOPIC, is_topic_message=True)
    (answer,) = server.wait_messages(group)
    assert (answer.get("message_thread_id"), answered(answer)) == (TOPIC, asked["message_id"])
    assert {call.params.get("message_thread_id") for call in server.calls("sendChatAction", group)} <= {TOPIC}


def test_topic_by_a_reply_chain(server: TelegramServer, group: int) -> None:
    """A thread of replies that is no topic is answered as any message is."""
    server.say(f"/ask {QUESTION}", user=USER, chat=group, message_thread_id=TOPIC)
    (answer,) = server.wait_messages(group)
    assert "message_thread_id" not in answer


@pytest.mark.slow
def test_settings_count_for_the_group(server: TelegramServer, group: int) -> None:
    """What an administrator sets counts for all members, whatever their own Telegram speaks."""
    server.admins[group] = {USER}
    server.say("/settings", user=USER, chat=group)
    (shown,) = server.wait_messages(group)
    server.wait_answer(server.tap(shown, "Language: automatic", user=USER))
    server.wait_until(lambda: "Русский" in labels(server.messages(group)[0]), "the languages")
    server.wait_answer(server.tap(shown, "Русский", user=USER))
    server.wait_until(lambda: head(server.messages(group)[0]) == "Настройки", "the settings in Russian")
    server.say(f"/ask {NONSENSE}", user=OTHER, chat=group, language_code="es")
    assert head(server.wait_messages(group, 2)[1]) == say("ru", "not_found")


def test_settings_are_refused_to_members(server: TelegramServer, group: int) -> None:
    """A member who is no administrator changes nothing and is told so, in their own language, for them alone."""
    server.admins[group] = {OTHER}
    server.say("/settings", user=USER, chat=group)
    (shown,) = server.wait_messages(group)
    for button in ("v1:s:l:list", "v1:s:p:1", "v1:s:f:0"):
        press = server.wait_answer(server.tap(shown, button, user=USER, language_code="hi"))
        assert press.params["text"] == say("hi", "only_admins")
    assert server.messages(group) == [shown]
    assert server.calls("editMessageText", group) == []


def test_next_passage_by_anybody(server: TelegramServer, group: int) -> None:
    """Any member may look at the next passage of somebody's answer."""
    server.say(f"/ask {QUESTION}", user=USER, chat=group)
    (answer,) = server.wait_messages(group)
    assert server.wait_answer(server.tap(answer, "Next passage", user=OTHER)).params.get("text") is None
    second = say("en", "passage_besides", number=2, count=3)
    server.wait_until(lambda: text_of(server.messages(group)[0]).startswith(f"{second}\n\n[2] "), "passage 2")


# Inline.


def results(server: TelegramServer, query: str) -> tuple[list[Json], Json]:
    """Return the results that an inline query got, and the parameters they came with."""
    params = server.wait_answer(query).params
    return params["results"], params


def test_inline_answer(server: TelegramServer, found: str) -> None:
    """An inline query gets the answer as one result: the message as in a chat, without buttons or a preview."""
    (result,), params = results(server, server.inline(QUESTION, user=20))
    content = result["input_message_content"]
    sent = {"text": content["message_text"], "entities": content["entities"]}
    assert result["title"] == found[:200]
    assert result["description"].startswith("Minister of State for IT and Telecommunication")
    assert content["message_text"].startswith(f"{found}\n\n[1] date 2024-05-15 ISLAMABAD: Minister of State")
    assert marked(sent, "bold") == [found, found]
    assert len(marked(sent, "expandable_blockquote")) == 1
    assert content["link_preview_options"] == {"is_disabled": True}
    assert "reply_markup" not in result
    assert (params["is_personal"], params["cache_time"]) == (True, 10)


def test_inline_without_an_answer(server: TelegramServer) -> None:
    """Without an answer the user is told so above the chat and has nothing to send; a mere beginning is not asked."""
    told = {
        (NONSENSE, "en"): "Not in the articles",
        (NONSENSE, "de-AT"): "Nicht in den Artikeln",
        ("?!?", "en"): NO_WORDS,
        ("\u200b\u200b\u200b\u200b", None): NO_WORDS,
        ("And when?", "en"): say("en", "inline_whole"),
        ("وزیر سے کون ملا؟", "de"): say("de", "inline_foreign"),
        ("hello", "en"): None,
        ("Wh", "en"): None,
        ("", "en"): None,
    }
    queries = [
        server.inline(query, user=user, language_code=code) for user, (query, code) in enumerate(told, start=21)
    ]
    answers = [results(server, query) for query in queries]
    assert [found for found, _ in answers] == 9 * [[]]
    assert [params.get("button", {}).get("text") for _, params in answers] == list(told.values())


def test_inline_debounce(server: TelegramServer, bot: BotProcess, found: str) -> None:
    """Of what somebody types, only where they rest is looked up; that of another user meanwhile, too."""
    before = count_asked(bot)
    typed = [server.inline(QUESTION[:length], user=27) for length in range(3, len(QUESTION))]
    other = server.inline(NONSENSE, user=28)
    last = server.inline(QUESTION, user=27)
    (result,), _ = results(server, last)
    assert result["title"] == found[:200]
    assert results(server, other)[0] == []
    answers = {call.params["inline_query_id"] for call in server.calls("answerInlineQuery")}
    assert answers.isdisjoint(typed)
    assert count_asked(bot) == before + 2


# Guest mode.


def test_guest_answer(server: TelegramServer, found: str) -> None:
    """Named in a group that it is not in, the bot answers that one message, and sends nothing else there."""
    place = next(_groups)
    query = server.guest(f"@{NAME} {QUESTION}", user=30, chat=place)
    call = server.wait_answer(query)
    assert call.response
    shown = server.inline_message(call.response["result"]["inline_message_id"])
    assert text_of(shown).startswith(f"{found}\n\n[1] date 2024-05-15")
    assert marked(shown, "bold") == [found, found]
    assert labels(shown) == []
    assert server.calls(chat=place) == []


@pytest.mark.parametrize(
    ("user", "text", "code", "said"),
    [
        (31, f"@{NAME} {NONSENSE}", "en", NOT_FOUND),
        (32, f"{NONSENSE} @{NAME}", "ru", say("ru", "not_found")),
        (33, f"@{NAME}", "en", NO_WORDS),
        (34, f"@{NAME} " + "why " * 300, "en", say("en", "too_long", limit=1000)),
        (35, f"@{NAME.upper()} {QUESTION}", "en", None),
        (35, f"@{NAME} And when?", "en", say("en", "which_none")),
        (36, f"@{NAME} thanks", "es", say("es", "talk_thanks")),
    ],
)
def test_guest_without_an_answer(
    user: int, text: str, code: str, said: str | None, server: TelegramServer, found: str
) -> None:
    """A guest is told in plain words if there is no answer, in their own language."""
    call = server.wait_answer(server.guest(text, user=user, chat=next(_groups), language_code=code))
    content = call.params["result"]["input_message_content"]
    assert content["message_text"].split("\n")[0] == (said or found)
