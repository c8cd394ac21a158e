"""What Telegram refuses, so that a test sees it: texts, entities, keyboards, quotes, commands and inline results.

Stricter than Telegram in places, for there a fault would only show on somebody's screen: an entity that stands
outside its text, cuts a surrogate pair or crosses another is dropped or moved there and refused here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

TEXT_UNITS = 4096
MAX_ENTITIES = 100
QUOTES = {"blockquote", "expandable_blockquote"}
_ALONE = {"pre", "code"}
_KINDS = QUOTES | _ALONE | {"bold", "italic", "underline", "strikethrough", "spoiler", "text_link", "text_mention"}
_KINDS |= {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "custom_emoji"}
_ACTIONS = {"callback_data", "url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat"}
_ACTIONS |= {"switch_inline_query_chosen_chat", "web_app", "login_url", "callback_game", "pay"}
_FOUND = re.compile(
    r"(?<![\w/@.])(?:(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?!\w)"
    r"|(?P<mention>@\w{4,32})(?!\w)|(?P<url>https?://[^\s<>]+))"
)


class Refused(Exception):  # noqa: N818 - what the server answers, not what a test sees raised
    """An answer with `ok` false."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters


def refuse(what: str) -> Refused:
    """Return the answer to a request that asks for something wrong."""
    return Refused(400, f"Bad Request: {what}")


def count_units(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def cut_units(text: str, offset: int, length: int) -> str | None:
    """Return `length` UTF-16 units of a text from `offset`; None if an end is outside it or within a character."""
    units = text.encode("utf-16-le", "surrogatepass")
    if offset < 0 or length < 1 or 2 * (offset + length) > len(units):
        return None
    try:
        units[: 2 * offset].decode("utf-16-le")
        return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")
    except UnicodeDecodeError:
        return None


def find_entities(text: str) -> list[dict[str, Any]]:
    """Return the commands, mentions and addresses that Telegram marks in what a user types."""
    return [
        {
            "type": match.lastgroup,
            "offset": count_units(text[: match.start()]),
            "length": count_units(match.group()),
        }
        for match in _FOUND.finditer(text)
    ]


def is_blank(text: str) -> bool:
    """Tell whether nothing of a text can be seen."""
    return all(c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Zs"} for c in text)


def check_text(text: Any, entities: Any = None, parse_mode: Any = None) -> None:
    """Refuse the text of a message, or the entities in it."""
    if text is None or text == "":
        raise refuse("message text is empty")
    if not isinstance(text, str):
        raise refuse("message text must be a string")
    check_encoding(text)
    if is_blank(text):
        raise refuse("text must be non-empty")  # Telegram cuts off what cannot be seen at the ends
    if parse_mode not in (None, "", "HTML", "Markdown", "MarkdownV2"):
        raise refuse("unsupported parse_mode")
    if count_units(text) > TEXT_UNITS:
        raise refuse("message is too long")
    check_entities(text, entities or [])


def check_encoding(text: str) -> None:
    """Refuse half a surrogate pair."""
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise refuse("strings must be encoded in UTF-8")


def check_entities(text: str, entities: Any) -> None:
    """Refuse entities that do not stand on whole characters of the text, or not well with each other."""
    if not isinstance(entities, list):
        raise refuse("can't parse entities: expected an Array of MessageEntity")
    if len(entities) > MAX_ENTITIES:
        raise refuse(f"too many entities: {len(entities)} and Telegram heeds {MAX_ENTITIES}")
    for entity in entities:
        _check_entity(text, entity)
    for place, one in enumerate(entities):
        for other in entities[place + 1 :]:
            _check_pair(one, other)


def _check_entity(text: str, entity: Any) -> None:
    if not isinstance(entity, dict) or entity.get("type") not in _KINDS:
        raise _entity_fault(entity, "no entity that Telegram has")
    if type(entity.get("offset")) is not int or type(entity.get("length")) is not int:
        raise _entity_fault(entity, "offset and length must be integers")
    if cut_units(text, entity["offset"], entity["length"]) is None:
        raise _entity_fault(entity, f"not on whole characters of a text of {count_units(text)} units")
    if entity["type"] == "text_link" and not is_web_address(entity.get("url")):
        raise _entity_fault(entity, "no web address")


def _check_pair(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, last = sorted((one, other), key=lambda entity: (entity["offset"], -entity["length"]))
    end = first["offset"] + first["length"]
    if end <= last["offset"]:
        return
    if end < last["offset"] + last["length"]:
        raise _entity_fault(last, f"crosses {first}")
    if first["type"] in QUOTES and last["type"] in QUOTES:
        raise _entity_fault(last, f"a quote within a quote: {first}")
    if first["type"] in _ALONE or last["type"] in _ALONE - {"code"}:
        raise _entity_fault(last, f"code goes with nothing else: {first}")


def _entity_fault(entity: Any, why: str) -> Refused:
    return refuse(f"can't parse entities: {entity}: {why}")


def is_web_address(url: Any) -> bool:
    """Tell whether a link may be made of it; `tg://` links are taken too, as Telegram does."""
    if not isinstance(url, str) or re.search(r"\s", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "tg"} and bool(parts.netloc)


def check_markup(markup: Any) -> None:
    """Refuse a keyboard. Other kinds than the inline one are only looked at for their name."""
    if markup is None:
        return
    if not isinstance(markup, dict):
        raise refuse("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if not markup.keys() & {"keyboard", "remove_keyboard", "force_reply"}:
            raise refuse("object expected as reply markup")
        return
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refuse('field "inline_keyboard" must be of type Array of Arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise refuse("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check_button(button)


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or is_blank(button["text"]):
        raise refuse("can't parse inline keyboard button: text is empty")
    actions = button.keys() & _ACTIONS
    if len(actions) != 1:
        raise refuse(f"can't parse inline keyboard button: one action of {sorted(actions)} is allowed")
    data = button.get("callback_data", "x")
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise refuse("BUTTON_DATA_INVALID")
    if "url" in actions and not is_web_address(button["url"]):
        raise refuse("BUTTON_URL_INVALID")
    if "copy_text" in actions and not 1 <= count_units(button["copy_text"].get("text", "")) <= 256:
        raise refuse("BUTTON_COPY_TEXT_INVALID")
    if button.get("style", "primary") not in {"primary", "success", "danger"}:
        raise refuse("can't parse inline keyboard button: unknown style")


def check_quote(quote: Any, text: str) -> None:
    """Refuse words that are not in the message they are quoted from."""
    if not isinstance(quote, str) or count_units(quote) > 1024 or not quote or quote not in text:
        raise refuse("QUOTE_TEXT_INVALID")


def check_commands(commands: Any) -> None:
    """Refuse a menu of commands."""
    if not isinstance(commands, list) or len(commands) > 100:
        raise refuse("BOT_COMMANDS_TOO_MUCH")
    names = [command.get("command", "") for command in commands]
    if len(set(names)) < len(names) or not all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names):
        raise refuse("BOT_COMMAND_INVALID")
    if not all(1 <= count_units(command.get("description", "")) <= 256 for command in commands):
        raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")


def check_language(code: Any) -> None:
    """Refuse a language that is not two letters."""
    if code not in (None, "") and not re.fullmatch(r"[a-z]{2}", str(code)):
        raise refuse("invalid language code specified")


def check_results(results: Any) -> None:
    """Refuse the results of an inline query."""
    if not isinstance(results, list):
        raise refuse("can't parse inline query results: expected an Array")
    if len(results) > 50:
        raise refuse("RESULTS_TOO_MUCH")
    ids = [result.get("id") for result in results]
    if not all(isinstance(name, str) and 1 <= len(name.encode()) <= 64 for name in ids):
        raise refuse("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise refuse("RESULT_ID_DUPLICATE")
    for result in results:
        check_result(result)


def check_result(result: Any) -> None:
    """Refuse one result: an article needs a title, and its text is a message's text."""
    if not isinstance(result, dict) or not isinstance(result.get("type"), str):
        raise refuse("can't parse inline query result")
    content = result.get("input_message_content")
    if result["type"] == "article" and (not result.get("title") or not isinstance(content, dict)):
        raise refuse("can't parse inline query result: an article needs a title and a message")
    if content is not None and "message_text" in content:
        check_text(content["message_text"], content.get("entities"), content.get("parse_mode"))
    check_markup(result.get("reply_markup"))


def check_length(value: Any, limit: int, error: str) -> None:
    """Refuse a text of more than `limit` characters."""
    if value is not None and (not isinstance(value, str) or count_units(value) > limit):
        raise refuse(error)


def need(params: dict[str, Any], names: Iterable[str]) -> None:
    """Refuse a request that lacks one of its parameters."""
    for name in names:
        if params.get(name) in (None, ""):
            raise refuse(f"{name} is empty")
