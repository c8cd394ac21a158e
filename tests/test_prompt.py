"""What the user types: from a pipe, and at the prompt."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from qa.prompt import read_lines


class Terminal(io.StringIO):
    """Standard input that says that somebody types."""

    def isatty(self) -> bool:
        return True


def test_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of a pipe but the blank ones; the last needs no newline."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("Who?\n\n \t\nAnd when?"))
    assert list(read_lines()) == ["Who?\n", "And when?"]


def test_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl-C drops a line, a blank one is nothing, Ctrl-D ends; what was typed is kept for the next time."""
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: tmp_path)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("Who?\r \rWho met\x03And whem\x7fn?\r\x04")
        assert list(read_lines()) == ["Who?", "And when?"]
    typed = [line[1:] for line in (tmp_path / "chat-history").read_text().splitlines() if line.startswith("+")]
    assert typed == ["Who?", " ", "And when?"]
