"""A question that may mean several: the one whose button is pressed is answered in the place of the choice."""

from __future__ import annotations

import re
from dataclasses import replace

from telegram import CallbackQuery, Update
from telegram.constants import ChatType

from bot.buttons import CHOICE, is_of
from bot.compose import compose_text
from bot.context import find_own
from bot.deliver import Spot, attempt_quietly
from bot.memory import Memory, Turn
from bot.questions import Apology, Questions
from bot.texts import say

_DATA = re.compile(rf"v1:{CHOICE}:(\d{{1,15}}):(\d{{1,4}})")


class Choices:
    """Answers what is chosen."""

    def __init__(self, memory: Memory, questions: Questions) -> None:
        self._memory = memory
        self._questions = questions
        self._chosen: set[int] = set()  # turns that are being answered

    async def on_press(self, update: Update) -> bool:
        """Answer the press first, then the question; false if the button is not one of these."""
        query = update.callback_query
        data = _DATA.fullmatch((query and query.data) or "")
        if not (query and data):
            return False
        chat = query.message.chat.id if query.message else 0
        language = self._memory.language(chat, query.from_user)
        turn, place = self._memory.turn(int(data[1]), chat), int(data[2])
        if turn is None or not is_of(query, turn) or place >= len(turn.choices):
            await attempt_quietly(query.answer(say(language, "too_old")))
            return True
        if turn.number in self._chosen:
            await attempt_quietly(query.answer())
            return True
        self._chosen.add(turn.number)
        try:
            await attempt_quietly(query.answer())
            await self._answer(query, turn, place, language)
        finally:
            self._chosen.discard(turn.number)
        return True

    async def _answer(self, query: CallbackQuery, turn: Turn, place: int, language: str) -> None:
        """Say the choice's number in the conversation, as who asked could have typed it."""
        if query.message is None:
            return
        is_private = query.message.chat.type == ChatType.PRIVATE
        before = self._memory.turns_before(turn, turn.chat)
        turns = [*find_own(before, None if is_private else turn.user), turn]
        found = await self._questions.find(str(place + 1), turns)
        thread = getattr(query.message, "message_thread_id", None)
        in_topic = getattr(query.message, "is_topic_message", None)
        spot = Spot(turn.chat, None if is_private else turn.asked, thread if in_topic else None)
        if isinstance(found, Apology):
            await self._questions.send_to(spot, compose_text(say(language, found.key, **found.values)))
            return
        chosen = replace(
            turn,
            answer=found.answer.text,
            passages=tuple(found.places),
            kind=found.answer.kind,
            said=found.turn or turn.said,
        )
        # Remembered only when it is shown: a process that ends before leaves the choice to be made again.
        sent = await self._questions.show(spot, chosen, found, language)
        self._memory.begin_turn(chosen)
        self._memory.mark_sent(replace(chosen, sent=()), sent)  # an answer now, and counted as one
