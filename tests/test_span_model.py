"""Loading of models that mark spans, and of folders that hold none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import qa
from qa import Article, Hit, ModelError, Passage
from qa.read import SpanReader
from qa.span_model import load_span_model

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


@pytest.mark.slow
def test_what_is_no_reader(tmp_path: Path, copy: Path) -> None:
    """An empty folder, a name that nobody has and another kind of model are told apart in one line."""
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match="check that the folder holds the whole of an extractive question-answering"):
        read(empty)
    with pytest.raises(ModelError, match="'nobody/no-such-model' is not on this machine"):
        load_span_model("nobody/no-such-model")
    (copy / "model.onnx").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        read(copy)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"architectures": ["BertModel"]}))
    with pytest.raises(ModelError, match=r"config.json names BertModel, not an extractive question-answering model"):
        read(copy)


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
        encoding = tokenizer("Who met the minister?", TEXT, return_tensors="pt")
        if name == "roberta":
            encoding.pop("token_type_ids")
        with torch.inference_mode():
            output = model(**encoding)
        start, end = output.start_logits[0], output.end_logits[0]
        scores = [
            float(start[i] + end[j] - start[0] - end[0])
            for i in range(7, len(start) - 1)  # behind [CLS], five tokens of the question, [SEP]
            for j in range(i, len(start) - 1)
        ]
        assert reading.spans[0].score == pytest.approx(max(scores), abs=1e-4), name
