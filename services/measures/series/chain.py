"""Which versions of a measure may be read as one series: back from one, as long as figures compare."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.measures import store
from services.measures.measures.comparing import compare
from services.measures.measures.models import MeasureVersion
from shared.errors import Conflict, NotFound


class DefinitionBreak(Conflict):
    """What is asked for lies on both sides of a break: the figures count different things."""

    code, title = "definition_break", "The definition changed so much between the two that they do not compare"


class Chain(NamedTuple):
    """Versions of one measure, the newest first, and the notes of the bridges between them, from the earliest on."""

    versions: Sequence[MeasureVersion]
    bridges: Sequence[str]


def chain(session: Session, movement: str, version: MeasureVersion, since: str | None) -> Chain:
    """The version, and those published before it back to `since` (None: it alone).

    Raises NotFound where `since` is none of those, and DefinitionBreak where a break lies between.
    """
    if since is None or since == version.id:
        return Chain([version], ())
    published = store.published_versions(session, movement, version.measure)
    first = next((each for each in published if each.id == since and each.number < version.number), None)
    if first is None:
        raise NotFound("the version to begin with is none of those before the one that is read")
    found = compare(first, version, published)
    if found.broken_by is not None:
        raise DefinitionBreak("a version between them broke with the one before it", version=found.broken_by)
    between = [each for each in published if first.number <= each.number <= version.number]
    return Chain(sorted(between, key=lambda each: -each.number), found.notes)
