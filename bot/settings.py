"""The bot's settings: what they are, and how they come from a TOML file and the environment, which wins."""

from __future__ import annotations

import difflib
import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_data_path

from bot.errors import SettingsError
from bot.values import (
    Reader,
    Text,
    ids,
    read_api_url,
    read_flag,
    read_host,
    read_path,
    read_proxy,
    read_public_url,
    read_secret_file,
    read_text,
    read_url_path,
    real,
    show,
    warn_if_open,
    whole,
)

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_DAY_S = 86_400.0

logger = logging.getLogger(__name__)


class Secret:
    """A string that does not show itself; false if empty."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the string."""
        return self._value

    def __repr__(self) -> str:
        return "<hidden>"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return self._value == other._value if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Telegram delivers updates, and where this machine takes them; a port of 0 is any free one."""

    url: str  # public, https
    secret: Secret
    listen: str = "127.0.0.1"
    port: int = 8443
    path: str = "/telegram"
    max_body: int = 1_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that an operator can set."""

    token: Secret
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    proxy: Secret | None = None
    library: Path | None = None  # None: the user's own
    data: Path  # the bot's own folder
    public: bool = False  # answers everybody
    users: frozenset[int] = frozenset()
    chats: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()
    poll_seconds: int = 10  # a long poll
    workers: int = 2  # questions answered at once
    answer_seconds: float = 30.0  # the longest that one question may take
    waiting: int = 200  # updates taken from Telegram and not finished, in all
    waiting_per_chat: int = 10
    per_minute: float = 10.0  # questions of one user
    burst: int = 5
    old_minutes: float = 15.0
    min_confidence: float | None = None
    webhook: Webhook | None = None

    @property
    def library_folder(self) -> Path:
        """Where the articles are."""
        from qa import default_library  # numpy comes with it, which `qa-bot health` does not need

        return self.library or default_library()


class _Field(NamedTuple):
    variable: str
    read: Reader
    in_file: bool = True


_FIELDS = {
    "token": _Field("TELEGRAM_BOT_TOKEN", read_text, in_file=False),
    "token_file": _Field("TELEGRAM_BOT_TOKEN_FILE", read_path),
    "base_url": _Field("TELEGRAM_BASE_URL", read_api_url),
    "base_file_url": _Field("TELEGRAM_BASE_FILE_URL", read_api_url),
    "proxy": _Field("TELEGRAM_PROXY", read_proxy),
    "library": _Field("QA_LIBRARY", read_path),
    "data": _Field("QA_BOT_DATA", read_path),
    "public": _Field("QA_BOT_PUBLIC", read_flag),
    "users": _Field("QA_BOT_USERS", ids(users=True)),
    "chats": _Field("QA_BOT_CHATS", ids(users=False)),
    "admins": _Field("QA_BOT_ADMINS", ids(users=True)),
    "poll_seconds": _Field("QA_BOT_POLL_SECONDS", whole(1, 50)),
    "workers": _Field("QA_BOT_WORKERS", whole(1, 64)),
    "answer_seconds": _Field("QA_BOT_ANSWER_SECONDS", real(0.1, 3600)),
    "waiting": _Field("QA_BOT_WAITING", whole(1, 100_000)),
    "waiting_per_chat": _Field("QA_BOT_WAITING_PER_CHAT", whole(1, 100_000)),
    "per_minute": _Field("QA_BOT_PER_MINUTE", real(0.1, 10_000)),
    "burst": _Field("QA_BOT_BURST", whole(1, 10_000)),
    "old_minutes": _Field("QA_BOT_OLD_MINUTES", real(0.1, 10_000)),
    "min_confidence": _Field("QA_BOT_MIN_CONFIDENCE", real(0, 1)),
}
_WEBHOOK_FIELDS = {
    "url": _Field("QA_BOT_WEBHOOK_URL", read_public_url),
    "secret": _Field("QA_BOT_WEBHOOK_SECRET", read_text, in_file=False),
    "secret_file": _Field("QA_BOT_WEBHOOK_SECRET_FILE", read_path),
    "listen": _Field("QA_BOT_WEBHOOK_LISTEN", read_host),
    "port": _Field("QA_BOT_WEBHOOK_PORT", whole(0, 65_535)),
    "path": _Field("QA_BOT_WEBHOOK_PATH", read_url_path),
    "max_body": _Field("QA_BOT_WEBHOOK_MAX_BODY", whole(1_000, 100_000_000)),
}
_VARIABLES = {field.variable for field in (*_FIELDS.values(), *_WEBHOOK_FIELDS.values())} | {"QA_BOT_CONFIG"}


def load_settings(file: Path | None, environ: Mapping[str, str], *, with_token: bool = True) -> Settings:
    """Return the settings of a TOML file and the environment; SettingsError in one line for whatever is wrong.

    Without a file, QA_BOT_CONFIG may name one. A variable that is empty counts as not set. Paths in the file are
    relative to its folder. Without `with_token`, for what talks with nobody, there need be neither a token
    nor anybody who may ask; the token is empty.
    """
    named = environ.get("QA_BOT_CONFIG", "").strip()
    if file is None and named:
        file = read_path("QA_BOT_CONFIG", Text(named))
    table = _read_file(file) if file else {}
    in_webhook = table.pop("webhook", {})
    if not isinstance(in_webhook, dict):
        raise SettingsError(f"{file}: webhook: not a table; write [webhook] on a line of its own")
    values = _gather(_FIELDS, table, environ, file)
    webhook = _make_webhook(_gather(_WEBHOOK_FIELDS, in_webhook, environ, file, "webhook."))
    _warn_of_misspelt(environ)
    token, name = _take_secret(values, "token", "TELEGRAM_BOT_TOKEN") if with_token else (Secret(""), "")
    if with_token and not token:
        raise SettingsError("there is no token; set TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE to @BotFather's")
    if with_token and not _TOKEN.fullmatch(token.reveal()):
        raise SettingsError(f"{name}: not a token, which is digits, a colon and letters; copy all of @BotFather's")
    if with_token and not any(values.get(key) for key in ("public", "users", "chats", "admins")):
        raise SettingsError(
            "nobody may ask; set QA_BOT_USERS=123456789 (numeric ids, more separated by commas), "
            "or QA_BOT_PUBLIC=1 to answer everybody"
        )
    values.setdefault("data", user_data_path("article-qa", appauthor=False) / "bot")
    values["proxy"] = Secret(values["proxy"]) if "proxy" in values else None
    values.pop("token_file", None)
    return Settings(**{**values, "token": token, "webhook": webhook})


def _read_file(file: Path) -> dict[str, Any]:
    """Return what is in a TOML file; warn of a password in it that others can read."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        mode = file.stat().st_mode
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror or 'cannot be read'}; name a TOML file") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: not a text in UTF-8; name a TOML file") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{file}: {error}; see https://toml.io") from None
    proxy = table.get("proxy")
    if isinstance(proxy, str) and "@" in proxy:
        warn_if_open(file, mode)
    return table


def _gather(
    fields: Mapping[str, _Field],
    table: dict[str, Any],
    environ: Mapping[str, str],
    file: Path | None,
    prefix: str = "",
) -> dict[str, Any]:
    """Return the values that are set, out of the environment or else out of a table of the file."""
    for key in table:
        if key not in fields:
            raise SettingsError(f"{file}: no setting is called {show(prefix + key)}; {_guess(key, fields, prefix)}")
        if not fields[key].in_file:
            raise SettingsError(f"{file}: {prefix}{key}: not here in clear; name a file with it: {prefix}{key}_file")
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if text := environ.get(field.variable, "").strip():
            values[key] = field.read(field.variable, Text(text))
        elif file and key in table:
            value = field.read(f"{file}: {prefix}{key}", table[key])
            values[key] = file.parent / value if isinstance(value, Path) else value
    return values


def _guess(key: str, fields: Mapping[str, _Field], prefix: str) -> str:
    known = [name for name, field in fields.items() if field.in_file] + ([] if prefix else ["webhook"])
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {prefix}{close[0]}?" if close else f"there are {', '.join(known)}"


def _take_secret(values: dict[str, Any], key: str, variable: str) -> tuple[Secret, str]:
    """Return a secret, empty if there is none, and where it came from; its keys are taken out of the values."""
    value, file = values.pop(key, ""), values.pop(f"{key}_file", None)
    if value or not file:
        return Secret(value), variable
    return Secret(read_secret_file(file)), str(file)


def _make_webhook(values: dict[str, Any]) -> Webhook | None:
    if not values:
        return None
    if "url" not in values:
        raise SettingsError("a webhook needs its public address; set QA_BOT_WEBHOOK_URL, or leave out the rest of it")
    secret, name = _take_secret(values, "secret", "QA_BOT_WEBHOOK_SECRET")
    if not _WEBHOOK_SECRET.fullmatch(secret.reveal()):
        raise SettingsError(f"{name}: a webhook needs a secret of 1 to 256 of A-Z a-z 0-9 _ -; make one up")
    return Webhook(secret=secret, **values)


def _warn_of_misspelt(environ: Mapping[str, str]) -> None:
    """Warn of variables that look like ours. No error: others may have put them there."""
    for variable in environ:
        if variable.startswith("QA_BOT_") and variable not in _VARIABLES:
            close = difflib.get_close_matches(variable, _VARIABLES, n=1, cutoff=0.9)
            if close:
                logger.warning("%s is not a setting; did you mean %s?", variable, close[0])
