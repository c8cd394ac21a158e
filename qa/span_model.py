"""Tokens of a question and a text -> how well each can start and end the answer.

Two kinds of models serve: a folder with `model.onnx` and `tokenizer.json` (as the one that ships with the package)
by ONNX Runtime, and any extractive question-answering model in the format of Hugging Face by transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qa.errors import ModelError
from qa.hub import load_quietly, reason

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from qa.types import Rows

    Inputs = dict[str, NDArray[np.int64]]

_KIND = "an extractive question-answering model"
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_OUTPUTS = ["start_logits", "end_logits"]


class SpanModel(Protocol):
    """A tokenizer and a network that were trained together."""

    @property
    def tokenizer(self) -> Tokenizer:
        """What makes the pairs of question and text into tokens, the first of which stands for "no answer"."""

    def score(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[Rows, Rows]:
        """Return start and end logits, each of shape (texts, tokens).

        `inputs` holds input_ids, attention_mask and token_type_ids, each of that shape.
        """


def load_span_model(name: str, *, offline: bool = False) -> SpanModel:
    """Load a model from its folder or by its name; ModelError, naming the file, if it cannot be.

    `offline` asks nothing of the hub.
    """
    if (Path(name) / "model.onnx").is_file():
        return _OnnxModel(Path(name))
    return load_quietly(name, _KIND, lambda local_only: _TransformersModel(name, local_only), offline=offline)


def find_room(model: SpanModel, name: str, longest: int) -> int:
    """Return how many tokens a model reads at once: `longest`, or the half or the quarter of it.

    It is tried out, with the tokenizer's last word among the tokens. ModelError if the model reads none of these.
    """
    pair = model.tokenizer.encode("who", "she")
    if pair.sequence_ids[0] is not None or 1 not in pair.sequence_ids:
        raise ModelError(f"{name}: its tokenizer puts nothing before a question that could stand for no answer")
    for length in (longest, longest // 2, longest // 4):
        inputs = make_inputs(np.resize(pair.ids, length), np.resize(pair.type_ids, length))
        inputs["input_ids"][0, -1] = max(model.tokenizer.get_vocab().values())
        try:
            shapes = {logits.shape for logits in model.score(inputs)}
        except (
            Exception
        ) as error:  # whatever onnxruntime and torch raise for a place or a token that they do not have
            trouble = reason(error)
            continue
        if shapes == {(1, length)}:
            return length
        trouble = f"it gives logits of shape {shapes.pop()} for {length} tokens"
    raise ModelError(f"{name}: its network cannot read what its tokenizer.json makes of a text ({trouble})")


def make_inputs(ids: Sequence[int] | NDArray[np.int64], types: Sequence[int] | NDArray[np.int64]) -> Inputs:
    """Return the inputs of a model for the tokens of one pair of question and text."""
    row = np.array([ids], np.int64)
    return {
        "input_ids": row,
        "attention_mask": np.ones_like(row),
        "token_type_ids": np.array([types], np.int64),
    }


class _OnnxModel:
    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        from qa.runtime import open_network

        file = folder / "model.onnx"
        tokens = folder / "tokenizer.json"
        self.tokenizer: Tokenizer = _load_file(tokens, lambda: Tokenizer.from_file(str(tokens)))
        self._session = _load_file(file, lambda: open_network(file))
        self._names = {node.name for node in self._session.get_inputs()}
        outputs = {node.name for node in self._session.get_outputs()}
        if not {"input_ids"} <= self._names <= _INPUTS:
            raise ModelError(f"{file}: takes {_list(self._names)}, not {_list(_INPUTS)}")
        if not outputs >= set(_OUTPUTS):
            raise ModelError(f"{file}: gives {_list(outputs)}, not {_list(_OUTPUTS)}")

    def score(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[Rows, Rows]:
        feed = {name: array for name, array in inputs.items() if name in self._names}
        start, end = self._session.run(_OUTPUTS, feed)
        return start, end


class _TransformersModel:
    def __init__(self, name: str, local_only: bool) -> None:
        from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer

        def load(kind: Any, file: str, **options: bool) -> Any:  # noqa: ANN401 - as loosely typed as transformers
            def take() -> Any:  # noqa: ANN401
                return kind.from_pretrained(name, local_files_only=local_only, **options)

            return _load_file(Path(name) / file, take) if Path(name).is_dir() else take()

        config = load(AutoConfig, "config.json")
        if not any("QuestionAnswering" in architecture for architecture in config.architectures or []):
            raise ModelError(f"{name}: config.json names {_list(config.architectures or ['nothing'])}, not {_KIND}")
        tokenizer = load(AutoTokenizer, "tokenizer.json", use_fast=True)
        if tokenizer.vocab_size <= len(tokenizer.all_special_tokens):  # so transformers does without a file
            raise ModelError(f"{name}: its tokenizer knows no words; tokenizer.json is missing or empty")
        if not tokenizer.is_fast:
            raise ModelError(f"{name}: its tokenizer does not say where in the text its tokens are; choose another")
        self.tokenizer: Tokenizer = tokenizer.backend_tokenizer
        model, report = load(AutoModelForQuestionAnswering, _weights(Path(name)), output_loading_info=True)
        if report["missing_keys"]:  # transformers would make them up at random, with a warning only
            raise ModelError(f"{name}: its weights lack {_list(report['missing_keys'])}, so they are not {_KIND}")
        self._model: Any = model.eval()
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


def _load_file(file: Path, load: Callable[[], Any]) -> Any:  # noqa: ANN401 - onnxruntime has no types
    try:
        return load()
    except Exception as error:  # onnxruntime, tokenizers and transformers raise whatever they like
        trouble = f"cannot be read ({reason(error)})" if file.exists() else "is missing"
        raise ModelError(f"{file}: {trouble}; the folder should hold the whole of {_KIND}") from error


def _weights(folder: Path) -> str:
    """Return the name of the file that holds a folder's weights, or should."""
    names = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")
    return next((name for name in names if (folder / name).exists()), names[0])


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:5])
