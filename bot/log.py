"""Logging to stderr without the token, the webhook's secret or the proxy's password in it."""

from __future__ import annotations

import base64
import copy
import json
import logging
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from urllib.parse import quote, quote_plus, unquote, urlsplit

from bot.errors import SettingsError
from bot.settings import Secret

HIDDEN = "<hidden>"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SHORTEST = 4  # anything shorter is in every other word
_ANY_TOKEN = r"bot\d+(?::|%3A)[\w-]{20,}|\b\d{6,}(?::|%3A)[\w-]{30,}"  # noqa: S105 - what a token looks like
# httpx writes every address, which has the token in it, at INFO; tornado a malformed header; telegram whole updates
# at DEBUG. Nothing of them below WARNING helps an operator.
_QUIET = ("httpx", "httpcore", "tornado", "faiss", "telegram")

_pattern = re.compile(_ANY_TOKEN)


def set_up_logging(level: str, secrets: Sequence[Secret]) -> None:
    """Send records of at least this level to stderr, redacted; SettingsError for a level that there is not.

    Also an exception that nothing catches is written this way. Calling it again replaces level and secrets.
    """
    global _pattern  # `redact` has to know what is secret, wherever it is called
    names = logging.getLevelNamesMapping()
    if level.upper() not in names:
        raise SettingsError(f"{level!r} is not a log level; choose DEBUG, INFO, WARNING or ERROR")
    _pattern = _make_pattern(secrets)
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if type(handler) in {logging.StreamHandler, _Handler}:  # also one that a library set up in passing
            root.removeHandler(handler)
    handler = _Handler()
    handler.setFormatter(_Formatter(_FORMAT))
    root.addHandler(handler)
    root.setLevel(names[level.upper()])
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    sys.excepthook = _log_uncaught


def redact(text: str) -> str:
    """Return the text with every secret, and anything that looks like a bot's token, replaced by "<hidden>"."""
    return _pattern.sub(HIDDEN, text)


class _Formatter(logging.Formatter):
    """Redacts the whole text of a record at last, whatever it was put together from."""

    def format(self, record: logging.LogRecord) -> str:
        try:
            if _is_no_fault_of_ours(record):
                record = copy.copy(record)
                record.exc_info = record.exc_text = None
            text = super().format(record)
        except Exception as error:  # arguments that do not fit; logging itself would print them unredacted
            message = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
            text = f"{record.levelname} {record.name}: {message} (not formatted: {type(error).__name__})"
        return redact(text.encode("utf-8", "backslashreplace").decode())


def _is_no_fault_of_ours(record: logging.LogRecord) -> bool:
    """Say whether python-telegram-bot logs a traceback of what Telegram or the network is to blame for."""
    error = record.exc_info[1] if record.exc_info else None
    return record.name.startswith("telegram.ext") and type(error).__module__ == "telegram.error"


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # not generic when it runs
    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr  # whatever that is by now
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base's name
        """Stay silent: stderr itself is gone, and the base would write the record there unredacted."""


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, Exception):
        logging.getLogger(__name__).critical("the bot ends by an error of its own", exc_info=(kind, error, trace))
    else:
        sys.__excepthook__(kind, error, trace)


def _make_pattern(secrets: Sequence[Secret]) -> re.Pattern[str]:
    forms = {form for secret in secrets for part in _parts(secret.reveal()) for form in _forms(part)}
    longest_first = sorted((form for form in forms if len(form) >= _SHORTEST), key=lambda form: (-len(form), form))
    return re.compile("|".join([*map(re.escape, longest_first), _ANY_TOKEN]))


def _parts(secret: str) -> set[str]:
    """Return a secret and what of it is secret alone: a token's second half, the password in an address."""
    parts = {secret}
    with suppress(ValueError):  # not an address
        address = urlsplit(secret)
        if address.password:
            login = address.netloc.rpartition("@")[0]
            parts |= {login, unquote(login), address.password, unquote(address.password)}
    if re.fullmatch(r"\d+:[\w-]+", secret):
        parts.add(secret.partition(":")[2])
    return parts


def _forms(secret: str) -> set[str]:
    """Return the ways that a string may be written: in a URL, in JSON, in a repr, in a Basic header."""
    encoded = secret.encode("utf-8", "surrogatepass")
    return {
        secret,
        quote(encoded),
        quote(encoded, safe=""),
        quote_plus(encoded),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        repr(encoded)[2:-1],
        base64.b64encode(encoded).decode(),
    }
