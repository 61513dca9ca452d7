"""Lifecycles: which state may follow which. One table a noun, read by the models and by the conditional SQL alike."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Generic, TypeVar

from shared.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(Conflict):
    """The subject is not in a state from which this step may be taken; ``state`` says which one it is in."""

    code = "illegal_transition"
    title = "Not possible in this state"


class EndedAlready(Conflict):
    """What has ended does not end again; the detail says when it did."""

    code = "ended_already"
    title = "It has ended already"


class Lifecycle(Generic[S]):
    """The legal steps of one noun: each state, and the states that may follow it."""

    def __init__(self, noun: str, follows: Mapping[S, Set[S]]) -> None:
        self._noun = noun
        self._follows = follows

    def step(self, current: str, target: S) -> S:
        """``target``, if it may follow ``current``; else :class:`IllegalTransition`."""
        if current not in self.before(target):
            raise IllegalTransition(f"{self._noun} that is {current} cannot become {target}", state=current)
        return target

    def before(self, target: S) -> list[S]:
        """The states from which ``target`` may be reached: what a conditional update names in its WHERE."""
        return [state for state, following in self._follows.items() if target in following]
