"""Coroutines on a clock that jumps over every wait, so that an hour of pauses takes no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar
from unittest import mock

_START = 1_000.0
_Value = TypeVar("_Value")


class _JumpingSelector(selectors.DefaultSelector):
    """Reports at once what is there; if nothing is, the time goes on to when the loop would have woken."""

    now = _START

    def tell(self) -> float:
        return self.now

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("everything waits, and for nothing that will ever come")
        if not ready and timeout:
            self.now += timeout
        return ready


def run(main: Coroutine[Any, Any, _Value]) -> _Value:
    """Run a coroutine to its end; meanwhile `time.monotonic` tells the loop's time, which begins at 1,000 s."""
    selector = _JumpingSelector()
    with (
        mock.patch("time.monotonic", selector.tell),
        asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner,
    ):
        return runner.run(main)


async def settle() -> None:
    """Let everything that is ready go on until it waits."""
    for _ in range(20):
        await asyncio.sleep(0)


def hold_up(seconds: float) -> None:
    """Let the time go on as if a call had held up the running loop for so long."""
    selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    assert isinstance(selector, _JumpingSelector)
    selector.now += seconds
