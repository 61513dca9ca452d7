"""A small cache: what was made most recently for a key is kept, and the rest let go."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The `most` most recently used of what was made, by key. Whoever uses what is let go keeps it until done."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[..., T], *parts: object) -> T:
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = make(*parts)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return kept

    def drop(self, key: Hashable) -> None:
        self._kept.pop(key, None)
