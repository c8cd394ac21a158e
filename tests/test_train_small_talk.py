"""The training of what tells small talk, with vectors of letters for a model's."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.errors import ArticleError
from qa.talk.small_talk import INTENTS
from qa.train.small_talk import (
    Message,
    choose_threshold,
    find_kind,
    load_clinc,
    read_questions,
    spell,
    split_squad,
    train,
)
from qa.train.small_talk_examples import follow_ups, own_examples

if TYPE_CHECKING:
    from qa.types import Rows


class Letters:
    """Embeds a text by its words, each in one of 64 places."""

    name = "letters"

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Rows:  # noqa: ARG002 - a model may care
        rows = np.zeros((len(texts), 64), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[sum(map(ord, word)) % 64] += 1
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


@pytest.mark.parametrize(
    ("text", "intent", "kind"),
    [
        ("hello", "greeting", "greeting"),
        ("how are things", "greeting", "how_are_you"),
        ("who made you", "who_made_you", "who_are_you"),
        ("tell me a fun fact about cats", "fun_fact", "none"),
        ("tell me a fact", "fun_fact", None),
        ("what is a car", "oos", "none"),
        ("pay my bill", "pay_bill", None),
    ],
)
def test_find_kind(text: str, intent: str, kind: str | None) -> None:
    """CLINC150's intents become ours; what an article may say is none of them, what is unsure is left out."""
    assert find_kind(text, intent) == kind


def test_load_clinc(tmp_path: Path) -> None:
    """Lines become messages, of which the val split is kept; what is not such a file says so."""
    path = tmp_path / "talk.jsonl.gz"
    rows = [
        ("hi", "greeting", "train"),
        ("yo", "greeting", "val"),
        ("why", "oos", "oos_val"),
        ("x", "other", "train"),
    ]
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(dict(zip(("text", "intent", "split"), row, strict=True))) + "\n" for row in rows)
    assert load_clinc(path) == [
        Message("hi", "greeting"),
        Message("yo", "greeting", True),
        Message("why", "none", True),
    ]
    path.write_bytes(b"{}")
    with pytest.raises(ArticleError, match="CLINC150"):
        load_clinc(path)


def test_spell() -> None:
    """A question gets a question mark, anything else a full stop, a mark of its own stays."""
    assert spell("who are you") == ["who are you", "Who are you?"]
    assert spell("thank you") == ["thank you", "Thank you."]
    assert spell("hiya!") == ["hiya!", "Hiya!"]


def test_split_squad(tmp_path: Path) -> None:
    """No article is in both parts; questions come in lower case too, with answers."""
    asked = [
        {
            "context": f"Ann{i}",
            "qas": [{"question": f"Who {i}?", "answers": [{"text": f"Ann{i}", "answer_start": 0}]}],
        }
        for i in range(9)
    ]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": str(i), "paragraphs": [part]} for i, part in enumerate(asked)]}))
    fitted, chosen = split_squad(path, questions=100, seed=0)
    assert len(fitted.questions) == 6 + 2
    assert len(chosen.questions) == 3 + 1
    assert not {text.lower().rstrip("?") for text in fitted.questions} & {
        text.lower().rstrip("?") for text in chosen.questions
    }
    assert sum(text.islower() and "?" not in text for text in fitted.questions) == 2
    assert all(word.lower().startswith("ann") for word in fitted.words + chosen.words)
    assert sorted(read_questions(path)) == [f"Who {i}?" for i in range(9)]


def test_train_and_choose_the_threshold() -> None:
    """What is fitted tells its own examples apart, and no more questions than allowed pass the threshold."""
    questions = [f"which river ran near {place} town" for place in ("a", "bb", "ccc", "dddd", "eeeee")]
    layer = train(Letters(), [Message("hello", "greeting"), Message("kept", "thanks", kept=True)], questions)
    kind, surety = layer.classify(Letters().encode(["hello"])[0])
    assert kind == "greeting"
    assert surety > 0.5
    assert all(layer.classify(row)[1] < 0.5 for row in Letters().encode(questions))
    mixed = ["the old river", "are you well", "who are you really"]
    rows = Letters().encode(mixed)
    taken = layer.classify(rows[1])[1], layer.classify(rows[2])[1]
    assert choose_threshold(layer, mixed, rows, most=0.0) > max(taken)
    assert choose_threshold(layer, mixed, rows, most=1.0) == 0.0


def test_own_examples() -> None:
    """Every kind has examples of ours, none of which is also a follow-up question."""
    assert {kind for _, kind in own_examples()} == set(INTENTS)
    assert not {text for text, _ in own_examples()} & set(follow_ups())
