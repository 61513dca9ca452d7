"""Which events a subscription wants: types, exact (`award.offered`) or by prefix (`award.*`), or all of them (`*`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.errors import Fault
from shared.events import gateway, grants, measures, members
from shared.events.base import published

SOURCES = {module.__name__.rpartition(".")[2]: module for module in (members, measures, grants, gateway)}
"""The services whose events the feed carries. Importing their modules enters the events in the contract."""

EVERYTHING = "*"
_PATTERN = re.compile(r"\*|[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*(\.\*)?")


@dataclass(frozen=True, slots=True)
class Filter:
    """A set of patterns. `everything` wants every type; else a type is wanted if it is listed or begins as a prefix."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    everything: bool

    def wants(self, event_type: str) -> bool:
        """Whether an event of this type matches."""
        return self.everything or event_type in self.exact or event_type.startswith(self.prefixes)


@lru_cache(maxsize=4096)
def filter_of(patterns: tuple[str, ...]) -> Filter:
    """The filter that valid patterns make; no pattern at all wants everything."""
    return Filter(
        exact=frozenset(pattern for pattern in patterns if not pattern.endswith("*")),
        prefixes=tuple(pattern[:-1] for pattern in patterns if pattern.endswith(".*")),
        everything=not patterns or EVERYTHING in patterns,
    )


@lru_cache(maxsize=1)
def known_types() -> tuple[str, ...]:
    """Every event type of the contract, sorted."""
    return tuple(event.event_type for event in published() if event.event_service in SOURCES)


def faults_in(patterns: Sequence[str], pointer: str) -> list[Fault]:
    """What is wrong with patterns that somebody sent: a form that is none, or one that no event can match."""
    faults = []
    for number, pattern in enumerate(patterns):
        if not _PATTERN.fullmatch(pattern):
            reason = "is not an event type, nor a prefix such as award.*, nor *"
        elif not any(map(filter_of((pattern,)).wants, known_types())):
            reason = "matches no event type that is published"
        else:
            continue
        faults.append(Fault(f"{pointer}/{number}", reason, "unknown_event_type"))
    return faults
