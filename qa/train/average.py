"""Readers trained from the same weights -> the reader whose every weight is the mean of theirs.

`python -m qa.train.average OUT FOLDER FOLDER...`. Trainings that differ in their seed err in different places;
their mean errs less, and reads as fast as one of them (Wortsman et al., 2022, "Model soups").
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import torch

from qa.embed import find_default_model
from qa.errors import ModelError, QAError
from qa.train.model import SpanModel, find_tokenizer, load_model, save_model
from qa.train.record import RECORD

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def average(models: Sequence[SpanModel]) -> SpanModel:
    """Return the mean of one or more models; ModelError if they are of different sizes."""
    states = [model.state_dict() for model in models]
    if len({tuple((name, tensor.shape) for name, tensor in state.items()) for state in states}) != 1:
        raise ModelError("the readers are of different sizes; give trainings that began with the same weights")
    mean = SpanModel(models[0].bert.config)
    mean.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return mean.eval()


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.argument("folders", nargs=-1, required=True, type=_FOLDER)
def main(out: Path, folders: tuple[Path, ...]) -> None:
    """Write the mean of the readers in FOLDERS to OUT, with the records of their trainings."""
    mean = average([load_model(folder) for folder in folders])
    tokenizer = find_tokenizer(mean, *folders, Path(find_default_model()))
    records = [json.loads((folder / RECORD).read_text(encoding="utf-8")) for folder in folders]
    out.mkdir(parents=True, exist_ok=True)
    save_model(mean, out)
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    (out / RECORD).write_text(json.dumps({"mean_of": records}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (QAError, OSError) as error:
        sys.exit(f"qa.train.average: {error}")
