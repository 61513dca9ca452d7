"""Every instrument that this suite knows, by key and version."""

from collections.abc import Sequence

from services.measures.instruments.catalogue import activity, deprivation, loneliness, wellbeing
from services.measures.instruments.definition import Instrument

INSTRUMENTS: Sequence[Instrument] = (
    *wellbeing.INSTRUMENTS, *loneliness.INSTRUMENTS, *activity.INSTRUMENTS, *deprivation.INSTRUMENTS,
)  # fmt: skip


def versions_of(key: str) -> Sequence[Instrument]:
    """The versions of an instrument, the first first; none where there is no such instrument."""
    return [instrument for instrument in INSTRUMENTS if instrument.key == key]


def find(key: str, version: int) -> Instrument | None:
    """One version of an instrument."""
    return next((each for each in versions_of(key) if each.version == version), None)
