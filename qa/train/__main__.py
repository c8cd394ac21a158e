"""`python -m qa.train`: makes the reader that ships with the package."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.embed import DEFAULT_MODEL, find_default_model
from qa.errors import QAError
from qa.labelled import load_squad as read_squad
from qa.train.examples import Corpus
from qa.train.labelled import Labelled, load_qamr, load_squad
from qa.train.people import ask_about_people
from qa.train.record import Origin, Plan, Source, write_record

if TYPE_CHECKING:
    from qa.train.loop import Status

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_POSITIVE = click.FloatRange(min=0, min_open=True)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--squad", type=_FILE, multiple=True, help="A file in SQuAD's format, 1.1 or 2.0; may be repeated.")
@click.option("--qamr", type=_FILE, multiple=True, help="A file of QAMR's lines; may be repeated.")
@click.option(
    "--times", type=(str, click.IntRange(min=1)), multiple=True, help="A file's NAME and how often an epoch has it."
)
@click.option("--leave-out", type=str, multiple=True, help="An article's TITLE, kept for measuring; may be repeated.")
@click.option("--start", type=_FOLDER, help="The model to start from.  [default: MiniLM]")
@click.option("--epochs", type=_POSITIVE, default=Plan().epochs, show_default=True)
@click.option("--batch", type=click.IntRange(min=1), default=Plan().batch, show_default=True, help="Examples a step.")
@click.option("--rate", type=_POSITIVE, default=Plan().rate, show_default=True, help="The highest learning rate.")
@click.option(
    "--dropout",
    type=click.FloatRange(0, 1, max_open=True),
    default=Plan().dropout,
    show_default=True,
    help="A share.",
)
@click.option("--seed", type=int, default=Plan().seed, show_default=True)
@click.option(
    "--people",
    type=click.IntRange(min=0),
    default=Plan().people,
    show_default=True,
    help="How often an epoch has the questions made of the people and offices that the files name.",
)
def main(
    folder: Path,
    squad: tuple[Path, ...],
    qamr: tuple[Path, ...],
    times: tuple[tuple[str, int], ...],
    leave_out: tuple[str, ...],
    start: Path | None,
    epochs: float,
    batch: int,
    rate: float,
    dropout: float,
    seed: int,
    people: int,
) -> None:
    """Train a reader into FOLDER, or go on with the training whose checkpoint is there."""
    names = [path.name for path in squad + qamr]
    if unknown := [name for name, _ in times if name not in names]:
        raise click.UsageError(f"--times {unknown[0]}: no file of that name is given with --squad or --qamr")
    titles = {article.title for path in squad if leave_out for article in read_squad(path)}
    if missing := sorted(set(leave_out) - titles):
        raise click.UsageError(f"--leave-out {missing[0]}: no article of that title is in the files of --squad")
    sources = [
        Source(path, load, dict(times).get(path.name, 1))
        for paths, load in ((squad, partial(load_squad, left_out=leave_out)), (qamr, load_qamr))
        for path in paths
    ]
    labelled = [source.load(source.path) for source in sources]
    if not any(paragraph.questions for articles in labelled for article in articles for paragraph in article):
        raise click.UsageError("nothing to train on: give --squad FILE or --qamr FILE with questions")
    _train(folder, start, Plan(epochs, batch, rate, dropout, seed, people), sources, labelled, leave_out)


def _train(
    folder: Path,
    start: Path | None,
    plan: Plan,
    sources: Sequence[Source],
    labelled: Sequence[Labelled],
    left_out: Sequence[str],
) -> None:
    import torch  # here, with what follows: it takes seconds, and a file that holds no questions should show at once

    from qa.train.export import export
    from qa.train.loop import Training
    from qa.train.model import find_tokenizer, find_weights, load_model, load_tokenizer, make_neighbours, save_model

    default = Path(find_default_model())
    name = start.resolve().name if start else DEFAULT_MODEL
    origin = Origin.of(plan, name, find_weights(start or default), sources, left_out)
    torch.manual_seed(plan.seed)
    model = load_model(start or default, new_head=True, dropout=plan.dropout)
    tokenizer_file = find_tokenizer(model, *([start] if start else []), default)
    tokenizer = load_tokenizer(tokenizer_file)
    near = make_neighbours(model, tokenizer)
    corpora = [(Corpus(articles, near), source.times) for articles, source in zip(labelled, sources, strict=True)]
    if plan.people:
        corpora += [(Corpus(ask_about_people(articles, plan.seed), near), plan.people) for articles in labelled]
    training = Training(model, tokenizer, corpora, plan, fingerprint=origin.fingerprint)
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        training.load(checkpoint)
        click.echo(f"going on at {training.done:.1%}")
    training.run(checkpoint, _report)
    finished = training.finished_model()
    save_model(finished, folder)
    shutil.copyfile(tokenizer_file, folder / "tokenizer.json")
    export(finished, folder)
    write_record(folder, origin, steps=training.step, loss=training.loss)  # last: where it is, the rest is whole


def _report(status: Status) -> None:
    left = dt.timedelta(seconds=round(status.left_s))
    click.echo(f"{status.done:6.1%}  loss {status.loss:.3f}  {status.examples_per_s:.0f} examples/s  {left} left")


if __name__ == "__main__":
    try:
        main()
    except QAError as error:
        sys.exit(f"qa.train: {error}")
