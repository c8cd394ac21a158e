"""Loading of models that mark spans, and of folders that hold none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

import qa
from qa import Article, Hit, ModelError, Passage
from qa.read import SpanReader
from qa.span_model import find_room, load_span_model

SHIPPED = Path(qa.__file__).parent / "models" / "minilm-reader"
TEXT = "Donald Blome met the minister in Islamabad."
HITS = [Hit(Passage(Article(TEXT), 0, len(TEXT)), 1.0, 1.0, 1.0)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped model that a test may spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "copy"))


def read(folder: Path) -> str:
    return SpanReader(str(folder)).read("Who met the minister?", HITS).spans[0].text


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_file_that_was_cut_off(copy: Path, file: str) -> None:
    """Half a file is named."""
    whole = (copy / file).read_bytes()
    (copy / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=rf"{copy / file}: cannot be read \(.*\); the folder should hold") as caught:
        read(copy)
    assert "\n" not in str(caught.value)


def test_a_tokenizer_that_is_missing(copy: Path) -> None:
    """A model alone is not enough."""
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=rf"{copy / 'tokenizer.json'}: is missing"):
        read(copy)


def write_network(
    file: Path, *, inputs: Sequence[str] = ("input_ids",), words: int = 40_000, deep: bool = False
) -> None:
    """Write a network whose start logits are a table of words and whose end logits are the same."""
    named = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in inputs]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("start_logits", "end_logits")
    ]
    table = numpy_helper.from_array(np.zeros((words, 2) if deep else words, np.float32), "table")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["start_logits"]),
        helper.make_node("Identity", ["start_logits"], ["end_logits"]),
    ]
    graph = helper.make_graph(nodes, "words", named, outputs, [table])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    file.write_bytes(model.SerializeToString())


def test_a_network_that_takes_something_else(copy: Path) -> None:
    """Inputs that are not ours are told when the model is loaded, with the file."""
    file = copy / "model.onnx"
    write_network(file, inputs=["input_ids", "position_ids"])
    with pytest.raises(ModelError, match=rf"{file}: takes input_ids, position_ids, not attention_mask,"):
        read(copy)
    write_network(file)
    assert read(copy) in TEXT


def test_a_network_of_another_tokenizer(copy: Path) -> None:
    """A vocabulary that the network has no room for, or logits of another shape, are told before anything is read."""
    write_network(copy / "model.onnx", words=1000)
    with pytest.raises(ModelError, match=rf"{copy}: its network cannot read what its tokenizer.json makes") as caught:
        read(copy)
    assert "\n" not in str(caught.value)
    write_network(copy / "model.onnx", deep=True)
    with pytest.raises(ModelError, match=r"it gives logits of shape \(1, 64, 2\) for 64 tokens"):
        read(copy)


def test_a_tokenizer_that_marks_no_pairs(copy: Path) -> None:
    """Without a token before the question nothing stands for "no answer"."""
    settings = json.loads((copy / "tokenizer.json").read_text())
    (copy / "tokenizer.json").write_text(json.dumps(settings | {"post_processor": None}))
    with pytest.raises(ModelError, match=rf"{copy}: its tokenizer puts nothing before a question"):
        read(copy)


@pytest.mark.slow
def test_what_is_no_reader(tmp_path: Path, copy: Path) -> None:
    """An empty folder, a name that nobody has and another kind of model are told apart in one line."""
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match=rf"{empty / 'config.json'}: is missing; the folder should hold the"):
        read(empty)
    with pytest.raises(ModelError, match="'nobody/no-such-model' is not on this machine"):
        load_span_model("nobody/no-such-model")
    (copy / "model.onnx").unlink()
    with pytest.raises(ModelError, match=rf"{copy / 'model.safetensors'}: is missing"):
        read(copy)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"architectures": ["BertModel"]}))
    with pytest.raises(ModelError, match=r"config.json names BertModel, not an extractive question-answering model"):
        read(copy)


@pytest.mark.slow
def test_folders_of_hugging_face_that_are_not_whole(tmp_path: Path) -> None:
    """Each file that is missing, cut off or of another model is named; fewer places make smaller windows."""
    from transformers import BertConfig, BertForQuestionAnswering, BertModel, PreTrainedTokenizerFast

    tokenizer: Any = PreTrainedTokenizerFast(tokenizer_file=str(SHIPPED / "tokenizer.json"))  # type: ignore[no-untyped-call]
    small: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    size = len(tokenizer)
    whole, folder = tmp_path / "whole", tmp_path / "spoilt"
    narrow = BertConfig(vocab_size=size, max_position_embeddings=140, **small)
    BertForQuestionAnswering(narrow).save_pretrained(whole)
    tokenizer.save_pretrained(whole)
    assert find_room(load_span_model(str(whole)), "narrow", 256) == 128

    def cut(name: str) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[:300])

    def remove(*names: str) -> None:
        for name in names:
            (folder / name).unlink()

    def take_head() -> None:
        BertModel(narrow).save_pretrained(folder)
        shutil.copy(whole / "config.json", folder)

    def shrink() -> None:
        BertForQuestionAnswering(BertConfig(vocab_size=1100, **small)).save_pretrained(folder)

    spoils: list[tuple[str, Callable[[], None]]] = [
        ("tokenizer.json: cannot be read", lambda: cut("tokenizer.json")),
        ("model.safetensors: cannot be read", lambda: cut("model.safetensors")),
        ("config.json: cannot be read", lambda: cut("config.json")),
        ("model.safetensors: is missing", lambda: remove("model.safetensors")),
        ("tokenizer.json: is missing", lambda: remove("tokenizer.json")),
        ("tokenizer.json is missing or empty", lambda: remove("tokenizer.json", "tokenizer_config.json")),
        ("its weights lack qa_outputs.bias, qa_outputs.weight", take_head),
        ("cannot read what its tokenizer.json makes", shrink),
    ]
    for message, spoil in spoils:
        shutil.copytree(whole, folder)
        spoil()
        with pytest.raises(ModelError, match=message) as caught:
            read(folder)
        assert str(folder) in str(caught.value)
        assert "\n" not in str(caught.value)
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_model_in_the_format_of_hugging_face(tmp_path: Path) -> None:
    """A folder as transformers saves it is read by transformers; BERT and RoBERTa have different special tokens."""
    import torch
    from transformers import (
        BertConfig,
        BertForQuestionAnswering,
        PreTrainedTokenizerFast,
        RobertaConfig,
        RobertaForQuestionAnswering,
    )

    torch.manual_seed(0)
    tokenizer: Any = PreTrainedTokenizerFast(tokenizer_file=str(SHIPPED / "tokenizer.json"))  # type: ignore[no-untyped-call]
    small: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    models: dict[str, Any] = {
        "bert": BertForQuestionAnswering(BertConfig(vocab_size=len(tokenizer), **small)),
        "roberta": RobertaForQuestionAnswering(RobertaConfig(vocab_size=len(tokenizer), type_vocab_size=1, **small)),
    }
    for name, model in models.items():
        model.eval()
        folder = tmp_path / name
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        reading = SpanReader(str(folder)).read("Who met the minister?", HITS)
        assert reading.spans
        assert all(span.text in TEXT for span in reading.spans)
        encoding = tokenizer("Who met the minister?", TEXT, return_tensors="pt", return_token_type_ids=name == "bert")
        with torch.inference_mode():
            output = model(**encoding)
        start, end = output.start_logits[0], output.end_logits[0]
        scores = [
            float(start[i] + end[j] - start[0] - end[0])
            for i in range(7, len(start) - 1)  # behind [CLS], five tokens of the question, [SEP]
            for j in range(i, len(start) - 1)
        ]
        assert reading.spans[0].score == pytest.approx(max(scores), abs=1e-4), name
