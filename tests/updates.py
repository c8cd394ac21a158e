"""Updates as Telegram sends them, for tests of the bot's parts."""

from __future__ import annotations

from typing import Any

from telegram import Update, User

NAME = "article_test_bot"
ME = User(id=999, first_name="Articles", is_bot=True, username=NAME)
NOW = 1_770_000_000  # seconds since 1970, when every message is written
GROUP = -100_500


def mark(text: str, part: str, kind: str, nth: int = 0, **fields: Any) -> dict[str, Any]:
    """Return the entity of the `nth` occurrence of a part of a text."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    before, length = (len(each.encode("utf-16-le")) // 2 for each in (text[:at], part))
    return {"type": kind, "offset": before, "length": length, **fields}


def make_user(user: int, **fields: Any) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": f"User {user}", "language_code": "en", **fields}


def make_chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "A group"}


def make_message(
    text: str | None = "Who?", *, user: int = 5, chat: int | dict[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    """Return a message in the user's private chat, in the group with a negative id, or in one as it is given."""
    where = chat or user
    message = {
        "message_id": 70,
        "date": NOW,
        "chat": make_chat(where) if isinstance(where, int) else where,
        "from": make_user(user),
        **fields,
    }
    if text is not None:
        message["text"] = text
        if text.startswith("/") and "entities" not in fields:
            message["entities"] = [mark(text, text.split()[0], "bot_command")]
    return message


def raw_update(number: int = 1, text: str | None = "Who?", *, kind: str = "message", **fields: Any) -> dict[str, Any]:
    """Return an update with one message, whose fields are given as to `make_message`."""
    return {"update_id": number, kind: make_message(text, **fields)}


def make_update(number: int = 1, text: str | None = "Who?", *, kind: str = "message", **fields: Any) -> Update:
    return Update.de_json(raw_update(number, text, kind=kind, **fields), None)


def make_press(number: int = 1, data: str = "v1:n:1:0", *, user: int = 5, chat: int | None = None) -> Update:
    """Return an update for a button pressed under a message of the bot's."""
    message = make_message("An answer.", user=ME.id, chat=chat or user)
    query = {"id": "1", "from": make_user(user), "chat_instance": "1", "data": data, "message": message}
    return Update.de_json({"update_id": number, "callback_query": query}, None)


def make_inline(number: int = 1, query: str = "Who?", *, user: int = 5) -> Update:
    return Update.de_json(
        {"update_id": number, "inline_query": {"id": "1", "from": make_user(user), "query": query, "offset": ""}},
        None,
    )
