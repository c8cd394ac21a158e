"""The methods of the Bot API that change or tell a stand-in Telegram's state: all but the poll for updates."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from telegram_rules import (
    Refused,
    check_commands,
    check_language,
    check_length,
    check_markup,
    check_quote,
    check_result,
    check_results,
    check_text,
    is_web_address,
    need,
    refuse,
)
from telegram_world import Json, World

LARGEST_FILE = 20_000_000  # bytes
_ACTIONS = {"typing", "upload_document", "upload_photo", "find_location", "choose_sticker"}
_RIGHTS = {"can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_invite_users"}
_RIGHTS |= {"can_restrict_members", "can_promote_members", "can_change_info", "can_post_stories", "is_anonymous"}
_RIGHTS |= {"can_edit_stories", "can_delete_stories"}
_SAME = "message is not modified: specified new message content and reply markup are exactly the same"
_SAME += " as a current content and reply markup of the message"
_PROFILE = {"Name": 64, "Description": 512, "ShortDescription": 120}


class Methods:
    """Does what a request asks, or raises Refused with the answer Telegram gives."""

    def __init__(self, world: World) -> None:
        self._world = world

    def call(self, method: str, params: Json) -> Any:
        """Return the result of a method; its name is taken in any case, as Telegram does."""
        profile = re.fullmatch(r"(set|get)My(Name|Description|ShortDescription)", method)
        with self._world.lock:
            if profile:
                return self._profile(profile[1], profile[2], params)
            snake = re.sub(r"([A-Z])", r"_\1", method).lower()
            do = getattr(self, f"_do_{snake}", None)
            if do is None:
                raise Refused(404, f"Not Found: the stand-in has no method {method}")
            return do(params)

    def _do_get_me(self, _: Json) -> Json:
        return dict(self._world.me)

    def _do_log_out(self, _: Json) -> bool:
        return True

    def _do_close(self, _: Json) -> bool:
        return True

    # Messages.

    def _do_send_message(self, params: Json) -> Json:
        world = self._world
        chat = world.find_chat(params.get("chat_id"))
        check_text(params.get("text"), params.get("entities"), params.get("parse_mode"))
        check_markup(params.get("reply_markup"))
        thread = params.get("message_thread_id")
        if thread is not None and thread not in world.threads[chat["id"]]:
            raise refuse("message thread not found")
        message: Json = {"message_id": 0, "date": world.now(), "chat": chat, "from": _brief(world.me)}
        message |= self._reply(chat["id"], params.get("reply_parameters"))
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        message["message_id"] = world.number(chat["id"])
        message |= _content(params)
        world.keep(message)
        return message

    def _reply(self, chat: int, reply: Any) -> Json:
        if reply is None:
            return {}
        if not isinstance(reply, dict) or type(reply.get("message_id")) is not int:
            raise refuse("can't parse reply parameters: message_id must be an integer")
        target = self._world.messages[reply.get("chat_id") or chat].get(reply["message_id"])
        if target is None:
            if reply.get("allow_sending_without_reply"):
                return {}
            raise refuse("message to be replied not found")
        shown: Json = {"reply_to_message": self._world.shown(target)}
        if "quote" in reply:
            text = target.get("text") or target.get("caption") or ""
            check_quote(reply["quote"], text)
            shown["quote"] = {"text": reply["quote"], "position": text.find(reply["quote"]), "is_manual": True}
        return shown

    def _do_send_message_draft(self, params: Json) -> bool:
        chat = self._world.find_chat(params.get("chat_id"))
        if chat["type"] != "private":
            raise refuse("TEXTDRAFT_PEER_INVALID")
        if not params.get("draft_id"):
            raise refuse("draft_id must be non-zero")
        if params.get("text"):
            check_text(params["text"], params.get("entities"), params.get("parse_mode"))
        return True

    def _find_own(self, params: Json, missing: str, foreign: str) -> Json:
        chat = self._world.find_chat(params.get("chat_id"))
        message = self._world.messages[chat["id"]].get(params.get("message_id", 0))
        if message is None:
            raise refuse(missing)
        if message.get("from", {}).get("id") != self._world.me["id"]:
            raise refuse(foreign)
        return message

    def _find_editable(self, params: Json) -> Json:
        name = params.get("inline_message_id")
        if name is None:
            return self._find_own(params, "message to edit not found", "message can't be edited")
        if name not in self._world.inline_messages:
            raise refuse("MESSAGE_ID_INVALID")
        return self._world.inline_messages[name]

    def _do_edit_message_text(self, params: Json) -> Any:
        message = self._find_editable(params)
        check_text(params.get("text"), params.get("entities"), params.get("parse_mode"))
        check_markup(params.get("reply_markup"))
        return self._edit(message, _content(params), params)

    def _do_edit_message_reply_markup(self, params: Json) -> Any:
        message = self._find_editable(params)
        check_markup(params.get("reply_markup"))
        kept = {name: message[name] for name in _CONTENT if name in message and name != "reply_markup"}
        return self._edit(message, kept | _markup(params), params)

    def _edit(self, message: Json, content: Json, params: Json) -> Any:
        new = {name: value for name, value in message.items() if name not in _CONTENT} | content
        if all(new.get(name) == message.get(name) for name in ("text", "entities", "reply_markup")):
            raise refuse(_SAME)
        new["edit_date"] = self._world.now()
        if "inline_message_id" in params:
            self._world.inline_messages[params["inline_message_id"]] = new
            return True
        self._world.keep(new)
        return new

    def _do_delete_message(self, params: Json) -> bool:
        chat = self._world.find_chat(params.get("chat_id"))
        message = self._find_own(params, "message to delete not found", "message can't be deleted")
        del self._world.messages[chat["id"]][message["message_id"]]
        return True

    def _do_send_chat_action(self, params: Json) -> bool:
        self._world.find_chat(params.get("chat_id"))
        if params.get("action") not in _ACTIONS:
            raise refuse("wrong parameter action in request")
        return True

    # Queries.

    def _do_answer_callback_query(self, params: Json) -> bool:
        check_length(params.get("text"), 200, "MESSAGE_TOO_LONG")
        self._world.close_query(params.get("callback_query_id"))
        return True

    def _do_answer_inline_query(self, params: Json) -> bool:
        check_results(params.get("results"))
        if type(params.get("cache_time", 0)) is not int:
            raise refuse("cache_time must be an integer")
        check_length(params.get("next_offset"), 64, "NEXT_OFFSET_INVALID")
        self._world.close_query(params.get("inline_query_id"))
        return True

    def _do_answer_guest_query(self, params: Json) -> Json:
        check_result(params.get("result"))
        self._world.close_query(params.get("guest_query_id"))
        name = f"inline-{len(self._world.inline_messages) + 1}"
        result = params["result"]
        sent = result.get("input_message_content", {})
        content = _content({**sent, "text": sent.get("message_text"), "reply_markup": result.get("reply_markup")})
        self._world.inline_messages[name] = content
        return {"inline_message_id": name}

    # What users see of the bot.

    def _do_set_my_commands(self, params: Json) -> bool:
        key = self._menu(params)
        check_commands(params.get("commands"))
        self._world.commands[key] = params["commands"]
        return True

    def _do_get_my_commands(self, params: Json) -> list[Json]:
        return self._world.commands.get(self._menu(params), [])

    def _do_delete_my_commands(self, params: Json) -> bool:
        self._world.commands.pop(self._menu(params), None)
        return True

    def _menu(self, params: Json) -> tuple[str, str]:
        scope = params.get("scope") or {"type": "default"}
        check_language(params.get("language_code"))
        kind = scope.get("type") if isinstance(scope, dict) else None
        if kind in {"chat", "chat_administrators", "chat_member"}:
            kind += f":{self._world.find_chat(scope.get('chat_id'))['id']}"
        elif kind not in {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}:
            raise refuse("can't parse BotCommandScope: unsupported type specified")
        return kind + (f":{scope['user_id']}" if "user_id" in scope else ""), params.get("language_code") or ""

    def _profile(self, verb: str, what: str, params: Json) -> Any:
        check_language(params.get("language_code"))
        field = re.sub(r"(?<!^)([A-Z])", r"_\1", what).lower()
        key = field, params.get("language_code") or ""
        if verb == "get":
            return {field: self._world.profile.get(key, "")}
        check_length(params.get(field, ""), _PROFILE[what], f"bot {field.replace('_', ' ')} is too long")
        self._world.profile[key] = params.get(field, "")
        return True

    # Chats.

    def _do_get_chat(self, params: Json) -> Json:
        chat = self._world.find_chat(params.get("chat_id"))
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
        )
        return {**chat, "accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": gifts}

    def _do_get_chat_member(self, params: Json) -> Json:
        chat = self._world.find_chat(params.get("chat_id"))
        need(params, ["user_id"])
        return self._member(chat["id"], params["user_id"])

    def _do_get_chat_administrators(self, params: Json) -> list[Json]:
        chat = self._world.find_chat(params.get("chat_id"))
        return [self._member(chat["id"], user) for user in sorted(self._world.admins[chat["id"]])]

    def _member(self, chat: int, user: int) -> Json:
        person = {"id": user, "is_bot": False, "first_name": f"User {user}"}
        if user not in self._world.admins[chat]:
            return {"status": "member", "user": person}
        return {"status": "administrator", "user": person, **dict.fromkeys(_RIGHTS, False)}

    def _do_leave_chat(self, params: Json) -> bool:
        self._world.left.add(self._world.find_chat(params.get("chat_id"))["id"])
        return True

    # Webhook and files.

    def _do_set_webhook(self, params: Json) -> bool:
        url, secret = params.get("url", ""), params.get("secret_token", "")
        if url:
            _check_webhook(url)
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise refuse("secret token contains unallowed characters")
        self._world.webhook = {
            "url": url,
            "secret_token": secret,
            "max_connections": params.get("max_connections", 40),
        }
        if params.get("allowed_updates") is not None:
            self._world.allowed = params["allowed_updates"]
        return self._end_polls(params)

    def _do_delete_webhook(self, params: Json) -> bool:
        self._world.webhook = {"url": ""}
        return self._end_polls(params)

    def _end_polls(self, params: Json) -> bool:
        if params.get("drop_pending_updates"):
            self._world.confirm(1 << 62)
        self._world.news()
        return True

    def _do_get_webhook_info(self, _: Json) -> Json:
        world = self._world
        told = {"url": world.webhook["url"], "has_custom_certificate": False}
        told["pending_update_count"] = world.pending()
        if world.webhook["url"]:
            told["max_connections"] = world.webhook["max_connections"]
        if world.allowed:
            told["allowed_updates"] = world.allowed
        return told

    def _do_get_file(self, params: Json) -> Json:
        name = params.get("file_id", "")
        if name not in self._world.files:
            raise refuse("invalid file_id")
        size, _ = self._world.files[name]
        if size > LARGEST_FILE:
            raise refuse("file is too big")
        path = f"documents/{name}"
        return {"file_id": name, "file_unique_id": f"u{name}", "file_size": size, "file_path": path}


_CONTENT = ("text", "entities", "reply_markup", "link_preview_options", "parse_mode")


def _content(params: Json) -> Json:
    """Return what a message shows. `parse_mode` is kept only so that a test sees it; nothing is parsed."""
    found = {name: params[name] for name in _CONTENT if params.get(name) and name != "reply_markup"}
    return found | _markup(params)


def _markup(params: Json) -> Json:
    markup = params.get("reply_markup") or {}
    return {"reply_markup": markup} if any(markup.get("inline_keyboard", [])) else {}


def _brief(user: Json) -> Json:
    return {name: user[name] for name in ("id", "is_bot", "first_name", "username") if name in user}


def _check_webhook(url: Any) -> None:
    if not is_web_address(url) or not url.startswith("https://"):
        raise refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if urlsplit(url).port not in (None, 80, 88, 443, 8443):
        raise refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
