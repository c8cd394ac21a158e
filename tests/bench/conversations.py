"""How many conversations go as they should: forty on the shipped article, and forty each on two sets of four stories.

    PYTHONPATH=.:tests python tests/bench/conversations.py [-v]

`-v` prints what is wrong with the others. The first set and its rules grew up together; the second and third were
written by people who had not seen the rules, and were then used to mend what they showed. On their first run 16 and
17 of forty had no fault, of 119 and 120 turns 85 and 89 (2026-11-25).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from talks import CONVERSATIONS, hold, read_conversations

from qa import QA, load_file, load_shipped

_DATA = CONVERSATIONS.parent


def main() -> None:
    """Hold all conversations and print a line a set."""
    sets: dict[str, list[tuple[str, list[dict[str, Any]]]]] = defaultdict(list)
    sets["shipped article"] = [("", turns) for turns in read_conversations()]
    for line in (_DATA / "talks.jsonl").read_text(encoding="utf-8").splitlines():
        talk = json.loads(line)
        sets[Path(talk["article"]).parent.name].append((talk["article"], talk["turns"]))
    for name, talks in sets.items():
        faults = [list(_find_faults(article, turns)) for article, turns in talks]
        turns = sum(len(found) for found in faults)
        right = sum(not fault for found in faults for fault in found)
        print(f"{name:16} {sum(not any(found) for found in faults)} of {len(talks)}, turns {right} of {turns}")


def _find_faults(article: str, turns: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong with each turn of a conversation about one article, "" for nothing."""
    with tempfile.TemporaryDirectory() as folder, QA.open(folder) as qa:
        for source in [load_file(_DATA / article)] if article else load_shipped():
            qa.add(source)
        found = []
        for turn, answer, fault in hold(qa.chat(), turns):
            found.append(fault)
            if fault and "-v" in sys.argv:
                print(f"  {turn['ask']!r}, read as {answer.understood_as!r}: {fault}")
        return found


if __name__ == "__main__":
    main()
