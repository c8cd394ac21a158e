"""How one setting is read, out of a TOML file or out of the environment, where everything is text."""

from __future__ import annotations

import importlib.util
import ipaddress
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.errors import SettingsError

Reader = Callable[
    [str, object], object
]  # what the setting is called, and its value in the file; raises SettingsError

_LARGEST_ID = 1 << 52  # Telegram: ids have at most 52 significant bits
_LONGEST_SECRET = 4096  # bytes of a file; anything longer is the wrong file
_SHOWN = 60  # characters of a wrong value
_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")

logger = logging.getLogger(__name__)


class Text(str):
    """A value from the environment."""

    __slots__ = ()


def show(value: object) -> str:
    """Return a wrong value as one short line; a token that was put in the wrong place is hidden."""
    line = _TOKEN.sub("<hidden>", repr(str(value) if isinstance(value, Text) else value))
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def read_text(name: str, value: object) -> str:
    """Return a string; the message about any other value does not show it."""
    if not isinstance(value, str):
        raise SettingsError(f'{name}: not a text; put it in quotes: "..."')
    return str(value).strip()


def read_path(name: str, value: object) -> Path:
    """Return a path, with `~` replaced."""
    text = read_text(name, value)
    if not text or "\0" in text:
        raise SettingsError(f"{name}: {show(value)} is not a path; name a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"{name}: there is no home folder for {show(value)}; give the whole path") from None


def read_flag(name: str, value: object) -> bool:
    """Return true or false."""
    if isinstance(value, Text) and value.lower() in _YES + _NO:
        return value.lower() in _YES
    if isinstance(value, bool):
        return value
    right = "1 or 0" if isinstance(value, Text) else "true or false, without quotes"
    raise SettingsError(f"{name}: {show(value)} is neither yes nor no; write {right}")


def whole(low: int, high: int) -> Reader:
    """Return a reader of whole numbers from `low` to `high`."""

    def read(name: str, value: object) -> int:
        number = _to_number(name, value, int)
        if isinstance(number, float):
            raise SettingsError(f"{name}: {show(value)} is not a whole number; give one from {low} to {high}")
        if not low <= number <= high:
            raise SettingsError(f"{name}: {show(value)} is out of range; give a number from {low} to {high}")
        return number

    return read


def real(low: float, high: float) -> Reader:
    """Return a reader of numbers from `low` to `high`."""

    def read(name: str, value: object) -> float:
        number = _to_number(name, value, float)
        if not low <= number <= high:  # so that nan is refused
            raise SettingsError(f"{name}: {show(value)} is out of range; give a number from {low:g} to {high:g}")
        return float(number)

    return read


def _to_number(name: str, value: object, kind: type[int] | type[float]) -> int | float:
    if isinstance(value, Text):
        try:
            return kind(value)
        except ValueError:
            raise SettingsError(f"{name}: {show(value)} is not a {_KINDS[kind]}; write it in digits") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f"{name}: {show(value)} is not a {_KINDS[kind]}; write it in digits, without quotes")
    return value


_KINDS: dict[type, str] = {int: "whole number", float: "number"}


def ids(*, users: bool) -> Reader:
    """Return a reader of sets of numeric ids, of users or of any chats."""

    def read(name: str, value: object) -> frozenset[int]:
        if isinstance(value, Text):
            return frozenset(_to_id(name, part, users=users) for part in value.replace(",", " ").split())
        if not isinstance(value, list):
            raise SettingsError(f"{name}: {show(value)} is not a list; write it as [123456789, 987654321]")
        return frozenset(_to_id(name, part, users=users) for part in value)

    return read


def _to_id(name: str, value: object, *, users: bool) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,20}", value):
            raise SettingsError(
                f"{name}: {show(value)} is not a numeric id; names change hands, so give the number that /start shows"
            )
        value = int(value)
    if users and value < 0:
        raise SettingsError(f"{name}: {value} is a group's id; put it under chats")
    if not 0 < abs(value) < _LARGEST_ID:
        raise SettingsError(f"{name}: {show(value)} is no id of Telegram's; give the number that /start shows")
    return value


def read_api_url(name: str, value: object) -> str:
    """Return the address that the token is put behind. Warn when the token would travel in clear."""
    text = read_text(name, value)
    parts = _split(text)
    if not parts or parts.scheme not in {"http", "https"}:
        raise SettingsError(
            f"{name}: {_show_url(text)} is not http or https; give one like https://api.telegram.org/bot"
        )
    if _TOKEN.search(text):
        raise SettingsError(f"{name}: there is a token in it; end it where the token would begin")
    if "@" in parts.netloc:
        raise SettingsError(f"{name}: there is a user or a password in it, which would be logged; leave them out")
    if not parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingsError(f"{name}: {show(text)} has no path to put the token behind; end it with /bot")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        logger.warning("%s: the token travels in clear to %s; use https", name, parts.hostname)
    return text


def read_public_url(name: str, value: object) -> str:
    """Return an https address."""
    text = read_text(name, value)
    parts = _split(text)
    if not parts or parts.scheme != "https" or "@" in parts.netloc:
        raise SettingsError(
            f"{name}: {_show_url(text)} is not https, and Telegram needs it; e.g. https://example.org/bot"
        )
    return text


def read_proxy(name: str, value: object) -> str:
    """Return a proxy's address. There may be a password in it, so no message shows it."""
    text = read_text(name, value)
    parts = _split(text)
    if not parts or parts.scheme not in {"http", "https", "socks5", "socks5h"}:
        raise SettingsError(f"{name}: not a proxy's address; give one like http://proxy.example.org:3128")
    if parts.scheme.startswith("socks") and not importlib.util.find_spec("socksio"):
        raise SettingsError(f"{name}: SOCKS needs one more package; pip install 'python-telegram-bot[socks]'")
    return text


def read_url_path(name: str, value: object) -> str:
    """Return the path that Telegram's updates come to."""
    text = read_text(name, value)
    if not re.fullmatch(r"/[A-Za-z0-9/_.~-]*", text) or text == "/healthz":
        raise SettingsError(f"{name}: {show(text)} is not a path to listen on; give one like /telegram")
    return text


def read_host(name: str, value: object) -> str:
    """Return the name or address to listen on."""
    text = read_text(name, value)
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise SettingsError(f"{name}: {show(text)} is not an address to listen on; give one like 127.0.0.1")
    return text


def read_secret_file(path: Path) -> str:
    """Return the text of a file that only its owner should be able to read; warn if others are."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LONGEST_SECRET + 1)
    except OSError as error:
        shown = _TOKEN.sub("<hidden>", str(path))  # the token itself, given in place of its file
        raise SettingsError(f"{shown}: {error.strerror or 'cannot be read'}; name a file with the secret") from None
    warn_if_open(path, mode)
    if len(content) > _LONGEST_SECRET:
        raise SettingsError(f"{path}: too long for a secret; name a file with nothing else in it")
    return content.decode("utf-8", "replace").removeprefix("\ufeff").strip()


def warn_if_open(path: Path, mode: int) -> None:
    """Warn of a file that others than its owner may read; Windows has no such modes."""
    if mode & 0o077 and os.name != "nt":
        logger.warning("%s: others can read the secret in it; chmod 600 it", path)


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address, None if it is none."""
    try:
        parts = urlsplit(url)
        if parts.port == 0 or not parts.hostname or not url.isprintable() or " " in url:
            return None
    except ValueError:
        return None
    return parts


def _show_url(url: str) -> str:
    return "this" if "@" in url else show(url)  # there may be a password in it


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
