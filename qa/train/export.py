"""A trained reader -> the files that `qa` reads with: the network in 8-bit integers for ONNX Runtime.

`python -m qa.train.export FOLDER OUT` exports a reader without training it again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click
import torch
from torch import nn

from qa.embed import find_default_model
from qa.errors import QAError
from qa.onnx_export import export_int8
from qa.train.model import SpanModel, find_tokenizer, load_model, save_config
from qa.train.record import RECORD

_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
_OUTPUTS = ["start_logits", "end_logits"]


class _Outputs(nn.Module):
    """The model with the inputs and outputs that the reader knows by their names."""

    def __init__(self, model: SpanModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        logits = self.model(ids, mask, types)
        return logits[..., 0], logits[..., 1]


def export(model: SpanModel, folder: Path) -> None:
    """Write model.onnx, whole or not at all: the model with weights of 8-bit integers, scaled by channel."""
    axes = {0: "batch", 1: "sequence"}
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        small = Path(temporary, "int8.onnx")
        export_int8(_Outputs(model), _INPUTS, dict.fromkeys(_OUTPUTS, axes), small)
        small.replace(folder / "model.onnx")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path, out: Path) -> None:
    """Export the reader in FOLDER (config.json, model.safetensors and, unless MiniLM's, tokenizer.json) to OUT.

    The record of its training goes with it, if there is one.
    """
    model = load_model(folder)
    tokenizer = find_tokenizer(model, folder, Path(find_default_model()))
    out.mkdir(parents=True, exist_ok=True)
    export(model, out)
    save_config(model, out)
    for file in (tokenizer, folder / RECORD):
        if file.is_file() and file.parent.resolve() != out.resolve():
            shutil.copyfile(file, out / file.name)


if __name__ == "__main__":
    try:
        main()
    except QAError as error:
        sys.exit(f"qa.train.export: {error}")
