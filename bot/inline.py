"""Answers where the bot is no member: inline queries, and guest messages that mention it."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
    User,
)

from bot.answers import compose_answer, name_answer
from bot.ask import Found
from bot.compose import compose_text
from bot.deliver import attempt_quietly
from bot.door import Door
from bot.questions import Apology, Questions
from bot.recent import Recent
from bot.texts import choose_language, say
from qa import AnswerKind

_LEAST = 3  # characters; less is no question yet
_PAUSE_S = 0.4  # every keystroke is a query; the one after which somebody rests is answered
_CACHE_S = 10  # articles change
_NONE = {AnswerKind.TALK: "", AnswerKind.WHICH: "inline_whole", AnswerKind.FOREIGN: "inline_foreign"}


class Inline:
    """Answers what is asked from other chats. Only the user counts for who may ask."""

    def __init__(self, questions: Questions, door: Door) -> None:
        self._questions = questions
        self._door = door
        self._newest: Recent[int, str] = Recent()

    async def on_query(self, update: Update) -> None:
        """Offer the answer to the newest query of a user; what is typed over is left without one."""
        query = update.inline_query
        if query is None:
            return
        user, text = query.from_user.id, query.query.strip()
        self._newest[user] = query.id
        await asyncio.sleep(_PAUSE_S)
        if self._newest.get(user) != query.id:
            return
        language = choose_language(None, query.from_user.language_code)
        found: Found | Apology | None = None
        if len(text) >= _LEAST:
            seconds = self._door.take(user, time.time())  # counted only now: not every keystroke is a question
            found = Apology("too_fast", {"seconds": seconds}) if seconds else await self._questions.find(text)
        results, button = [], None
        if isinstance(found, Found) and found.answer.found:
            results = [_result(found, language)]
        elif found and (
            key := found.key if isinstance(found, Apology) else _NONE.get(found.answer.kind, "inline_none")
        ):
            values = found.values if isinstance(found, Apology) else {}
            button = InlineQueryResultsButton(say(language, key, **values)[:64], start_parameter="inline")
        await attempt_quietly(query.answer(results, cache_time=_CACHE_S, is_personal=True, button=button))

    async def on_guest(self, update: Update, me: User) -> None:
        """Answer a message that mentions the bot in a chat that it is not in."""
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            return
        question = re.sub(rf"@{re.escape(me.username or '')}\b", " ", message.text or "", flags=re.IGNORECASE).strip()
        language = choose_language(None, message.from_user.language_code if message.from_user else None)
        found = await self._questions.find(question)
        await attempt_quietly(message.get_bot().answer_guest_query(message.guest_query_id, _result(found, language)))


def _result(found: Found | Apology, language: str) -> InlineQueryResultArticle:
    """Return an answer, or what is said in its place, as the one message that is to be sent."""
    if isinstance(found, Apology):
        text, about = compose_text(say(language, found.key, **found.values))[0], None
        title = text.text
    else:
        # There is no conversation here in which a choice could be made.
        text = compose_answer(replace(found.answer, choices=()), language)[0]
        about = found.answer.citations[0].quote[:200] if found.answer.found else None
        title = name_answer(found.answer.kind, found.answer.text, found.answer.text, language) or text.text
    return InlineQueryResultArticle(
        id="answer",
        title=title.partition("\n")[0][:200],
        description=about,
        input_message_content=InputTextMessageContent(
            text.text, entities=text.entities, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )
