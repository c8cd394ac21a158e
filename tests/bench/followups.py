"""What the resolution of follow-ups is worth, in retrieval, and that questions which stand alone are left alone.

    PYTHONPATH=. python tests/bench/followups.py canard-tune.jsonl.gz squad-v2.0-dev-tune.json.gz

The first file is CANARD's: dialogues whose questions were rewritten by people so that they stand alone. It has no
articles, but the answers, which are sentences of Wikipedia: the library is made of every answer, and the right
passage for a question is its own answer. A dialogue's turns, with the titles of its article and section, are the
conversation. The second is SQuAD's: questions are asked behind two other turns and alone, and the answers compared.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from qa import QA, Answer, Article, Slice, Turn
from qa.talk.followup import find_meaning
from qa.talk.mentions import Context

_UNKNOWN = "i don't know"
_SHORT = 12  # words of what counts as an answer's own words
_FEWEST = 3  # words of an answer that can be looked for
_QUESTIONS = 500

Row = Mapping[str, Any]


def read_dialogues(path: str) -> list[list[Row]]:
    """Return the questions of each dialogue, in order."""
    dialogues: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            dialogues[row["QuAC_dialog_id"]].append(row)
    return [sorted(rows, key=lambda row: row["Question_no"]) for rows in dialogues.values()]


def find_answers(dialogues: Sequence[Sequence[Row]]) -> list[tuple[Row, Article]]:
    """Return each question whose answer the next question's history tells, with the answer as an article."""
    pairs = []
    for rows in dialogues:
        for row, behind in pairwise(rows):
            answer = behind["History"][-1].strip()
            known = not answer.lower().startswith(_UNKNOWN) and len(answer.split()) >= _FEWEST
            if behind["Question_no"] == row["Question_no"] + 1 and known:
                pairs.append((row, Article(answer, title=row["History"][0])))
    return pairs


def resolve(row: Row) -> str:
    """Return a follow-up as the chat would ask it; as it is where the chat would ask back with nothing to offer."""
    title, section, *turns = row["History"]
    contexts = [Context("", "", (section,), title, ())]
    for question, answer in zip(turns[::2], turns[1::2], strict=False):
        told = "" if answer.lower().startswith(_UNKNOWN) else answer
        words = told if len(told.split()) <= _SHORT else ""
        contexts.append(Context(question, words, (told,) if told else (), title, ()))
    questions = find_meaning(row["Question"], contexts).questions
    return questions[0] if questions else row["Question"]


def rank(qa: QA, question: str, article: Article) -> float:
    """Return 1 / the place of the right answer among ten, 0 if it is not there."""
    found = [hit.passage.article.id for hit in qa.retrieve(question, limit=10)]
    return 1 / (found.index(article.id) + 1) if article.id in found else 0.0


def measure_rewriting(path: str) -> None:
    """Print how well answers are found by a question as it was asked, as people rewrote it, and as it is resolved."""
    pairs = find_answers(read_dialogues(path))
    with tempfile.TemporaryDirectory() as folder, QA.open(folder) as qa:
        for _, article in pairs:
            qa.add(article)
        ways = {"as asked": lambda row: row["Question"], "rewritten by people": lambda row: row["Rewrite"]}
        ranks = {
            name: [rank(qa, way(row), article) for row, article in pairs]
            for name, way in {**ways, "resolved": resolve}.items()
        }
    print(f"{len(pairs)} questions{'':14}{'MRR@10':>8}{'hit@1':>8}{'hit@5':>8}")
    figures = {name: _summarise(values) for name, values in ranks.items()}
    for name, values in figures.items():
        print(f"{name:28}" + "".join(f"{value:8.3f}" for value in values))
    raw, human, resolved = figures.values()
    closed = [(own - low) / (high - low) for low, high, own in zip(raw, human, resolved, strict=True)]
    print(f"{'of the gap closed':28}" + "".join(f"{share:8.2f}" for share in closed))


def _summarise(ranks: Sequence[float]) -> tuple[float, float, float]:
    count = len(ranks)
    return sum(ranks) / count, sum(rank == 1 for rank in ranks) / count, sum(rank >= 1 / 5 for rank in ranks) / count


def measure_standing_alone(path: str, seed: int) -> None:
    """Print how many of 500 questions get another answer behind a conversation, half of them one on their article."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    with gzip.open(path, "rt", encoding="utf-8") as file:
        data = json.load(file)["data"]
    texts = {a["title"]: [(Article(p["context"], title=a["title"]), p["qas"]) for p in a["paragraphs"]] for a in data}
    with tempfile.TemporaryDirectory() as folder, QA.open(folder) as qa:
        for paragraphs in texts.values():
            for article, _ in paragraphs:
                qa.add(article)
        asked = [(title, q["question"].strip()) for title, found in texts.items() for _, qas in found for q in qas]
        changed = []
        for number, (title, question) in enumerate(draw.sample(asked, _QUESTIONS)):
            turns = _make_turns(draw, texts[title if number % 2 else draw.choice(list(texts))])
            alone, after = qa.ask(question), qa.chat(turns).ask(question)
            if _what(alone) != _what(after):
                changed.append((question, after.understood_as))
    print(f"{len(changed)} of {_QUESTIONS} answers changed by a conversation (seed {seed})")
    for question, understood in changed:
        print(f"  {question}\n    read as: {understood}")


def _make_turns(draw: random.Random, paragraphs: Sequence[tuple[Article, Sequence[Row]]]) -> list[Turn]:
    """Return two turns out of an article's answered questions."""
    answered = [(article, q) for article, qas in paragraphs for q in qas if q["answers"]]
    turns = []
    for article, q in draw.sample(answered, 2):
        words = q["answers"][0]
        start = words["answer_start"]
        slices = (Slice(article.id, start, start + len(words["text"])),)
        turns.append(Turn(q["question"].strip(), words["text"], slices))
    return turns


def _what(answer: Answer) -> tuple[object, ...]:
    return answer.kind, answer.text, answer.citations


if __name__ == "__main__":
    measure_rewriting(sys.argv[1])
    for number in range(3):
        measure_standing_alone(sys.argv[2], number)
