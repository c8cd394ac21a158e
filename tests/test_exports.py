"""Exports of embedding models: made once, checked at every opening, and the model's own vectors or none."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa import ModelError, cli
from qa.embed import SentenceTransformerEmbedder, find_default_model
from qa.exports import cache_folder, list_exports
from qa.read import SpanReader

pytestmark = pytest.mark.slow

TEXTS = (
    "The minister met the ambassador.",
    "Bread needs yeast.",
    "A river rose in the night, and the town was dark.",
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two layers, with weights at random and the default model's tokens."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny")
    config = BertConfig(hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128)
    shutil.copytree(find_default_model(), folder / "base", ignore=shutil.ignore_patterns("*.safetensors", "1_*"))
    BertModel(config).save_pretrained(folder / "base")
    SentenceTransformer(modules=[Transformer(str(folder / "base"), max_seq_length=64), Pooling(64)]).save(
        str(folder / "model")
    )
    return folder / "model"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache_folder()


def embed(model: Path, *, query: bool = False) -> NDArray[np.float32]:
    """Embed with a model as a new process would."""
    return SentenceTransformerEmbedder(str(model)).encode(TEXTS, query=query)


def names(cache: Path) -> list[str]:
    return [path.name for path in sorted(cache.iterdir())]


def refuse_to_export(monkeypatch: pytest.MonkeyPatch, error: Exception, where: str = "") -> None:
    """Let exports into folders of this name fail."""
    from qa.torch_embedding import TorchEmbedding

    export = TorchEmbedding.export

    def fail(self: TorchEmbedding, folder: Path) -> None:
        if where in str(folder):
            raise error
        export(self, folder)

    monkeypatch.setattr(TorchEmbedding, "export", fail)


def test_vectors_are_the_models(tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first run exports and the second opens what it left; the vectors are nearly those of the model."""
    from qa.torch_embedding import TorchEmbedding

    first = embed(tiny)
    (made,) = list_exports()
    assert (made[0].name, made[1].parent) == (str(tiny), cache)
    assert np.array_equal(embed(tiny), first)
    assert [export[0].made for export in list_exports()] == [made[0].made]
    assert ((first * TorchEmbedding(str(tiny), local_only=True).encode(TEXTS, query=False)).sum(axis=1) > 0.98).all()
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-6)
    assert not caplog.messages


def test_a_vector_owes_nothing_to_the_texts_beside_it(tiny: Path) -> None:
    """One by one or all at once, a text has the same vector to the last bit."""
    embedder = SentenceTransformerEmbedder(str(tiny))
    assert np.array_equal(embedder.encode(TEXTS), np.vstack([embedder.encode([text]) for text in TEXTS]))
    assert embedder.encode([]).shape == (0, 64)


def test_serving_needs_no_torch(tiny: Path) -> None:
    """What has an export is served without the libraries that made it, and without a word."""
    embed(tiny)
    code = (
        "import sys\nfrom qa.embed import SentenceTransformerEmbedder as E\n"
        f"E({str(tiny)!r}).encode(['x'])\nprint(*sys.modules.keys() & {{'torch', 'transformers', 'onnx'}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert (done.stdout, done.stderr) == ("\n", "")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def forge_format(file: Path) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 0}))


def forge_trial(file: Path) -> None:
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"trial": content["trial"][::-1]}))


@pytest.mark.parametrize(
    ("file", "damage", "told"),
    [
        ("model.onnx", flip, "model.onnx is damaged"),
        ("tokenizer.json", cut, "tokenizer.json is damaged"),
        ("prompts.json", Path.unlink, "prompts.json: no such file or directory"),
        ("export.json", cut, "export.json cannot be read"),
        ("export.json", Path.unlink, "export.json cannot be read"),
        ("export.json", forge_format, "is the export of another model"),
        ("export.json", forge_trial, "gives wrong vectors on this processor"),
    ],
)
def test_damage(
    file: str, damage: Callable[[Path], None], told: str, tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An export that is not what it was is told in one line and made anew."""
    vectors = embed(tiny)
    (folder,) = cache.iterdir()
    damage(folder / file)
    assert np.array_equal(embed(tiny), vectors)
    (message,) = caplog.messages
    assert told in message
    assert message.startswith(f"{folder}: ")
    assert message.endswith("; made anew")
    caplog.clear()
    assert np.array_equal(embed(tiny), vectors)
    assert (caplog.messages, names(cache)) == ([], [folder.name])


def test_a_changed_model(tiny: Path, cache: Path, tmp_path: Path) -> None:
    """The export of a model whose files have changed is not used, and goes when the new one comes."""
    model = tmp_path / "model"
    shutil.copytree(tiny, model)
    vectors = embed(model)
    (old,) = names(cache)
    config = model / "config_sentence_transformers.json"
    content = json.loads(config.read_text())
    config.write_text(json.dumps(content | {"prompts": {"query": "who ", "document": ""}}))
    assert np.array_equal(embed(model), vectors)
    assert not np.allclose(embed(model, query=True), vectors, atol=1e-3)
    (new,) = names(cache)
    assert new != old


def test_a_cache_that_cannot_be_made(tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without a place for it the export serves one run, with one line."""
    vectors = embed(tiny)
    shutil.rmtree(cache)
    cache.write_text("a file is in the way")
    assert np.array_equal(embed(tiny), vectors)
    (message,) = caplog.messages
    assert message == f"{cache}: file exists; {tiny} is exported for this run alone"


def test_a_full_cache(
    tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up in the middle leaves nothing behind."""
    vectors = embed(tiny)
    shutil.rmtree(cache)
    refuse_to_export(monkeypatch, OSError(errno.ENOSPC, "No space left on device"), ".new-")
    assert np.array_equal(embed(tiny), vectors)
    assert caplog.messages == [f"{cache}: no space left on device; {tiny} is exported for this run alone"]
    assert names(cache) == []


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("no such operator")]
)
def test_a_model_that_cannot_be_exported(
    error: Exception, tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be exported is served by sentence-transformers, and the user knows why it is slow."""
    vectors = embed(tiny)
    shutil.rmtree(cache)
    refuse_to_export(monkeypatch, error)
    assert ((embed(tiny) * vectors).sum(axis=1) > 0.98).all()
    assert f"{tiny} cannot be exported (" in caplog.messages[-1]
    assert caplog.messages[-1].endswith("; sentence-transformers serves it, slowly")
    assert names(cache) == []


def test_an_export_with_other_vectors(
    tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export is compared with its model before it is used."""
    monkeypatch.setattr("qa.exports._ALIKE", 1.01)
    embed(tiny)
    (message,) = caplog.messages
    assert "the export's vectors differ from the model's (cosine 0.9" in message or "(cosine 1.0" in message
    assert names(cache) == []


def test_two_processes_at_once(tiny: Path, cache: Path) -> None:
    """Both have the vectors, and one export is left."""
    code = f"from qa.embed import SentenceTransformerEmbedder as E; print(E({str(tiny)!r}).encode(['x'])[0, :5])"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = (process.communicate(timeout=120)[0] for process in both)
    assert first == second != ""
    assert [folder.name for _, folder in list_exports()] == names(cache)
    assert len(names(cache)) == 1


def test_what_a_killed_process_left(tiny: Path, cache: Path) -> None:
    """An unfinished export is nobody's after an hour."""
    for name, age_s in ((".new-old", 7200), (".new-young", 60)):
        (cache / name).mkdir(parents=True)
        os.utime(cache / name, (time.time() - age_s,) * 2)
    embed(tiny)
    assert names(cache)[0] == ".new-young"
    assert len(names(cache)) == 2
    assert len(list_exports()) == 1


def test_offline(cache: Path) -> None:
    """What is not on the machine is named without asking anybody."""
    started = time.monotonic()
    with pytest.raises(ModelError, match="'nobody/no-such-model' is not on this machine: --offline asks no hub"):
        SentenceTransformerEmbedder("nobody/no-such-model", offline=True).encode(["x"])
    with pytest.raises(ModelError, match="--offline asks no hub"):
        SpanReader("nobody/no-such-reader", offline=True).read("who?", [])
    assert time.monotonic() - started < 5
    assert not cache.exists()


def test_models_command(tiny: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`qa models prepare` makes a model ready, `qa models` lists those that are and says what the default lacks."""
    assert cli.run(["models", "prepare", str(tiny)]) == 0
    (folder,) = cache.iterdir()
    assert capsys.readouterr().out == f"ready {tiny} {folder}\n"
    assert cli.run(["models"]) == 0
    reader, export, default = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert (reader[:2], export[:2]) == (["ready", "minilm-reader"], ["ready", str(tiny)])
    assert default[:2] == ["not yet", "sentence-transformers/all-MiniLM-L6-v2"]


def test_prepare_without_a_cache(tiny: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What could not be kept is not ready: exit status 2."""
    cache.parent.mkdir(parents=True)
    cache.write_text("a file is in the way")
    assert cli.run(["models", "prepare", str(tiny)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_cosines_of_the_default_model() -> None:
    """The default model's export keeps what its model says of a text."""
    from qa.torch_embedding import TorchEmbedding

    exact = TorchEmbedding(find_default_model(), local_only=True).encode(TEXTS, query=False)
    assert ((SentenceTransformerEmbedder().encode(TEXTS) * exact).sum(axis=1) > 0.98).all()
