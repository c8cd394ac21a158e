"""What the tests share: the seed article, a library in a temporary folder, no network."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import SentenceReader, WordEmbedder
from telegram_server import TelegramServer

from qa import QA, Article
from qa.load import load_shipped

_HERE = ("127.0.0.1", "::1", "localhost")
THREE_SENTENCES = "The cat sat on the mat. The dog chased the red ball. A bird sang in the old tree."


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the suite may reach further than this machine."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _HERE:
            raise OSError(f"the tests have no network: {address}")
        connect(self, address)

    def look_up_here(host: Any, *args: Any, **options: Any) -> Any:
        if host not in _HERE:
            raise OSError(f"the tests have no network: {host}")
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One cache for the exports of all tests and the processes that they start; the user's own is left alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """What a test sets up of the root's logging ends with it."""
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if type(handler).__module__ != "bot.log"]
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


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


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    """A stand-in for Telegram's server, one for a module; each of its tests has users of its own."""
    with TelegramServer() as server:
        yield server
