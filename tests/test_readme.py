"""The README does what it says: its Python runs, its options exist, its map is the tree."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from fakes import WordEmbedder

from qa.commands import commands
from qa.load import load_shipped

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The five lines of Python print the sentence that names the ambassador."""
    (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "000_33365600aa446036.txt").write_text(load_shipped()[0].text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("qa.pipeline.SentenceTransformerEmbedder", WordEmbedder)
    exec(compile(snippet, "README.md", "exec"), {})  # noqa: S102 - that is the point
    assert "US Ambassador to Pakistan, Donald Blome" in capsys.readouterr().out


def test_every_command_and_option_is_real_and_told() -> None:
    """What the README shows exists, and every command and option is in it."""
    shown = {
        words[1]: words
        for line in re.findall(r"^\$ (qa .*)$", README, re.MULTILINE)
        for words in [shlex.split(line, comments=True)]
    }
    for name, words in shown.items():
        known = {flag for parameter in commands.commands[name].params for flag in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known
    assert set(shown) == set(commands.commands)
    for name, command in commands.commands.items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and name != "eval":
                assert parameter.help, parameter.name
                assert parameter.opts[0] in README, parameter.opts[0]


def test_map() -> None:
    """Every module has its line in the map, and no line is left of one that has gone."""
    told = {
        name
        for line in README.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`((?:qa|bot)/(?:english/|talk/)?\w+\.py)`", line)
    }
    packages = ("qa", "qa/english", "qa/talk", "bot")
    there = {f"{package}/{path.name}" for package in packages for path in (ROOT / package).glob("*.py")}
    assert told == {name for name in there if not name.endswith(("/__init__.py", "/__main__.py"))}
