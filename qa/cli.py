"""Runs the `qa` command: its exit status, and one line for whatever goes wrong."""

from __future__ import annotations

import io
import logging
import os
import sys

import click

from qa.commands import FAILED, FOUND, INTERRUPTED, commands
from qa.errors import QAError
from qa.terminal import complain


def main() -> None:
    """Run the command and end the process with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command and return its exit status; whatever goes wrong is told in one line on stderr."""
    warnings = _OneLine()
    logging.getLogger("qa").addHandler(warnings)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not when it is closed
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to fail
    try:
        return _run(arguments)
    except QAError as error:
        complain(str(error))
    except click.ClickException as error:
        error.show()
    except (KeyboardInterrupt, click.Abort):
        complain("interrupted; what was not finished was not kept")
        return INTERRUPTED
    except OSError as error:  # the disk behind stdout is full, or gone
        _drop_output()
        complain(f"{error.filename or 'output'}: {error.strerror or error}; nothing more was written")
    except Exception as error:
        if os.environ.get("QA_DEBUG"):
            raise
        complain(f"unexpected {type(error).__name__}: {error}; QA_DEBUG=1 shows where")
    finally:
        logging.getLogger("qa").removeHandler(warnings)
    return FAILED


def _run(arguments: list[str]) -> int:
    """Run the command; a reader that has seen enough of the pipe ends it well."""
    try:
        status = int(commands.main(arguments, prog_name="qa", standalone_mode=False) or 0)
        if sys.stdout:
            sys.stdout.flush()
        return status
    except (BrokenPipeError, SystemExit):  # click makes the second of the first
        _drop_output()
        return FOUND


def _drop_output() -> None:
    """Keep the interpreter from writing what is left to a place that does not take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class _OneLine(logging.Handler):
    """Shows the library's warnings as the command's own lines."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        complain(record.getMessage())
