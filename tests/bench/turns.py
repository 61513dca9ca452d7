"""Measuring in turns: A B A B …, so that what disturbs the machine disturbs both, and the median of each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 3


async def in_turns(sides: Mapping[str, Callable[[], Awaitable[T]]], rounds: int = ROUNDS) -> Mapping[str, Sequence[T]]:
    """What each side answers, a round each after the other. The caller warms them up, where that matters."""
    answers: dict[str, list[T]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            answers[name].append(await side())
    return answers


async def medians(sides: Mapping[str, Callable[[], Awaitable[float]]], rounds: int = ROUNDS) -> Mapping[str, float]:
    """The median of what each side answers."""
    return {name: median(answers) for name, answers in (await in_turns(sides, rounds)).items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
