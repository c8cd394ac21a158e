"""The command: what it prints where, and with which status."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import WordEmbedder
from squads import Paragraphs, write_lines, write_squad

from qa import QA, cli
from qa.calibration import Fit
from qa.index_file import INDEX_FILE
from qa.load import load_shipped
from qa.store import STORE_FILE

MET = "Who met Shaza Fatima Khawaja?"


def make_embedder(name: str, *, offline: bool) -> WordEmbedder:
    """Return a model that counts words, another one for every name."""
    return WordEmbedder(name, salt=name, offline=offline)


class Shell:
    """Runs the command in this process, on a library of its own, with the model that counts words."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Return the status, stdout and stderr of a command."""
        status = cli.run(list(arguments))
        out, err = self._capsys.readouterr()
        return status, out, err

    def fails(self, *arguments: str) -> str:
        """Return the one line in which a command fails."""
        status, out, err = self(*arguments)
        assert (status, out, err.count("\n")) == (2, "", 1), err
        assert err.startswith("qa: ")
        return err[4:-1]


@pytest.fixture
def qa(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    monkeypatch.setattr("qa.pipeline.SentenceTransformerEmbedder", make_embedder)
    return Shell(capsys)


def test_first_question(qa: Shell, folder: Path) -> None:
    """Without a library the shipped article is added, told on stderr; then the answer stands on stdout."""
    status, out, err = qa("ask", MET)
    assert status == 0
    assert err == f"qa: no articles in {folder} yet; adding the one that comes with qa\n"
    answer, _, passage, source, *_ = out.split("\n")
    assert answer == "Donald Blome"  # whom the reader's words name beside her of whom it is asked
    assert passage.startswith("[1] date 2024-05-15 ISLAMABAD: Minister")
    assert source.endswith("· 15 May 2024 · ISLAMABAD · seeds/000_33365600aa446036.txt")
    assert qa("ask", *MET.split()) == (0, out, "")


def test_options_reach_the_library(qa: Shell, tmp_path: Path) -> None:
    """The threshold decides what is refused, the bound how long passages are."""
    (tmp_path / "a.txt").write_text("One two three four. Five six seven eight.")
    assert qa("add", "--max-words", "4", str(tmp_path / "a.txt"))[0] == 0
    assert "2. 20-41, 4 words" in qa("show", qa("list")[1][:6])[1]
    assert qa("ask", "--min-confidence", "0", "Jupiter moons?")[0] == 0
    assert qa("ask", "--min-confidence", "1", "One two three four?")[0] == 1


def test_refusal(qa: Shell) -> None:
    """What the articles do not say has status 1."""
    status, out, _ = qa("ask", "How many moons has Jupiter?")
    assert status == 1
    assert out.startswith("Not in the articles.\n\nThe closest passage, which does not answer it:\ndate 2024-05-15")


def test_json(qa: Shell) -> None:
    """One object on one line, also for a refusal."""
    status, out, _ = qa("ask", "--json", "What is Pakistan’s commitment?")
    assert (status, out.count("\n")) == (0, 1)
    got = json.loads(out)
    assert "’s" in out
    assert got["found"]
    assert got["citations"][0]["quote"] == got["answer"]
    status, out, _ = qa("ask", "--json", "Jupiter?")
    assert (status, json.loads(out)["found"], json.loads(out)["citations"]) == (1, False, [])


def test_articles(qa: Shell, tmp_path: Path) -> None:
    """Articles are added, listed, shown and removed; the first letters of an id are enough."""
    good = tmp_path / "good.txt"
    good.write_text("# Rain\n\nLAHORE, May 5, 2024: It rained. The river rose.\n")
    status, out, err = qa("add", str(good), str(tmp_path / "nope.txt"))
    assert status == 2
    assert out.startswith("added ")
    assert err == f"qa: {tmp_path / 'nope.txt'}: no such file or directory; check the path\n"
    assert qa("add", str(good))[1].startswith("already there: ")
    status, out, _ = qa("list")
    article_id = out.split("\t")[0]
    assert out == f"{article_id}\t2024-05-05\tRain\t{good.resolve()}\n"
    status, out, _ = qa("show", article_id[:5])
    assert out == (
        f"Rain · 5 May 2024 · LAHORE · {good.resolve()}\n\n"
        "1. 0-55, 11 words\n# Rain LAHORE, May 5, 2024: It rained. The river rose.\n"
    )
    assert qa("remove", article_id[:5])[1].startswith(f"removed {article_id}")
    assert qa("list") == (0, "", "")
    assert qa("ask", "It rained?")[0] == 1
    assert "see the ids with: qa list" in qa.fails("remove", "")
    assert qa.fails("show", "zzz") == "no article's id begins with 'zzz'; see the ids with: qa list"


def test_standard_input(qa: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe can be added, and be asked from."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Der Fluß stieg. 😀".encode())))
    assert qa("add", "-")[0] == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("Fluß?\n\n...\nJupiter?\n"))
    status, out, err = qa("chat")
    assert status == 0
    assert out.startswith("Der Fluß stieg.\n\n[1] Der Fluß stieg. 😀\n")
    assert out.count("Not in the articles.") == 1
    assert err == "qa: the question has no words in it; ask something like: Who met the minister?\n"


def test_bad_questions(qa: Shell, folder: Path) -> None:
    """Questions without words, or with too many, fail in one line, before anything is made or loaded."""
    for question in ("", "   ", "\u200b", "?!"):
        assert "no words in it" in qa.fails("ask", question)
    assert "the limit is 1,000" in qa.fails("ask", "why " * 2500)
    assert not folder.exists()


def test_bad_options(qa: Shell) -> None:
    """Usage errors have status 2 and say how it is meant."""
    for arguments in (["ask"], ["nonsense"], ["ask", "--min-confidence", "2", "x"], ["add", "--max-words", "0", "f"]):
        status, out, err = qa(*arguments)
        assert (status, out) == (2, "")
        assert "Usage: qa" in err


_MAIN = """
import sys, qa.pipeline; sys.path.insert(0, sys.argv.pop(1))
from fakes import SentenceReader, WordEmbedder
qa.pipeline.SentenceTransformerEmbedder, qa.pipeline.SpanReader = WordEmbedder, SentenceReader
from qa.cli import main; main()
"""


@pytest.mark.parametrize(
    ("encoding", "redirection", "status", "out", "err"),
    [
        ("ascii", "", 0, "Pakistan\\u2019s judicial", ""),
        ("utf-8", "", 0, "Pakistan’s judicial", ""),
        ("utf-8", "| head -c 9", 0, "During th", ""),
        ("utf-8", ">/dev/full", 2, "", "qa: output: No space left on device; nothing more was written\n"),
        ("utf-8", ">&-", 0, "", ""),
        ("utf-8", "<&-", 0, "Pakistan’s judicial", ""),
        ("ascii", "--json", 0, "Pakistan\\u2019s judicial", ""),
        ("utf-8", "--json $(printf '\\377')", 0, "judicial", ""),
    ],
)
def test_places_to_write_to(folder: Path, encoding: str, redirection: str, status: int, out: str, err: str) -> None:
    """Whatever stdout is, the command ends with a status and at most one line on stderr."""
    command = f'set -o pipefail; "$0" -c "$1" "$2" ask "What about the judicial system?" {redirection}'
    run = ["bash", "-c", command, sys.executable, _MAIN, str(Path(__file__).parent)]
    environment = {**os.environ, "QA_LIBRARY": str(folder), "PYTHONIOENCODING": encoding}
    with QA.open(folder, model=WordEmbedder("sentence-transformers/all-MiniLM-L6-v2")) as library:
        library.add(load_shipped()[0])
    done = subprocess.run(run, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (status, err)
    assert out in done.stdout.decode()
    if "--json" in redirection:
        assert json.loads(done.stdout)["found"]


@pytest.mark.parametrize(("signal_", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_ended_in_the_middle_of_an_addition(
    folder: Path, tmp_path: Path, signal_: signal.Signals, status: int
) -> None:
    """A process that is interrupted or killed while it adds leaves a library in which nothing is half-added."""
    (tmp_path / "long.txt").write_text("The cat sat on the mat. " * 2000)
    slow = _MAIN.replace(
        "from qa.cli",
        "encode = WordEmbedder.encode\n"
        "def slowly(*a, **k):\n"
        "    print('embedding', file=sys.stderr, flush=True); time.sleep(0.3); return encode(*a, **k)\n"
        "import signal, time; WordEmbedder.encode = slowly\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell ignores it for its background jobs
        "from qa.cli",
    )
    command = [sys.executable, "-c", slow, str(Path(__file__).parent), "add", str(tmp_path / "long.txt")]
    with subprocess.Popen(command, env={**os.environ, "QA_LIBRARY": str(folder)}, stderr=subprocess.PIPE) as process:
        assert process.stderr
        for _ in range(3):
            assert process.stderr.readline() == b"embedding\n"
        process.send_signal(signal_)
        said = process.stderr.read().replace(b"embedding\n", b"").decode().strip()
    assert process.returncode == status
    assert said == ("" if status < 0 else "qa: interrupted; what was not finished was not kept")
    with QA.open(folder, model=WordEmbedder()) as library:
        assert library.articles() == []
        assert library.is_new


def test_two_additions_at_once(folder: Path, tmp_path: Path) -> None:
    """Two processes that add to one new library both land."""
    running = []
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"Article {name} has words.")
        command = [sys.executable, "-c", _MAIN, str(Path(__file__).parent), "add", str(tmp_path / f"{name}.txt")]
        running.append(
            subprocess.Popen(command, env={**os.environ, "QA_LIBRARY": str(folder)}, stdout=subprocess.PIPE)
        )
    assert all(process.communicate()[0].startswith(b"added ") for process in running)
    with QA.open(folder, model=WordEmbedder()) as library:
        assert {article.text for article in library.articles()} == {f"Article {n} has words." for n in ("one", "two")}


def test_no_library(qa: Shell, folder: Path) -> None:
    """What needs a library does not make one."""
    for command in (["list"], ["show", "a"], ["remove", "a"]):
        assert qa.fails(*command) == f"no library in {folder}; make one with: qa add FILE"
    assert not folder.exists()


def test_bad_library(qa: Shell, folder: Path, tmp_path: Path) -> None:
    """A file that is no library, a place where none can be, and another model's library fail in one line."""
    qa("ask", MET)
    made_with = f"{folder}: made with the model sentence-transformers/all-MiniLM-L6-v2, not with another;"
    assert qa.fails("ask", "--model", "another", MET).startswith(made_with)
    (folder / STORE_FILE).write_bytes(b"not sqlite at all" * 99)
    assert "not a library" in qa.fails("ask", MET)
    (tmp_path / "file").touch()
    assert "cannot make a library there" in qa.fails("ask", "--library", str(tmp_path / "file"), MET)


def test_damaged_index(qa: Shell, folder: Path) -> None:
    """A damaged index costs one line, not the answer."""
    _, out, _ = qa("ask", MET)
    path = folder / INDEX_FILE
    path.write_bytes(path.read_bytes()[:-1])
    assert qa("ask", MET) == (0, out, f"qa: {path}: damaged; rebuilt from the library\n")
    assert qa("ask", MET) == (0, out, "")


def test_interrupted(qa: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of an addition leaves nothing half-added."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WordEmbedder, "encode", interrupt)
        assert qa("ask", MET)[0] == 130
    assert qa("list") == (0, "", "")
    assert qa("ask", MET)[0] == 0


def test_lines_of_a_terminal(qa: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal lines fit, and none is filled up with blanks that would be copied with it."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "50")
    lines = re.sub(r"\x1b\[[\d;]*m", "", qa("ask", MET)[1]).splitlines()
    assert 30 < max(map(len, lines)) <= 50
    assert all(line == line.rstrip() for line in lines)


def test_unexpected_errors(qa: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a bug is one line, unless the developer asks for more."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(WordEmbedder, "encode", fail)
    monkeypatch.setattr("qa.commands._open", fail)
    assert qa.fails("ask", "x y") == "unexpected ZeroDivisionError: oops; QA_DEBUG=1 shows where"
    monkeypatch.setenv("QA_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.run(["ask", "x"])


CATS = "The cat sat on the mat. A bird sang in the tree."
DOGS = "The dog chased the red ball. The dog slept."
ASKED: dict[str, Paragraphs] = {
    "Cats": [(CATS, {"Where sat the cat?": ["The cat sat on the mat"], "What sang?": ["tree"]})],
    "Dogs": [(DOGS, {"Which dog chased?": ["The dog chased the red ball"], "How many moons has Jupiter?": []})],
}


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Four questions: two are answered word for word, one with three words too many; one has no answer.

    A sentence with all of the question's words has a confidence near 1, one with none near 0.
    """
    monkeypatch.setattr("qa.answering.find_fit", lambda *_: Fit(slope=1.0, intercept=0.0, data=""))
    return str(write_squad(tmp_path / "dev.json", ASKED))


def test_evaluation(qa: Shell, asked: str, folder: Path) -> None:
    """A line a figure, a column a setting; the user's own library is left alone."""
    status, out, err = qa("eval", asked)
    assert (status, err) == (0, "")
    assert out.splitlines()[0].split() == ["closed", "open"]
    table = {line[:50].rstrip(): line[50:].split() for line in out.splitlines()[1:]}
    both = {
        "questions": "4",
        "of them answerable": "3",
        "exact match, as SQuAD 2.0 counts": "0.750",
        "F1, as SQuAD 2.0 counts": "0.850",  # that of "bird sang in tree" and "tree" is 2/5
        "F1 at its best threshold": "0.850",
        "F1 of the answerable": "0.800",
        "F1 of the others": "1.000",
        "exact match of the answerable, none refused": "0.667",
        "F1 of the answerable, none refused": "0.800",
        "right place cited first, none refused": "1.000",
        "answer in the first quote, none refused": "1.000",
        "words of the first quote": "6",
        "citation precision: quotes with the answer": "1.000",
        "refusal precision: refused and unanswerable": "1.000",
        "refusal recall: unanswerable and refused": "1.000",
        "answerable and refused": "0.000",
        "area under risk and coverage": "0.375",  # risks of 1/3 three times, and of 1/2
        "coverage at 80 % accuracy": "0.000",
        "coverage at 90 % accuracy": "0.000",
        "calibration error": "0.250",
    }
    assert {name: table[name] for name in both} == {name: [value] * 2 for name, value in both.items()}
    assert [values for name, values in table.items() if name.startswith("right passage")] == [["-", "1.000"]] * 7
    assert not folder.exists()


def test_evaluation_as_json(qa: Shell, asked: str) -> None:
    """One object on one line, a setting each; what cannot be told is null."""
    status, out, err = qa("eval", "--json", "--setting", "closed", "--min-confidence", "0", asked)
    assert (status, out.count("\n"), err) == (0, 1, "")
    (figures,) = json.loads(out, parse_constant=pytest.fail).values()
    assert list(json.loads(out)) == ["closed"]
    assert (figures["questions"], figures["f1"]) == (4, pytest.approx((1 + 2 / 5 + 1 + 0) / 4))
    assert (figures["refusal_precision"], figures["refusal_recall"]) == (None, 0)
    assert "hit_1_both" not in figures


def test_evaluation_of_a_part(qa: Shell, asked: str, tmp_path: Path) -> None:
    """--questions asks fewer; --distractors adds as many articles as it should; --whole-articles joins paragraphs."""
    other: dict[str, Paragraphs] = {
        "Zoo": [("Where sat the cat, and which dog chased?", {})],
        "Rain": [("It rained.", {})],
    }
    more = str(write_squad(tmp_path / "more.json", other))

    def ask(*options: str) -> dict[str, float]:
        status, out, err = qa("eval", "--json", "--setting", "open", *options)
        assert (status, err) == (0, "")
        figures = json.loads(out)["open"]
        return {key: round(figures[key], 3) for key in ("questions", "exact", "cited_first", "hit_1_both")}

    assert ask(asked, "--questions", "1")["questions"] == 2
    good = {"questions": 4, "exact": 0.75, "cited_first": 1, "hit_1_both": 1}
    assert ask(asked, "--distractors", more, "--distractor-articles", "0") == good
    assert ask(asked, "--distractors", more) == {
        "questions": 4,
        "exact": 0.25,  # only Jupiter's moons are not in the zoo
        "cited_first": 0.333,
        "hit_1_both": 0.333,
    }
    two = write_squad(tmp_path / "two.json", {"All": [*ASKED["Cats"], *ASKED["Dogs"]]})
    assert ask(str(two), "--whole-articles") == good


@pytest.mark.usefixtures("asked")
def test_evaluation_of_lines(qa: Shell, tmp_path: Path) -> None:
    """Lines bring their articles, or are asked of the user's library."""
    lines = str(write_lines(tmp_path / "a.jsonl", {"question": "What sang?", "answers": ["bird"]}))
    assert "no library in" in qa.fails("eval", lines)
    (tmp_path / "cats.txt").write_text(CATS)
    qa("add", str(tmp_path / "cats.txt"))
    status, out, _ = qa("eval", "--json", lines)
    assert (status, list(json.loads(out)), json.loads(out)["open"]["quote_has_answer"]) == (0, ["open"], 1)
    with_article = {"question": "Which dog chased?", "answers": ["The dog"], "article": DOGS}
    status, out, _ = qa("eval", "--json", str(write_lines(tmp_path / "b.jsonl", with_article)))
    assert {name: figures["cited_first"] for name, figures in json.loads(out).items()} == {"closed": 1, "open": 1}
    assert qa("list")[1].count("\n") == 1


def test_evaluation_drawn(qa: Shell, asked: str, tmp_path: Path) -> None:
    """The picture is a PNG; where it cannot be written is told behind the table."""
    assert qa("eval", "--plot", str(tmp_path / "x.png"), asked)[0] == 0
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG\r\n")
    status, out, err = qa("eval", "--plot", str(tmp_path / "none" / "x.png"), asked)
    assert (status, out.count("questions  "), err.count("\n")) == (2, 1, 1)
    assert err.startswith(f"qa: {tmp_path / 'none' / 'x.png'}: No such file or directory; name a file in a folder")


def test_evaluation_with_bounds(qa: Shell, asked: str, tmp_path: Path) -> None:
    """Bounds that are met have status 0, each that is not a line on stderr, and all together status 1."""
    met = "--min-f1 0.85 --min-exact 0.75 --min-citation-precision 1 --min-refusal-recall 1"
    assert qa("eval", asked, *met.split(), "--max-calibration-error", "0.26")[0::2] == (0, "")
    bounds = "--min-f1 0.9 --min-exact 0.8 --min-citation-precision 1 --max-calibration-error 0.2"
    status, out, err = qa("eval", asked, "--setting", "open", "--json", *bounds.split())
    assert (status, out.count("\n")) == (1, 1)
    assert err == (
        "qa: open: F1, as SQuAD 2.0 counts: 0.850, wanted at least 0.9\n"
        "qa: open: exact match, as SQuAD 2.0 counts: 0.750, wanted at least 0.8\n"
        "qa: open: calibration error: 0.250, wanted at most 0.2\n"
    )
    file = write_squad(tmp_path / "answerable.json", {"Cats": ASKED["Cats"]})
    status, _, err = qa("eval", str(file), "--setting", "closed", "--min-refusal-recall", "0")
    assert status == 1
    assert err == "qa: closed: refusal recall: unanswerable and refused: cannot be told, wanted at least 0\n"
    assert "Usage: qa" in qa("eval", asked, "--min-f1", "85")[2]


def test_evaluation_of_bad_files(qa: Shell, asked: str, tmp_path: Path) -> None:
    """A file that is no labelled questions, or has none with an answer, fails in one line that names it."""
    assert qa.fails("eval", __file__).startswith(f"{__file__}: not a file in SQuAD's format (")
    assert qa.fails("eval", asked, "--distractors", __file__).startswith(
        f"{__file__}: not a file in SQuAD's format ("
    )
    lines = write_lines(tmp_path / "a.jsonl", {"question": "Who?", "answers": []})
    assert qa.fails("eval", str(lines)) == (
        f"{lines}: no question with an answer in it, so there is nothing to measure"
    )
    write_lines(lines, {"question": "Who?", "answers": ["Ann"]}, {"answers": []})
    assert qa.fails("eval", str(lines)) == (
        f"{lines}, line 2: not a labelled question (KeyError('question')); "
        'one is {"question": "…", "answers": ["…"]}'
    )
    write_lines(lines, {"question": "Who?", "answers": ["Ann"]})
    assert qa.fails("eval", str(lines), "--setting", "closed").startswith(f"{lines}: its questions name no article")
