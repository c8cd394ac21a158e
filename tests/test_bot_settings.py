"""The settings: where each comes from, which wins, and one line that helps for each that is wrong."""

from __future__ import annotations

import copy
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.errors import SettingsError
from bot.settings import _FIELDS, _WEBHOOK_FIELDS, Secret, Settings, Webhook, load_settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz-_01234"  # noqa: S105
BARE = {"TELEGRAM_BOT_TOKEN": TOKEN, "QA_BOT_USERS": "5"}
HOOK = {"QA_BOT_WEBHOOK_URL": "https://example.org/t", "QA_BOT_WEBHOOK_SECRET": "s-e_c"}


def load(environ: Mapping[str, str] = MappingProxyType({}), text: str = "", folder: Path | None = None) -> Settings:
    """Return the settings of a TOML text and of variables besides a token and a user."""
    file = None
    if folder:
        file = folder / "bot.toml"
        file.write_text(text, encoding="utf-8")
    return load_settings(file, BARE | dict(environ))


def fault(environ: Mapping[str, str] = MappingProxyType({}), text: str = "", folder: Path | None = None) -> str:
    """Return what is wrong: one line, without the token in it."""
    with pytest.raises(SettingsError) as caught:
        load(environ, text, folder)
    line = str(caught.value)
    assert "\n" not in line
    assert TOKEN not in line
    assert caught.value.status == 2
    return line.replace(f"{folder}{os.sep}", "") if folder else line


def test_defaults() -> None:
    """A token and somebody who may ask are all that is needed."""
    settings = load()
    assert settings.token == Secret(TOKEN)
    assert settings.users == {5}
    assert (settings.base_url, settings.base_file_url) == (
        "https://api.telegram.org/bot",
        "https://api.telegram.org/file/bot",
    )
    assert settings.data.parts[-2:] == ("article-qa", "bot")
    assert (settings.library, settings.proxy, settings.webhook, settings.min_confidence) == (None,) * 4
    assert (settings.public, settings.chats, settings.admins) == (False, frozenset(), frozenset())
    numbers = (settings.poll_seconds, settings.workers, settings.waiting, settings.waiting_per_chat, settings.burst)
    assert numbers == (10, 2, 200, 10, 5)
    assert (settings.answer_seconds, settings.per_minute, settings.old_minutes) == (30.0, 10.0, 15.0)


def test_all_variables(tmp_path: Path) -> None:
    """Each setting can come from the environment."""
    settings = load(
        {
            "TELEGRAM_BASE_URL": "http://127.0.0.1:81/bot",
            "TELEGRAM_BASE_FILE_URL": "http://[::1]:81/file/bot",
            "TELEGRAM_PROXY": "http://me:pass@proxy.example.org:3128",
            "QA_LIBRARY": str(tmp_path / "l"),
            "QA_BOT_DATA": str(tmp_path / "d"),
            "QA_BOT_PUBLIC": "Yes",
            "QA_BOT_USERS": "1, 2 3",
            "QA_BOT_CHATS": "-100123,7",
            "QA_BOT_ADMINS": "4",
            "QA_BOT_POLL_SECONDS": "20",
            "QA_BOT_WORKERS": "3",
            "QA_BOT_ANSWER_SECONDS": "2.5",
            "QA_BOT_WAITING": "11",
            "QA_BOT_WAITING_PER_CHAT": "12",
            "QA_BOT_PER_MINUTE": "0.5",
            "QA_BOT_BURST": "13",
            "QA_BOT_OLD_MINUTES": "14",
            "QA_BOT_MIN_CONFIDENCE": "0.25",
            **HOOK,
            "QA_BOT_WEBHOOK_LISTEN": "::1",
            "QA_BOT_WEBHOOK_PORT": "0",
            "QA_BOT_WEBHOOK_PATH": "/x/y",
            "QA_BOT_WEBHOOK_MAX_BODY": "2000",
        }
    )
    assert settings == Settings(
        token=Secret(TOKEN),
        base_url="http://127.0.0.1:81/bot",
        base_file_url="http://[::1]:81/file/bot",
        proxy=Secret("http://me:pass@proxy.example.org:3128"),
        library=tmp_path / "l",
        data=tmp_path / "d",
        public=True,
        users=frozenset({1, 2, 3}),
        chats=frozenset({-100123, 7}),
        admins=frozenset({4}),
        poll_seconds=20,
        workers=3,
        answer_seconds=2.5,
        waiting=11,
        waiting_per_chat=12,
        per_minute=0.5,
        burst=13,
        old_minutes=14.0,
        min_confidence=0.25,
        webhook=Webhook(
            url="https://example.org/t", secret=Secret("s-e_c"), listen="::1", port=0, path="/x/y", max_body=2000
        ),
    )


def test_readme(tmp_path: Path) -> None:
    """The files in the README can be loaded as they stand there; its table names every variable and every key."""
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for name, text in (("token", TOKEN), ("webhook-secret", "abc")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    (toml,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "bot.toml").write_text(toml, encoding="utf-8")
    settings = load_settings(tmp_path / "bot.toml", {})
    assert settings.webhook == Webhook(url="https://example.org/telegram", secret=Secret("abc"))
    (variables,) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    environ = dict(line.split("=") for line in variables.splitlines())
    served = load_settings(None, environ | {"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert (served.library, served.data, served.users) == (settings.library, settings.data, frozenset({123456789}))
    (table,) = re.findall(r"\| variable \|.*?\n\n", readme, re.DOTALL)
    cells = [line.split(" | ")[:2] for line in table.split("\n")[2:-2]]
    told = {name for _, keys in cells for name in re.findall(r"`(\w+)`", keys)}
    assert told == {name for known in (_FIELDS, _WEBHOOK_FIELDS) for name, field in known.items() if field.in_file}


def test_all_keys(tmp_path: Path) -> None:
    """Each setting but the secrets can come from the file; paths in it are relative to it."""
    (tmp_path / "token").write_text(f"\ufeff{TOKEN}\r\n", encoding="utf-8")
    (tmp_path / "secret").write_text("abc\n")
    for name in ("token", "secret"):
        (tmp_path / name).chmod(0o600)
    text = """
        token_file = "token"
        base_url = "https://example.org/{token}/x"
        proxy = "http://proxy.example.org:3128"
        library = "~/articles"
        data = "d"
        public = false
        users = [1, 2]
        chats = [-3]
        admins = [4]
        answer_seconds = 5
        workers = 3
        [webhook]
        url = "https://example.org/t"
        secret_file = "secret"
        port = 9000
    """
    file = tmp_path / "bot.toml"
    file.write_text("\ufeff" + text, encoding="utf-8")
    settings = load_settings(None, {"QA_BOT_CONFIG": str(file), "QA_BOT_WORKERS": "4", "QA_BOT_USERS": " "})
    assert settings.token.reveal() == TOKEN
    assert settings.base_url == "https://example.org/{token}/x"
    assert settings.proxy == Secret("http://proxy.example.org:3128")
    assert (settings.library, settings.data) == (Path.home() / "articles", tmp_path / "d")
    assert [set(them) for them in (settings.users, settings.chats, settings.admins)] == [{1, 2}, {-3}, {4}]
    assert repr(settings.answer_seconds) == "5.0"
    assert settings.workers == 4  # the environment wins
    assert settings.webhook == Webhook(url="https://example.org/t", secret=Secret("abc"), port=9000)


def test_every_field_can_be_set() -> None:
    """No setting is without a variable, and no variable without a setting."""
    assert {field.name for field in fields(Settings)} == _FIELDS.keys() - {"token_file"} | {"webhook"}
    assert {field.name for field in fields(Webhook)} == _WEBHOOK_FIELDS.keys() - {"secret_file"}


def test_token_sources(tmp_path: Path) -> None:
    """The variable, then the file that a variable names, then the file that the file names."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(TOKEN.replace("AA", name * 2))
        (tmp_path / name).chmod(0o600)
    table = 'token_file = "b"'
    assert load({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "a")}, table, tmp_path).token.reveal() == TOKEN
    without = {"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "a")}
    assert load(without, table, tmp_path).token.reveal() == TOKEN.replace("AA", "aa")
    assert load({"TELEGRAM_BOT_TOKEN": ""}, table, tmp_path).token.reveal() == TOKEN.replace("AA", "bb")


def test_without_token() -> None:
    """What talks with nobody needs no token, not even a well-formed one, and nobody who may ask."""
    for environ in ({}, BARE | {"TELEGRAM_BOT_TOKEN": "x", "TELEGRAM_BOT_TOKEN_FILE": "/none"}):
        assert not load_settings(None, environ, with_token=False).token


def test_secret_does_not_show_itself() -> None:
    """Neither alone nor within the settings; it is equal by value and false if empty."""
    settings = load(HOOK | {"TELEGRAM_PROXY": "http://me:hunter2@proxy.example.org"})
    shown = f"{settings!r} {settings} {settings.token} {settings.token!r} {[settings.token]} {settings.webhook}"
    assert not re.search("AAabc|hunter2|s-e_c", shown)
    assert shown.count("<hidden>") == 10
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert (bool(Secret("")), bool(Secret("a"))) == (False, True)
    assert copy.deepcopy(settings) == settings


@pytest.mark.parametrize("who", ["QA_BOT_USERS", "QA_BOT_CHATS", "QA_BOT_ADMINS"])
def test_nobody_allowed(who: str) -> None:
    """Without anybody who may ask the bot does not start, and says how to name them; one is enough."""
    line = fault({"QA_BOT_USERS": ""})
    assert line == (
        "nobody may ask; set QA_BOT_USERS=123456789 (numeric ids, more separated by commas), "
        "or QA_BOT_PUBLIC=1 to answer everybody"
    )
    assert fault({"QA_BOT_USERS": " ,", "QA_BOT_PUBLIC": "no"}) == line
    assert load({"QA_BOT_USERS": "", who: "5"}).public is False
    assert load({"QA_BOT_USERS": "", "QA_BOT_PUBLIC": "TRUE"}).public is True


FAULTS = [
    ({"TELEGRAM_BOT_TOKEN": ""}, "there is no token; set TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE"),
    ({"TELEGRAM_BOT_TOKEN": "bot" + TOKEN}, "TELEGRAM_BOT_TOKEN: not a token"),
    ({"TELEGRAM_BOT_TOKEN": TOKEN + " x"}, "TELEGRAM_BOT_TOKEN: not a token"),
    ({"TELEGRAM_BOT_TOKEN": "१२३:abc"}, "TELEGRAM_BOT_TOKEN: not a token"),
    ({"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": "/no/such"}, "/no/such: No such file or directory;"),
    ({"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": TOKEN}, "<hidden>: No such file or directory;"),
    (
        {"TELEGRAM_BASE_URL": "ftp://example.org/bot"},
        "TELEGRAM_BASE_URL: 'ftp://example.org/bot' is not http or https",
    ),
    ({"TELEGRAM_BASE_URL": "api.telegram.org/bot"}, "TELEGRAM_BASE_URL: 'api.telegram.org/bot' is not http or https"),
    ({"TELEGRAM_BASE_URL": "https://[::1/bot"}, "TELEGRAM_BASE_URL: 'https://[::1/bot' is not http"),
    ({"TELEGRAM_BASE_URL": "https://example.org"}, "TELEGRAM_BASE_URL: 'https://example.org' has no path"),
    ({"TELEGRAM_BASE_URL": "https://a:hunter2@example.org/bot"}, "TELEGRAM_BASE_URL: there is a user or a password"),
    ({"TELEGRAM_BASE_URL": f"https://example.org/bot{TOKEN}"}, "TELEGRAM_BASE_URL: there is a token in it;"),
    ({"TELEGRAM_BASE_FILE_URL": "x"}, "TELEGRAM_BASE_FILE_URL: 'x' is not http"),
    ({"TELEGRAM_PROXY": "a:hunter2@example.org"}, "TELEGRAM_PROXY: not a proxy's address;"),
    ({"TELEGRAM_PROXY": "http://a:hunter2@example.org:99999"}, "TELEGRAM_PROXY: not a proxy's address;"),
    ({"QA_LIBRARY": "~nobody-of-that-name/x"}, "QA_LIBRARY: there is no home folder for '~nobody-of-that-name/x';"),
    ({"QA_BOT_PUBLIC": "maybe"}, "QA_BOT_PUBLIC: 'maybe' is neither yes nor no; write 1 or 0"),
    ({"QA_BOT_USERS": "5,@anna"}, "QA_BOT_USERS: '@anna' is not a numeric id; names change hands,"),
    ({"QA_BOT_USERS": "1.5"}, "QA_BOT_USERS: '1.5' is not a numeric id;"),
    ({"QA_BOT_USERS": "-100123"}, "QA_BOT_USERS: -100123 is a group's id; put it under chats"),
    ({"QA_BOT_ADMINS": "0"}, "QA_BOT_ADMINS: 0 is no id of Telegram's;"),
    ({"QA_BOT_CHATS": "9" * 20}, f"QA_BOT_CHATS: {'9' * 20} is no id of Telegram's;"),
    ({"QA_BOT_CHATS": TOKEN}, "QA_BOT_CHATS: '<hidden>' is not a numeric id;"),
    ({"QA_BOT_WORKERS": "two"}, "QA_BOT_WORKERS: 'two' is not a whole number; write it in digits"),
    ({"QA_BOT_WORKERS": "2.5"}, "QA_BOT_WORKERS: '2.5' is not a whole number;"),
    ({"QA_BOT_WORKERS": "0"}, "QA_BOT_WORKERS: '0' is out of range; give a number from 1 to 64"),
    ({"QA_BOT_WORKERS": "9" * 5000}, f"QA_BOT_WORKERS: '{'9' * 58}… is not a whole number;"),
    ({"QA_BOT_POLL_SECONDS": "51"}, "QA_BOT_POLL_SECONDS: '51' is out of range; give a number from 1 to 50"),
    ({"QA_BOT_PER_MINUTE": "nan"}, "QA_BOT_PER_MINUTE: 'nan' is out of range; give a number from 0.1 to 10000"),
    ({"QA_BOT_OLD_MINUTES": "inf"}, "QA_BOT_OLD_MINUTES: 'inf' is out of range;"),
    ({"QA_BOT_MIN_CONFIDENCE": "1.5"}, "QA_BOT_MIN_CONFIDENCE: '1.5' is out of range; give a number from 0 to 1"),
    ({"QA_BOT_BURST": "a\nb"}, "QA_BOT_BURST: 'a\\nb' is not a whole number;"),
    ({"QA_BOT_WEBHOOK_SECRET": "abc"}, "a webhook needs its public address; set QA_BOT_WEBHOOK_URL,"),
    (
        {"QA_BOT_WEBHOOK_URL": HOOK["QA_BOT_WEBHOOK_URL"]},
        "QA_BOT_WEBHOOK_SECRET: a webhook needs a secret of 1 to 256",
    ),
    (HOOK | {"QA_BOT_WEBHOOK_SECRET": "hunter2 "[:7] + "!"}, "QA_BOT_WEBHOOK_SECRET: a webhook needs a secret"),
    (HOOK | {"QA_BOT_WEBHOOK_SECRET": "x" * 257}, "QA_BOT_WEBHOOK_SECRET: a webhook needs a secret"),
    (
        HOOK | {"QA_BOT_WEBHOOK_URL": "http://example.org/t"},
        "QA_BOT_WEBHOOK_URL: 'http://example.org/t' is not https",
    ),
    (HOOK | {"QA_BOT_WEBHOOK_URL": "https://a:hunter2@b/t"}, "QA_BOT_WEBHOOK_URL: this is not https"),
    (HOOK | {"QA_BOT_WEBHOOK_PORT": "65536"}, "QA_BOT_WEBHOOK_PORT: '65536' is out of range;"),
    (HOOK | {"QA_BOT_WEBHOOK_PATH": "x"}, "QA_BOT_WEBHOOK_PATH: 'x' is not a path to listen on;"),
    (HOOK | {"QA_BOT_WEBHOOK_PATH": "/healthz"}, "QA_BOT_WEBHOOK_PATH: '/healthz' is not a path to listen on;"),
    (
        HOOK | {"QA_BOT_WEBHOOK_LISTEN": "http://x"},
        "QA_BOT_WEBHOOK_LISTEN: 'http://x' is not an address to listen on;",
    ),
    ({"QA_BOT_CONFIG": "/no/such.toml"}, "/no/such.toml: No such file or directory; name a TOML file"),
]


@pytest.mark.parametrize(("environ", "start"), FAULTS)
def test_faults_of_variables(environ: dict[str, str], start: str) -> None:
    """Each fault is told by the variable's name, its value and what to do, and no password is shown."""
    line = fault(environ)
    assert line.startswith(start)
    assert "hunter2" not in line
    assert ";" in line
    assert len(line) < 200


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f'token = "{TOKEN}"', "bot.toml: token: not here in clear; name a file with it: token_file"),
        (
            '[webhook]\nsecret = "abc"',
            "bot.toml: webhook.secret: not here in clear; name a file with it: webhook.secr",
        ),
        ("user = [5]", "bot.toml: no setting is called 'user'; did you mean users?"),
        ("[webhok]", "bot.toml: no setting is called 'webhok'; did you mean webhook?"),
        ("[webhook]\nprot = 1", "bot.toml: no setting is called 'webhook.prot'; did you mean webhook.port?"),
        ("zzzz = 1", "bot.toml: no setting is called 'zzzz'; there are token_file, base_url,"),
        (f'"{TOKEN}" = 1', "bot.toml: no setting is called '<hidden>'; there are"),
        ("webhook = 5", "bot.toml: webhook: not a table;"),
        ("users = 5", "bot.toml: users: 5 is not a list; write it as [123456789, 987654321]"),
        ('users = ["@anna"]', "bot.toml: users: '@anna' is not a numeric id;"),
        ("users = [true]", "bot.toml: users: True is not a numeric id;"),
        ("public = 1", "bot.toml: public: 1 is neither yes nor no; write true or false, without quotes"),
        ("workers = true", "bot.toml: workers: True is not a whole number;"),
        ("workers = 1.5", "bot.toml: workers: 1.5 is not a whole number;"),
        ('workers = "2"', "bot.toml: workers: '2' is not a whole number; write it in digits, without quotes"),
        ("burst = -1", "bot.toml: burst: -1 is out of range;"),
        ("per_minute = nan", "bot.toml: per_minute: nan is out of range;"),
        ("per_minute = 1979-05-27", "bot.toml: per_minute: datetime.date(1979, 5, 27) is not a number;"),
        ("data = 5", "bot.toml: data: not a text; put it in quotes"),
        ('data = ""', "bot.toml: data: '' is not a path; name a file or folder"),
        ("users = [", "bot.toml: Invalid value"),
        ("a = " + "[" * 2000, "bot.toml: "),
    ],
)
def test_faults_of_the_file(text: str, start: str, tmp_path: Path) -> None:
    """Each fault is told by the file's name, the key's name, its value and what to do."""
    variables = {} if "users" not in text else {"QA_BOT_USERS": ""}
    assert fault(variables, text, tmp_path).startswith(start)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    """A file in another encoding, and a folder, are told in a line."""
    (tmp_path / "bot.toml").write_bytes(b"\xff\xfe\x00")
    for path, reason in ((tmp_path / "bot.toml", "not a text in UTF-8"), (tmp_path, "Is a directory")):
        with pytest.raises(SettingsError, match=f"{reason}; name a TOML file$"):
            load_settings(path, BARE)


def test_token_in_clear_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    """An http address that is not this machine's is used, with a warning."""
    for host in ("localhost:8081", "127.0.0.3", "[::1]", "a.localhost"):
        load({"TELEGRAM_BASE_URL": f"http://{host}/bot"})
    load({"TELEGRAM_BASE_URL": "https://example.org/bot"})
    assert not caplog.records
    assert load({"TELEGRAM_BASE_URL": "http://10.0.0.7:8081/bot"}).base_url == "http://10.0.0.7:8081/bot"
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "TELEGRAM_BASE_URL: the token travels in clear to 10.0.0.7; use https")
    ]


@pytest.mark.skipif(os.name == "nt", reason="there are no such modes")
def test_readable_secrets_are_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A secret's file that others can read is used, with a warning; so is a proxy's password."""
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    environ = {"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": str(file)}
    assert load(environ, 'proxy = "http://example.org"', tmp_path).token.reveal() == TOKEN
    assert not caplog.records
    file.chmod(0o640)
    assert load(environ, 'proxy = "http://me:hunter2@example.org"', tmp_path).token.reveal() == TOKEN
    assert caplog.messages == [
        f"{tmp_path / name}: others can read the secret in it; chmod 600 it" for name in ("bot.toml", "token")
    ]


def test_misspelt_variable_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    """A variable that looks like one of ours may be somebody else's: a warning, no error."""
    load({"QA_BOT_WORKER": "3", "QA_BOT_SERVICE_HOST": "10.0.0.1", "HOME": "/"})
    assert caplog.messages == ["QA_BOT_WORKER is not a setting; did you mean QA_BOT_WORKERS?"]


def test_token_file_of_the_wrong_kind(tmp_path: Path) -> None:
    """A file that is too long, or has no token in it, is told by its name and not by what is in it."""
    file = tmp_path / "token"
    for content, reason in (
        ("hunter2" * 1000, "too long for a secret"),
        ("hunter2", "not a token"),
        ("", "no token"),
    ):
        file.write_text(content)
        line = fault({"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": str(file)})
        assert reason in line
        assert "hunter2" not in line
