"""What the tests share: the seed article, a library in a temporary folder, no network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from fakes import SentenceReader, WordEmbedder

from qa import QA, Article
from qa.load import load_shipped

THREE_SENTENCES = "The cat sat on the mat. The dog chased the red ball. A bird sang in the old tree."


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the suite may reach for the network."""

    def refuse(*args: object) -> NoReturn:
        raise OSError(f"the tests have no network: {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(autouse=True)
def _no_reader_model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only slow tests read with the model that ships."""
    if "slow" not in request.keywords:
        monkeypatch.setattr("qa.pipeline.SpanReader", SentenceReader)


@pytest.fixture(scope="session")
def seed() -> Article:
    """The article that comes with the package."""
    (article,) = load_shipped()
    return article


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a library goes."""
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[QA]:
    """An empty library with passages of one sentence and a model that counts words."""
    with QA.open(folder, model=WordEmbedder(), max_words=8) as qa:
        yield qa
