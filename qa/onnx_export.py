"""A torch network -> a file for ONNX Runtime, its weights in 8-bit integers with a scale for each channel."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import qa.runtime  # noqa: F401 - before onnxruntime is

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

_OPSET = 17
# 7 bits: processors without VNNI add two products of 8 bits in 16, which overflow. With 7 a text has the same vector
# on either kind, with 8 its cosine with the float's falls from .994-.997 to .990-.995 on a Haswell (qemu, eight
# texts, 2026-11-25). It costs little: the best span of the reader is the float's in 90 % either way, and the first
# passage of the hybrid is right for .8271 and .7951 of two sets of questions against the float's .8289 and .7970
# (2,910 and 1,591 questions of SQuAD among 1,946 passages, 2026-11-25).
_REDUCE_RANGE = True


def export_int8(network: Module, inputs: Sequence[str], outputs: Mapping[str, Mapping[int, str]], file: Path) -> None:
    """Write `file`; beside it, for a while, the network in 32-bit floats.

    `inputs` are names of tensors of token ids, masks or types, each of shape (batch, sequence), in the order in which
    the network takes them. `outputs` names what it gives, and the axes of each whose length changes.

    Raises whatever torch and onnxruntime raise for a network that cannot be exported, and OSError.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    exact = file.with_suffix(".float32")
    shape = {0: "batch", 1: "sequence"}
    with _silence():
        try:
            torch.onnx.export(
                network.eval(),
                tuple(_example(name) for name in inputs),
                exact,
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={**dict.fromkeys(inputs, shape), **{name: dict(axes) for name, axes in outputs.items()}},
                opset_version=_OPSET,
                # The newer exporter's graph took 166 ms against 116 ms for 8 passages of 160 tokens, when quantised
                # (ONNX Runtime 1.32, 2026-11-24).
                dynamo=False,
            )
            quantize_dynamic(exact, file, per_channel=True, reduce_range=_REDUCE_RANGE, weight_type=QuantType.QInt8)
        finally:
            exact.unlink(missing_ok=True)


def _example(name: str) -> Tensor:
    import torch

    ones = torch.ones(2, 16, dtype=torch.int64)
    return torch.zeros_like(ones) if name == "token_type_ids" else ones


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the exporters' warnings, which are about graphs of other kinds than ours, from the user."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
