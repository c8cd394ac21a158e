"""A sentence-transformers model in torch: what exports are made of, and what serves where none can be made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from torch import Tensor, nn

from qa.embedding import INPUTS, NETWORK, OUTPUT, PROMPTS, TOKENIZER
from qa.onnx_export import export_int8

if TYPE_CHECKING:
    from qa.types import Rows

_BATCH = 32
_DOCUMENT = ("document", "passage", "corpus")  # where sentence-transformers' encode_document looks for its prompt


class TorchEmbedding:
    """A loaded sentence-transformers model."""

    def __init__(self, location: str, *, local_only: bool) -> None:
        """Load a model's name or folder; raises whatever sentence-transformers raises if it cannot be had."""
        self._model = SentenceTransformer(location, local_files_only=local_only)

    def encode(self, texts: Sequence[str], *, query: bool) -> Rows:
        """Return one unit row a text; see `qa.types.Embedder`."""
        encode = self._model.encode_query if query else self._model.encode_document
        rows = encode(
            list(texts),
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)

    def export(self, folder: Path) -> None:
        """Write the files that `qa.embedding.OnnxEmbedding` reads; any error for a model that cannot be exported."""
        prompts = {"query": self._find_prompt(("query",)), "document": self._find_prompt(_DOCUMENT)}
        if any(prompts.values()) and not all(getattr(module, "include_prompt", True) for module in self._model):
            raise ValueError("its vectors leave the prompt out")
        tokenizer = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_padding()
        if self._model.max_seq_length:
            tokenizer.enable_truncation(self._model.max_seq_length)
        tokenizer.save(str(folder / TOKENIZER))
        (folder / PROMPTS).write_text(json.dumps(prompts), "utf-8")
        names = [name for name in INPUTS if name in self._model.tokenizer.model_input_names]
        export_int8(_Network(self._model, names), names, {OUTPUT: {0: "batch"}}, folder / NETWORK)

    def _find_prompt(self, names: Sequence[str]) -> str:
        prompts = self._model.prompts
        name = next((name for name in names if name in prompts), self._model.default_prompt_name)
        return (prompts[name] if name else "") or ""


class _Network(nn.Module):
    """The model with its inputs in a row, and one output."""

    def __init__(self, model: SentenceTransformer, names: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *inputs: Tensor) -> Tensor:
        features = dict(zip(self.names, inputs, strict=True))
        for module in self.model:
            features = module(features)
        rows: Tensor = features[OUTPUT]
        return rows[:, : self.model.truncate_dim]
