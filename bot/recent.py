"""A dict that remembers its newest entries alone, so that strangers cannot fill the memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

_KEPT = 10_000

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Recent(OrderedDict[_Key, _Value]):
    """A dict of at most 10,000 entries; the one that was set longest ago goes first."""

    def __setitem__(self, key: _Key, value: _Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > _KEPT:
            self.popitem(last=False)
