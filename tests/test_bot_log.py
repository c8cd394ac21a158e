"""Logging: no secret comes out, whatever way it got into a record."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.log import HIDDEN, redact, set_up_logging
from bot.settings import Secret

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz-_01234"  # noqa: S105
HOOK = "hook-secret_1"
PROXY = "http://me%40x:p%C3%A4ss'w%22rd@proxy.example.org:3128"
SECRETS = [Secret(TOKEN), Secret(HOOK), Secret(PROXY), Secret("")]
LEAKS = ("AAabc", HOOK, "rd@proxy", "ss'w", "pässw")

log = logging.getLogger("bot.test")


class Teller:
    """Shows a secret however it is asked."""

    def __str__(self) -> str:
        return f"told {TOKEN}"

    def __repr__(self) -> str:
        return f"Teller({TOKEN!r})"


Err = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def err(capsys: Err, monkeypatch: pytest.MonkeyPatch) -> Iterator[Err]:
    """The stderr that is logged to, at DEBUG; everything is put back afterwards."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, ("httpx", "httpcore", "tornado", "faiss", "telegram"))]
    levels, handlers = [logger.level for logger in loggers], root.handlers[:]
    root.handlers.clear()
    set_up_logging("DEBUG", SECRETS)
    yield capsys
    set_up_logging("WARNING", [])
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def read(err: Err) -> str:
    """Return what was logged since the last call, in which no secret is."""
    text = err.readouterr().err
    assert text
    assert not [leak for leak in LEAKS if leak in text], text
    return text


@pytest.mark.parametrize(
    ("message", "args", "expected"),
    [
        (f"Set Bot API URL: https://api.telegram.org/bot{TOKEN}", (), f"https://api.telegram.org/{HIDDEN}\n"),
        ("the %s was rejected", (TOKEN,), f"the {HIDDEN} was rejected\n"),
        ("%s:%s", tuple(TOKEN.split(":")), f": {HIDDEN}\n"),
        ("%s%s", (HOOK[:5], HOOK[5:]), f": {HIDDEN}\n"),
        ("%s", (Teller(),), f": told {HIDDEN}\n"),
        ("%r", (Teller(),), f": Teller('{HIDDEN}')\n"),
        ("%r", ([{"token": TOKEN.encode()}],), f": [{{'token': b'{HIDDEN}'}}]\n"),
        ("%(token)s", ({"token": TOKEN},), f": {HIDDEN}\n"),
        ("only %s", (TOKEN.split(":")[1],), f": only {HIDDEN}\n"),
        ("/bot123456789%%3A%s/x%s", (TOKEN[10:], ""), f": /{HIDDEN}/x\n"),
        ("%s", (PROXY,), f": {HIDDEN}\n"),
        ("%r and %s", ("päss'w\"rd", "p%C3%A4ss'w%22rd"), f" and {HIDDEN}\n"),
        ("%s", ('"p\\u00e4ss\'w\\"rd"',), f': "{HIDDEN}"\n'),
        ("Basic %s", ("bWVAeDpww6Rzcyd3InJk",), f": Basic {HIDDEN}\n"),
        ("%s", ("bot987654321:BBabcdefghijklmnopqrstuvwxyz",), f": {HIDDEN}\n"),
        ("no secret: %d at %s", (123456789, "12:46:33"), ": no secret: 123456789 at 12:46:33\n"),
    ],
)
def test_messages(message: str, args: tuple[object, ...], expected: str, err: Err) -> None:
    """A secret in the message, in its arguments, or put together out of both is hidden."""
    log.debug(message, *args)
    assert read(err).endswith(expected)


def test_message_that_is_no_text(err: Err) -> None:
    """An object may be logged."""
    log.info(Teller())
    assert read(err).endswith(f" INFO bot.test: told {HIDDEN}\n")


def test_arguments_that_do_not_fit(err: Err, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in a call of the logger shows the message without its arguments."""
    root = logging.getLogger()
    ours = [handler for handler in root.handlers if type(handler).__module__ == "bot.log"]  # pytest's own would raise
    monkeypatch.setattr(root, "handlers", ours)
    log.info(f"%d {TOKEN}", TOKEN)
    log.info("a %s %s", TOKEN)
    first, second = read(err).splitlines()
    assert first == "INFO bot.test: %d <hidden> (not formatted: TypeError)"
    assert second == "INFO bot.test: a %s %s (not formatted: TypeError)"


def fail() -> None:
    """Raise a chain of errors with the token in each, in a note and in the source line."""
    try:
        try:
            raise ValueError(f"first {TOKEN}")
        except ValueError as error:
            error.add_note(f"note {TOKEN}")
            raise OSError(f"second bot{TOKEN}") from error
    except OSError:
        raise RuntimeError("third 123456789:AAabcdefghijklmnopqrstuvwxyz-_01234", HOOK)  # noqa: B904 - as context


def test_tracebacks(err: Err) -> None:
    """Every error of a chain, its notes and its source lines are told without secrets."""
    try:
        fail()
    except RuntimeError:
        log.exception("crashed with %s", TOKEN)
    text = read(err)
    for part in ("crashed with", "first", "note", "second", "third"):
        assert f"{part} <hidden>" in text
    assert "The above exception was the direct cause" in text
    assert "During handling of the above exception" in text


def test_exception_groups_and_stacks(err: Err) -> None:
    """So are those of a group, and a stack."""
    group = ExceptionGroup(f"group {TOKEN}", [OSError(TOKEN), ExceptionGroup("inner", [ValueError(HOOK)])])
    log.error("failed", exc_info=group)
    log.error("here 123456789:AAabcdefghijklmnopqrstuvwxyz-_01234", stack_info=True)
    text = read(err)
    assert "group <hidden>" in text
    assert "OSError: <hidden>" in text
    assert "ValueError: <hidden>" in text
    assert "Stack (most recent call last)" in text


def test_uncaught_exception(err: Err) -> None:
    """What nothing catches is logged, redacted; an interrupt is left to Python."""
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "CRITICAL bot.log: the bot ends by an error of its own" in read(err)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert read(err) == "KeyboardInterrupt\n"


def test_other_handlers_of_stderr_are_replaced(err: Err) -> None:
    """A handler that a library set up in passing would write in clear; one of another kind stays."""
    root, null = logging.getLogger(), logging.NullHandler()
    root.addHandler(logging.StreamHandler())
    root.addHandler(null)
    set_up_logging("info", SECRETS)
    set_up_logging("info", SECRETS)
    log.info("once %s", TOKEN)
    assert read(err).count("once") == 1
    assert null in root.handlers


def test_levels(err: Err) -> None:
    """The level is the root's; the libraries that would write every address or update are kept quieter."""
    for name in ("httpx", "httpcore.connection", "tornado.general", "telegram.ext.Updater", "bot.app"):
        logging.getLogger(name).debug("debug of %s", name)
        logging.getLogger(name).info("info of %s", name)
        logging.getLogger(name).warning("warning of %s", name)
    lines = [line.split(": ", 1)[1] for line in read(err).splitlines()]
    assert lines == [
        "warning of httpx",
        "warning of httpcore.connection",
        "warning of tornado.general",
        "warning of telegram.ext.Updater",
        "debug of bot.app",
        "info of bot.app",
        "warning of bot.app",
    ]
    set_up_logging("ERROR", SECRETS)
    logging.getLogger("httpx").warning("not any more")
    assert err.readouterr().err == ""


def test_unknown_level() -> None:
    """A level that there is not is told with those that there are."""
    with pytest.raises(SettingsError, match=r"^'LOUD' is not a log level; choose DEBUG, INFO, WARNING or ERROR$"):
        set_up_logging("LOUD", SECRETS)


def test_stderr_is_gone(err: Err, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed stderr ends nothing, and the record is not written elsewhere in clear."""
    for stream in (io.StringIO(), None):
        if stream:
            stream.close()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", stream)
            log.error("lost %s", TOKEN)
    assert err.readouterr() == ("", "")


def test_lone_surrogates(err: Err) -> None:
    """Half a character of a garbled update can be written."""
    log.info("text %s", "\ud83d")
    assert read(err).endswith("text \\ud83d\n")


def test_short_secrets_do_not_hide_everything() -> None:
    """A secret of three characters is in every other word: it is left alone."""
    set_up_logging("INFO", [Secret("a"), Secret("abc"), Secret("abcd")])
    assert redact("abc abcd a") == "abc <hidden> a"


def test_new_secrets_replace_old() -> None:
    """Only what is secret now is hidden, and what looks like a token."""
    set_up_logging("INFO", [Secret("other-secret")])
    assert redact(f"{HOOK} other-secret bot{TOKEN}") == f"{HOOK} <hidden> <hidden>"


@given(st.text(min_size=4, max_size=12), st.text(alphabet="é,", max_size=8))
@example("a.b*(c", "")
@example("\\1\\g<0>", "é")
def test_any_secret_is_hidden(secret: str, around: str) -> None:
    """Whatever is in a secret, it is taken for what it is, and the text around it stays."""
    set_up_logging("INFO", [Secret(secret)])
    if "é" not in secret and "," not in secret:
        assert redact(around + secret + around) == around + HIDDEN + around
