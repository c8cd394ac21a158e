"""What a reader is made from and how -> a fingerprint of it, and the record that stands beside the weights."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.train.labelled import Labelled

RECORD = "training.json"  # beside the weights
_PACKAGES = ("article-qa", "torch", "transformers", "tokenizers", "onnx", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train. `epochs` count the labelled questions; each gives about two examples."""

    epochs: float = 2.0
    batch: int = 32  # examples
    rate: float = 2e-4
    dropout: float = 0.0  # the share of the network's hidden values that a step does without
    seed: int = 0
    people: int = 0  # how often an epoch goes through the questions that are made of the people in the files


@dataclass(frozen=True, slots=True)
class Source:
    """A file of labelled questions, what reads it, and how often an epoch goes through it."""

    path: Path
    load: Callable[[Path], Labelled]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """All that decides what a training comes to: JSON's values only, the files by their names and hashes."""

    plan: Plan
    start: dict[str, str]
    data: list[dict[str, str | int]]
    left_out: list[str]

    @classmethod
    def of(
        cls, plan: Plan, start: str, weights: Path, sources: Sequence[Source], left_out: Sequence[str] = ()
    ) -> Origin:
        """Read the files. `start` is the name of the model whose weights the training begins with.

        `left_out` are the titles of articles that are kept for measuring.
        """
        data: list[dict[str, str | int]] = [
            {"name": source.path.name, "sha256": _hash(source.path), "times": source.times} for source in sources
        ]
        return cls(plan, {"name": start, "sha256": _hash(weights)}, data, sorted(left_out))

    @property
    def fingerprint(self) -> str:
        """A hash of it that does not change with what the files and the model are called."""
        files = [(file["sha256"], file["times"]) for file in self.data]
        nameless = [asdict(self.plan), self.start["sha256"], files, self.left_out]
        return hashlib.sha256(json.dumps(nameless).encode()).hexdigest()


def write_record(folder: Path, origin: Origin, *, steps: int, loss: float | None) -> None:
    """Write training.json: the origin, and what came of it."""
    record = {
        **asdict(origin),
        "steps": steps,
        "loss": None if loss is None else round(loss, 4),
        "date": dt.date.today().isoformat(),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
    }
    (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # article-qa itself, run from a checkout
        return None


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
