"""Loads a model by its name or folder: from the folder, from the hub's cache, or from the hub; without a word."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from qa.errors import ModelError

_TIMEOUT_S = 10.0
LOADING = threading.RLock()  # what keeps the model libraries quiet is the process's own, and is put back at the end

Model = TypeVar("Model")


def load_quietly(name: str, kind: str, load: Callable[[bool], Model], *, offline: bool = False) -> Model:
    """Return `load(local_only)` of a model that is a folder, or a name on the hub; `offline` asks no hub.

    Raises ModelError if it cannot be had. `kind` says what a good one is: "a sentence-transformers model".
    """
    if offline and not Path(name).exists() and find_snapshot(name) is None:  # told before anything slow is imported
        raise _missing(name)
    with LOADING, _silence():
        from huggingface_hub import HfApi

        try:
            return load(True)
        except ModelError:
            raise
        except Exception as error:  # whatever transformers, torch or the hub client raise for a bad model
            if Path(name).exists():
                step = f"check that the folder holds the whole of {kind}"
                raise ModelError(f"model {name!r} cannot be loaded: {step} ({reason(error)})") from error
            if offline:
                raise _missing(name) from error
        try:
            HfApi().model_info(name, timeout=_TIMEOUT_S)  # answers at once where loading would try for minutes
            return load(False)
        except ModelError:
            raise
        except Exception as error:
            step = "check the name and the network, or give the folder of a model"
            raise ModelError(f"model {name!r} is not on this machine: {step} ({reason(error)})") from error


def _missing(name: str) -> ModelError:
    step = "--offline asks no hub for it; give the folder of a model, or go online once"
    return ModelError(f"model {name!r} is not on this machine: {step}")


def find_snapshot(name: str) -> Path | None:
    """Return the folder of the hub's cache that holds a model's newest version here, None if there is none."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for known in ("modules.json", "config.json"):  # of sentence-transformers, of transformers
        try:
            file = try_to_load_from_cache(name, known)
        except HFValidationError:  # no name for a model
            return None
        if isinstance(file, str):
            return Path(file).parent
    return None


def reason(error: Exception) -> str:
    """Return the first line of an error's text."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


@contextmanager
def _silence() -> Iterator[None]:
    """Keep bars, load reports and warnings of the model libraries from the user while a model loads."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    noisy = [logging.getLogger(name) for name in ("transformers", "sentence_transformers", "huggingface_hub")]
    levels = [logger.level for logger in noisy]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from huggingface_hub.utils.tqdm import disable_progress_bars
        from transformers.utils.logging import disable_progress_bar

        for logger in noisy:
            logger.setLevel(logging.CRITICAL)
        disable_progress_bars()
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            for logger, level in zip(noisy, levels, strict=True):
                logger.setLevel(level)
