"""What the bot remembers of a chat: its settings, its last answers, and the votes on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from telegram import User

from bot.ask import Place
from bot.database import Database
from bot.texts import choose_language
from qa import AnswerKind, Slice
from qa import Turn as Said

TURNS_KEPT = 20  # answers of one chat that can still be paged through, voted on and followed up
_NOT_COUNTED = {AnswerKind.TALK, AnswerKind.WHICH}  # neither answered nor refused
_NEWEST = 1 << 62


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat has chosen. `language` None: as each user's Telegram has it; `gone`: it blocked the bot."""

    language: str | None = None
    passages: int = 3
    full: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, empty if there is none.

    `asked` is the message id of the question, `user` is who asked it, 0 where that cannot be told, `at` is when, in
    seconds since 1970. `passages` are those that were read for it, the cited first. `said` is what the conversation
    remembers of it, None for small talk. `sent` are the message ids of the answer, none until it was sent.
    """

    chat: int
    asked: int
    at: float
    user: int
    question: str
    answer: str
    passages: tuple[Place, ...]
    kind: AnswerKind = AnswerKind.WORDS
    said: Said | None = None
    sent: tuple[int, ...] = ()
    number: int = 0

    @property
    def choices(self) -> tuple[str, ...]:
        """The questions that were offered instead of an answer."""
        return self.said.choices if self.said else ()


class Memory:
    """Chats, turns and votes in the bot's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Settings.

    def language(self, chat: int, user: User | None) -> str:
        """Return the language of the bot's own words for a user in a chat."""
        return choose_language(self.settings(chat).language, user.language_code if user else None)

    def settings(self, chat: int) -> ChatSettings:
        """Return what a chat has chosen, or the defaults."""
        rows = self._database.rows("SELECT language, passages, in_full, gone FROM chats WHERE id = ?", chat)
        if not rows:
            return ChatSettings()
        language, passages, full, gone = rows[0]
        return ChatSettings(language, passages, bool(full), bool(gone))

    def choose(self, chat: int, settings: ChatSettings) -> None:
        """Remember what a chat has chosen."""
        with self._database.writing():
            self._database.execute(
                "INSERT OR REPLACE INTO chats VALUES (?, ?, ?, ?, ?)",
                chat,
                settings.language,
                settings.passages,
                settings.full,
                settings.gone,
            )

    def mark_gone(self, chat: int, *, gone: bool) -> None:
        """Remember whether a chat has blocked the bot, or thrown it out."""
        self.choose(chat, replace(self.settings(chat), gone=gone))

    # Answers.

    def begin_turn(self, turn: Turn) -> Turn:
        """Remember an answer that is about to be sent; return it with its number, 0 where nothing could be written.

        An earlier one to the same message is replaced. The chat's oldest beyond twenty are forgotten, and small talk
        with the next answer. Where an answer has been sent, its question stays written down until `mark_sent`: a
        process that ends before is asked again.
        """
        earlier = self.turn_of(turn.chat, turn.asked)
        number = earlier.number if earlier else None
        sent = earlier.sent if earlier else ()
        with self._database.writing():
            number = self._database.execute(
                "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                number,
                turn.chat,
                turn.asked,
                turn.at,
                earlier.question if earlier and sent else turn.question,
                turn.answer,
                json.dumps(turn.passages),
                json.dumps(sent),
                turn.user,
                turn.kind.value,
                json.dumps(turn.said and [*astuple(turn.said)]),
            )
            self._database.execute(
                "DELETE FROM turns WHERE chat = ? AND number NOT IN (SELECT number FROM turns "
                "WHERE chat = ? AND (kind <> ? OR number = ?) ORDER BY number DESC LIMIT ?)",
                turn.chat,
                turn.chat,
                AnswerKind.TALK.value,
                number,
                TURNS_KEPT,
            )
        return replace(turn, number=0 if self._database.degraded else number or 0, sent=sent)

    def mark_sent(self, turn: Turn, sent: Sequence[int]) -> None:
        """Remember the ids of the messages that an answer was sent in."""
        with self._database.writing():
            self._database.execute(
                "UPDATE turns SET question = ?, sent = ? WHERE number = ?",
                turn.question,
                json.dumps(sent),
                turn.number,
            )
            if not turn.sent and turn.kind not in _NOT_COUNTED:
                self._add_to("answered" if turn.answer else "refused")

    def turn(self, number: int, chat: int) -> Turn | None:
        """Return an answer of this chat; None if it was forgotten, or is another chat's."""
        return self._one("SELECT * FROM turns WHERE number = ? AND chat = ?", number, chat)

    def turn_of(self, chat: int, asked: int) -> Turn | None:
        """Return the answer to the question with this message id."""
        return self._one("SELECT * FROM turns WHERE chat = ? AND asked = ?", chat, asked)

    def last_turn(self, chat: int) -> Turn | None:
        """Return the newest answer of a chat, small talk aside."""
        statement = "SELECT * FROM turns WHERE chat = ? AND kind <> ? ORDER BY number DESC LIMIT 1"
        return self._one(statement, chat, AnswerKind.TALK.value)

    def turns_before(self, turn: Turn | None, chat: int) -> list[Turn]:
        """Return the answers of a chat that are older than one of them, or all, the oldest first."""
        limit = turn.number if turn and turn.number else _NEWEST
        return self._all("SELECT * FROM turns WHERE chat = ? AND number < ? ORDER BY number", chat, limit)

    def _one(self, statement: str, *values: object) -> Turn | None:
        return next(iter(self._all(statement, *values)), None)

    def _all(self, statement: str, *values: object) -> list[Turn]:
        return [_to_turn(row) for row in self._database.rows(statement, *values)]

    def vote(self, turn: Turn, user: int, *, good: bool) -> None:
        """Remember what a user thinks of an answer; a second vote replaces the first."""
        with self._database.writing():
            self._database.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", turn.number, user, good)

    # Forgetting.

    def forget_turns(self, chat: int) -> None:
        """Forget the conversation of a chat."""
        with self._database.writing():
            self._database.execute("DELETE FROM turns WHERE chat = ?", chat)

    def forget(self, chat: int) -> bool:
        """Forget all of a chat, and of the user whose private chat it is, down to the bytes on the disk.

        False if the disk does not let it.
        """
        with self._database.writing():
            self._database.execute("DELETE FROM turns WHERE chat = ?", chat)
            self._database.execute("DELETE FROM votes WHERE user = ?", chat)
            self._database.execute("UPDATE turns SET user = 0 WHERE user = ?", chat)
            self._database.execute("DELETE FROM chats WHERE id = ?", chat)
        self._database.scrub()
        return not self._database.degraded

    def move(self, old: int, new: int) -> None:
        """Give a chat's settings and answers to the chat that it became."""
        with self._database.writing():
            self._database.execute("UPDATE OR REPLACE chats SET id = ? WHERE id = ?", new, old)
            self._database.execute("UPDATE turns SET chat = ? WHERE chat = ?", new, old)

    # Figures.

    def stats(self) -> dict[str, int]:
        """Return how much was answered and refused, what was thought of it, and in how many chats."""
        counts = dict(self._database.rows("SELECT name, value FROM counts"))
        votes = dict(self._database.rows("SELECT good, count(*) FROM votes GROUP BY good"))
        ((chats,),) = self._database.rows("SELECT count(DISTINCT chat) FROM turns") or ((0,),)
        return {
            "answered": counts.get("answered", 0),
            "refused": counts.get("refused", 0),
            "good": votes.get(1, 0),
            "bad": votes.get(0, 0),
            "chats": chats,
        }

    def _add_to(self, name: str) -> None:
        self._database.execute(
            "INSERT INTO counts VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", name
        )


def _to_turn(row: Sequence[Any]) -> Turn:
    number, chat, asked, at, question, answer, passages, sent, user, kind, said = row
    places = tuple(Place(*place) for place in json.loads(passages))
    turn = Turn(chat, asked, at, user, question, answer, places, AnswerKind(kind), _to_said(json.loads(said)))
    return replace(turn, sent=tuple(json.loads(sent)), number=number)


def _to_said(parts: list[Any] | None) -> Said | None:
    if parts is None:
        return None
    question, answer, words, choices = parts
    return Said(question, answer, tuple(Slice(*slice_) for slice_ in words), tuple(choices))
