"""What the command says on its terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qa.render import printable, to_blocks

if TYPE_CHECKING:
    from qa.types import Answer


def complain(message: str) -> None:
    """Say one line on stderr."""
    print(f"qa: {printable(message)}", file=sys.stderr)


def print_answer(answer: Answer) -> None:
    """Print an answer and its passages: bold words in lines that fit on a terminal, long plain lines into a pipe."""
    from rich.console import Console

    console = Console(highlight=False)
    for indent, text in to_blocks(answer):
        if not console.is_terminal:
            console.print(text, soft_wrap=True)
            continue
        for line in text.wrap(console, console.width - indent):
            line.rstrip()  # rich would fill it up with blanks, which are copied with it
            line.pad_left(indent)
            console.print(line, soft_wrap=True)
