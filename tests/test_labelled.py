"""Files of labelled questions: what is read of them, and what is said of one that is none."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from squads import write_lines, write_squad

from qa.errors import ArticleError
from qa.labelled import LabelledArticle, LabelledParagraph, LabelledQuestion, load_labelled

TEXT = "Ann met Bob. Bob left."


def test_squad_is_read(tmp_path: Path) -> None:
    """Titles, texts, all answers of all people with their places, and questions without an answer."""
    asked = {" Who met Bob? ": ["Ann", "Ann met"], "Who stayed?": []}
    file = write_squad(tmp_path / "x.json", {"Two people": [(TEXT, asked), ("No question.", {})]})
    questions = [
        LabelledQuestion("Who met Bob?", ["Ann", "Ann met"], [(0, 3), (0, 7)]),
        LabelledQuestion("Who stayed?", [], []),
    ]
    paragraphs = [LabelledParagraph(TEXT, questions), LabelledParagraph("No question.")]
    assert load_labelled(file) == [LabelledArticle("Two people", paragraphs)]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.json", "x.json.gz"])
def test_gzip_and_a_byte_order_mark(tmp_path: Path, name: str, mark: str) -> None:
    """A file is read packed or not, with a byte-order mark or without."""
    qas = [{"question": "Who met Bob?", "answers": [{"text": "Ann", "answer_start": 0}]}]
    content = json.dumps(
        {"question": "Who met Bob?", "answers": ["Ann"], "article": TEXT}
        if "jsonl" in name
        else {"data": [{"paragraphs": [{"context": TEXT, "qas": qas}]}]}
    )
    raw = (mark + content).encode()
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    question = LabelledQuestion("Who met Bob?", ["Ann"], [(0, 3)])
    assert load_labelled(tmp_path / name) == [LabelledArticle("", [LabelledParagraph(TEXT, [question])])]


def test_lines_are_read(tmp_path: Path) -> None:
    """Questions about one text stand together, however it is given; blank lines are nothing."""
    (tmp_path / "two.txt").write_text(TEXT, encoding="utf-8")
    file = write_lines(
        tmp_path / "x.jsonl",
        {"question": "Who met Bob?", "answers": ["Ann"], "article": TEXT},
        {"question": "Who rules?", "answers": ["Ann", "Zoe"]},
        {"question": " Who left? ", "answers": ["Bob", "nobody"], "article": "two.txt"},
        {"question": "Who stayed?", "answers": [], "article": None},
    )
    file.write_text(file.read_text().replace("\n", "\r\n\r\n"))
    assert load_labelled(file) == [
        LabelledArticle(
            "",
            [
                LabelledParagraph(
                    TEXT,
                    [
                        LabelledQuestion("Who met Bob?", ["Ann"], [(0, 3)]),
                        LabelledQuestion("Who left?", ["Bob", "nobody"], [(8, 11), (13, 16)]),
                    ],
                )
            ],
        ),
        LabelledArticle(
            "",
            [
                LabelledParagraph(
                    None,
                    [LabelledQuestion("Who rules?", ["Ann", "Zoe"], []), LabelledQuestion("Who stayed?", [], [])],
                )
            ],
        ),
    ]


def test_an_answer_is_found_as_a_word(tmp_path: Path) -> None:
    """ "it" is not the one in "situation"; what stands nowhere as a word is found inside one."""
    text = "The situation: it is 5km."
    file = write_lines(tmp_path / "x.jsonl", {"question": "What is?", "answers": ["it", "5"], "article": text})
    assert load_labelled(file)[0].paragraphs[0].questions[0].places == [(15, 17), (21, 22)]


def test_a_long_line_of_many_bytes_is_a_text(tmp_path: Path) -> None:
    """An article on one line that is too long for a file's name is no file, in whatever script."""
    for text in ("شہر میں بارش ہوئی۔ " * 20, "دریا " * 1200):
        word = text.split()[0]
        file = write_lines(tmp_path / "x.jsonl", {"question": "What?", "answers": [word], "article": text})
        assert load_labelled(file)[0].paragraphs[0].text == text


GOOD = {"question": "Who?", "answers": []}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Who met Bob?", "JSONDecodeError"),
        ("[1]", "TypeError"),
        ('"a"', "TypeError"),
        ({"answers": []}, "KeyError('question')"),
        ({"question": "Who?"}, "KeyError('answers')"),
        ({**GOOD, "question": None}, "the question None is not a text"),
        ({**GOOD, "question": "?!"}, "the question has no words in it"),
        ({**GOOD, "answers": "Ann"}, "answers are a list of texts, not 'Ann'"),
        ({**GOOD, "answers": [{"text": "Ann"}]}, "answers are a list of texts"),
        ({**GOOD, "answers": [" "]}, "answers are a list of texts"),
        ({**GOOD, "answers": ["Zoe"], "article": TEXT}, "the article has none of the answers ['Zoe']"),
        ({**GOOD, "article": 5}, "TypeError"),
        ({**GOOD, "article": " \n"}, "the article has no words in it"),
        ({**GOOD, "article": "blank.txt"}, "the article has no words in it"),
        ({**GOOD, "article": "missing.txt"}, "there is no file 'missing.txt'"),
        ({**GOOD, "article": "latin.txt"}, "UnicodeDecodeError"),
    ],
)
def test_a_broken_line(tmp_path: Path, line: object, why: str) -> None:
    """One line names the file, the number of the line, what is wrong with it, and how it is meant."""
    (tmp_path / "blank.txt").write_text("\n")
    (tmp_path / "latin.txt").write_bytes("Fluß".encode("latin-1"))
    file = tmp_path / "x.jsonl"
    file.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in (GOOD, "", line, GOOD)))
    with pytest.raises(ArticleError) as raised:
        load_labelled(file)
    said = str(raised.value)
    assert said.startswith(f"{file}, line 3: not a labelled question (")
    assert why in said
    assert said.endswith('; one is {"question": "…", "answers": ["…"]}')
    assert "\n" not in said


def test_the_line_that_is_not_utf8_is_the_one_that_is_named(tmp_path: Path) -> None:
    """The number is right though text is decoded many lines at a time."""
    file = tmp_path / "x.jsonl"
    file.write_bytes(json.dumps(GOOD).encode() + b"\n" + b'{"question": "Flu\xdf?", "answers": []}\n')
    with pytest.raises(ArticleError, match=r"x\.jsonl, line 2: .*UnicodeDecodeError"):
        load_labelled(file)


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x.jsonl.gz", "x.json.gz"])
def test_a_file_that_is_not_there_or_cut_off(tmp_path: Path, name: str) -> None:
    """What cannot be read at all is told with the file's name."""
    with pytest.raises(ArticleError, match=rf"{name}: not a .*FileNotFoundError"):
        load_labelled(tmp_path / name)
    raw = json.dumps({**GOOD, "article": TEXT}).encode()
    (tmp_path / name).write_bytes(gzip.compress(raw)[:-9] if name.endswith(".gz") else raw[:-9])
    with pytest.raises(ArticleError, match=rf"{name}(, line 1)?: not a "):
        load_labelled(tmp_path / name)
