"""Networks in ONNX Runtime, which is kept from reporting on the machine to its makers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Its builds for Linux and macOS, 1.32 among them, collect and send events about the process and the machine, unless
# this is set before they are loaded (Privacy.md of the package, and seen in strace, 2026-11-25).
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime


def open_network(file: Path) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return a session that runs on one core, as both models read a text on every core; any error for a bad file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(file), options)
