"""The structure: who may import whom, what an import costs, and which names are public."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bot
import qa

PACKAGE = Path(qa.__file__).parent
BOT = Path(bot.__file__).parent
GROUND = {
    "types",
    "errors",
    "hub",
    "span_model",
    "tidy",
    "labelled",
    "metrics",
    "sentences",
    "question",
    "head",
    "calibration",
    "database",
    "embedding",
    "runtime",
    "full_text",
    "index_file",
    "schema",
    "progress",
    "onnx_export",
    "torch_embedding",
    "exports",
}
ENGLISH = {f"english.{path.stem}" for path in (PACKAGE / "english").glob("*.py") if path.stem != "__init__"}
TALK = {f"talk.{path.stem}" for path in (PACKAGE / "talk").glob("*.py") if path.stem != "__init__"}
STAGES = {"load", "chunk", "embed", "store", "index", "retrieve", "read", "answer"}
RULES = {"facts", "overview", "identity", "statements"}
ANSWERS = {"conclude", "answering", "whole"}
ALL = GROUND | ENGLISH | TALK | STAGES | RULES | ANSWERS | {"chat", "pipeline"}
ALLOWED = {
    **dict.fromkeys(GROUND, GROUND),
    **dict.fromkeys(ENGLISH, GROUND | ENGLISH),
    **dict.fromkeys(STAGES | RULES, GROUND | ENGLISH),
    **dict.fromkeys(TALK, GROUND | ENGLISH | TALK | {"facts", "overview"}),
    **dict.fromkeys(ANSWERS, GROUND | ENGLISH | TALK | STAGES | RULES | {"conclude"}),
    "chat": GROUND | ENGLISH | TALK | {"whole"},
    "pipeline": ALL - {"pipeline"},
    "render": GROUND,
    "session": GROUND | STAGES | {"pipeline"},
    "doctor": GROUND | STAGES,
    "evaluate": GROUND | STAGES | {"pipeline"},
    "prompt": GROUND,
    "figures": GROUND,
    "terminal": GROUND | {"render"},
    "commands": GROUND | STAGES | {"render", "terminal", "session", "evaluate", "figures", "prompt", "doctor", "qa"},
    "cli": GROUND | {"commands", "terminal"},
    "__init__": ALL,
    "english.__init__": set(),
    "talk.__init__": set(),
}  # fmt: skip
BOT_LAYERS = (  # each may import those before it
    {"errors", "texts", "address", "pace", "ask", "health", "recent"},
    {"values", "database", "compose"},
    {"settings", "inbox", "memory", "answers"},
    {"context", "log", "door", "order", "lock", "webhook"},
    {"transport", "profile", "connect"},
    {"deliver", "check"},
    {"buttons", "preferences"},
    {"questions"},
    {"inline", "commands", "choices"},
    {"routes"},
    {"app"},
    {"cli"},
    {"__main__"},
)
HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "numpy", "huggingface_hub", "rich", "sqlite3"}
BOT_HEAVY = {"telegram", "httpx", "tornado", "filelock"}


def imports(path: Path) -> set[str]:
    """Return the modules of the package that a file imports, at whatever depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith(("qa.", "bot"))}
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"qa", "bot"}:
            found.add(node.module.partition(".")[2] or node.module)
    return found


def test_dependencies_point_one_way() -> None:
    """Stages know the nouns and the ground they stand on, never each other."""
    for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("english/*.py"), *PACKAGE.glob("talk/*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        assert imports(path) <= ALLOWED[name], f"{name} imports {imports(path) - ALLOWED[name]}"


def imported_names(path: Path) -> set[str]:
    """Return what a file imports, at whatever depth, by its whole name: "qa.QA" and "qa.types" alike."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_dependencies_of_the_bot_point_one_way() -> None:
    """Every module of the bot stands on a layer, and imports none of its own layer or above it."""
    modules = {
        path.stem for path in (*BOT.glob("*.py"), *BOT.glob("*/")) if path.stem not in {"__init__", "__pycache__"}
    }
    assert modules == set().union(*BOT_LAYERS)
    below: set[str] = set()
    for layer in BOT_LAYERS:
        for name in layer - {"texts"}:
            names = {other.split(".")[1] for other in imported_names(BOT / f"{name}.py") if other.startswith("bot.")}
            assert names <= below, f"{name}.py imports {names - below}"
        below |= layer
    inside = set().union(*(imported_names(path) for path in (BOT / "texts").glob("*.py")))
    assert {name for name in inside if name.startswith(("bot.", "qa."))} <= {
        f"bot.texts.{path.stem}" for path in (BOT / "texts").glob("*.py")
    }


def test_the_bot_uses_the_public_names_alone() -> None:
    """The bot knows the library by what `import qa` offers; the library knows no bot."""
    public = {f"qa.{name}" for name in qa.__all__}
    used = set().union(*(imported_names(path) for path in BOT.rglob("*.py")))
    assert {name for name in used if name.split(".")[0] == "qa"} <= public
    assert {"qa.QA", "qa.Answer"} <= used
    for path in PACKAGE.rglob("*.py"):
        assert not {name for name in imported_names(path) if name.split(".")[0] in {"bot", "telegram"}}, path


def test_public_names() -> None:
    """What `qa.__all__` says can be imported, and is sorted."""
    assert list(qa.__all__) == sorted(qa.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert all(getattr(qa, name).__doc__ for name in qa.__all__)
    assert not hasattr(qa, "nothing")


def loaded_by(code: str) -> set[str]:
    """Return which heavy modules a fresh interpreter has loaded after some code."""
    report = f"{code}; import sys; print(*({HEAVY | BOT_HEAVY!r} & set(sys.modules)))"
    return set(
        subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout.split()
    )


def test_import_is_cheap_and_silent() -> None:
    """`import qa` and the command's help load no model, array, database or network library."""
    assert loaded_by("import qa") == set()
    assert loaded_by("import qa.cli") == set()
    assert not loaded_by("from qa import QA; QA.open") & {"torch", "transformers", "sentence_transformers", "faiss"}


@pytest.mark.parametrize("code", ["import bot.cli", "import bot.settings, bot.health, bot.texts"])
def test_importing_the_bots_command_is_cheap(code: str) -> None:
    """`qa-bot --help`, and `qa-bot health` every minute, load neither models nor Telegram."""
    assert loaded_by(code) == set()


def test_only_the_command_prints() -> None:
    """No other module prints or reads the environment."""
    for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("english/*.py"), *PACKAGE.glob("talk/*.py")):
        source = path.read_text(encoding="utf-8")
        if path.stem not in {"commands", "terminal"}:
            assert not re.search(r"(?<!\.)\bprint\(", source), path.name
        if path.stem != "cli":
            assert not re.search(r"environ\b(?!\.setdefault)|getenv", source), path.name


def test_only_the_bots_command_prints() -> None:
    """So it is in the bot, whose settings are handed the environment."""
    told = re.compile(r"(?<!\.)\bprint\(|click\.|sys\.stdout|os\.environ|getenv|import environ")
    assert {path.name for path in BOT.rglob("*.py") if told.search(path.read_text(encoding="utf-8"))} == {"cli.py"}
