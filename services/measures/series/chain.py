"""Which versions of a measure may be read as one series: back from one, as long as figures compare."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.measures import domain as measures
from services.measures.measures.models import Comparability, MeasureVersion
from shared.errors import Conflict, NotFound


class DefinitionBreak(Conflict):
    """What is asked for lies on both sides of a break: the figures count different things."""

    code, title = "definition_break", "The definition changed so much between the two that they do not compare"


class Chain(NamedTuple):
    """Versions of one measure, the newest first, and the notes of the bridges between them."""

    versions: Sequence[MeasureVersion]
    bridges: Sequence[str]


def chain(session: Session, movement: str, version: MeasureVersion, since: str | None) -> Chain:
    """The version, and those before it back to `since` (None: it alone).

    Raises NotFound where `since` is none of the versions before it, and DefinitionBreak where a break lies between.
    """
    versions, bridges = [version], []
    while since is not None and versions[-1].id != since:
        later = versions[-1]
        if later.follows is None:
            raise NotFound("the version to begin with is none of those before the one that is read")
        if later.comparability == Comparability.BREAK:
            raise DefinitionBreak(f"version {later.number} broke with the one before it", version=later.id)
        if later.comparability == Comparability.BRIDGED:
            bridges.append(later.bridge_note)
        versions.append(measures.read_version(session, movement, later.measure, later.follows))
    return Chain(versions, bridges)
