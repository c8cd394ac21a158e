"""`python -m qa.train.small_talk`: makes the weights that tell small talk from questions about the articles."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import numpy as np

from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from qa.errors import ArticleError, QAError
from qa.labelled import BROKEN, LabelledArticle, is_lines, load_squad, open_text
from qa.talk.small_talk import INTENTS, Layer, SmallTalk
from qa.train.small_talk_examples import follow_ups, own_examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.types import Embedder, Rows

KINDS = ("none", *INTENTS)
# CLINC150's intents -> ours. Its "maybe" ("I don't know") and "cancel" ("never mind") want no answer, as "ok" does.
_OURS = {
    "greeting": "greeting", "thank_you": "thanks", "goodbye": "goodbye", "what_is_your_name": "who_are_you",
    "who_made_you": "who_are_you", "how_old_are_you": "who_are_you", "where_are_you_from": "who_are_you",
    "who_do_you_work_for": "who_are_you", "what_are_your_hobbies": "who_are_you", "are_you_a_bot": "are_you_a_bot",
    "what_can_i_ask_you": "what_can_you_do", "yes": "yes", "no": "no", "maybe": "acknowledgement",
    "cancel": "acknowledgement", "repeat": "repeat", "tell_joke": "cannot", "meaning_of_life": "cannot",
    "oos": "none",
}  # fmt: skip
_WELL = re.compile(r"\b(?:how\w*|what'?s up|whats up|are you|have you|everything|feel)\b", re.I)  # no mere greeting
_ABOUT = re.compile(r"\b(?:about|on|regarding|relating|for)\b")
_ASKING = re.compile(r"(?:who|what|where|when|why|how|which|are|is|do|does|did|can|could|would|will|have|may|any)\b")
_OUT_OF_SCOPE = 3.0  # how often a question out of CLINC150's scope counts, of which there are a hundred
_PENALTY = 0.1  # of the weights' squares; .03 to 1 make no difference to speak of


class Message(NamedTuple):
    """A message, its kind, of KINDS, and whether it is kept for measuring."""

    text: str
    kind: str
    kept: bool = False


def load_clinc(path: Path) -> list[Message]:
    """Read CLINC150's lines (a text, its intent, its split) with kinds of ours; ArticleError if they are not that."""
    try:
        with open_text(path) as file:
            raw = [json.loads(line) for line in file]
        found = [(row["text"], row["intent"], row["split"].endswith("val")) for row in raw]
    except BROKEN as error:
        raise ArticleError(f"{path}: not a file of CLINC150's lines ({error!r})") from error
    return [Message(text, kind, kept) for text, intent, kept in found if (kind := find_kind(text, intent))]


def find_kind(text: str, intent: str) -> str | None:
    """Return the kind of a message of CLINC150, None if it is best left out.

    A fact about something may stand in an article; of what CLINC150 calls a fact without "about", too, some do.
    """
    if intent == "fun_fact":
        return "none" if _ABOUT.search(text) else None
    if intent == "greeting" and _WELL.search(text):
        return "how_are_you"
    return _OURS.get(intent)


def spell(text: str) -> list[str]:
    """Return a message as a hasty and as a careful person writes it: "who are you", "Who are you?"."""
    mark = "?" if _ASKING.match(text.lower()) else "."
    return [text, text[:1].upper() + text[1:] + (mark if text[-1:].isalnum() else "")]


class Asked(NamedTuple):
    """Questions about articles, and short answers, which are what people type to search."""

    questions: list[str]
    words: list[str]


def split_squad(path: Path, *, questions: int, seed: int) -> tuple[Asked, Asked]:
    """Return what SQuAD has to fit to and to choose the threshold on, no article in both."""
    articles = load_squad(path)
    draw = random.Random(seed)  # noqa: S311 - draws a sample
    draw.shuffle(articles)
    third = len(articles) // 3
    return _sample(articles[third:], questions, draw), _sample(articles[:third], questions, draw)


def _sample(articles: Sequence[LabelledArticle], most: int, draw: random.Random) -> Asked:
    """Return some questions, every fourth once more in lower case without its mark, and a fifth as many answers."""
    asked = [question for article in articles for part in article.paragraphs for question in part.questions]
    asked = draw.sample(asked, min(most, len(asked)))
    texts = [" ".join(question.text.split()) for question in asked]
    words = [question.answers[0] for question in asked[::5] if question.answers and len(question.answers[0]) < 40]
    hasty = [text.lower().rstrip("?") for text in texts[::4]]
    return Asked(texts + hasty, [word.lower() if place % 2 else word for place, word in enumerate(words)])


def fit(vectors: Rows, kinds: NDArray[np.int64], counts: Rows) -> tuple[Rows, Rows]:
    """Return the weights and the bias of a multinomial logistic regression, each example counted so often."""
    import torch

    rows, target, times = (torch.from_numpy(array) for array in (vectors, kinds, counts))
    weights = torch.zeros(rows.shape[1], len(KINDS), requires_grad=True)
    bias = torch.zeros(len(KINDS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        each = torch.nn.functional.cross_entropy(rows @ weights + bias, target, reduction="none")
        total = (times * each).sum() + _PENALTY / 2 * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach().numpy(), bias.detach().numpy()


def train(embedder: Embedder, messages: Sequence[Message], questions: Sequence[str]) -> Layer:
    """Fit a layer to the messages that are not kept, to ours, and to questions; the threshold is yet to choose."""
    said = [message for message in messages if not message.kept]
    said += [Message(text, kind) for text, kind in own_examples()]
    said += [Message(text, "none") for text in follow_ups()]
    texts, kinds, counts = list(questions), [0] * len(questions), [1.0] * len(questions)
    rare = {message.text for message in messages if message.kind == "none"}
    for message in said:
        spelt = spell(message.text)
        texts += spelt
        kinds += [KINDS.index(message.kind)] * len(spelt)
        counts += [(_OUT_OF_SCOPE if message.text in rare else 1.0) / len(spelt)] * len(spelt)
    vectors = embedder.encode(texts, query=True)
    weights, bias = fit(vectors, np.array(kinds), np.array(counts, np.float32))
    weights, bias = (array.astype(np.float16).astype(np.float32) for array in (weights, bias))  # as they are saved
    return Layer(embedder.name, list(KINDS), weights, bias, threshold=0.0)


def choose_threshold(layer: Layer, texts: Sequence[str], vectors: Rows, *, most: float) -> float:
    """Return the least threshold at which at most such a share of questions is taken for small talk."""
    talk = SmallTalk(layer)
    taken = (layer.classify(row)[1] for text, row in zip(texts, vectors, strict=True) if talk.classify(text, row))
    surest = sorted(taken, reverse=True)
    allowed = int(most * len(texts))
    return min(1.0, surest[allowed] + 1e-3) if allowed < len(surest) else 0.0


def read_questions(path: Path) -> Iterator[str]:
    """Yield the questions of a file in SQuAD's format, or of CANARD's lines, with their rewrites."""
    if is_lines(path):
        with open_text(path) as file:
            for line in file:
                row = json.loads(line)
                yield from (row["Question"], row["Rewrite"])
    else:
        for article in load_squad(path):
            yield from (question.text for part in article.paragraphs for question in part.questions)


def _report(talk: SmallTalk, embedder: Embedder, messages: Iterable[Message], label: str) -> None:
    """Tell how many messages are taken for small talk, which wrongly, and which are missed."""
    told = list(messages)
    rows = embedder.encode([message.text for message in told], query=True)
    found = [talk.classify(message.text, row) or "none" for message, row in zip(told, rows, strict=True)]
    for talks in (True, False):
        pairs = [(m, kind) for m, kind in zip(told, found, strict=True) if (m.kind != "none") is talks]
        taken = sum(kind != "none" for _, kind in pairs)
        right = sum(kind == m.kind for m, kind in pairs)
        if pairs:
            what = "small talk" if talks else "questions"
            click.echo(
                f"{label}: of {len(pairs)} {what} {taken / len(pairs):.4f} taken, {right / len(pairs):.4f} right"
            )
            for message, kind in pairs:
                if kind != message.kind:
                    click.echo(f"    {message.text}  ({message.kind}, taken for {kind})")


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=_FILE)
@click.argument("squad", type=_FILE)
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", type=_FILE, multiple=True, help="A file of questions to measure on; may be repeated.")
@click.option("--questions", type=click.IntRange(min=10), default=10_000, show_default=True, help="Of SQuAD's.")
@click.option("--most", type=click.FloatRange(0, 1), default=0.0005, show_default=True, help="A share of questions.")
@click.option("--seed", type=int, default=0, show_default=True)
def main(data: Path, squad: Path, out: Path, check: tuple[Path, ...], questions: int, most: float, seed: int) -> None:
    """Make OUT/weights.npz of CLINC150's lines in DATA and of the questions in SQUAD, and tell how good it is.

    The threshold is the least at which at most a share --most of SQuAD's questions on other articles is mistaken.
    """
    messages = load_clinc(data)
    fitted, chosen = split_squad(squad, questions=questions, seed=seed)
    embedder = SentenceTransformerEmbedder(DEFAULT_MODEL)
    layer = train(embedder, messages, fitted.questions + fitted.words)
    threshold = choose_threshold(layer, chosen.questions, embedder.encode(chosen.questions, query=True), most=most)
    layer = layer._replace(threshold=threshold)
    click.echo(f"threshold {threshold:.3f}, chosen on {len(chosen.questions)} questions")
    out.mkdir(parents=True, exist_ok=True)
    layer.save(out / "weights.npz")
    talk = SmallTalk(layer)
    _report(talk, embedder, (message for message in messages if message.kept), data.name)
    for label, texts in (("chosen on", chosen.questions), ("answers", chosen.words)):
        _report(talk, embedder, (Message(text, "none") for text in texts), label)
    for path in check:
        _report(talk, embedder, (Message(" ".join(text.split()), "none") for text in read_questions(path)), path.name)


if __name__ == "__main__":
    try:
        main()
    except QAError as error:
        sys.exit(f"qa.train.small_talk: {error}")
