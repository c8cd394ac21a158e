"""What the bot itself says, in six languages; what articles say is never translated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.texts import de, en, es, hi, ru, ur

NAMES: Mapping[str, str] = {
    "en": "English",
    "ur": "اردو",
    "hi": "हिन्दी",
    "es": "Español",
    "de": "Deutsch",
    "ru": "Русский",
}
LANGUAGES = tuple(NAMES)
_OTHERS: Mapping[str, str] = {  # that a question may be in
    "am": "አማርኛ", "ar": "العربية", "be": "Беларуская", "bn": "বাংলা", "bo": "བོད་ཡིག", "el": "Ελληνικά", "fa": "فارسی",
    "fr": "Français", "gu": "ગુજરાતી", "he": "עברית", "hy": "Հայերեն", "id": "Bahasa Indonesia", "it": "Italiano",
    "ja": "日本語", "ka": "ქართული", "kk": "Қазақша", "km": "ខ្មែរ", "kn": "ಕನ್ನಡ", "ko": "한국어", "lo": "ລາວ",
    "ml": "മലയാളം", "my": "မြန်မာ", "nl": "Nederlands", "or": "ଓଡ଼ିଆ", "pa": "ਪੰਜਾਬੀ", "pl": "Polski", "ps": "پښتو",
    "pt": "Português", "si": "සිංහල", "sr": "Српски", "ta": "தமிழ்", "te": "తెలుగు", "th": "ไทย", "tr": "Türkçe",
    "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip

_IN_GREETING = ("sources", "help")
_IN_HELP = ("ask", "sources", "new", "settings", "forget", "privacy", "help")
_OF_ADMINS = ("stats", "reload")
_STEERS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides and isolates of direction


def isolate(text: str) -> str:
    """Return `text` without bidi controls, between U+2068 and U+2069: its direction stays its own affair."""
    return f"\u2068{_STEERS.sub('', text)}\u2069"


def choose_language(setting: str | None, code: str | None) -> str:
    """Return the language for a user.

    The user's own setting goes first, then the code that Telegram sends (an IETF tag such as "pt-BR"), each as it
    is and then without what follows its first "-" or "_"; English if the bot speaks none of them.
    """
    for wanted in (setting, code):
        tag = (wanted or "").strip().lower().replace("_", "-")
        for language in (tag, tag.partition("-")[0]):
            if language in NAMES:
                return language
    return "en"


def name_language(code: str) -> str:
    """Return what those who speak a language call it; the code itself for one that is not known."""
    return NAMES.get(code) or _OTHERS.get(code, code)


def say(language: str, key: str, /, **values: object) -> str:
    """Return the text `key` in `language`, one of LANGUAGES, with `values` in its placeholders.

    Strings are isolated (see `isolate`), numbers are not. An unknown language, key or placeholder is a KeyError.
    """
    shown = {name: isolate(value) if isinstance(value, str) else value for name, value in values.items()}
    return _TEXTS[language][key].format_map(shown)


def _with_commands(texts: Mapping[str, str]) -> Mapping[str, str]:
    def lines(names: tuple[str, ...]) -> str:
        return "\n".join(texts["help_line"].format(command=name, text=texts[f"command_{name}"]) for name in names)

    greeting = f"{texts['greeting']}\n\n{lines(_IN_GREETING)}"
    help_, of_admins = (texts["help"].format(commands=lines(names)) for names in (_IN_HELP, _IN_HELP + _OF_ADMINS))
    return {**texts, "greeting": greeting, "help": help_, "help_of_admins": of_admins}


_TEXTS: Mapping[str, Mapping[str, str]] = {
    language: _with_commands(texts)
    for language, texts in {
        "en": en.TEXTS,
        "ur": ur.TEXTS,
        "hi": hi.TEXTS,
        "es": es.TEXTS,
        "de": de.TEXTS,
        "ru": ru.TEXTS,
    }.items()
}
