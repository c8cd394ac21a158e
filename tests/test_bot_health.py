"""What the bot writes down about itself, and what a supervisor is told."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import pytest
from clock import hold_up, run
from disk import full_disk

from bot.health import HEALTH_FILE, Health, Heart, read_health

NOW = 1_770_000_000.0
WELL = Health(
    pid=os.getpid(),
    written=NOW,
    loaded=True,
    poll_age=3.0,
    poll_limit=20.0,
    depth=7,
    limit=200,
    lag_ms=12.5,
    asked=40,
    hung=0,
    degraded=False,
)


@pytest.mark.parametrize(
    ("health", "fault"),
    [
        (WELL, ""),
        (replace(WELL, written=NOW - 9.9), ""),
        (replace(WELL, written=NOW - 11.2), "no sign of life for 11 s"),
        (replace(WELL, written=NOW + 3600), ""),
        (replace(WELL, loaded=False), "the models are not loaded yet"),
        (replace(WELL, hung=1), ""),
        (replace(WELL, hung=2), "2 questions hang"),
        (replace(WELL, poll_age=20.0), ""),
        (replace(WELL, poll_age=20.6), "Telegram has not answered a poll for 21 s"),
        (replace(WELL, poll_age=500.0, depth=199), "Telegram has not answered a poll for 500 s"),
        (replace(WELL, poll_age=500.0, depth=200), ""),
        (replace(WELL, hung=2, depth=200), "2 questions hang"),
        (replace(WELL, poll_age=None, poll_limit=None), ""),
        (replace(WELL, degraded=True, lag_ms=9_000.0), ""),
    ],
)
def test_faults(health: Health, fault: str) -> None:
    """N2: stuck, deaf, not loaded and hanging are faults; a full inbox and a bad disk are none."""
    assert health.find_fault(NOW) == fault


@pytest.mark.parametrize(
    ("health", "line"),
    [
        (WELL, "ok (pid {}, last poll 3.0 s ago, 7 of 200 waiting, 40 asked)"),
        (replace(WELL, poll_age=None), "ok (pid {}, 7 of 200 waiting, 40 asked)"),
        (
            replace(WELL, degraded=True),
            "degraded: the database cannot be written (pid {}, last poll 3.0 s ago, 7 of 200 waiting, 40 asked)",
        ),
        (
            replace(WELL, degraded=True, hung=3),
            "unhealthy: 3 questions hang (pid {}, last poll 3.0 s ago, 7 of 200 waiting, 40 asked)",
        ),
    ],
)
def test_one_line(health: Health, line: str) -> None:
    """U13: an operator reads in one line whether it is well, and why not."""
    assert health.describe(NOW) == line.format(os.getpid())


def test_written_every_second(tmp_path: Path) -> None:
    """N2: the file is written anew every second, whole, and taken away at the end."""
    looks: list[float] = []

    def look(lag_ms: float) -> Health:
        looks.append(time.monotonic() - 1_000)
        return replace(WELL, lag_ms=round(lag_ms, 3), asked=len(looks))

    async def live() -> None:
        heart = Heart(tmp_path, look)
        beating = asyncio.create_task(heart.beat())
        await asyncio.sleep(10.5)
        beating.cancel()
        assert read_health(tmp_path) == replace(WELL, lag_ms=0.0, asked=len(looks))
        assert [path.name for path in tmp_path.iterdir()] == [HEALTH_FILE]
        heart.stop()
        heart.stop()
        assert read_health(tmp_path) is None
        assert list(tmp_path.iterdir()) == []

    run(live())
    assert looks[0] < 0.1
    assert all(1.0 <= later - earlier < 1.1 for earlier, later in pairwise(looks))


def test_lag_of_the_loop(tmp_path: Path) -> None:
    """L3: a loop that something held up shows for how long, and forgets it after ten seconds."""
    lags: list[float] = []

    def look(lag_ms: float) -> Health:
        lags.append(lag_ms)
        return WELL

    async def live() -> None:
        beating = asyncio.create_task(Heart(tmp_path, look).beat())
        await asyncio.sleep(2.01)
        hold_up(0.4)
        await asyncio.sleep(15)
        beating.cancel()

    run(live())
    held_up = [place for place, lag in enumerate(lags) if lag > 1]
    assert held_up == list(range(held_up[0], held_up[-1] + 1))
    assert held_up[0] in (2, 3)
    assert len(held_up) in (9, 10, 11)
    assert 350 <= max(lags) <= 400
    assert lags[-1] == pytest.approx(0, abs=0.01)


def test_full_disk(tmp_path: Path) -> None:
    """U13: a health file that cannot be written ends nothing, and the old one stays whole."""
    heart = Heart(tmp_path, lambda _: WELL)
    heart.write()
    with full_disk():
        heart.write()
    assert read_health(tmp_path) == WELL
    Heart(tmp_path / "nowhere", lambda _: WELL).write()


def test_nobody_runs(tmp_path: Path) -> None:
    """No file, no process of that number, or a file that is not the bot's: nobody runs."""
    assert read_health(tmp_path) is None
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    for text in (json.dumps(asdict(replace(WELL, pid=ended.pid))), "", "{}", "[]", '{"pid": 1}', "\x00", "null"):
        (tmp_path / HEALTH_FILE).write_text(text)
        assert read_health(tmp_path) is None


def test_somebody_elses_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that runs under another account runs all the same."""

    def refuse(_: int, __: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    Heart(tmp_path, lambda _: WELL).write()
    assert read_health(tmp_path) == WELL
