"""What the bot says: whole in every language, within Telegram's limits, and with foreign words kept apart."""

from __future__ import annotations

import re
import string
import unicodedata

import pytest

from bot.memory import TURNS_KEPT
from bot.texts import LANGUAGES, NAMES, choose_language, de, en, es, hi, isolate, name_language, ru, say, ur
from qa.facts import FACTS
from qa.talk.courtesy import INTENTS
from qa.talk.language import _LATIN, _LETTERS, _SCRIPTS

TABLES = {"en": en.TEXTS, "ur": ur.TEXTS, "hi": hi.TEXTS, "es": es.TEXTS, "de": de.TEXTS, "ru": ru.TEXTS}
FOREIGN = [language for language in LANGUAGES if language != "en"]
COMMANDS = ("ask", "sources", "new", "settings", "forget", "privacy", "help", "start", "stats", "reload")
IN_HELP = COMMANDS[:7]
SCRIPT = {"en": "LATIN", "ur": "ARABIC", "hi": "DEVANAGARI", "es": "LATIN", "de": "LATIN", "ru": "CYRILLIC"}
# Names that stay in Latin letters in any script.
LATIN = re.compile(r"/[a-z]+|\{[a-z]+\}|Telegram(?: ID)?")


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_languages() -> None:
    """The six languages are there, English first, each named in its own words."""
    assert LANGUAGES == ("en", "ur", "hi", "es", "de", "ru")
    assert NAMES == {
        "en": "English",
        "ur": "اردو",
        "hi": "हिन्दी",
        "es": "Español",
        "de": "Deutsch",
        "ru": "Русский",
    }


@pytest.mark.parametrize("language", FOREIGN)
def test_same_keys_in_the_same_order(language: str) -> None:
    """Each language has the keys that English has."""
    assert list(TABLES[language]) == list(en.TEXTS)


@pytest.mark.parametrize("language", FOREIGN)
def test_same_placeholders_and_commands(language: str) -> None:
    """A translation has the placeholders, the commands and the lines of the English text."""
    for key, text in TABLES[language].items():
        english = en.TEXTS[key]
        assert placeholders(text) == placeholders(english), key
        assert sorted(re.findall("/[a-z]+", text)) == sorted(re.findall("/[a-z]+", english)), key
        assert text.count("\n") == english.count("\n"), key


@pytest.mark.parametrize("language", FOREIGN)
def test_nothing_left_in_english(language: str) -> None:
    """No text but the pattern of a help line, and Spanish "no", is the English one."""
    same = {key for key, text in TABLES[language].items() if text == en.TEXTS[key]}
    assert same - {"help_line"} == ({"no", "answer_no"} if language == "es" else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_script(language: str) -> None:
    """All letters are of the language's script, apart from commands, placeholders and Telegram's name."""
    for key, text in TABLES[language].items():
        rest = text if SCRIPT[language] == "LATIN" else LATIN.sub("", text)
        strange = {
            char for char in rest if char.isalpha() and not unicodedata.name(char).startswith(SCRIPT[language])
        }
        assert not strange, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_tidy(language: str) -> None:
    """Texts are normalised and free of doubled, leading or trailing spaces; questions and sentences are closed."""
    for key, text in TABLES[language].items():
        assert text == unicodedata.normalize("NFC", text), key
        assert text.strip() == text != "", key
        assert not re.search(r"  | \n|\n |\n\n\n| [.,;:?!،؛۔؟।]", text), key
        if en.TEXTS[key][-1] in ".?":
            assert text[-1] in ".?۔؟।" or text.endswith("}"), key


def test_urdu_letters() -> None:
    """Urdu is written with its own yeh, kaf and heh, comma, semicolon, stop and question mark."""
    for key, text in ur.TEXTS.items():
        assert not set(text) & set("\u064a\u0643\u0647\u0649,;?"), key


def test_urdu_commands() -> None:
    """In Urdu a left-to-right mark stands before each command, and each line still begins from right to left."""
    for key in ur.TEXTS:
        text = say("ur", key, **dict.fromkeys(placeholders(ur.TEXTS[key]), 1))
        assert text.count("/") == text.count("\u200e/"), key
        for line in filter(None, text.splitlines()):
            ways = [way for way in map(unicodedata.bidirectional, line) if way in {"L", "R", "AL"}]
            assert ways[0] != "L", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_limits(language: str) -> None:
    """Profile texts, menu texts, pop-ups and buttons are as short as Telegram wants them, or as a row can show."""
    assert len(say(language, "description")) <= 512
    assert len(say(language, "short_description")) <= 120
    for name in COMMANDS:
        assert 1 <= len(say(language, f"command_{name}")) <= 256
    for key in ("too_old", "thanks_vote", "only_admins", "unknown_article", "no_articles"):
        assert len(say(language, key)) <= 200
    for key in (
        "no_articles",
        "too_fast",
        "inline_none",
        "inline_whole",
        "inline_foreign",
    ):  # also above the results of an inline query
        assert len(say(language, key, seconds=600)) <= 64
    for key in (key for key in en.TEXTS if key.startswith("button_")):
        assert len(say(language, key)) <= 32


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_lists_commands(language: str) -> None:
    """Help ends in a line for each command that everybody has, with the text of the menu."""
    lines = say(language, "help").splitlines()[-len(IN_HELP) :]
    assert [line.strip("\u200e\u200f") for line in lines] == [
        f"/{name} – {say(language, f'command_{name}')}" for name in IN_HELP
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_of_admins(language: str) -> None:
    """An administrator's help goes on with the commands that are theirs alone."""
    whole, more = say(language, "help_of_admins"), ("stats", "reload")
    assert whole.startswith(say(language, "help") + "\n")
    lines = whole.removeprefix(say(language, "help") + "\n").splitlines()
    assert [line.strip("\u200e\u200f") for line in lines] == [
        f"/{name} – {say(language, f'command_{name}')}" for name in more
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_says_how_many(language: str) -> None:
    """The number of answers that are kept is the one that is promised."""
    assert re.findall(r"\d+", say(language, "privacy")) == [str(TURNS_KEPT)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key in en.TEXTS if key != "help_line"])
def test_all_can_be_said(language: str, key: str) -> None:
    """With its values, each text has them all and no brace is left."""
    names = [] if key == "help" else placeholders(en.TEXTS[key])
    values = {name: 7000 + i for i, name in enumerate(names)}
    text = say(language, key, **values)
    assert all(str(value) in text for value in values.values())
    assert not set("{}") & set(text)


def test_there_is_a_reply_to_each_kind() -> None:
    """Every kind of small talk, and everything that an article may not tell of itself, has a text."""
    assert {key.removeprefix("talk_") for key in en.TEXTS if key.startswith("talk_")} == set(INTENTS)
    assert {f"no_{fact}" for fact in FACTS} <= set(en.TEXTS)


def test_languages_of_questions_are_named() -> None:
    """Each language that a question can be found to be in has a name of its own; any other is shown by its code."""
    codes = {*_SCRIPTS.values(), *_LATIN, *(code for others in _LETTERS.values() for code in others)}
    assert all(name_language(code) != code for code in codes)
    assert (name_language("de"), name_language("xx")) == ("Deutsch", "xx")


def test_strings_are_isolated_and_numbers_are_not() -> None:
    """Words of an article go between isolates, a number goes in as it is."""
    assert (
        say("en", "another", words="in {1990} \u202enam", number=2)
        == "Another passage says: \u2068in {1990} nam\u2069 [2]"
    )
    assert say("de", "passage_of", number=2, count=3) == "Textstelle 2 von 3"


@pytest.mark.parametrize("call", [("xx", "yes"), ("en", "nonsense"), ("en", "too_long")])
def test_unknown(call: tuple[str, str]) -> None:
    """An unknown language or key and a missing value are KeyErrors."""
    with pytest.raises(KeyError):
        say(*call)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "\u2068plain\u2069"),
        ("", "\u2068\u2069"),
        ("a\u202ab\u202bc\u202cd\u202de\u202ef", "\u2068abcdef\u2069"),
        ("a\u2066b\u2067c\u2068d\u2069e", "\u2068abcde\u2069"),
        ("می\u200cروم\u200f 👨\u200d👩\u200d👧", "\u2068می\u200cروم\u200f 👨\u200d👩\u200d👧\u2069"),
    ],
)
def test_isolate(text: str, shown: str) -> None:
    """Embeddings, overrides and isolates go; joiners and marks, which spelling and emoji need, stay."""
    assert isolate(text) == shown


@pytest.mark.parametrize(
    ("setting", "code", "language"),
    [
        ("de", "ru", "de"),
        (None, "ru", "ru"),
        ("", "es-MX", "es"),
        (None, "ES_mx", "es"),
        (None, "HI", "hi"),
        ("UR", None, "ur"),
        (None, "pt-BR", "en"),
        (None, "zh-hans", "en"),
        (None, None, "en"),
        ("", "", "en"),
        ("xx", "de-CH-1996", "de"),
        ("en", "ur", "en"),
        (None, "deu", "en"),
        (None, "-de", "en"),
    ],
)
def test_choose_language(setting: str | None, code: str | None, language: str) -> None:
    """The setting, then Telegram's code, then its base, whatever the case; else English."""
    assert choose_language(setting, code) == language
