"""How what is shown of a figure may go on."""

from collections.abc import Iterable
from enum import StrEnum


class Sharing(StrEnum):
    """Not at all, for it is true and inside its own controller; as it is; or there is nothing, for it is not shown."""

    NOT_FOR_SHARING = "not_for_sharing"
    RELEASED = "released"
    WITHHELD = "withheld"


def of_all(figures: Iterable[Sharing]) -> Sharing:
    """How an answer may go on that is made of several: as the most guarded of them; one of none is not for sharing."""
    found = list(figures) or [Sharing.NOT_FOR_SHARING]
    return next(each for each in Sharing if each in found)  # of thousands that are guarded, the first one decides
