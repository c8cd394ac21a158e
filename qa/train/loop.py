"""Trains a model on a corpus, in steps that can be taken up again where they stopped."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

from qa.errors import ModelError
from qa.hub import reason
from qa.train.examples import Corpus
from qa.train.model import Batch, SpanModel, encode
from qa.train.record import Plan

_CHUNK = 1_000  # questions whose examples are sorted by length together, so that little is padding
_SAVED = 10  # chunks from one checkpoint to the next, some minutes
_REPORTED = 50  # steps from one report to the next
_WARM_UP = 0.03  # of the whole training
_CLIPPED = 1.0  # the longest gradient
_AVERAGED = 0.998  # of the moving average of the weights, a step; some 500 steps are seen in it
_SMOOTHED = 0.98  # of the loss that is reported, a step


class Status(NamedTuple):
    """Where a training stands: the share that is done, the smoothed loss, the speed, and seconds still to go."""

    done: float
    loss: float
    examples_per_s: float
    left_s: float


class Training:
    """A model, its float32 weights, their moving average and the optimizer; the model itself works in bfloat16."""

    def __init__(
        self,
        model: SpanModel,
        tokenizer: Tokenizer,
        corpora: Sequence[tuple[Corpus, int]],
        plan: Plan,
        *,
        fingerprint: str,
    ) -> None:
        """Take corpora with how often an epoch goes through each. The fingerprint is that of all these together."""
        self._tokenizer = tokenizer
        self._plan = plan
        self._fingerprint = fingerprint
        self._model = model
        self.step = 0
        self.loss: float | None = None  # smoothed
        self._chunk = 0
        # The 11.7 M weights of the word embeddings stay: SQuAD has few of the words, and they cost a third of a step.
        model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self._weights = {name: w for name, w in model.named_parameters() if w.requires_grad}
        self._exact = {name: w.detach().clone() for name, w in self._weights.items()}
        self._average = {name: w.clone() for name, w in self._exact.items()}
        self._optimizer = torch.optim.AdamW(list(self._exact.values()), lr=plan.rate, fused=True)
        model.bert.bfloat16()
        self._places = [(corpus, place) for corpus, times in corpora for place in corpus.places * times]
        self._chunks = max(1, round(plan.epochs * len(self._places) / _CHUNK))

    @property
    def done(self) -> float:
        """The share of the training that is done, 0 to 1."""
        return self._chunk / self._chunks

    def run(self, checkpoint: Path, report: Callable[[Status], None]) -> None:
        """Train to the end, with a checkpoint now and then and at the end."""
        began, first, examples = time.monotonic(), self.done, 0
        self._model.train()
        while self._chunk < self._chunks:
            batches = list(self._make_batches(self._chunk))
            for i, batch in enumerate(batches):
                done = (self._chunk + i / len(batches)) / self._chunks
                loss = self._take_step(batch, done)
                self.loss = loss if self.loss is None else _SMOOTHED * self.loss + (1 - _SMOOTHED) * loss
                examples += len(batch.ids)
                if self.step % _REPORTED == 0 and done > first:
                    spent_s = time.monotonic() - began
                    report(Status(done, self.loss, examples / spent_s, spent_s / (done - first) * (1 - done)))
            self._chunk += 1
            if self._chunk % _SAVED == 0 or self._chunk == self._chunks:
                self._save(checkpoint)

    def finished_model(self) -> SpanModel:
        """Return a float32 model with the averaged weights."""
        model = SpanModel(self._model.bert.config)
        model.load_state_dict({**self._model.state_dict(), **self._average})
        return model.float().eval()

    def load(self, checkpoint: Path) -> None:
        """Go on from a checkpoint; ModelError if it is of another training, or cannot be read."""
        again = "give another folder, or delete it to begin again"
        try:
            state = torch.load(checkpoint, weights_only=True)
        except Exception as error:  # torch and pickle raise whatever they like
            raise ModelError(f"{checkpoint}: cannot be read ({reason(error)}); {again}") from error
        # The first checkpoints had neither a fingerprint nor the loss.
        if state.get("fingerprint", self._fingerprint) != self._fingerprint:
            raise ModelError(f"{checkpoint}: of a training by another plan, or from other data or weights; {again}")
        self.step, self._chunk, self.loss = state["step"], state["chunk"], state.get("loss")
        self._optimizer.load_state_dict(state["optimizer"])
        with torch.no_grad():
            for name, exact in self._exact.items():
                exact.copy_(state["exact"][name])
                self._average[name].copy_(state["average"][name])
                self._weights[name].copy_(exact)

    def _save(self, checkpoint: Path) -> None:
        """Write all that is needed to go on, whole or not at all."""
        state = {
            "fingerprint": self._fingerprint,
            "step": self.step,
            "chunk": self._chunk,
            "loss": self.loss,
            "exact": self._exact,
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
        }
        unfinished = checkpoint.with_suffix(".tmp")
        torch.save(state, unfinished)
        unfinished.replace(checkpoint)

    def _make_batches(self, chunk: int) -> Iterator[Batch]:
        """Yield a chunk's batches; the same ones whenever it is asked for."""
        rng = random.Random(f"{self._plan.seed} chunk {chunk}")  # noqa: S311 - nothing secret
        examples = [example for corpus, place in self._choose(chunk) for example in corpus.make(place, rng)]
        rows = sorted(encode(self._tokenizer, examples), key=lambda row: len(row.ids))
        groups = [rows[i : i + self._plan.batch] for i in range(0, len(rows), self._plan.batch)]
        rng.shuffle(groups)
        yield from map(Batch, groups)

    def _choose(self, chunk: int) -> list[tuple[Corpus, tuple[int, int, int]]]:
        """Return a chunk's questions: a stretch of the epochs laid end to end, each in an order of its own."""
        each = len(self._places)
        first, last = chunk * _CHUNK, (chunk + 1) * _CHUNK
        order: list[int] = []
        for epoch in range(first // each, (last - 1) // each + 1):
            shuffled = list(range(each))
            random.Random(f"{self._plan.seed} epoch {epoch}").shuffle(shuffled)  # noqa: S311 - nothing secret
            order += shuffled
        return [self._places[i] for i in order[first % each :][:_CHUNK]]

    def _take_step(self, batch: Batch, done: float) -> float:
        start, end = batch.score(self._model)
        loss = (cross_entropy(start, batch.start) + cross_entropy(end, batch.end)) / 2
        torch.autograd.backward(loss)
        for name, exact in self._exact.items():
            gradient = self._weights[name].grad
            exact.grad = None if gradient is None else gradient.float()
            self._weights[name].grad = None
        torch.nn.utils.clip_grad_norm_(list(self._exact.values()), _CLIPPED)
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.rate * min(1.0, done / _WARM_UP) * (1 - done)
        self._optimizer.step()
        self.step += 1
        with torch.no_grad():
            kept = min(_AVERAGED, self.step / (self.step + 10))
            torch._foreach_lerp_(list(self._average.values()), list(self._exact.values()), 1 - kept)
            for name, exact in self._exact.items():
                self._weights[name].copy_(exact)
        return float(loss.detach())
