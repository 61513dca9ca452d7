"""The verbs of the commons: look, take a version as it is, fork it into a measure of one's own."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.measures.commons import store
from services.measures.commons.schemas import Forking
from services.measures.commons.store import Shared
from services.measures.measures import domain as measures
from services.measures.measures.domain import KeyTaken
from services.measures.measures.models import Measure
from services.measures.measures.schemas import NewVersion
from shared import outbox
from shared.errors import NotFound
from shared.events.measures.definitions import MeasureVersionTaken
from shared.ids import new_id


def read(session: Session, movement: str, version: str) -> Shared:
    """A published version, whosever it is. Raises NotFound, for a draft too."""
    found = store.find(session, movement, version)
    if found is None:
        raise NotFound("there is no such version in the commons")
    return found


def list_shared(
    session: Session, movement: str, q: str | None, instrument: str | None, after: str, limit: int
) -> Sequence[Shared]:
    """A page of the commons, in the order in which the versions were drafted."""
    return store.page(session, movement, q=q, instrument=instrument, after=after, limit=limit)


def take(session: Session, movement: str, version: str, key: str | None) -> Shared:
    """Have the movement report by a version of another's, which stays what it is: the same id means the same here.

    The published versions before it come too, so that series are read across. Taken again, it changes nothing.
    Raises NotFound and KeyTaken.
    """
    found = read(session, movement, version)
    if found.copy is not None:
        return found
    measure = found.measure
    if store.key_is_taken(session, movement, key or measure.key, measure.id):
        raise KeyTaken("take it under another key")
    store.copy_measure(session, movement, measure, key or measure.key)
    store.copy_versions(session, movement, store.published_until(session, found))
    outbox.record(session, MeasureVersionTaken(taking=new_id("taking"), measure=measure.id, version=version))
    return found._replace(copy=version)


def fork(session: Session, movement: str, version: str, said: Forking) -> Measure:
    """Make a measure of the movement's own out of a version: its first draft says the same. Raises NotFound, KeyTaken.

    Its figures compare with nobody's: what follows is another definition.
    """
    found = read(session, movement, version)
    title, description = said.title or found.measure.title, said.description
    made = measures.create_measure(
        session, movement, said.key, title, found.measure.description if description is None else description, version
    )
    definition = NewVersion.model_validate({name: getattr(found.version, name) for name in NewVersion.model_fields})
    alone = definition.model_copy(update={"comparability": None, "bridge_note": ""})
    measures.draft_version(session, movement, made.id, alone.definition())
    return made
