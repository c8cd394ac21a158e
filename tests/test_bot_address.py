"""Whether a message is meant for the bot, and what it asks."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Message
from updates import GROUP, ME, NAME, make_chat, make_message, make_update, make_user, mark

from bot.address import (
    find_command,
    find_question,
    find_subject,
    is_for_other_bot,
    is_from_person,
    is_private,
)

AT = f"@{NAME}"


def message(text: str | None = "Who?", **fields: Any) -> Message:
    found = make_update(1, text, **fields).message
    assert found
    return found


def in_group(text: str, *entities: dict[str, Any], **fields: Any) -> Message:
    return message(text, chat=GROUP, entities=list(entities), **fields)


def mention(text: str, name: str = AT, nth: int = 0) -> dict[str, Any]:
    return mark(text, name, "mention", nth)


OURS = make_message("An answer.", user=ME.id, chat=GROUP) | {"from": make_user(ME.id, is_bot=True)}
THEIRS = make_message("The minister met her on Friday.", user=6, chat=GROUP)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/ask Who met her?", ("ask", "Who met her?")),
        (f"/ask{AT} Who?", ("ask", "Who?")),
        (f"/ASK{AT.upper()}\n Who? ", ("ask", "Who?")),
        ("/start", ("start", "")),
        ("/start a_12ab", ("start", "a_12ab")),
        ("/ask@other_bot Who?", None),
        ("Who? /ask", None),
        ("no command", None),
    ],
)
def test_commands(text: str, expected: tuple[str, str] | None) -> None:
    """T12: a command for this bot is one at the start that names it, in any case of letters, or names nobody."""
    entities = (
        [mark(text, next(word for word in text.split() if word[0] == "/"), "bot_command")] if "/" in text else []
    )
    assert find_command(message(text, entities=entities), ME) == expected


def test_a_slash_is_no_command() -> None:
    """What Telegram has not marked as a command is text."""
    assert find_command(message("/1/2 of what?", entities=[]), ME) is None
    assert find_question(message("/1/2 of what?", entities=[]), ME) == "/1/2 of what?"


def test_commands_in_captions_and_a_hundred_of_them() -> None:
    """T12: a caption commands nothing, and of a hundred commands the first counts."""
    caption = message(None, caption="/ask Who?", caption_entities=[mark("/ask Who?", "/ask", "bot_command")])
    assert find_command(caption, ME) is None
    assert find_question(caption, ME) is None
    text = "/help " * 100
    many = message(text, entities=[mark(text, "/help", "bot_command", nth) for nth in range(100)])
    assert find_command(many, ME) == ("help", ("/help " * 99).strip())


def test_other_bots_commands() -> None:
    """T12: a command for another bot is no question either, wherever it is written."""
    for chat in (5, GROUP):
        for reply in ({}, {"reply_to_message": OURS}):
            other = message("/ask@other_bot Who?", chat=chat, **reply)
            assert is_for_other_bot(other, ME)
            assert find_question(other, ME) is None
    assert not is_for_other_bot(message("/ask Who?"), ME)
    assert not is_for_other_bot(message("Who?"), ME)


def test_private_messages_are_questions() -> None:
    """In private every text is one, without the spaces around it; a mention in it is not part of it."""
    assert find_question(message("  Who met her? \n"), ME) == "Who met her?"
    text = f"{AT} who met her?"
    assert find_question(message(text, entities=[mention(text)]), ME) == "who met her?"
    assert find_question(message("/ask Who?"), ME) is None
    assert find_question(message(None), ME) is None


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        (f"{AT} who met her?", [0], "who met her?"),
        (f"Who met her, {AT.upper()}?", [0], "Who met her,  ?"),
        (f"🦊 Wer? {AT}", [0], "🦊 Wer?"),
        (f"{AT} {AT} who?", [0, 1], "who?"),
        (f"{AT}", [0], ""),
        (f"Who met {AT}?", [], None),
        (f"Who met {AT}2?", [], None),
    ],
)
def test_mentions(text: str, places: list[int], expected: str | None) -> None:
    """A3: in a group a mention of the bot, as Telegram marks it and in any case, makes a question; letters do not."""
    name = AT.upper() if AT.upper() in text else AT
    assert find_question(in_group(text, *(mention(text, name, nth) for nth in places)), ME) == expected


def test_a_longer_name_is_somebody_else() -> None:
    """A mention of @bot2 addresses nobody here, and next to one of @bot it stays in the question."""
    text = f"{AT}2 says so, {AT} why?"
    assert find_question(in_group(text, mention(text, f"{AT}2")), ME) is None
    both = in_group(text, mention(text, f"{AT}2"), mention(text, AT, nth=1))
    assert find_question(both, ME) == f"{AT}2 says so,   why?"


def test_mentions_without_a_name() -> None:
    """A mention by id is one, if the id is the bot's."""
    text = "Articles, who met her?"
    for user, expected in ((ME.id, ", who met her?"), (6, None)):
        entity = mark(text, "Articles", "text_mention", user=make_user(user))
        assert find_question(in_group(text, entity), ME) == expected


def test_replies() -> None:
    """A3: in a group a reply to the bot's message is a question, one to anybody else's is not."""
    assert find_question(in_group("And where?", reply_to_message=OURS), ME) == "And where?"
    assert find_question(in_group("And where?", reply_to_message=THEIRS), ME) is None
    assert find_question(in_group("And where?"), ME) is None


def test_what_a_message_answers() -> None:
    """What /ask as a reply is about: the words that were chosen, else the other message or its caption."""
    quote = {"text": "met her", "position": 13}
    caption = make_message(None, chat=GROUP) | {"caption": "A picture of her"}
    assert find_subject(message("/ask", reply_to_message=THEIRS, quote=quote)) == "met her"
    assert find_subject(message("/ask", reply_to_message=THEIRS)) == "The minister met her on Friday."
    assert find_subject(message("/ask", reply_to_message=caption)) == "A picture of her"
    assert find_subject(message("/ask", reply_to_message=make_message(None, chat=GROUP))) == ""
    assert find_subject(message("/ask")) == ""


CHANNEL = {"id": -100_777, "type": "channel", "title": "News"}
THIS_GROUP = make_chat(GROUP)
ANONYMOUS = make_user(1087968824, is_bot=True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"from": make_user(6, is_bot=True)}, False),
        ({"sender_chat": THIS_GROUP, "from": ANONYMOUS}, True),
        ({"from": ANONYMOUS}, True),
        ({"sender_chat": CHANNEL, "from": make_user(136817688, is_bot=True)}, False),
        ({"sender_chat": CHANNEL, "from": make_user(777000), "is_automatic_forward": True}, False),
        ({"sender_chat": THIS_GROUP, "is_automatic_forward": True}, False),
        ({"via_bot": make_user(ME.id, is_bot=True)}, False),
        ({"via_bot": make_user(6, is_bot=True)}, True),
        ({"from": None}, False),
        ({"chat": CHANNEL, "sender_chat": CHANNEL, "from": None}, False),
    ],
)
def test_who_wrote_it(fields: dict[str, Any], expected: bool) -> None:
    """A5: people count, and administrators who write as the group; bots, channels and the bot's own do not."""
    assert is_from_person(message("Who?", **{"chat": GROUP, **fields}), ME) is expected


def test_private() -> None:
    """Only a chat of one user with the bot is private."""
    assert is_private(message())
    assert not is_private(message(chat=GROUP))
    assert not is_private(message(chat=CHANNEL))
