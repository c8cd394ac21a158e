"""The network that is trained: MiniLM's encoder in bfloat16 under a span head in float32."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import snowballstemmer
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from qa.errors import ModelError
from qa.hub import reason
from qa.train.examples import Example
from qa.train.swaps import Neighbours

_MAX_TOKENS = 256
_CLOSED = -1e4  # as good as minus infinity, and no infinity comes into the gradients
_NEIGHBOURS = slice(8, 60)  # the nearest few are often the same word otherwise spelt, or mean the same
_ENDINGS = ("ing", "ed", "est", "ly", "s")


class SpanModel(nn.Module):
    """Scores every token as the start and as the end of the answer; the first token means that there is none."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self.qa_outputs = nn.Linear(config.hidden_size, 2)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Return the logits of start and end, shape (batch, tokens, 2), from tensors of shape (batch, tokens)."""
        hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        logits: torch.Tensor = self.qa_outputs(hidden.float())
        return logits


class Row(NamedTuple):
    """An example in tokens; `start` and `end` are the answer's first and last, 0 if there is none."""

    ids: list[int]
    types: list[int]
    start: int
    end: int


class Batch:
    """Examples padded to the longest: tensors of shape (examples, tokens), and targets of shape (examples,)."""

    def __init__(self, rows: Sequence[Row]) -> None:
        length = max(len(row.ids) for row in rows)
        self.ids = torch.zeros(len(rows), length, dtype=torch.long)
        self.types = torch.zeros_like(self.ids)
        self.mask = torch.zeros_like(self.ids)
        for i, row in enumerate(rows):
            self.ids[i, : len(row.ids)] = torch.tensor(row.ids)
            self.types[i, : len(row.ids)] = torch.tensor(row.types)
            self.mask[i, : len(row.ids)] = 1
        self.start = torch.tensor([row.start for row in rows])
        self.end = torch.tensor([row.end for row in rows])

    def score(self, model: SpanModel) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the model's start and end logits; next to none where no answer can be, as in the question."""
        open_ = self.types.bool() & self.mask.bool()
        open_[:, 0] = True
        start, end = model(self.ids, self.mask, self.types).masked_fill(~open_.unsqueeze(-1), _CLOSED).unbind(-1)
        return start, end


def encode(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Row]:
    """Return the examples in tokens, without those whose answer was cut off."""
    rows = []
    encodings = tokenizer.encode_batch([(example.question, example.window) for example in examples])
    for example, encoding in zip(examples, encodings, strict=True):
        start: int | None = 0
        end: int | None = 0
        if example.answer:
            start = encoding.char_to_token(example.answer[0], 1)
            end = encoding.char_to_token(example.answer[1] - 1, 1)
        if start is not None and end is not None:
            rows.append(Row(encoding.ids, encoding.type_ids, start, end))
    return rows


def find_weights(folder: Path) -> Path:
    """Return the file of a model's weights; ModelError if the folder has none."""
    files = sorted(folder.glob("model*.safetensors"))  # model.safetensors stands behind model.fp16.safetensors
    if not files:
        raise ModelError(f"{folder}: no model.safetensors; give the folder of a BERT model")
    return files[-1]


def load_model(folder: Path, *, new_head: bool = False, dropout: float = 0.0) -> SpanModel:
    """Load a BERT model with its span head, or with a new head if it has none and may get one; ModelError if not."""
    file = find_weights(folder)
    try:
        # Eager: with sdpa the backward pass on a CPU is twice as long (2026-11-24).
        config = BertConfig.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
        found = load_file(file)
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(f"{folder}: cannot be read as a BERT model ({reason(error)})") from error
    # None of the attention's, which needs a random number for every two tokens.
    config.hidden_dropout_prob, config.attention_probs_dropout_prob = dropout, 0.0
    model = SpanModel(config)
    weights = {key if key.startswith(("bert.", "qa_")) else f"bert.{key}": w.float() for key, w in found.items()}
    if new_head:
        weights = {**model.qa_outputs.state_dict(prefix="qa_outputs."), **weights}
    expected = model.state_dict()
    for name, tensor in expected.items():
        if name not in weights or weights[name].shape != tensor.shape:
            raise ModelError(f"{file}: has no {name} of shape {tuple(tensor.shape)}; give another model")
    model.load_state_dict({name: weights[name] for name in expected})
    return model


def save_model(model: SpanModel, folder: Path) -> None:
    """Write the weights and the configuration as transformers' AutoModelForQuestionAnswering reads them."""
    save_config(model, folder)
    weights = {name: tensor.detach().float().contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors")


def save_config(model: SpanModel, folder: Path) -> None:
    """Write config.json."""
    model.bert.config.architectures = ["BertForQuestionAnswering"]
    model.bert.config.save_pretrained(folder)


def find_tokenizer(model: SpanModel, *folders: Path) -> Path:
    """Return the tokenizer.json of the first folder that has one; ModelError if it is not the model's."""
    file = next((folder / "tokenizer.json" for folder in folders if (folder / "tokenizer.json").is_file()), None)
    if file is None:
        raise ModelError(f"{folders[0]}: no tokenizer.json")
    size = load_tokenizer(file).get_vocab_size()
    if size != model.bert.config.vocab_size:
        raise ModelError(f"{file}: has {size} tokens, the model {model.bert.config.vocab_size}; give the model's own")
    return file


def load_tokenizer(file: Path) -> Tokenizer:
    """Load a tokenizer that cuts off the end of what is too long: of the window, unless the question is longer."""
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises nothing narrower
        raise ModelError(f"{file}: cannot be read ({reason(error)})") from error
    tokenizer.enable_truncation(_MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def make_neighbours(model: SpanModel, tokenizer: Tokenizer) -> Neighbours:
    """Return a function that finds words of a word's kind: those with the nearest vectors and another stem."""
    # Sorted, since a tokenizer has its vocabulary in another order in every process.
    vocabulary = sorted((token, i) for token, i in tokenizer.get_vocab().items() if _is_word(token))
    words = [token for token, _ in vocabulary]
    place = {word: row for row, word in enumerate(words)}
    vectors = model.bert.embeddings.word_embeddings.weight.detach().float().numpy()
    rows = vectors[[i for _, i in vocabulary]]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    stem = snowballstemmer.stemmer("english").stemWord

    @cache
    def near(word: str) -> list[str]:
        if word not in place:
            return []
        best = [words[row] for row in np.argsort(-(rows @ rows[place[word]]))[_NEIGHBOURS]]
        return [other for other in best if stem(other) != stem(word) and _ending(other) == _ending(word)]

    return near


def _is_word(token: str) -> bool:
    return len(token) > 3 and token.isascii() and token.isalpha() and token.islower()


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
