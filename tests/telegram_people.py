"""What people do in a stand-in Telegram: they write, edit, press, ask inline, send files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from telegram_rules import check_encoding, count_units, find_entities
from telegram_world import Json, World

_ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class People:
    """The users' side. Every method returns what Telegram would show or name: a message, or the id of a query."""

    def __init__(self, world: World) -> None:
        self.world = world

    def say(self, text: str | None, **how: Any) -> Json:
        """Write a message and return it.

        `user` (1), `chat` (its user's private chat; a group has a negative id), `chat_type` ("private", for a group
        "supergroup"), `name`, `username`, `language_code` ("en"; None for none), `is_bot`, `date` (now, in seconds
        since 1970), `entities` (as Telegram finds them), `reply_to` (a message or the id of one), `quote` (words of
        it), `sender_chat` (a chat), `via_bot` (a user, True for this bot). Further names are fields of the message.
        """
        with self.world.lock:
            message = self._write(text, **how)
            self.world.keep(message)
            self.world.queue("message", message)
            return message

    def say_many(self, messages: Iterable[Json]) -> list[Json]:
        """Write messages so that they come together; each is what `say` takes, with its `text`."""
        with self.world.lock:
            return [self.say(**{"text": None, **message}) for message in messages]

    def channel_post(self, text: str, *, chat: int = -1_000_000_000_500, **how: Any) -> Json:
        """Write in a channel."""
        with self.world.lock:
            message = self._write(text, chat=chat, chat_type="channel", **how)
            del message["from"]
            message["sender_chat"] = message["chat"]
            self.world.keep(message)
            self.world.queue("channel_post", message)
            return message

    def _write(
        self,
        text: str | None,
        *,
        user: int = 1,
        chat: int | None = None,
        chat_type: str = "private",
        reply_to: int | Json | None = None,
        quote: str | None = None,
        date: int | None = None,
        sender_chat: int | Json | None = None,
        via_bot: bool | Json | None = None,
        entities: list[Json] | None = None,
        **more: Any,
    ) -> Json:
        person = self.person(
            user, **{name: more.pop(name) for name in ("name", "username", "language_code", "is_bot") if name in more}
        )
        place = self.place(user if chat is None else chat, chat_type, person)
        message: Json = {
            "message_id": self.world.number(place["id"]),
            "date": self.world.now() if date is None else date,
            "chat": place,
            "from": person,
        }
        if sender_chat is not None:
            found = sender_chat if isinstance(sender_chat, dict) else self.world.chats.get(sender_chat)
            message |= {"sender_chat": found or {"id": sender_chat, "type": "channel", "title": "A channel"}}
            message["from"] = _ANONYMOUS
        if via_bot:
            message["via_bot"] = dict(self.world.me) if via_bot is True else via_bot
        message |= self._reply(place["id"], reply_to, quote)
        return message | _words(text, entities) | more

    def person(
        self,
        user: int,
        *,
        name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        is_bot: bool = False,
    ) -> Json:
        """Return a user."""
        person = {"id": user, "is_bot": is_bot, "first_name": name or f"User {user}"}
        if username:
            person["username"] = username
        return person | ({"language_code": language_code} if language_code else {})

    def place(self, chat: int, kind: str = "private", person: Json | None = None) -> Json:
        """Return a chat, that the bot may write to from now on."""
        if chat > 0:
            if kind != "private" or (person and person["id"] != chat):
                raise ValueError(f"chat {chat}: a private chat has its user's id, a group a negative one")
            return self.world.know(
                {"id": chat, "type": "private", "first_name": (person or {}).get("first_name", "?")}
            )
        kind = "supergroup" if kind == "private" else kind
        return self.world.know({"id": chat, "type": kind, "title": f"Group {chat}"})

    def _reply(self, chat: int, reply_to: int | Json | None, quote: str | None) -> Json:
        if reply_to is None:
            return {}
        target = reply_to if isinstance(reply_to, dict) else self.world.messages[chat][reply_to]
        shown: Json = {"reply_to_message": self.world.shown(target)}
        if quote is not None:
            position = count_units(target["text"][: target["text"].index(quote)])
            shown["quote"] = {"text": quote, "position": position, "is_manual": True}
        return shown

    def edit(self, message: Json, text: str | None = None, *, date: int | None = None, **more: Any) -> Json:
        """Change a user's message (or touch it, without a text) and return what it is now."""
        with self.world.lock:
            new = {name: value for name, value in message.items() if text is None or name not in ("text", "entities")}
            new |= (_words(text, None) if text is not None else {}) | more
            new["edit_date"] = self.world.now() if date is None else date
            self.world.keep(new)
            self.world.queue("edited_message", new)
            return new

    def delete(self, message: Json) -> None:
        """Take a message away, of which a bot is told nothing."""
        with self.world.lock:
            self.world.messages[message["chat"]["id"]].pop(message["message_id"], None)

    def tap(self, message: Json, button: str, *, user: int | None = None, **who: Any) -> str:
        """Press the button that has this label, or this data, under a message as it is now; the query's id."""
        with self.world.lock:
            chat = message["chat"]["id"]
            now = self.world.messages[chat].get(message["message_id"], message)
            found: dict[str | None, str | None] = {}
            for one in list_buttons(now):
                found |= {one["text"]: one.get("callback_data"), one.get("callback_data"): one.get("callback_data")}
            if found.get(button) is None:
                raise AssertionError(f"no button {button!r} under message {now['message_id']}: {list_buttons(now)}")
            return self.forge_callback(found[button], now, user=user, **who)

    def forge_callback(self, data: str | None, message: Json, *, user: int | None = None, **who: Any) -> str:
        """Send data as if a button had it, and return the query's id."""
        with self.world.lock:
            chat = message["chat"]
            presser = user if user is not None else (chat["id"] if chat["id"] > 0 else 1)
            query: Json = {"id": self.world.new_query(), "from": self.person(presser, **who), "message": message}
            query |= {"chat_instance": f"instance{chat['id']}"} | ({} if data is None else {"data": data})
            self.world.queue("callback_query", query)
            return str(query["id"])

    def inline(self, query: str, *, user: int = 1, offset: str = "", chat_type: str = "sender", **who: Any) -> str:
        """Ask in any chat, by the bot's name, and return the query's id."""
        with self.world.lock:
            asked: Json = {"id": self.world.new_query(), "from": self.person(user, **who), "query": query}
            self.world.queue("inline_query", asked | {"offset": offset, "chat_type": chat_type})
            return str(asked["id"])

    def guest(self, text: str, *, user: int = 1, chat: int = -1_000_000_000_900, **how: Any) -> str:
        """Mention the bot in a group that it is not in, and return the query's id."""
        with self.world.lock:
            known = chat in self.world.chats
            message = self._write(text, user=user, chat=chat, **how)
            if not known:
                del self.world.chats[chat]
            message["guest_query_id"] = self.world.new_query()
            self.world.queue("guest_message", message)
            return str(message["guest_query_id"])

    def document(
        self,
        content: bytes,
        *,
        file_name: str = "article.txt",
        mime_type: str = "text/plain",
        declared: int | None = None,
        caption: str | None = None,
        **how: Any,
    ) -> Json:
        """Send a file and return the message; `declared` is the size that Telegram tells, in bytes."""
        with self.world.lock:
            size = len(content) if declared is None else declared
            name = f"file{len(self.world.files) + 1}"
            self.world.files[name] = (size, content)
            told: Json = {"file_id": name, "file_unique_id": f"u{name}", "file_size": size}
            told |= {"file_name": file_name, "mime_type": mime_type}
            words = _words(caption, None)
            captions: Json = {{"text": "caption"}.get(key, "caption_entities"): value for key, value in words.items()}
            return self.say(None, document=told, **captions, **how)

    def my_chat_member(self, chat: int, status: str, *, old: str = "member", user: int = 1) -> None:
        """Let a user change what the bot is in a chat: "member", "left", "kicked"; "restricted" is not made."""
        with self.world.lock:
            person = self.person(user)
            change: Json = {"chat": self.place(chat, person=person), "from": person, "date": self.world.now()}
            members = (("old_chat_member", old), ("new_chat_member", status))
            change |= {name: self._membership(state) for name, state in members}
            self.world.queue("my_chat_member", change)
            if status in ("left", "kicked"):
                self.world.left.add(chat)

    def _membership(self, status: str) -> Json:
        member: Json = {"status": status, "user": {**self.world.me}}
        return member | ({"until_date": 0} if status == "kicked" else {})

    def push(self, update: Json) -> int:
        """Let an update come as it is, with an id of its own if it has one; the id."""
        return self.world.push(update)


def list_buttons(message: Json) -> Sequence[Json]:
    """Return the buttons under a message, row after row."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _words(text: str | None, entities: list[Json] | None) -> Json:
    if text is None:
        return {}
    check_encoding(text)
    found = find_entities(text) if entities is None else entities
    return {"text": text} | ({"entities": found} if found else {})
