"""The doctor: a sound library is called sound, and each thing that is not is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder

from qa import QA, Article, cli
from qa.doctor import Finding, examine
from qa.index_file import INDEX_FILE
from qa.store import STORE_FILE


def look(folder: Path, salt: str = "") -> list[Finding]:
    return list(examine(folder, lambda name: WordEmbedder(name, salt=salt)))


@pytest.fixture
def filled(folder: Path) -> Path:
    """A library of three hundred passages."""
    with QA.open(folder, model=WordEmbedder(), max_words=8) as qa:
        for number in range(100):
            qa.add(
                Article(f"The river {number} rose. Then mill {number} stood still. Nobody saw town {number} again.")
            )
    return folder


def test_a_sound_library(filled: Path) -> None:
    """Library, model and index are sound, and say how large they are and how well they find."""
    found = look(filled)
    assert [(each.subject, each.sound) for each in found] == [("library", True), ("model", True), ("index", True)]
    assert f"{filled}: 100 articles, 300 passages, " in found[0].text
    assert found[2].text == "compares all, recall@10 1.000 of 50 sentences"


def test_a_library_without_articles(folder: Path) -> None:
    """There is nothing to be found in it."""
    QA.open(folder).close()
    assert [each.subject for each in look(folder)] == ["library"]


def test_another_model(filled: Path) -> None:
    """A model with other vectors is not the library's."""
    *_, model = look(filled, salt="other")
    assert (model.subject, model.sound) == ("model", False)
    assert "made with the model words" in model.text


def test_an_index_that_finds_too_little(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recall is measured against the store's own vectors."""
    monkeypatch.setattr("qa.index.VectorIndex.search", lambda *_: [1])
    *_, index = look(filled)
    assert (index.subject, index.sound) == ("index", False)
    assert "recall@10 0.0" in index.text


def test_damage(filled: Path) -> None:
    """A damaged database is told before anything is read out of it."""
    path = filled / STORE_FILE
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = np.random.default_rng(0).bytes(len(content) - len(content) // 2)
    path.write_bytes(content)
    *_, last = look(filled)
    assert not last.sound
    assert str(path) in last.text
    assert "add the articles again" in last.text


def test_the_command(filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`qa doctor` prints a line each, mends an index file that is gone, and exits with 2 for what is not sound."""
    monkeypatch.setattr("qa.embed.SentenceTransformerEmbedder", WordEmbedder)
    (filled / INDEX_FILE).unlink()
    assert cli.run(["doctor", "--library", str(filled)]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[:2] for line in out.splitlines()] == [["ok", "library"], ["ok", "model"], ["ok", "index"]]
    assert "rebuilt from the library" in err
    assert (filled / INDEX_FILE).exists()
    monkeypatch.setattr("qa.index.VectorIndex.search", lambda *_: [1])
    assert cli.run(["doctor", "--library", str(filled)]) == 2
    assert "bad index" in capsys.readouterr().out
