"""One bot a token and a data folder on one machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import AlreadyRunningError, StateError
from bot.lock import run_alone
from bot.settings import Secret, Settings

HOLD = """
import sys, tempfile
from pathlib import Path
from bot.lock import run_alone
from bot.settings import Secret, Settings
tempfile.tempdir, data, token = sys.argv[1:]
with run_alone(Settings(token=Secret(token), data=Path(data))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return Settings(token=Secret("123456:one"), data=tmp_path / "data")


def test_one_at_a_time(settings: Settings, tmp_path: Path) -> None:
    """N17: a second bot with the same token or the same folder is refused, and told who runs; another one is not."""
    other_folder = replace(settings, data=tmp_path / "other")
    other_token = replace(settings, token=Secret("123456:two"))
    with run_alone(settings):
        for second in (settings, other_folder, other_token):
            with pytest.raises(AlreadyRunningError) as caught, run_alone(second):
                pass
            assert str(caught.value) == f"already running, pid {os.getpid()}; end that one first"
            assert caught.value.status == 4
        with run_alone(replace(other_token, data=tmp_path / "other")):
            pass


def test_free_when_it_ends(settings: Settings, tmp_path: Path) -> None:
    """A bot that has ended, well or by an error, does not keep the next from starting."""
    with pytest.raises(ValueError, match="an error"), run_alone(settings):
        raise ValueError("an error")
    for _ in range(2):
        with run_alone(settings):
            pass
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".lock", ".lock"]


def test_first_one_that_has_no_number_yet(settings: Settings) -> None:
    """A second bot is refused also in the moment in which the first has not told its number, or not any more."""
    with run_alone(settings):
        (settings.data / "bot.pid").unlink()
        Path(tempfile.gettempdir(), "other").mkdir()
        tempfile.tempdir = str(Path(tempfile.gettempdir(), "other"))
        with pytest.raises(AlreadyRunningError, match="pid unknown;"), run_alone(settings):
            pass


def test_refused_bot_holds_nothing(settings: Settings, tmp_path: Path) -> None:
    """A bot that got only one of the two gives it back."""
    with run_alone(settings):
        other = replace(settings, token=Secret("123456:two"))
        with pytest.raises(AlreadyRunningError), run_alone(other):
            pass
        with run_alone(replace(other, data=tmp_path / "other")):
            pass


def test_free_after_a_kill(settings: Settings, tmp_path: Path) -> None:
    """N17, U7: a killed bot leaves nothing that somebody has to clean up; until then its number is told."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "temporary"), str(settings.data), "123456:one"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError, match=f"pid {holder.pid};"), run_alone(settings):
            pass
        holder.kill()
        holder.wait()
        with run_alone(settings):
            pass


def test_no_token_in_names(settings: Settings, tmp_path: Path) -> None:
    """A7: neither a file's name nor what is in it shows the token."""
    with run_alone(settings):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(files) >= 2
        assert not any("one" in path.name or b"one" in path.read_bytes() for path in files)


WRONG = r"/file.*: cannot be used \((Not a directory|File exists)\); name another folder with QA_BOT_DATA or TMPDIR"


def test_folder_that_cannot_be_used(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is a file is told of by name, with what to do, whichever of the two it is."""
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match=WRONG), run_alone(replace(settings, data=tmp_path / "file" / "data")):
        pass
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(StateError, match=WRONG), run_alone(settings):
        pass
