"""The `qa` command. The only file that prints and the only one of the package that reads the environment."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.errors import ArticleError, QAError
from qa.question import clean_question
from qa.render import describe, printable, to_blocks, to_json

if TYPE_CHECKING:
    from rich.console import Console

    from qa.session import Session
    from qa.types import Answer

FOUND, NOT_FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130  # as grep's


def main() -> None:
    """Run the command and end the process with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command and return its exit status; whatever goes wrong is told in one line on stderr."""
    warnings = _OneLine()
    logging.getLogger("qa").addHandler(warnings)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not when it is closed
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to fail
    try:
        return _run(arguments)
    except QAError as error:
        _complain(str(error))
    except click.ClickException as error:
        error.show()
    except (KeyboardInterrupt, click.Abort):
        _complain("interrupted; what was not finished was not kept")
        return INTERRUPTED
    except OSError as error:  # the disk behind stdout is full, or gone
        _drop_output()
        _complain(f"{error.filename or 'output'}: {error.strerror or error}; nothing more was written")
    except Exception as error:
        if os.environ.get("QA_DEBUG"):
            raise
        _complain(f"unexpected {type(error).__name__}: {error}; QA_DEBUG=1 shows where")
    finally:
        logging.getLogger("qa").removeHandler(warnings)
    return FAILED


def _run(arguments: list[str]) -> int:
    """Run the command; a reader that has seen enough of the pipe ends it well."""
    try:
        status = int(commands.main(arguments, prog_name="qa", standalone_mode=False) or 0)
        if sys.stdout:
            sys.stdout.flush()
        return status
    except (BrokenPipeError, SystemExit):  # click makes the second of the first
        _drop_output()
        return FOUND


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="article-qa")
def commands() -> None:
    """Answer questions about articles in the articles' own words.

    Exit status: 0 answered, 1 not in the articles, 2 something went wrong.
    """


def _open(**options: Any) -> Session:  # noqa: ANN401
    """Open the library; the import costs half a second that `qa --help` does not need."""
    from qa.session import Session

    return Session(**options)


_library = click.option(
    "--library", metavar="DIR", envvar="QA_LIBRARY", help="The library's folder [env QA_LIBRARY]."
)
_model = click.option("--model", metavar="NAME-OR-FOLDER", help="Another sentence-transformers model.")
_reader = click.option(
    "--reader", metavar="NAME-OR-FOLDER", help="Another extractive question-answering model to read with."
)
_confidence = click.option(
    "--min-confidence", type=click.FloatRange(0, 1), help="Refuse answers that are less likely than this to be right."
)


@commands.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@_confidence
@_library
@_model
@_reader
def ask(question: tuple[str, ...], as_json: bool, **options: Any) -> int:  # noqa: ANN401 - click's own
    """Answer a question with the passage that the answer stands in."""
    asked = " ".join(question)
    clean_question(asked)  # before anything is loaded for it
    with _open(**options) as session:
        session.add_shipped_article()
        answer = session.qa.ask(asked)
    if as_json:
        encoding = sys.stdout.encoding if sys.stdout else "utf-8"
        print(json.dumps(to_json(answer), ensure_ascii=encoding.lower() != "utf-8"))
    else:
        _print_answer(answer)
    return FOUND if answer.found else NOT_FOUND


@commands.command()
@_confidence
@_library
@_model
@_reader
def chat(**options: Any) -> int:  # noqa: ANN401
    """Ask question after question; Ctrl-D ends it."""
    with _open(**options) as session:
        session.add_shipped_article()
        conversation = session.qa.chat()
        for line in _read_lines():
            try:
                answer = conversation.ask(line)
            except QAError as error:
                session.hide_progress()
                _complain(str(error))
                continue
            session.hide_progress()
            _print_answer(answer)
            print()
    return FOUND


@commands.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--max-words", type=click.IntRange(1), help="The longest passage, in words.")
@_library
@_model
def add(files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """Add text or Markdown FILES; - is standard input."""
    status = FOUND
    with _open(**options) as session:
        for file in files:
            known = set(session.qa.article_ids())
            try:
                article = session.qa.add(file)
            except ArticleError as error:  # the other files can still be good
                session.hide_progress()
                _complain(str(error))
                status = FAILED
                continue
            session.hide_progress()
            word = "already there:" if article.id in known else "added"
            print(printable(f"{word} {article.id}  {describe(article)}"))
    return status


@commands.command(name="list")
@_library
def list_(**options: Any) -> int:  # noqa: ANN401
    """List the articles, a line each: id, date, title, source."""
    with _open(**options, must_exist=True) as session:
        for article in session.qa.articles():
            day = article.date.isoformat() if article.date else "-" * 10
            print("\t".join(map(printable, (article.id, day, article.title, article.source or "-"))))
    return FOUND


@commands.command()
@click.argument("article_id", metavar="ID")
@_library
def show(article_id: str, **options: Any) -> int:  # noqa: ANN401
    """Show an article's passages; the first letters of its ID are enough."""
    with _open(**options, must_exist=True) as session:
        article = session.find_article(article_id)
        print(describe(article))
        for number, passage in enumerate(session.qa.passages(article.id), start=1):
            print(f"\n{number}. {passage.start}-{passage.end}, {len(passage.text.split())} words")
            print(printable(passage.text))
    return FOUND


@commands.command()
@click.argument("article_ids", metavar="ID...", nargs=-1, required=True)
@_library
def remove(article_ids: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """Remove articles; the first letters of an ID are enough."""
    with _open(**options, must_exist=True) as session:
        found = [session.find_article(article_id) for article_id in article_ids]
        for article in {article.id: article for article in found}.values():
            session.qa.remove(article.id)
            print(f"removed {article.id}  {describe(article)}")
    return FOUND


@commands.command("eval")
@click.argument("squad", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--distractors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="More articles.")
@click.option(
    "--distractor-articles",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="How many of them join the library.",
)
@click.option(
    "--read",
    type=click.IntRange(0),
    default=0,
    help="Also read this many questions of each kind; the articles left over ask too.",
)
@_model
def evaluate(squad: Path, distractors: Path | None, distractor_articles: int, read: int, model: str | None) -> int:
    """Print retrieval, reading and refusal figures on a file in the format of SQuAD."""
    from qa import evaluate as ev

    test = ev.load_test(squad, distractors, distractor_articles)
    with (
        tempfile.TemporaryDirectory() as folder,
        _open(library=folder, max_words=ev.WHOLE_PARAGRAPH, min_confidence=0.0, model=model) as session,
    ):
        ev.add_paragraphs(session.qa, test.paragraphs)
        session.hide_progress()
        print(f"{len(test.paragraphs)} passages, {len(test.answerable)} answerable questions\n")
        print(f"{'':20}{'hit@1':>8}{'hit@5':>8}{'MRR':>8}")
        for row in ev.measure_retrieval(session.qa, test.answerable):
            print(f"{row.name:20}{row.hit_at_1:8.3f}{row.hit_at_5:8.3f}{row.mrr:8.3f}")
        if read:
            readings, fit = ev.measure_reading(session.qa, test.sample_kinds(read))
            print(f"\n{'':20}{'asked':>8}{'refused':>9}{'right, nothing refused':>24}")
            for reading in readings:
                print(f"{reading.name:20}{reading.questions:8}{reading.refused:9.3f}{reading.right:24.3f}")
            print(
                f"\ncalibration error {fit.error:.3f}; refit: slope {fit.slope:.3f}, intercept {fit.intercept:+.3f}"
            )
    return FOUND


def _drop_output() -> None:
    """Keep the interpreter from writing what is left to a place that does not take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class _OneLine(logging.Handler):
    """Shows the library's warnings as the command's own lines."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        _complain(record.getMessage())


def _read_lines() -> Iterator[str]:
    """Yield what the user types, with history and line editing, or the lines of a pipe."""
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


def _print_answer(answer: Answer) -> None:
    from rich.padding import Padding

    console = _console()
    for indent, text in to_blocks(answer):
        if console.is_terminal:
            console.print(Padding(text, (0, 0, 0, indent)))
        else:
            console.print(text, soft_wrap=True)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def _complain(message: str) -> None:
    """Say one line on stderr."""
    print(f"qa: {printable(message)}", file=sys.stderr)
