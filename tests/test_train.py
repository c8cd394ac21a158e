"""Training: what is read, what is made of it, and that a stopped training goes on as if it never had."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sentences import TEXTS

from qa.errors import ArticleError, ModelError
from qa.train import examples, swaps
from qa.train.__main__ import main
from qa.train.examples import Corpus, Example, cut_window
from qa.train.labelled import Labelled, Paragraph, Question, load_qamr, load_squad, untokenise
from qa.train.record import Origin, Plan, Source

if TYPE_CHECKING:
    from qa.train.loop import Status, Training

TOWNS = [
    f"{town} was founded in {year} by the river. Its first mayor was {mayor}, a baker. He built {number} bridges. "
    f"The market of {town} opens before sunrise. The largest church stands in the north."
    for town, year, mayor, number in (
        ("Aldburg", 1201, "Jane Smith", 12),
        ("Bexham", 1345, "Tom Miller", 7),
        ("Corville", 1412, "Mary Brown", 31),
        ("Dunmore", 1533, "Karl Weber", 4),
    )
]
SEEDS = range(40)


def ask(text: str, question: str, answer: str) -> Question:
    """Return a question about a text with the answer's first place in it."""
    return Question(question, (text.index(answer), text.index(answer) + len(answer)))


@pytest.fixture
def towns() -> Labelled:
    """One article: a paragraph for each town, with four questions that its text answers and one that it does not."""
    paragraphs = []
    for text in TOWNS:
        town, year, mayor = text.split()[0], text.split()[4], " ".join(text.split()[11:13]).rstrip(",")
        paragraphs.append(
            Paragraph(
                text,
                [
                    ask(text, f"Who was the first mayor of {town}?", mayor),
                    ask(text, f"In what year was {town} founded?", year),
                    ask(text, f"Which building of {town} is the largest?", "church"),
                    ask(text, f"When does the market of {town} open?", "before sunrise"),
                    Question(f"Who burned {town}?", None),
                ],
            )
        )
    return [paragraphs]


def to_squad(articles: Labelled) -> str:
    """Return articles as SQuAD's files have them."""

    def answers(text: str, question: Question) -> list[dict[str, object]]:
        if question.answer is None:
            return []
        start, end = question.answer
        return [{"answer_start": start, "text": text[start:end]}]

    data = [
        {
            "paragraphs": [
                {"context": p.text, "qas": [{"question": q.text, "answers": answers(p.text, q)} for q in p.questions]}
                for p in article
            ]
        }
        for article in articles
    ]
    return json.dumps({"data": data})


def draw(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing secret


def no_words(_: str) -> list[str]:
    """Know no words of a word's kind."""
    return []


def make(corpus: Corpus, place: tuple[int, int, int], seed: int) -> list[Example]:
    return list(corpus.make(place, draw(seed)))


# Files


@pytest.mark.parametrize("name", ["towns.json", "towns.json.gz"])
def test_squad_is_read(tmp_path: Path, towns: Labelled, name: str) -> None:
    """Texts, questions and places of answers are as written, gzip or not."""
    content = to_squad(towns).encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert load_squad(tmp_path / name) == towns


def test_articles_are_left_out(tmp_path: Path) -> None:
    """Those with a title that is kept for measuring are not read."""
    data: list[dict[str, Any]] = [
        {"title": title, "paragraphs": [{"context": title, "qas": []}]} for title in ("Rome", "Paris")
    ]
    (tmp_path / "x.json").write_text(json.dumps({"data": data}))
    assert load_squad(tmp_path / "x.json", left_out=["Rome", "Oslo"]) == [[Paragraph("Paris")]]


def test_the_answer_that_most_gave_counts(tmp_path: Path) -> None:
    """Of three people's answers it is that of two; of three different ones the first."""
    texts = ["b", "a b", "a b"], ["b", "a", "a b"]
    answers = [[{"answer_start": "a b".index(text), "text": text} for text in row] for row in texts]
    qas = [{"question": " Which? ", "answers": row} for row in answers]
    (tmp_path / "x.json").write_text(json.dumps({"data": [{"paragraphs": [{"context": "a b", "qas": qas}]}]}))
    ((paragraph,),) = load_squad(tmp_path / "x.json")
    assert paragraph.questions == [Question("Which?", (0, 3)), Question("Which?", (2, 3))]


def squad(context: object, answer: object, start: object, question: object = "Who?") -> bytes:
    qas = [{"question": question, "answers": [{"answer_start": start, "text": answer}]}]
    return json.dumps({"data": [{"paragraphs": [{"context": context, "qas": qas}]}]}).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", b"Who?"),
        ("x.json", b"\xff\xfe"),
        ("x.json", b"[]"),
        ("x.json", b'{"data": [{"title": "no paragraphs"}]}'),
        ("x.json", b'{"data": [{"paragraphs": [{"context": 5, "qas": []}]}]}'),
        ("x.json", squad("Ann met Bob.", "Bob", 7)),
        ("x.json", squad("Ann met Bob.", "Bob.", -4)),
        ("x.json", squad("Ann met Bob.", " ", 3)),
        ("x.json", squad("Ann met Bob.", "Bob", "8")),
        ("x.json", squad("Ann met Bob.", "Bob", 8, question=None)),
        ("x.json.gz", b"{}"),
        ("x.json.gz", gzip.compress(b"{}" * 99)[:-9]),
        ("x.json.gz", gzip.compress(b"{}")[:10] + b"\xff" * 20),
        ("none.json", None),
    ],
)
def test_a_broken_squad_file(tmp_path: Path, name: str, content: bytes | None) -> None:
    """Whatever is wrong with a file, one line names it."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArticleError, match=r"^.*x?\.json(\.gz)?: not a file in SQuAD's format \([^\n]+\)$"):
        load_squad(tmp_path / name)


@pytest.mark.parametrize(
    "line", ["Who?", "[1]", '{"sentence": "A b ."}', '{"sentence": 1, "question": "", "answers": []}']
)
def test_a_broken_qamr_file(tmp_path: Path, line: str) -> None:
    """A line of another kind is told."""
    (tmp_path / "x.jsonl").write_text(line + "\n")
    with pytest.raises(ArticleError, match=r"x\.jsonl: not a file of QAMR's lines"):
        load_qamr(tmp_path / "x.jsonl")


def test_qamr_is_read(tmp_path: Path) -> None:
    """Five sentences make a paragraph; answers are at whole words where they can be, and left out if nowhere."""
    asked = [
        ("The situation : it rained .", "What rained ?", "it"),
        ("The situation : it rained .", "What was dry ?", "the sun"),
        *((f"{name} came .", "Who came ?", name) for name in ("Ann", "Bob", "Cy", "Di", "Ed")),
    ]
    lines = [json.dumps({"sentence": s, "question": q, "answers": [a, a, "came"]}) for s, q, a in asked]
    with gzip.open(tmp_path / "x.jsonl.gz", "wt") as file:
        file.write("\n".join(lines))
    ((first, second),) = load_qamr(tmp_path / "x.jsonl.gz")
    assert first.text == "The situation: it rained. Ann came. Bob came. Cy came. Di came."
    assert second.text == "Ed came."
    assert [(q.text, first.text[slice(*q.answer)]) for q in first.questions if q.answer] == [
        ("What rained?", "it"), *(("Who came?", name) for name in ("Ann", "Bob", "Cy", "Di")),
    ]  # fmt: skip
    assert first.questions[0].answer == (15, 17)
    assert second.questions == [Question("Who came?", (0, 2))]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("In the mean time , it rained .", "In the mean time, it rained."),
        ("He said : `` No ! ''", 'He said: "No!"'),
        ("Ann ( 30 ) paid $ 5 ; 20 % less", "Ann (30) paid $5; 20% less"),
        ("IS -LRB- Daesh -RRB- -LSB- sic -RSB- left", "IS (Daesh) [sic] left"),
        ("Ann 's dog did n't bark , they 'll say", "Ann's dog didn't bark, they'll say"),
        ("time - honoured -- so", "time-honoured -- so"),
    ],
)
def test_untokenise(tokens: str, text: str) -> None:
    """Tokens of the Penn Treebank become text as people write it."""
    assert untokenise(tokens) == text


# Swaps


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("In 1905, who met Plato's brother?", ["Plato", "1905"]),
        ("He lives in Alaska. This is St. Louis.", ["Alaska", "St. Louis"]),
        ("Who led the U.S. Navy under J. R. Smith?", ["U.S. Navy", "J. R. Smith"]),
        ("It cost $1,234.5, or 20% of the Bank of England’s gold.", ["Bank of England", "1,234.5", "20"]),
        ("Many came. After World War Two they left in the 1990s.", []),
        ("Did Moses Mendelssohn agree?", []),
    ],
)
def test_names_and_numbers(text: str, things: list[str]) -> None:
    """They come without the comma, the possessive, or the next sentence's first word behind them."""
    assert [text[start:end] for start, end in swaps.find_things(text)] == things


def swapped(question: str, window: str = "", *, near: swaps.Neighbours = no_words) -> set[str | None]:
    """Return all that a question is changed to."""
    return {swaps.swap_in_question(question, window, window, draw(seed), near) for seed in range(200)}


def test_swapped_questions() -> None:
    """A name becomes another name, a word its opposite or one of its kind, a verb gets its "not"."""
    assert swapped("who met Ann Lee", "They saw Tom Fox, 12 men and Ann Lee.") == {"who met Tom Fox"}
    assert swapped("what opened before") == {"what closed before", "what opened after", None}
    assert swapped("who owns a boat", near=lambda word: {"boat": ["ship", "owns"]}.get(word, [])) == {
        "who owns a ship", None,
    }  # fmt: skip
    assert swapped("how does it go") == {"how does not it go"}
    assert swapped("what") == {None}


def test_years_become_years_and_a_negation_is_not_negated() -> None:
    """Nothing but the sense of a changed question tells that it was changed."""
    numbers = {int(str(question).removeprefix("what of ")) for question in swapped("what of 1905", "7 or 1888 men")}
    assert 1888 in numbers
    assert len(numbers) > 20
    assert all(abs(number - 1905) <= 60 and number != 1905 for number in numbers)
    assert swapped("what is it not for") == swapped("why isn't it") == {None}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_swapped_window(seed: int) -> None:
    """The question's name is gone from the window, the answer is not."""
    window = TOWNS[0]
    question = ask(window, "Who was the first mayor of Aldburg?", "Jane Smith")
    assert question.answer
    changed = swaps.swap_in_window(question.text, window, question.answer, "\n".join(TOWNS), draw(seed))
    assert changed
    assert "Aldburg" not in changed
    assert "Jane Smith" in changed
    assert swaps.swap_in_window("Who is Jane Smith?", window, question.answer, window, draw(seed)) is None


def test_opposites_are_pairs() -> None:
    """Every pair is one of two words, once; every word leads to others."""
    pairs = [pair.split() for line in swaps._OPPOSITES.splitlines() for pair in line.split("|") if pair.strip()]
    assert {len(pair) for pair in pairs} == {2}
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert all(others and word not in others for word, others in swaps._opposites().items())


# Examples


@settings(deadline=None)
@given(TEXTS.filter(str.strip), st.data())
def test_answers_stand_where_they_should(text: str, data: st.DataObject) -> None:
    """Whatever the text, the first window has the answer at its offsets, and the others have none."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    articles = [[Paragraph(text, [Question("Who met Ann before 1905?", (start, end))]), Paragraph(TOWNS[0])]]
    first, *others = make(Corpus(articles, no_words), (0, 0, 0), data.draw(st.integers(0, 99)))
    assert first.answer
    assert first.window in text
    assert first.window[slice(*first.answer)] == text[start:end]
    assert all(other.answer is None for other in others)


def test_windows_are_whole_sentences_of_many_lengths() -> None:
    """The answer's sentence comes with some of its neighbours, on either side."""
    text = " ".join(f"This is the sentence with number {n} in it." for n in range(60))
    sentences = [(i, i + text[i:].index(".") + 1) for i in range(len(text)) if text.startswith("This", i)]
    windows = [cut_window(text, sentences, sentences[30], draw(seed)) for seed in range(99)]
    lengths = [len(text[start:end].split()) for start, end in windows]
    assert {start for start, _ in windows} < {start for start, _ in sentences}
    assert {end for _, end in windows} < {end for _, end in sentences}
    assert all(start <= sentences[30][0] and sentences[30][1] <= end for start, end in windows)
    assert min(lengths) in range(30, 60)
    assert max(lengths) in range(120, 149)
    before = {(sentences[30][0] - start) // len(text[: sentences[0][1]]) for start, _ in windows}
    after = {(end - sentences[30][1]) // len(text[: sentences[0][1]]) for _, end in windows}
    assert len(before) > 8
    assert len(after) > 8


def only(monkeypatch: pytest.MonkeyPatch, *kinds: str) -> None:
    """Have some kinds of unanswerables always, no others, and questions as they are."""
    for name in ("_SWAPPED", "_SWAPPED_WINDOW", "_REMOVED", "_OTHER_PASSAGE", "_LOWERED", "_UNMARKED", "_MISSPELT"):
        monkeypatch.setattr(examples, name, float(name in kinds))


def test_a_swapped_question_keeps_its_window(monkeypatch: pytest.MonkeyPatch, towns: Labelled) -> None:
    """It is put to the window that answers the question it was."""
    only(monkeypatch, "_SWAPPED")
    corpus = Corpus(towns, no_words)
    pairs = [pair for seed in SEEDS if len(pair := make(corpus, (0, 0, 0), seed)) == 2]
    assert len(pairs) > len(SEEDS) / 2
    for right, wrong in pairs:
        assert wrong.window == right.window
        assert wrong.question != right.question == "Who was the first mayor of Aldburg?"
        assert wrong.answer is None


def test_a_swapped_window_keeps_its_question(monkeypatch: pytest.MonkeyPatch, towns: Labelled) -> None:
    """It is another town's now."""
    only(monkeypatch, "_SWAPPED_WINDOW")
    right, wrong = make(Corpus(towns, no_words), (0, 0, 0), 0)
    assert (wrong.question, wrong.answer) == (right.question, None)
    assert "Aldburg" in right.window
    assert "Aldburg" not in wrong.window


def test_removed_sentences_take_the_answer_with_them(monkeypatch: pytest.MonkeyPatch, towns: Labelled) -> None:
    """The window lacks the answer's sentence, and has the others; no window is made if the answer stays."""
    only(monkeypatch, "_REMOVED")
    text = TOWNS[0]
    towns[0][0].questions[2] = ask(text, "Where is the church?", "r")  # a letter that the other sentences have
    corpus = Corpus(towns, no_words)
    for seed in SEEDS:
        right, wrong = make(corpus, (0, 0, 0), seed)
        assert wrong == Example(
            right.question, right.window.replace("Its first mayor was Jane Smith, a baker. ", ""), None
        )
        assert wrong.window != right.window
        assert len(make(corpus, (0, 0, 2), seed)) == 1


def test_other_passages_lack_the_answer(monkeypatch: pytest.MonkeyPatch, towns: Labelled) -> None:
    """They are other paragraphs of the article, and none that could answer."""
    only(monkeypatch, "_OTHER_PASSAGE")
    towns[0].append(Paragraph(" \n"))
    corpus = Corpus(towns, no_words)
    others = {make(corpus, (0, 0, 0), seed)[1].window for seed in SEEDS}
    assert others
    assert all(any(window in text for text in TOWNS[1:]) for window in others)
    assert all("Jane Smith" not in window for window in others)
    assert len(make(corpus, (0, 0, 2), 0)) == 1  # every town has a church


def test_an_unanswered_question_has_its_paragraph(monkeypatch: pytest.MonkeyPatch, towns: Labelled) -> None:
    """What people found unanswerable is shown with all of it, up to a length, or with what comes nearest."""
    towns[0][0].questions.append(Question("Who burned the bridges?", None))
    towns[0][0].text = "And so on. " * 100 + TOWNS[0] + " And so on." * 100
    only(monkeypatch)
    monkeypatch.setattr(examples, "_CROPPED", 0.0)
    (whole,) = make(Corpus(towns, no_words), (0, 0, 5), 4)
    assert (whole.answer, len(whole.window.split())) == (None, 220)
    assert towns[0][0].text.startswith(whole.window)
    monkeypatch.setattr(examples, "_CROPPED", 1.0)
    windows = {make(Corpus(towns, no_words), (0, 0, 5), seed)[0].window for seed in SEEDS}
    assert len(windows) > 8
    assert all("He built 12 bridges." in window and len(window.split()) < 160 for window in windows)


def test_some_questions_are_typed_in_haste(monkeypatch: pytest.MonkeyPatch, towns: Labelled) -> None:
    """Lower-case, without the mark, or two letters swapped; all of the letters stay."""
    corpus = Corpus(towns, no_words)
    typed = {}
    for name in ("_LOWERED", "_UNMARKED", "_MISSPELT"):
        only(monkeypatch, name)
        typed[name] = make(corpus, (0, 0, 3), 1)[0].question
    right = "When does the market of Aldburg open?"
    assert typed["_LOWERED"] == right.lower()
    assert typed["_UNMARKED"] == right[:-1]
    assert typed["_MISSPELT"] != right
    assert sorted(typed["_MISSPELT"]) == sorted(right)


def test_the_same_seed_makes_the_same_examples(tmp_path: Path, towns: Labelled) -> None:
    """In every process, whatever the order of its sets."""
    (tmp_path / "towns.json").write_text(to_squad(towns))
    code = (
        "import random, sys, pathlib\n"
        "from qa.train.labelled import load_squad\n"
        "from qa.train.examples import Corpus\n"
        "corpus = Corpus(load_squad(pathlib.Path(sys.argv[1])), lambda word: [word[::-1]])\n"
        "for place in corpus.places: print(*corpus.make(place, random.Random(sys.argv[2])), sep='\\n')\n"
        "assert 'torch' not in sys.modules"
    )

    def run(hash_seed: str, seed: str) -> str:
        command = [sys.executable, "-c", code, str(tmp_path / "towns.json"), seed]
        environment = {"PYTHONHASHSEED": hash_seed}
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout

    assert run("1", "a") == run("2", "a") != run("1", "b")


# The command


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "nothing to train on"),
        (["--squad", "towns.json", "--leave-out", "Rome"], "--leave-out Rome: no article of that title"),
        (["--squad", "towns.json", "--times", "other.json", "3"], "--times other.json: no file of that name"),
        (["--squad", "towns.json", "--epochs", "0"], "0.0 is not in the range x>0"),
        (["--squad", "none.json"], "'none.json' does not exist"),
    ],
)
def test_wrong_options(
    tmp_path: Path, towns: Labelled, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    """They are told before anything is made."""
    monkeypatch.chdir(tmp_path)
    Path("towns.json").write_text(to_squad(towns))
    result = CliRunner().invoke(main, ["out", *options])
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())
    assert not Path("out").exists()


def test_a_wrong_file_is_told_in_one_line(tmp_path: Path) -> None:
    """And at once: before torch is loaded."""
    (tmp_path / "x.json").write_text("[]")
    command = [sys.executable, "-X", "importtime", "-m", "qa.train", str(tmp_path / "out"), "--squad", "x.json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    said = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert done.returncode == 1
    assert len(said) == 1
    assert said[0].startswith("qa.train: x.json: not a file in SQuAD's format")
    assert "torch" not in done.stderr


def test_fingerprints(tmp_path: Path) -> None:
    """They tell plans, data, how often it is taken, and weights apart, not names."""
    for name in "abcd":
        (tmp_path / name).write_text(name)
    (tmp_path / "copy of a").write_text("a")

    def origin(
        name: str = "a",
        *,
        times: int = 1,
        plan: Plan | None = None,
        start: str = "x",
        w: str = "c",
        left_out: Sequence[str] = (),
    ) -> str:
        source = Source(tmp_path / name, load_squad, times)
        return Origin.of(plan or Plan(), start, tmp_path / w, [source], left_out).fingerprint

    assert origin() == origin("copy of a", start="y")
    others = [origin("b"), origin(times=2), origin(plan=Plan(seed=1)), origin(w="d"), origin(left_out=["Rome"])]
    assert len({origin(), *others}) == 6


# Training


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of 1 M weights that has learned nothing, with MiniLM's vocabulary."""
    import torch
    from transformers import BertConfig

    from qa.train.model import SpanModel, save_model

    folder = tmp_path_factory.mktemp("start")
    torch.manual_seed(5)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=256
    )
    save_model(SpanModel(config), folder)
    return folder


@pytest.fixture
def _short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_CHUNK": 20, "_SAVED": 3, "_REPORTED": 1}.items():
        monkeypatch.setattr(f"qa.train.loop.{name}", value)


def begin(start: Path, towns: Labelled, *, fingerprint: str = "x", epochs: float = 10) -> Training:
    from qa.embed import find_default_model
    from qa.train.loop import Training
    from qa.train.model import load_model, load_tokenizer

    tokenizer = load_tokenizer(Path(find_default_model(), "tokenizer.json"))
    plan = Plan(epochs=epochs, batch=8, rate=5e-3, seed=1)
    corpora = [(Corpus(towns, no_words), 2)]
    return Training(load_model(start), tokenizer, corpora, plan, fingerprint=fingerprint)


@pytest.mark.slow
@pytest.mark.usefixtures("_short_chunks")
def test_a_stopped_training_goes_on_as_if_it_never_had(tmp_path: Path, start: Path, towns: Labelled) -> None:
    """The loss falls; from a checkpoint it comes to the very same weights, loss and number of steps."""
    import torch

    whole, stopped, resumed = (begin(start, towns) for _ in range(3))
    reports: list[Status] = []
    whole.run(tmp_path / "whole.pt", reports.append)
    assert whole.done == 1.0
    assert whole.step == len(reports) + 1 > 50  # nothing is known of the speed at the first
    assert whole.loss
    assert whole.loss < 0.7 * reports[0].loss
    assert [status.done for status in reports] == sorted(status.done for status in reports)

    def stop(status: Status) -> None:
        if status.done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.run(tmp_path / "stopped.pt", stop)
    resumed.load(tmp_path / "stopped.pt")
    assert 0 < resumed.done < 0.5
    assert 0 < resumed.step < stopped.step
    resumed.run(tmp_path / "stopped.pt", lambda _: None)
    assert (resumed.step, resumed.loss) == (whole.step, whole.loss)
    weights = resumed.finished_model().state_dict()
    began = begin(start, towns).finished_model().state_dict()
    assert all(torch.equal(weights[name], tensor) for name, tensor in whole.finished_model().state_dict().items())
    assert not torch.equal(weights["qa_outputs.weight"], began["qa_outputs.weight"])


@pytest.mark.slow
@pytest.mark.usefixtures("_short_chunks")
def test_checkpoints_of_other_trainings(tmp_path: Path, start: Path, towns: Labelled) -> None:
    """They are refused in one line; those from before fingerprints are taken."""
    import torch

    checkpoint = tmp_path / "checkpoint.pt"
    begin(start, towns, epochs=1).run(checkpoint, lambda _: None)
    with pytest.raises(ModelError, match=r"^[^\n]*checkpoint\.pt: of a training by another plan[^\n]*begin again$"):
        begin(start, towns, fingerprint="y").load(checkpoint)
    state = torch.load(checkpoint, weights_only=True)
    del state["fingerprint"], state["loss"]
    torch.save(state, checkpoint)
    old = begin(start, towns, fingerprint="y", epochs=2)
    old.load(checkpoint)
    assert (old.step, old.loss, old.done) == (state["step"], None, 0.5)
    checkpoint.write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"^[^\n]*checkpoint\.pt: cannot be read[^\n]*begin again$"):
        old.load(checkpoint)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, start: Path) -> Iterator[tuple[Path, list[str]]]:
    """A folder that the command trained into, and the command's options."""
    folder = tmp_path_factory.mktemp("trained")
    text = TOWNS[0]
    questions = [ask(text, "Who was the mayor?", "Jane Smith"), ask(text, "When was it founded?", "1201")]
    kept = {"title": "Rome", "paragraphs": [{"context": "Not in a day.", "qas": []}]}
    data = json.loads(to_squad([[Paragraph(text, questions)]]))["data"]
    (folder / "towns.json").write_text(json.dumps({"data": [*data, kept]}))
    options = [str(folder / "out"), "--squad", str(folder / "towns.json"), "--times", "towns.json", "2"]
    options += ["--start", str(start), "--rate", "0.005", "--epochs", "10", "--leave-out", "Rome"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.train.loop._CHUNK", 20)
        patch.setattr("qa.train.loop._REPORTED", 1)
        result = CliRunner().invoke(main, options, catch_exceptions=False)
        assert result.exit_code == 0
        assert "loss" in result.output
        yield folder / "out", options


@pytest.mark.slow
def test_the_record(trained: tuple[Path, list[str]], start: Path) -> None:
    """It says what the weights were made from, how, and what came of it."""
    import hashlib

    def sha256(file: Path) -> str:
        return hashlib.sha256(file.read_bytes()).hexdigest()

    folder, _ = trained
    record: dict[str, Any] = json.loads((folder / "training.json").read_text())
    assert record["plan"] == {"epochs": 10.0, "batch": 32, "rate": 0.005, "dropout": 0.0, "seed": 0, "people": 0}
    assert record["start"] == {"name": start.name, "sha256": sha256(start / "model.safetensors")}
    assert record["left_out"] == ["Rome"]
    assert record["data"] == [{"name": "towns.json", "sha256": sha256(folder.parent / "towns.json"), "times": 2}]
    assert record["steps"] > 1
    assert 0 < record["loss"] < 6
    assert record["date"] > "2026"
    assert {"python", "torch", "onnx", "onnxruntime"} < {
        name for name, version in record["versions"].items() if version
    }


@pytest.mark.slow
def test_the_command_goes_on_or_refuses(trained: tuple[Path, list[str]]) -> None:
    """What is done is not done again; another plan is not mixed with it."""
    folder, options = trained
    record = (folder / "training.json").read_text()
    result = CliRunner().invoke(main, options, catch_exceptions=False)
    assert result.output == "going on at 100.0%\n"
    assert (folder / "training.json").read_text() == record
    with pytest.raises(ModelError, match="by another plan"):
        CliRunner().invoke(main, [*options, "--seed", "1"], catch_exceptions=False)
    with pytest.raises(ModelError, match=r"model\.safetensors; give the folder of a BERT model"):
        CliRunner().invoke(main, [*options, "--start", str(folder.parent)], catch_exceptions=False)


@pytest.mark.slow
def test_the_exported_model_scores_as_the_trained_one(trained: tuple[Path, list[str]]) -> None:
    """`qa` reads both formats of it, of any length and number; 8 bits move the logits a little."""
    import numpy as np

    from qa.span_model import load_span_model
    from qa.train.model import Batch, encode, load_model, load_tokenizer

    folder, _ = trained
    texts = [*TOWNS, TOWNS[0][:70]]
    rows = encode(load_tokenizer(folder / "tokenizer.json"), [Example("Who was it?", text, None) for text in texts])
    batch = Batch(rows)
    inputs = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
    small = load_span_model(str(folder)).score({name: tensor.numpy() for name, tensor in inputs.items()})
    exact = load_model(folder).eval()(batch.ids, batch.mask, batch.types).detach().numpy()
    real = batch.mask.numpy() == 1
    for logits, expected in zip(small, (exact[..., 0], exact[..., 1]), strict=True):
        assert logits.shape == expected.shape
        assert np.ptp(expected[real]) > 1
        assert np.abs(logits - expected)[real].max() < 0.1 * np.ptp(expected[real])
        assert (logits[~real] > -1e3).all()  # the training's mask is not in it
    assert (folder / "model.onnx").stat().st_size < (folder / "model.safetensors").stat().st_size / 2
    assert {path.name for path in folder.iterdir()} == {
        "checkpoint.pt", "config.json", "model.onnx", "model.safetensors", "tokenizer.json", "training.json",
    }  # fmt: skip


@pytest.mark.slow
def test_transformers_reads_what_is_written(trained: tuple[Path, list[str]]) -> None:
    """The folder is an extractive question-answering model to the library, of the averaged weights."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForQuestionAnswering

    from qa.train.model import load_model

    folder, _ = trained
    ids = torch.arange(2_000, 2_040).reshape(2, 20)
    theirs = AutoModelForQuestionAnswering.from_pretrained(folder, local_files_only=True).eval()(ids)
    ours = load_model(folder).eval()(ids, torch.ones_like(ids), torch.zeros_like(ids))
    assert json.loads((folder / "config.json").read_text())["architectures"] == ["BertForQuestionAnswering"]
    assert torch.allclose(theirs.start_logits, ours[..., 0], atol=1e-5)
    assert torch.allclose(theirs.end_logits, ours[..., 1], atol=1e-5)
    written = load_file(folder / "model.safetensors")
    averaged = torch.load(folder / "checkpoint.pt", weights_only=True)["average"]
    assert len(averaged) == len(written) - 1  # the word embeddings stay as they were
    assert all(torch.equal(written[name], tensor) for name, tensor in averaged.items())


@pytest.mark.slow
def test_export_without_training(trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Half-precision weights without a tokenizer become the same kind of folder, without a word."""
    import torch
    from safetensors.torch import load_file, save_file

    folder, _ = trained
    half = tmp_path / "half"
    half.mkdir()
    (half / "config.json").write_bytes((folder / "config.json").read_bytes())
    weights = load_file(folder / "model.safetensors")
    save_file({name: tensor.to(torch.float16) for name, tensor in weights.items()}, half / "model.fp16.safetensors")
    command = [sys.executable, "-m", "qa.train.export", str(half), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"config.json", "model.onnx", "tokenizer.json"}
    assert (tmp_path / "out" / "tokenizer.json").read_bytes() == (folder / "tokenizer.json").read_bytes()


@pytest.mark.slow
def test_models_that_cannot_be_exported(start: Path, tmp_path: Path) -> None:
    """A model without a head, of another kind, or with another's tokenizer is refused, and the file is named."""
    from qa.embed import find_default_model
    from qa.train.export import main as export

    def refuse(folder: Path, message: str) -> None:
        with pytest.raises(ModelError, match=message):
            CliRunner().invoke(export, [str(folder), str(tmp_path / "out")], catch_exceptions=False)
        assert not (tmp_path / "out").exists()

    refuse(Path(find_default_model()), r"model\.safetensors: has no qa_outputs\.weight of shape \(2, 384\)")
    refuse(tmp_path, r"no model\.safetensors")
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    refuse(tmp_path, "cannot be read as a BERT model")
    (tmp_path / "model.safetensors").write_bytes((start / "model.safetensors").read_bytes())
    (tmp_path / "config.json").write_bytes((start / "config.json").read_bytes())
    tokenizer = json.loads(Path(find_default_model(), "tokenizer.json").read_text())
    del tokenizer["model"]["vocab"]["zoo"]
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))
    refuse(tmp_path, r"tokenizer\.json: has 30521 tokens, the model 30522")
    (tmp_path / "tokenizer.json").write_text("{}")
    refuse(tmp_path, r"tokenizer\.json: cannot be read")


@pytest.mark.slow
def test_neighbours_are_other_words_of_the_same_kind() -> None:
    """MiniLM's vectors put verbs beside verbs of the same form, and never a word beside itself in another form."""
    from qa.embed import find_default_model
    from qa.train.model import load_model, load_tokenizer, make_neighbours

    folder = Path(find_default_model())
    near = make_neighbours(load_model(folder, new_head=True), load_tokenizer(folder / "tokenizer.json"))
    assert len(near("destroyed")) > 5
    assert all(word.endswith("ed") for word in near("destroyed"))
    assert not {"music", "musical"} & set(near("music"))
    assert near("qwxzyk") == []


@pytest.mark.slow
def test_the_mean_of_readers(trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Every weight is the mean of theirs, and their records stand in its own; another size is refused."""
    import torch
    from safetensors.torch import load_file, save_file

    from qa.train.average import main as average
    from qa.train.export import main as export

    folder, _ = trained
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    weights = load_file(folder / "model.safetensors")
    save_file({name: tensor + 1 for name, tensor in weights.items()}, other / "model.safetensors")
    mean, out = tmp_path / "mean", tmp_path / "out"
    assert CliRunner().invoke(average, [str(mean), str(folder), str(other)], catch_exceptions=False).exit_code == 0
    found = load_file(mean / "model.safetensors")
    assert all(torch.allclose(found[name], tensor + 0.5) for name, tensor in weights.items())
    record = json.loads((folder / "training.json").read_text())
    assert CliRunner().invoke(export, [str(mean), str(out)], catch_exceptions=False).exit_code == 0
    assert json.loads((out / "training.json").read_text()) == {"mean_of": [record, record]}
    assert (out / "tokenizer.json").read_bytes() == (folder / "tokenizer.json").read_bytes()
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 1}))
    with pytest.raises(ModelError, match="of different sizes"):
        CliRunner().invoke(average, [str(mean), str(folder), str(other)], catch_exceptions=False)
