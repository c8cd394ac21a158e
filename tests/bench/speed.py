"""What an answer costs, beside the plain script: `python tests/bench/speed.py squad-v1.1-train.json.gz`.

Prints a table and writes speed.json. Libraries of many passages are made of sentences of SQuAD's articles in new
company, so that words are as common as in real text, and of real vectors between neighbours with a little noise, so
that they cluster as real ones do. A million passages take half an hour; `--sizes 1000,10000` is quick.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import faiss
import numpy as np
from numpy.typing import NDArray

from qa import QA, Article, Passage, load_shipped
from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder, find_default_model
from qa.store import Store

QUESTION = "Who met Shaza Fatima Khawaja?"
ASKED = 100
PROGRAM = (sys.executable, "-c", "from qa.cli import main; main()")
PLAIN = Path(__file__).with_name("plain.py")
Rows = NDArray[np.float32]


class Known:
    """The embedder for questions whose vectors are known, so that a search is timed without it."""

    name = DEFAULT_MODEL

    def __init__(self, vectors: dict[str, Rows], real: SentenceTransformerEmbedder) -> None:
        self.vectors = vectors
        self.real = real

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Rows:
        return np.stack([self.vectors[text] for text in texts]) if query else self.real.encode(texts)


def time_ms(function: Callable[[Any], object], values: Iterable[Any]) -> tuple[float, float]:
    """Return the median and the 95th percentile of what a call takes, in milliseconds."""
    took = []
    for value in values:
        started = time.perf_counter()
        function(value)
        took.append(1000 * (time.perf_counter() - started))
    return round(statistics.median(took), 2), round(float(np.percentile(took, 95)), 2)


def run(command: Sequence[str], times: int, **environment: str) -> tuple[float, float]:
    """Return the median seconds of a process from start to exit, and its most memory in MB."""
    seconds, memory = [], 0.0
    for _ in range(times + 1):  # the first one warms the disk
        started = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - started)
        assert os.waitstatus_to_exitcode(status) in (0, 1), command
        memory = max(memory, usage.ru_maxrss / 1024)
    return round(statistics.median(seconds[1:]), 3), round(memory)


def ask_cold(folder: Path) -> Iterator[tuple[str, Any]]:
    """Start a process for one question to a library that is there."""
    article = folder / "article.txt"
    article.write_text(load_shipped()[0].text, encoding="utf-8")
    ours = run([*PROGRAM, "ask", QUESTION], 7, QA_LIBRARY=str(folder / "cold"))
    plain = run([sys.executable, str(PLAIN), str(article), QUESTION], 3)
    yield "cold ask, s and MB", ours
    yield "plain script, s and MB", plain
    yield "the plain script takes so many times as long", round(plain[0] / ours[0], 1)
    yield "qa --help, s and MB", run([*PROGRAM, "--help"], 7)
    yield "import qa, s and MB", run([sys.executable, "-c", "import qa"], 7)


def ask_warm(folder: Path, paragraphs: Sequence[str], questions: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Ask a library of two hundred paragraphs, and fill it."""
    from sentence_transformers import SentenceTransformer

    texts = list(paragraphs[:200])
    model, embedder = SentenceTransformer(find_default_model()), SentenceTransformerEmbedder()
    embedder.encode(texts[:8])
    rates = {"ours": [], "torch": []}  # type: dict[str, list[float]]
    for _ in range(3):
        for name, encode in (("ours", embedder.encode), ("torch", model.encode)):
            started = time.perf_counter()
            encode(texts)
            rates[name].append(len(texts) / (time.perf_counter() - started))
    ours, torch = (statistics.median(rates[name]) for name in ("ours", "torch"))
    yield "passages embedded a second", round(ours, 1)
    yield "times sentence-transformers", round(ours / torch, 2)
    with QA.open(folder / "warm", model=embedder) as qa:
        qa.add(Article("\n\n".join(texts)))
        qa.ask(questions[0])
        yield "warm ask with reading, ms p50 and p95", time_ms(qa.ask, questions)
        yield (
            "embedding a question, ms p50 and p95",
            time_ms(lambda text: embedder.encode([text], query=True), questions),
        )


def perturb(real: Rows, count: int) -> Rows:
    """Return unit vectors between real ones and one of their twenty neighbours, with noise of a third of a unit."""
    dice = np.random.default_rng(1)
    index = faiss.IndexFlatIP(real.shape[1])
    index.add(real)
    neighbours = index.search(real, 21)[1]
    first = dice.integers(len(real), size=count)
    second = neighbours[first, dice.integers(1, 21, size=count)]
    share = dice.uniform(0.2, 0.8, size=(count, 1)).astype(np.float32)
    rows = real[first] * (1 - share) + real[second] * share
    rows += dice.standard_normal(rows.shape, np.float32) * np.float32(0.35 / rows.shape[1] ** 0.5)
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def fill(folder: Path, rows: Rows, sentences: Sequence[str], probe: Rows) -> None:
    """Make a library of so many passages, four sentences each, five hundred to an article."""
    dice = random.Random(1)  # noqa: S311
    store = Store(folder)
    for first in range(0, len(rows), 500):
        block = rows[first : first + 500]
        texts = [" ".join(dice.choices(sentences, k=4)) for _ in block]
        article = Article("\n\n".join(texts), title=str(first))
        starts = np.cumsum([0, *(len(text) + 2 for text in texts)]).tolist()
        passages = [Passage(article, start, start + len(text)) for start, text in zip(starts, texts, strict=False)]
        store.add(article, passages, block, model=DEFAULT_MODEL, probe=probe)
    store.close()


def search_many(folder: Path, count: int, world: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Search a library of many passages."""
    embedder: SentenceTransformerEmbedder = world["embedder"]
    probe = embedder.encode(["The minister met the ambassador on Wednesday."])[0]
    rows = perturb(world["rows"], count)
    fill(folder, rows, world["sentences"], probe)
    known = Known(world["questions"], embedder)
    started = time.perf_counter()
    with QA.open(folder, model=known) as qa:
        qa.retrieve(next(iter(known.vectors)))
    yield "making the index, s", round(time.perf_counter() - started, 1)
    started = time.perf_counter()
    with QA.open(folder, model=known) as qa:
        yield "opening, s", round(time.perf_counter() - started, 3)
        qa.retrieve(next(iter(known.vectors)))
        yield "opening and first search, s", round(time.perf_counter() - started, 3)
        yield "search without embedding, ms p50 and p95", time_ms(qa.retrieve, list(known.vectors))
        size = sum(file.stat().st_size for file in folder.iterdir())
        yield "on disk, MB and bytes a passage", (round(size / 1e6, 1), round(size / count))
        exact = faiss.IndexFlatIP(rows.shape[1])
        exact.add(rows)
        asked = np.stack(list(known.vectors.values()))
        yield "recall@10", measure_recall(qa, exact, asked)
        yield "exact search by FAISS alone, ms p50 and p95", time_ms(lambda row: exact.search(row[None], 10), asked)
    # Not its memory: what this process holds by now counts as its children's.
    yield "cold ask, s", run([*PROGRAM, "ask", QUESTION], 3, QA_LIBRARY=str(folder))[0]


def measure_recall(qa: QA, exact: faiss.Index, questions: Rows) -> float:
    """Return the share of the ten nearest vectors that are among a search's candidates."""
    nearest = exact.search(questions, 10)[1] + 1
    found = [qa._refresh_index().search(vector, 100) for vector in questions]
    return round(float(np.mean([len({*a} & {*b}) / 10 for a, b in zip(nearest.tolist(), found, strict=True)])), 4)


def read_squad(file: Path) -> tuple[list[str], list[str]]:
    """Return paragraphs in another order, and a question about each of the first."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as stream:
        entries = [entry for title in json.load(stream)["data"] for entry in title["paragraphs"]]
    random.Random(1).shuffle(entries)  # noqa: S311
    asked = [" ".join(entry["qas"][0]["question"].split()) for entry in entries[:ASKED]]
    return [entry["context"] for entry in entries], asked


@click.command()
@click.argument("squad", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--sizes", default="1000,10000,100000,1000000", show_default=True, help="Libraries of so many passages."
)
@click.option("--real", default=4000, show_default=True, help="Real vectors that the others are made of.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("speed.json"))
def main(squad: Path, sizes: str, real: int, out: Path) -> None:
    """Measure."""
    figures: dict[str, Any] = {}

    def show(heading: str, results: Iterator[tuple[str, Any]]) -> None:
        click.echo(f"\n{heading}")
        for name, value in results:
            figures.setdefault(heading, {})[name] = value
            click.echo(f"  {name:46} {' '.join(map(str, value)) if isinstance(value, tuple) else value}")

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        show("a process for one question", ask_cold(folder))
        paragraphs, asked = read_squad(squad)  # not before: what this process holds counts as its children's
        show("200 paragraphs", ask_warm(folder, paragraphs, asked))
        embedder = SentenceTransformerEmbedder()
        sentences = [part for text in paragraphs for part in text.split(". ")]
        vectors = dict(zip(asked, embedder.encode(asked, query=True), strict=True))
        world = {
            "embedder": embedder,
            "sentences": sentences,
            "questions": vectors,
            "rows": embedder.encode(paragraphs[:real]),
        }
        for count in map(int, filter(None, sizes.split(","))):
            show(f"{count:,} passages", search_many(folder / str(count), count, world))
    out.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
