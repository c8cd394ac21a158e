"""`qa-bot` with models that count words, for tests that need a real process but no real answers: starts in a second.

A question with "slowly" takes as many seconds as the number behind it says ("slowly 3"); with "spin" it keeps the
interpreter busy for as long, as no model does that lets go of it; with "crash" it raises.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fakes import SentenceReader, WordEmbedder

import bot.cli
from bot.settings import Settings
from qa import QA, Hit, Reading, load_shipped


class MoodyReader(SentenceReader):
    """Reads at the pace that the question asks for."""

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        pause = re.search(r"(slowly|spin) (\d+(?:\.\d+)?)", question)
        if pause and pause[1] == "slowly":
            time.sleep(float(pause[2]))
        end = time.monotonic() + (float(pause[2]) if pause else 0)
        while pause and pause[1] == "spin" and time.monotonic() < end:
            pass
        if "crash" in question:
            raise RuntimeError("the reader crashed, as it was asked to")
        reading = super().read(re.sub(r"(slowly|spin) [\d.]+", "", question), hits)
        return replace(reading, question=question)


def open_fake_library(settings: Settings) -> QA:
    """Open the library with fakes; a new one gets the shipped article, or the file that FAKE_ARTICLE names if any."""
    qa = QA.open(settings.library, model=WordEmbedder(), reader=MoodyReader(), min_confidence=0.5)
    named = os.environ.get("FAKE_ARTICLE")
    if qa.is_new and named != "":
        for article in [Path(named)] if named else load_shipped():
            qa.add(article)
    return qa


if __name__ == "__main__":
    bot.cli.open_library = open_fake_library
    bot.cli.main()
