"""What a stand-in Telegram remembers: chats, the messages in them, updates to come, queries, files, settings."""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from telegram_rules import Refused, refuse

Json = dict[str, Any]
_RARE = {"chat_member", "message_reaction", "message_reaction_count"}  # that come only if asked for
_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")


class World:
    """The state, shared by a test's thread and the server's: every method takes `lock`, whoever reads takes it too.

    Messages are numbered in every chat from 1, so that a message of one chat has its number in another too.
    """

    def __init__(self, token: str, username: str) -> None:
        self.lock = threading.RLock()
        self.news: Callable[[], None] = lambda: None  # told after an update has come, and after setWebhook
        self.ahead = 0.0  # seconds the server's clock is before the machine's
        self.query_seconds = 15.0  # how long a button's press or an inline query can be answered
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Article test",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "supports_guest_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.chats: dict[int, Json] = {}
        self.left: set[int] = set()
        self.admins: dict[int, set[int]] = defaultdict(set)
        self.messages: dict[int, dict[int, Json]] = defaultdict(dict)
        self.threads: dict[int, set[int]] = defaultdict(set)
        self.inline_messages: dict[str, Json] = {}
        self.files: dict[str, tuple[int, bytes]] = {}  # the id -> the size that is told, the bytes
        self.webhook: Json = {"url": ""}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.allowed: list[str] = []
        self.last_batch: list[Json] = []  # what the last poll that got anything got
        self._updates: list[tuple[int, Json]] = []
        self._update_ids = itertools.count(1000)
        self._query_ids = itertools.count(70_000_000)
        self._queries: dict[str, float] = {}
        self._last_ids: dict[int, int] = defaultdict(int)

    def now(self) -> int:
        """Return Telegram's time, in whole seconds since 1970."""
        return int(time.time() + self.ahead)

    def know(self, chat: Json) -> Json:
        """Let the bot write to a chat."""
        with self.lock:
            self.left.discard(chat["id"])
            return self.chats.setdefault(chat["id"], chat)

    def number(self, chat: int) -> int:
        """Return the next message's number in a chat."""
        with self.lock:
            self._last_ids[chat] += 1
            return self._last_ids[chat]

    def keep(self, message: Json) -> None:
        """Remember a message, so that it can be answered, edited and seen."""
        with self.lock:
            chat = message["chat"]["id"]
            self.messages[chat][message["message_id"]] = message
            self._last_ids[chat] = max(self._last_ids[chat], message["message_id"])
            if type(message.get("message_thread_id")) is int:
                self.threads[chat].add(message["message_thread_id"])

    def new_query(self) -> str:
        """Return the id of something that the bot can answer once, and not for long."""
        with self.lock:
            name = str(next(self._query_ids))
            self._queries[name] = time.monotonic()
            return name

    def close_query(self, name: object) -> None:
        """Take a query's id for answered; refused if it was, is too old or never was."""
        with self.lock:
            made = self._queries.pop(str(name), None)
        if made is None or time.monotonic() - made > self.query_seconds:
            raise refuse("query is too old and response timeout expired or query ID is invalid")

    def queue(self, kind: str, content: Json) -> int | None:
        """Let an update come to the bot and return its id; None if the bot does not want that kind."""
        with self.lock:
            wanted = kind in self.allowed if self.allowed else kind not in _RARE
            return self.push({kind: content}) if wanted else None

    def push(self, update: Json) -> int:
        """Let an update come as it is, whatever is in it, and return its id."""
        with self.lock:
            if "update_id" not in update:
                update = {"update_id": next(self._update_ids), **update}
            key = update["update_id"]
            if type(key) is int and 0 <= key < 1 << 62:
                self._update_ids = itertools.count(max(key + 1, next(self._update_ids)))
            else:
                key = next(self._update_ids)  # its place, that cannot be told from what it says
            self._updates.append((key, update))
            self._updates.sort(key=lambda pair: pair[0])
            self._harvest(update)
        self.news()
        return int(key)

    def _harvest(self, update: Json) -> None:
        """Come to know the chats of an update, and the message in it."""
        for chat in _find_chats(update):
            if "guest_message" not in update:
                self.know(chat)
        for kind in _MESSAGES:
            message = update.get(kind)
            if isinstance(message, dict) and type(message.get("message_id")) is int and _has_chat(message):
                self.keep(message)

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one leaves so many at the end."""
        with self.lock:
            if offset < 0:
                self._updates = self._updates[offset:]
            else:
                self._updates = [(key, update) for key, update in self._updates if key >= offset]

    def peek(self, limit: int) -> list[Json]:
        """Return the oldest updates; they stay until they are confirmed."""
        with self.lock:
            return [update for _, update in self._updates[:limit]]

    def drop(self, update: Json) -> None:
        """Forget one update."""
        with self.lock:
            self._updates = [pair for pair in self._updates if pair[1] is not update]

    def pending(self) -> int:
        """Return how many updates the bot has not confirmed."""
        with self.lock:
            return len(self._updates)

    def find_chat(self, chat: Any) -> Json:
        """Return a chat that the bot may write to."""
        with self.lock:
            if chat in (None, ""):
                raise refuse("chat_id is empty")
            if type(chat) is not int or chat not in self.chats:
                raise refuse("chat not found")
            if chat in self.left:
                raise Refused(403, f"Forbidden: bot is not a member of the {self.chats[chat]['type']} chat")
            return self.chats[chat]

    def shown(self, message: Json) -> Json:
        """Return a message as another one shows it that answers it."""
        return {name: value for name, value in message.items() if name != "reply_to_message"}


def _find_chats(content: object, depth: int = 5) -> Iterator[Json]:
    if not isinstance(content, dict) or not depth:
        return
    if _has_chat(content):
        yield content["chat"]
    for value in content.values():
        yield from _find_chats(value, depth - 1)


def _has_chat(content: Json) -> bool:
    chat = content.get("chat")
    return isinstance(chat, dict) and type(chat.get("id")) is int and isinstance(chat.get("type"), str)
