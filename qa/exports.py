"""Exports of embedding models in the user's cache: made once, checked at every opening, never half there.

An export is a folder whose name says what it was made from: the model's name, its very version and this format. It is
written aside and renamed when it is whole, so that two processes may make the same one at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.embedding import NETWORK, PROMPTS, TOKENIZER, OnnxEmbedding
from qa.hub import reason

if TYPE_CHECKING:
    from qa.torch_embedding import TorchEmbedding
    from qa.types import Rows

logger = logging.getLogger(__name__)

_FORMAT = 1
_MANIFEST = "export.json"
_FILES = (NETWORK, TOKENIZER, PROMPTS)
_UNFINISHED = ".new-"
_UNFINISHED_S = 3600.0  # after so long nobody is at work on it any more
# An export and its model have cosines of .98 and more (300 passages, 2026-11-25); two models near 0.
_ALIKE = 0.96
_TRIALS = (
    "The minister met the ambassador on Wednesday.",
    "WHO ARE YOU?  Who’s he — and where, in 2024, did the naïve café's owner go?",
    "The committee said that trade had grown by 3.5 percent since January, and that it would meet again. " * 60,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A model's files on this machine, and which version of them it is."""

    name: str
    folder: Path
    version: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export is, and how to tell that it still is it: `trial` is the model's vector of the first trial."""

    name: str
    version: str
    made: str
    format: int
    sha256: dict[str, str]
    trial: list[float]


class ExportError(Exception):
    """Why a model has no export that could be used; never leaves the package."""


def cache_folder() -> Path:
    """Return the folder of all exports, as the platform has it."""
    from platformdirs import user_cache_path

    return user_cache_path("article-qa", appauthor=False) / "models"


def open_export(source: Source) -> OnnxEmbedding | None:
    """Return the export of just this version; None if there is none, or, with a warning, none that is right."""
    folder = cache_folder() / _folder_name(source)
    if not os.access(folder, os.F_OK):
        return None
    try:
        return _open(folder, source)
    except ExportError as error:
        logger.warning("%s: %s; made anew", folder, error)
        return None


def make_export(source: Source, model: TorchEmbedding) -> OnnxEmbedding:
    """Export a model into the cache and open it; into memory alone, with a warning, if the cache cannot be written.

    Raises ExportError for a model that cannot be exported.
    """
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        _sweep(cache_folder(), source)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=cache_folder(), ignore_cleanup_errors=True) as new:
            export = _make(Path(new), source, model)
            _put(Path(new), cache_folder() / _folder_name(source), source)
            return export
    except OSError as error:
        trouble = (error.strerror or str(error)).lower()
        logger.warning("%s: %s; %s is exported for this run alone", cache_folder(), trouble, source.name)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as new:
            return _make(Path(new), source, model)
    except OSError as error:
        raise ExportError(f"{tempfile.gettempdir()}: {(error.strerror or str(error)).lower()}") from error


def list_exports() -> list[tuple[Manifest, Path]]:
    """Return what is in the cache, by name; folders that are nobody's export are left out."""
    found = []
    for folder in _folders(cache_folder()):
        try:
            manifest = _read_manifest(folder)
        except ExportError:
            continue
        if folder.name == _folder_name(Source(manifest.name, folder, manifest.version)):  # of this format
            found.append((manifest, folder))
    return sorted(found, key=lambda export: (export[0].name, export[0].made))


def _folder_name(source: Source) -> str:
    key = hashlib.sha256(f"{_FORMAT}\n{source.name}\n{source.version}".encode()).hexdigest()[:16]
    return f"{re.sub(r'[^A-Za-z0-9.]+', '-', Path(source.name).name)[:40]}-{key}"


def _open(folder: Path, source: Source) -> OnnxEmbedding:
    manifest = _read_manifest(folder)
    if (manifest.format, manifest.name, manifest.version) != (_FORMAT, source.name, source.version):
        raise ExportError("is the export of another model")
    for file, digest in manifest.sha256.items():
        if _hash(folder / file) != digest:
            raise ExportError(f"{file} is damaged")
    try:
        export = OnnxEmbedding(folder)
        row = export.encode(_TRIALS[:1], query=False)[0]
    except Exception as error:  # whatever onnxruntime and tokenizers raise for files that another version made
        raise ExportError(reason(error)) from error
    if len(row) != len(manifest.trial) or not float(row @ np.array(manifest.trial)) >= _ALIKE:
        raise ExportError("gives wrong vectors on this processor")
    return export


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((folder / _MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ExportError(f"{_MANIFEST} cannot be read ({reason(error)})") from error
    if not (isinstance(manifest.sha256, dict) and set(manifest.sha256) == set(_FILES)):
        raise ExportError(f"{_MANIFEST} does not name the files")
    if not (isinstance(manifest.trial, list) and all(isinstance(number, float) for number in manifest.trial)):
        raise ExportError(f"{_MANIFEST} has no vector")
    return manifest


def _hash(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ExportError(f"{file.name}: {(error.strerror or str(error)).lower()}") from error


def _make(folder: Path, source: Source, model: TorchEmbedding) -> OnnxEmbedding:
    """Write an export into an empty folder and open it; OSError if there is no room, ExportError if it cannot be."""
    try:
        model.export(folder)
        export = OnnxEmbedding(folder)
        cosines = [_compare(export, model, query=query) for query in (False, True)]
    except OSError:
        raise
    except Exception as error:  # whatever torch, onnx and onnxruntime raise for what they do not know
        raise ExportError(reason(error)) from error
    if not all(cosine >= _ALIKE for cosine in cosines):  # nor if one is not a number
        raise ExportError(f"the export's vectors differ from the model's (cosine {min(cosines):.3f})")
    manifest = Manifest(
        name=source.name,
        version=source.version,
        made=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        format=_FORMAT,
        sha256={file: _hash(folder / file) for file in _FILES},
        trial=[round(float(number), 6) for number in model.encode(_TRIALS[:1], query=False)[0]],
    )
    (folder / _MANIFEST).write_text(json.dumps(asdict(manifest)), "utf-8")
    return export


def _compare(export: OnnxEmbedding, model: TorchEmbedding, *, query: bool) -> float:
    """Return the least cosine of what export and model make of the trials."""
    pair: tuple[Rows, Rows] = export.encode(_TRIALS, query=query), model.encode(_TRIALS, query=query)
    return float((pair[0] * pair[1]).sum(axis=1).min())


def _put(folder: Path, place: Path, source: Source) -> None:
    """Rename a finished export to its place, unless another process has put one there meanwhile."""
    for file in folder.iterdir():
        with file.open("r+b") as stream:
            os.fsync(stream.fileno())
    if place.is_dir():
        try:
            _open(place, source)
        except ExportError:
            shutil.rmtree(place, ignore_errors=True)
        else:
            return
    folder.chmod(0o755)  # an image may be prepared by one user and run by another
    try:
        folder.rename(place)
    except OSError:
        if not (place / _MANIFEST).is_file():
            raise


def _sweep(cache: Path, source: Source) -> None:
    """Remove exports of other versions of this model, and what killed processes have left unfinished."""
    for folder in _folders(cache):
        try:
            stale = _read_manifest(folder).name == source.name and folder.name != _folder_name(source)
        except ExportError:
            stale = folder.name.startswith(_UNFINISHED) and time.time() - _find_time(folder) > _UNFINISHED_S
        if stale:
            shutil.rmtree(folder, ignore_errors=True)


def _find_time(folder: Path) -> float:
    """Return when a folder was last changed; now, if another process has just renamed it."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return time.time()


def _folders(cache: Path) -> Iterator[Path]:
    if cache.is_dir():
        yield from (folder for folder in sorted(cache.iterdir()) if folder.is_dir())
