"""The buttons under an answer: what they say, and what happens when one is pressed.

Their data is "v1:" and a few numbers; whoever forges it gets "too old" and nothing of another chat.
"""

from __future__ import annotations

import re

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.answers import compose_closest, compose_passage, name_answer
from bot.ask import Desk, Place
from bot.compose import shorten
from bot.deliver import Courier, attempt_quietly
from bot.memory import Memory, Turn
from bot.texts import say
from qa import AnswerKind, Passage, QAError

NEXT, CLOSEST, GOOD, BAD, CHOICE = "n", "c", "g", "b", "r"
_SHOWN_WHOLE = {AnswerKind.OVERVIEW, AnswerKind.FACT}  # there is nothing to leaf through
_DATA = re.compile(r"v1:([ncgb]):(\d{1,15}):(\d{1,4})")


def answer_buttons(turn: Turn, shown: int, language: str) -> InlineKeyboardMarkup | None:
    """Return the buttons under an answer of which `shown` passages are to be seen; none if it was not remembered."""
    if not turn.number:
        return None
    if turn.choices:
        return InlineKeyboardMarkup.from_column(
            [
                InlineKeyboardButton(shorten(choice), callback_data=f"v1:{CHOICE}:{turn.number}:{place}")
                for place, choice in enumerate(turn.choices)
            ]
        )
    if not turn.answer:
        row = [_button(language, "button_closest", CLOSEST, turn)] if turn.passages else []
        return InlineKeyboardMarkup([row]) if row else None
    votes = [_button(language, "button_good", GOOD, turn, shown), _button(language, "button_bad", BAD, turn, shown)]
    more = [_button(language, "button_next", NEXT, turn, shown % len(turn.passages))]
    is_more = len(turn.passages) > 1 and turn.kind not in _SHOWN_WHOLE
    return InlineKeyboardMarkup([more, votes] if is_more else [votes])


def _button(language: str, key: str, kind: str, turn: Turn, place: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(say(language, key), callback_data=f"v1:{kind}:{turn.number}:{place}")


def is_of(query: CallbackQuery, turn: Turn) -> bool:
    """Say whether a button that was pressed stands under this answer.

    One that is still being sent, or that arrived and whose arrival Telegram did not tell, has no message ids yet.
    """
    return query.message is not None and (not turn.sent or query.message.message_id in turn.sent)


class Buttons:
    """Does what a press asks for."""

    def __init__(self, desk: Desk, courier: Courier, memory: Memory) -> None:
        self._desk = desk
        self._courier = courier
        self._memory = memory

    async def on_press(self, update: Update) -> None:
        """Answer the press first, so that the client stops waiting; then change the message that it stands under."""
        query = update.callback_query
        if query is None:
            return
        chat = query.message.chat.id if query.message else 0
        language = self._memory.language(chat, query.from_user)
        data = _DATA.fullmatch(query.data or "")
        turn = self._memory.turn(int(data[2]), chat) if data else None
        if not (data and turn and is_of(query, turn)):
            await attempt_quietly(query.answer(say(language, "too_old")))
        elif data[1] in (GOOD, BAD):
            self._memory.vote(turn, query.from_user.id, good=data[1] == GOOD)
            await attempt_quietly(query.answer(say(language, "thanks_vote")))
        else:
            await self._show(query, turn, int(data[3]), language)

    async def _show(self, query: CallbackQuery, turn: Turn, place: int, language: str) -> None:
        found = turn.passages[place] if place < len(turn.passages) else None
        passage = await self._desk.call(self._find, found) if found else None
        if not found or not passage or not query.message:
            await attempt_quietly(query.answer(say(language, "too_old")))
            return
        await attempt_quietly(query.answer())
        if turn.answer:
            count, words = len(turn.passages), (found.words_start, found.words_end)
            text = passage.article.text[slice(*words)]
            lead = name_answer(turn.kind, turn.answer, text, language) if text else ""
            texts = compose_passage(passage, place + 1, count, lead, language, words)
            buttons = answer_buttons(turn, (place + 1) % count, language)
        else:
            read = turn.said.question if turn.said else turn.question
            texts, buttons = compose_closest(passage, language, question=turn.question, understood=read), None
        await self._courier.edit(turn.chat, query.message.message_id, texts[0], buttons)

    def _find(self, place: Place) -> Passage | None:
        """Return a passage as the library has it; None if its article has gone."""
        try:
            return Passage(self._desk.qa.article(place.article), place.start, place.end)
        except QAError:
            return None
