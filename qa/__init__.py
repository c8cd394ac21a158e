"""Answers questions about articles in the articles' own words. Start with `QA.open`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.chat import Chat
    from qa.errors import ArticleError, LibraryError, ModelError, QAError, QuestionError
    from qa.load import load_file, load_shipped, load_text
    from qa.pipeline import QA, default_library
    from qa.question import MAX_QUESTION_CHARS
    from qa.types import (
        Answer,
        AnswerKind,
        Article,
        Citation,
        Embedder,
        Hit,
        Passage,
        Progress,
        Reader,
        Reading,
        Slice,
        Span,
        Timing,
        Turn,
    )

__all__ = [
    "MAX_QUESTION_CHARS",
    "QA",
    "Answer",
    "AnswerKind",
    "Article",
    "ArticleError",
    "Chat",
    "Citation",
    "Embedder",
    "Hit",
    "LibraryError",
    "ModelError",
    "Passage",
    "Progress",
    "QAError",
    "QuestionError",
    "Reader",
    "Reading",
    "Slice",
    "Span",
    "Timing",
    "Turn",
    "default_library",
    "load_file",
    "load_shipped",
    "load_text",
]

_HOMES = {
    "QA": "pipeline",
    "MAX_QUESTION_CHARS": "question",
    "Chat": "chat",
    "default_library": "pipeline",
    "load_file": "load",
    "load_shipped": "load",
    "load_text": "load",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import qa` costs nothing (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES.get(name) or ("errors" if name.endswith("Error") else "types")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
