"""What can end the bot, in words that its operator can act on; `status` is the process's exit status.

BotError
├── SettingsError        a setting is missing or wrong
├── TokenError           Telegram does not know the token
├── StateError           the bot's own files cannot be used
├── UnreachableError     Telegram does not answer, and nobody wants to wait
├── AlreadyRunningError  a bot with this token or data folder runs on this machine
└── ConflictError        a bot with this token runs somewhere else
"""


class BotError(Exception):
    """Any failure that ends the bot and that its operator can do something about."""

    status = 2


class SettingsError(BotError):
    """A setting is missing, of the wrong kind, or out of range."""


class TokenError(BotError):
    """Telegram rejected the token."""


class StateError(BotError):
    """The data folder or the database in it cannot be used."""


class UnreachableError(BotError):
    """Telegram could not be reached, and waiting for it was not asked for."""

    status = 3


class AlreadyRunningError(BotError):
    """Another process on this machine serves the same token or data folder."""

    status = 4


class ConflictError(BotError):
    """Another process elsewhere polls with the same token."""

    status = 5
