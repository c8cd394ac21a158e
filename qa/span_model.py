"""Tokens of a question and a text -> how well each can start and end the answer.

Two kinds of models serve: a folder with `model.onnx` and `tokenizer.json` (as the one that ships with the package)
by ONNX Runtime, and any extractive question-answering model in the format of Hugging Face by transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import ModelError
from qa.hub import load_quietly, reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from qa.types import Rows

_KIND = "an extractive question-answering model"


class SpanModel(Protocol):
    """A tokenizer and a network that were trained together."""

    @property
    def tokenizer(self) -> Tokenizer:
        """What makes the pairs of question and text into tokens, the first of which stands for "no answer"."""

    def score(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[Rows, Rows]:
        """Return start and end logits, each of shape (texts, tokens).

        `inputs` holds input_ids, attention_mask and token_type_ids, each of that shape.
        """


def load_span_model(name: str) -> SpanModel:
    """Load a model from its folder or by its name; ModelError, naming the file, if it cannot be."""
    if (Path(name) / "model.onnx").is_file():
        return _OnnxModel(Path(name))
    return load_quietly(name, _KIND, lambda local_only: _TransformersModel(name, local_only))


class _OnnxModel:
    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.tokenizer: Tokenizer = _load_file(folder / "tokenizer.json", Tokenizer.from_file)
        self._session = _load_file(folder / "model.onnx", onnxruntime.InferenceSession)
        self._names = {node.name for node in self._session.get_inputs()}
        outputs = [node.name for node in self._session.get_outputs()]
        if outputs[:2] != ["start_logits", "end_logits"]:
            raise ModelError(f"{folder / 'model.onnx'}: gives {', '.join(outputs)}, not start_logits and end_logits")

    def score(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[Rows, Rows]:
        feed = {name: array for name, array in inputs.items() if name in self._names}
        start, end = self._session.run(["start_logits", "end_logits"], feed)
        return start, end


def _load_file(file: Path, load: Callable[[str], Any]) -> Any:  # noqa: ANN401 - onnxruntime has no types
    try:
        return load(str(file))
    except Exception as error:  # onnxruntime and tokenizers raise whatever they like
        trouble = f"cannot be read ({reason(error)})" if file.exists() else "is missing"
        raise ModelError(f"{file}: {trouble}; the folder should hold the whole of {_KIND}") from error


class _TransformersModel:
    def __init__(self, name: str, local_only: bool) -> None:
        from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer

        config = AutoConfig.from_pretrained(name, local_files_only=local_only)
        # transformers would give any encoder a head of random weights, with a warning only.
        if not any("QuestionAnswering" in architecture for architecture in config.architectures or []):
            found = ", ".join(config.architectures or ["no architecture"])
            raise ModelError(f"{name}: config.json names {found}, not {_KIND}")
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local_only, use_fast=True)
        if not tokenizer.is_fast:
            raise ModelError(f"{name}: its tokenizer does not say where in the text its tokens are; choose another")
        self.tokenizer: Tokenizer = tokenizer.backend_tokenizer
        self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name, local_files_only=local_only).eval()
        self._has_types = getattr(config, "type_vocab_size", 0) > 1

    def score(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[Rows, Rows]:
        import torch

        tensors = {
            name: torch.from_numpy(array)
            for name, array in inputs.items()
            if name != "token_type_ids" or self._has_types
        }
        with torch.inference_mode():
            output = self._model(**tensors)
        return output.start_logits.float().numpy(), output.end_logits.float().numpy()
