"""What the user types, line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator


def read_lines() -> Iterator[str]:
    """Yield what the user types, with history and line editing, or the lines of a pipe; none that is blank."""
    if not sys.stdin.isatty():
        yield from (line for line in sys.stdin if line.strip())
        return
    from platformdirs import user_state_path
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    folder = user_state_path("article-qa", appauthor=False, ensure_exists=True)
    prompt: PromptSession[str] = PromptSession(history=FileHistory(folder / "chat-history"))
    while True:
        try:
            line = prompt.prompt("? ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line.strip():
            yield line
