"""The `qa-bot` command. The only file of the bot that prints and that reads the environment."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bot.errors import BotError
from bot.settings import Secret, Settings, load_settings

if TYPE_CHECKING:
    from qa import QA


def main() -> NoReturn:
    """Run the command and end the process with its status, at once: a model call that hangs cannot be stopped."""
    try:
        status = run(sys.argv[1:])
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    logging.shutdown()
    with contextlib.suppress(OSError):  # whoever read it has seen enough
        sys.stdout.flush()
    os._exit(status)


def run(arguments: list[str]) -> int:
    """Run the command and return its exit status; whatever goes wrong is told in one line on stderr."""
    from bot.log import redact
    from qa import QAError

    try:
        return int(commands.main(arguments, prog_name="qa-bot", standalone_mode=False) or 0)
    except BotError as error:
        _complain(str(error))
        return error.status
    except QAError as error:
        _complain(str(error))
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        click.echo(redact(shown.getvalue()), err=True, nl=False)
    except (KeyboardInterrupt, click.Abort):
        return 130
    return 2


def _complain(text: str) -> None:
    from bot.log import redact

    click.echo(f"qa-bot: {redact(text)}", err=True)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="article-qa")
@click.option(
    "--config", type=click.Path(path_type=Path), envvar="QA_BOT_CONFIG", help="A TOML file [env QA_BOT_CONFIG]."
)
@click.option("--no-wait", is_flag=True, help="End with status 3 if Telegram cannot be reached at the start.")
@click.option("--log", default="info", type=click.Choice(["debug", "info", "warning"]), help="How much to tell.")
@click.pass_context
def commands(context: click.Context, config: Path | None, no_wait: bool, log: str) -> int:
    """Answer questions about a library's articles on Telegram.

    The token is read from TELEGRAM_BOT_TOKEN or the file that TELEGRAM_BOT_TOKEN_FILE names. Exit status: 0 ended
    well, 2 settings, token or data cannot be used, 3 Telegram cannot be reached, 4 already running here, 5 already
    running elsewhere.
    """
    context.obj = config
    if context.invoked_subcommand:
        return 0
    from bot.log import set_up_logging

    set_up_logging(log, [])
    settings = load_settings(config, os.environ)
    set_up_logging(log, _secrets(settings))
    serve(settings, config, wait=not no_wait)
    return 0


def serve(settings: Settings, config: Path | None, *, wait: bool) -> None:
    """Run the bot until it ends; BotError or QAError if something ended it."""
    from bot.app import Service
    from bot.lock import run_alone

    async def live() -> None:
        service = Service(settings, open_library(settings), lambda: load_settings(config, os.environ))
        await service.run(wait=wait)

    with run_alone(settings):
        asyncio.run(live())


def open_library(settings: Settings) -> QA:
    """Open the library that the settings name, made if missing; nothing is added to it."""
    from qa import QA

    if settings.min_confidence is None:
        return QA.open(settings.library_folder)
    return QA.open(settings.library_folder, min_confidence=settings.min_confidence)


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the bot last wrote down as one object.")
@click.pass_obj
def health(config: Path | None, as_json: bool) -> int:
    """Say whether the bot on this machine hears and answers: exit status 0 or 1."""
    from bot.health import read_health

    found = read_health(load_settings(config, os.environ, with_token=False).data)
    if found is None:
        click.echo("null" if as_json else "unhealthy: not running")
        return 1
    click.echo(json.dumps(asdict(found)) if as_json else found.describe(time.time()))
    return 1 if found.find_fault(time.time()) else 0


@commands.command()
@click.pass_obj
def check(config: Path | None) -> int:
    """Check settings, token, BotFather's switches and the library, adding nothing to it: exit status 0, 2 or 3."""
    from bot.check import check_library, check_telegram, is_missing, tell_empty
    from bot.log import set_up_logging

    settings = load_settings(config, os.environ)
    set_up_logging("warning", _secrets(settings))
    for line in asyncio.run(check_telegram(settings)):
        click.echo(line)
    folder = settings.library_folder
    if is_missing(folder):
        click.echo(f"library: {tell_empty(folder)}")
        return 0
    with open_library(settings) as qa:
        for line in check_library(qa, folder):
            click.echo(line)
    return 0


def _secrets(settings: Settings) -> list[Secret]:
    hook = settings.webhook.secret if settings.webhook else None
    return [secret for secret in (settings.token, settings.proxy, hook) if secret]
