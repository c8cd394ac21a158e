"""A question in a chat -> its answer in that chat; an edited question -> an edited answer."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from telegram import Bot, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatAction

from bot.address import find_asked, find_command, find_question, is_private
from bot.answers import compose_answer
from bot.ask import Desk, Found
from bot.buttons import answer_buttons
from bot.compose import Message as Text
from bot.compose import compose_text
from bot.context import choose_turns, make_turn
from bot.deliver import Courier, Spot, attempt_quietly
from bot.memory import Memory, Turn
from bot.recent import Recent
from bot.texts import say
from qa import MAX_QUESTION_CHARS, AnswerKind, QAError, QuestionError
from qa import Turn as Said

_EDITABLE_S = 600.0  # a question that is changed later than this is history
_TYPING_S = 4.5  # Telegram shows it for five seconds

_REPEAT = "repeat"  # the note of an answer to who wants the last one again

logger = logging.getLogger(__name__)
Buttons = InlineKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class Apology:
    """What is said in place of an answer: a key of the texts with its values."""

    key: str
    values: dict[str, object]


class Questions:
    """Answers what is asked."""

    def __init__(
        self, desk: Desk, courier: Courier, memory: Memory, *, now: Callable[[], float], old_after: float
    ) -> None:
        """`now` is Telegram's time in seconds since 1970; what is older than `old_after` seconds is not answered."""
        self._desk = desk
        self._courier = courier
        self._memory = memory
        self._now = now
        self._old_after = old_after
        self._apologised: Recent[int, float] = Recent()

    async def on_message(self, update: Update, me: User) -> None:
        """Answer a message that puts a question; say what to do to one without any text."""
        message = update.message
        if message is None:
            return
        if message.text is None:
            await self.say(message, "send_text")
            return
        await self.answer(message, find_question(message, me) or "")

    async def on_edit(self, update: Update, me: User) -> None:
        """Answer an edited question anew in the same place, if it is the last one and not long ago."""
        message = update.edited_message
        if message is None:
            return
        command = find_command(message, me)
        asks = command is not None and command[0] == "ask"
        question = find_asked(message, me, MAX_QUESTION_CHARS) if asks else find_question(message, me)
        turn = self._memory.turn_of(message.chat.id, message.message_id)
        if question is None or not (question or turn):
            return
        last = self._memory.last_turn(message.chat.id)
        late = (message.edit_date or message.date).timestamp() - message.date.timestamp() > _EDITABLE_S
        newer = last and (last.number > turn.number if turn else last.asked > message.message_id)
        if late or newer:
            return
        if turn is None or turn.question != question:
            await self.answer(message, question)

    async def answer(self, message: Message, question: str) -> None:
        """Answer a question in the chat that its message is in, once."""
        chat = message.chat.id
        turn = self._memory.turn_of(chat, message.message_id)
        if turn and turn.sent and turn.question == question:
            return  # it was answered before the process ended
        if not message.edit_date and self._now() - message.date.timestamp() > self._old_after:
            await self._apologise(message)
            return
        turns = choose_turns(self._memory.turns_before(turn, chat), message)
        async with self._typing(message):
            found = await self.find(question, turns)
        if isinstance(found, Apology):
            await self.say(message, found.key, **found.values)
            return
        turn = self._memory.begin_turn(make_turn(message, question, found))
        sent = await self.show(_find_spot(message), turn, found, self.language(message))
        self._memory.mark_sent(turn, sent)

    async def find(self, question: str, turns: Sequence[Turn] = ()) -> Found | Apology:
        """Return what the library says to a question after the turns of its conversation, or why it says nothing."""
        if len(question) > MAX_QUESTION_CHARS:
            return Apology("too_long", {"limit": MAX_QUESTION_CHARS})
        try:
            found = await self._ask(question, [turn.said for turn in turns if turn.said])
        except QuestionError:  # a question with words in it became too long when it was cleaned
            wordless = not any(character.isalnum() for character in question)
            return Apology("no_words", {}) if wordless else Apology("too_long", {"limit": MAX_QUESTION_CHARS})
        except TimeoutError:
            logger.warning("a question took longer than it may")
            return Apology("took_too_long", {})
        except QAError as error:
            name = secrets.token_hex(2)
            logger.error("error %s: %s", name, error)
            return Apology("failed", {"error": name})
        return Apology("no_articles", {}) if found.is_empty else found

    async def _ask(self, question: str, said: Sequence[Said]) -> Found:
        """Ask the library; for who wants the last answer again, ask what was asked last."""
        found = await self._desk.ask(question, said)
        if found.answer.kind is AnswerKind.TALK and found.answer.note == _REPEAT and said:
            again = await self._desk.ask(said[-1].question, said[:-1])
            return replace(again, answer=replace(again.answer, question=question))
        return found

    async def say(self, message: Message, key: str, **values: object) -> None:
        """Say one of the bot's own texts in the chat of a message."""
        await self.send(message, compose_text(say(self.language(message), key, **values)))

    def language(self, message: Message) -> str:
        """Return the language of the bot's own words for the writer of a message."""
        return self._memory.language(message.chat.id, message.from_user)

    async def show(self, spot: Spot, turn: Turn, found: Found, language: str) -> list[int]:
        """Send an answer, or put it in the place of the one that the turn had; return the ids of its messages."""
        settings = self._memory.settings(turn.chat)
        texts = compose_answer(found.answer, language, passages=settings.passages, full=settings.full)
        shown = min(len({citation.passage for citation in found.answer.citations}), settings.passages)
        buttons = answer_buttons(turn, shown, language)
        if not turn.sent:
            return await self.send_to(spot, texts, buttons)
        kept = list(zip(turn.sent, texts, strict=False))
        for place, (message_id, text) in enumerate(kept):
            last = place == len(texts) - 1
            if not await self._courier.edit(spot.chat, message_id, text, buttons if last else None):
                return await self.send_to(spot, texts, buttons)
        await self._courier.delete(spot.chat, turn.sent[len(texts) :])
        more = await self.send_to(spot, texts[len(kept) :], buttons) if len(texts) > len(kept) else []
        return [*(message_id for message_id, _ in kept), *more]

    async def send(
        self, message: Message, texts: Sequence[Text], buttons: Buttons = None, *, reply: bool = False
    ) -> None:
        """Send texts to where a message is, in its topic, in a group as a reply."""
        await self.send_to(_find_spot(message, reply=reply), texts, buttons)

    async def send_to(self, spot: Spot, texts: Sequence[Text], buttons: Buttons = None) -> list[int]:
        """Send texts to a place, and return what `Courier.send` does."""
        return await self._courier.send(spot.chat, texts, reply_to=spot.reply_to, thread=spot.thread, buttons=buttons)

    async def _apologise(self, message: Message) -> None:
        """Tell a chat once that its questions came while the bot was away."""
        chat, now = message.chat.id, time.monotonic()
        if now - self._apologised.get(chat, float("-inf")) < self._old_after:
            return
        self._apologised[chat] = now
        await self.say(message, "was_away")

    @asynccontextmanager
    async def _typing(self, message: Message) -> AsyncIterator[None]:
        """Show that an answer is coming; in a group only once, for there it counts as a message does."""

        async def show() -> None:
            bot: Bot = message.get_bot()
            thread = message.message_thread_id if message.is_topic_message else None
            while True:
                await attempt_quietly(
                    bot.send_chat_action(message.chat.id, ChatAction.TYPING, message_thread_id=thread)
                )
                if not is_private(message):
                    return
                await asyncio.sleep(_TYPING_S)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()


def _find_spot(message: Message, *, reply: bool = False) -> Spot:
    """Return where a message is answered: in its topic, in a group as a reply."""
    replies = reply or not is_private(message)
    thread = message.message_thread_id if message.is_topic_message else None
    return Spot(message.chat.id, message.message_id if replies else None, thread)
