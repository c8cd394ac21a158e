"""Whether a message is meant for the bot, and what it asks."""

from __future__ import annotations

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

_ANONYMOUS_ADMIN = 1087968824  # Telegram's own account, in whose name a group's administrators write unseen


def is_private(message: Message) -> bool:
    """Say whether nobody but one user and the bot sees the message."""
    return message.chat.type == ChatType.PRIVATE


def is_from_person(message: Message, me: User) -> bool:
    """Say whether a person wrote this to us: no bot, no channel, nothing that the bot itself has put there."""
    if message.is_automatic_forward or (message.via_bot and message.via_bot.id == me.id):
        return False
    if message.sender_chat:  # a group's administrator who writes as the group; any other chat is no person
        return message.sender_chat.id == message.chat.id and message.chat.type != ChatType.CHANNEL
    sender = message.from_user
    return sender is not None and (not sender.is_bot or sender.id == _ANONYMOUS_ADMIN)


def find_command(message: Message, me: User) -> tuple[str, str] | None:
    """Return the command that a message gives this bot, in lower case, and what stands behind it."""
    text = message.text or ""
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            name, _, bot = text[1 : entity.length].partition("@")
            if bot and bot.lower() != (me.username or "").lower():
                return None
            return name.lower(), text[entity.length :].strip()
    return None


def is_for_other_bot(message: Message, me: User) -> bool:
    """Say whether a message gives a command to another bot."""
    opens = any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in message.entities)
    return opens and find_command(message, me) is None


def find_question(message: Message, me: User) -> str | None:
    """Return the text that a message puts to this bot: any in private; in a group by a mention or as a reply to it.

    The mention itself is taken out. A mention is an entity, not letters: "@my_bot2" is somebody else.
    """
    text = message.text
    if text is None or is_for_other_bot(message, me) or find_command(message, me):
        return None
    mentions = [entity for entity in message.entities if _names(message, entity, me)]
    units = text.encode("utf-16-le")
    for entity in reversed(mentions):
        units = units[: 2 * entity.offset] + " ".encode("utf-16-le") + units[2 * (entity.offset + entity.length) :]
    reply = message.reply_to_message
    replies = reply is not None and reply.from_user is not None and reply.from_user.id == me.id
    return units.decode("utf-16-le").strip() if mentions or replies or is_private(message) else None


def _names(message: Message, entity: MessageEntity, me: User) -> bool:
    """Say whether an entity is the name of the bot."""
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    return entity.type == MessageEntity.MENTION and message.parse_entity(entity).lower() == f"@{me.username}".lower()


def find_asked(message: Message, me: User, limit: int) -> str:
    """Return what an /ask asks: the words behind it, about the words that it answers, if these are not our own.

    Of a long message only so much is taken that the question has at most `limit` characters.
    """
    _, words = find_command(message, me) or ("", "")
    reply = message.reply_to_message
    ours = reply is not None and reply.from_user is not None and reply.from_user.id == me.id
    subject = "" if ours and not message.quote else find_subject(message)
    question = f"{words} {subject}".strip()
    return question[: max(len(words), limit)].rstrip() if words else question


def find_subject(message: Message) -> str:
    """Return the words that a message answers: those that its writer chose to quote, or all of the other message."""
    if message.quote:
        return message.quote.text
    reply = message.reply_to_message
    return (reply.text or reply.caption or "") if reply else ""
