"""The commands, one method each."""

from __future__ import annotations

import re
from collections.abc import Callable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User

from bot.address import find_asked, find_command, is_private
from bot.ask import Desk
from bot.compose import Block, compose_article, compose_text, split_blocks
from bot.deliver import Courier, attempt_quietly
from bot.door import Door
from bot.errors import StateError
from bot.inbox import Inbox
from bot.memory import Memory
from bot.preferences import Preferences
from bot.questions import Questions
from bot.texts import say
from qa import MAX_QUESTION_CHARS, Article, QAError

_A_PAGE = 10  # articles; a page is one message, and 20 with long titles, places and addresses do not fit
_PAGE = re.compile(r"v1:a:(\d{1,4})")
_ARTICLE = re.compile(r"a_([0-9a-f]{1,16})")


class Commands:
    """What the bot does when it is told to."""

    def __init__(
        self,
        desk: Desk,
        courier: Courier,
        memory: Memory,
        inbox: Inbox,
        door: Door,
        questions: Questions,
        reload: Callable[[], None],
    ) -> None:
        """`reload` reads the settings again and raises BotError if they are wrong."""
        self._desk = desk
        self._courier = courier
        self._memory = memory
        self._inbox = inbox
        self._door = door
        self._questions = questions
        self._preferences = Preferences(courier, memory, door)
        self._reload = reload

    async def on_command(self, update: Update, me: User) -> None:
        """Do what a command says; one that is not known, or not for this user, is said to be unknown in private."""
        message = update.message
        found = find_command(message, me) if message else None
        if message is None or found is None:
            return
        name, rest = found
        for_all = {
            "start": self._start,
            "help": self._help,
            "ask": self._ask,
            "sources": self._sources,
            "new": self._new,
            "settings": self._settings,
            "forget": self._forget,
            "privacy": self._privacy,
        }
        for_admins = {"stats": self._stats, "reload": self._reload_all}
        action = for_all.get(name) or (for_admins.get(name) if self._door.is_admin(update) else None)
        if action:
            await action(update, message, rest)
        elif is_private(message):
            await self._questions.say(message, "no_command")

    async def _start(self, _: Update, message: Message, rest: str) -> None:
        wanted = _ARTICLE.fullmatch(rest)
        if not wanted:
            await self._questions.say(message, "greeting")
            return
        article = await self._desk.call(self._find_article, wanted[1])
        if article is None:
            await self._questions.say(message, "unknown_article")
            return
        language = self._questions.language(message)
        await self._questions.send(message, compose_article(article, language))

    def _find_article(self, prefix: str) -> Article | None:
        try:
            matches = [other for other in self._desk.qa.article_ids() if other.startswith(prefix)]
            return self._desk.qa.article(matches[0]) if len(matches) == 1 else None
        except QAError:
            return None

    async def _help(self, update: Update, message: Message, _: str) -> None:
        all_of_it = is_private(message) and self._door.is_admin(update)
        await self._questions.say(message, "help_of_admins" if all_of_it else "help")

    async def _privacy(self, _: Update, message: Message, __: str) -> None:
        await self._questions.say(message, "privacy")

    async def _ask(self, _: Update, message: Message, __: str) -> None:
        question = find_asked(message, message.get_bot().bot, MAX_QUESTION_CHARS)
        if question:
            await self._questions.answer(message, question)
        else:
            await self._questions.say(message, "ask_empty")

    async def _new(self, _: Update, message: Message, __: str) -> None:
        self._memory.forget_turns(message.chat.id)
        await self._questions.say(message, "new_talk")

    async def _forget(self, update: Update, message: Message, _: str) -> None:
        """Forget the chat; the command itself is in the inbox, and has to go first."""
        if not await self._preferences.may_change(update):
            await self._questions.say(message, "only_admins")
            return
        language = self._questions.language(message)
        self._inbox.finish(update.update_id)
        if not self._memory.forget(message.chat.id):
            raise StateError(f"chat {message.chat.id} could not be forgotten; it has to ask again")
        await self._questions.send(message, compose_text(say(language, "forgot")))

    async def _settings(self, _: Update, message: Message, __: str) -> None:
        await self._questions.send(
            message, *self._preferences.page(message.chat.id, self._questions.language(message))
        )

    # Articles.

    async def _sources(self, _: Update, message: Message, __: str) -> None:
        text, buttons = await self._page(0, self._questions.language(message))
        await self._questions.send(message, split_blocks([text]), buttons)

    async def _page(self, page: int, language: str) -> tuple[Block, InlineKeyboardMarkup | None]:
        ids, articles = await self._desk.call(self._find_page, page)
        if not ids:
            return Block().add(say(language, "no_articles")), None
        block = Block().add(say(language, "sources", count=len(ids)))
        for number, article in enumerate(articles, page * _A_PAGE + 1):
            block.add(f"\n{number}. ")
            block.add_description(article)
        last = (len(ids) - 1) // _A_PAGE
        turns = [_turn(other, len(ids)) for other in (page - 1, page + 1) if 0 <= other <= last]
        return block, InlineKeyboardMarkup([turns]) if turns else None

    def _find_page(self, page: int) -> tuple[list[str], list[Article]]:
        try:
            ids = self._desk.qa.article_ids()
            return ids, [self._desk.qa.article(other) for other in ids[page * _A_PAGE : (page + 1) * _A_PAGE]]
        except QAError:
            return [], []

    async def on_press(self, update: Update) -> bool:
        """Show the next page of articles, or change a setting; false if the button is neither's."""
        query = update.callback_query
        page = _PAGE.fullmatch((query and query.data) or "")
        if not (query and query.message and page):
            return await self._preferences.on_press(update)
        language = self._memory.language(query.message.chat.id, query.from_user)
        await attempt_quietly(query.answer())
        text, buttons = await self._page(int(page[1]), language)
        await self._courier.edit(query.message.chat.id, query.message.message_id, split_blocks([text])[0], buttons)
        return True

    # For administrators.

    async def _stats(self, _: Update, message: Message, __: str) -> None:
        await self._questions.say(message, "stats", **self._memory.stats(), waiting=self._inbox.depth)

    async def _reload_all(self, _: Update, message: Message, __: str) -> None:
        self._reload()
        count = len(await self._desk.call(self._desk.qa.article_ids))
        settings = self._door.settings
        users, chats = len(settings.users | settings.admins), len(settings.chats)
        await self._questions.say(message, "reloaded", articles=count, users=users, chats=chats)


def _turn(page: int, count: int) -> InlineKeyboardButton:
    first, last = page * _A_PAGE + 1, min((page + 1) * _A_PAGE, count)
    return InlineKeyboardButton(f"{first}–{last}", callback_data=f"v1:a:{page}")
