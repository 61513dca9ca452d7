"""The verbs of peer researchers: who designs a survey, asks, keys, or makes sense of it, and from when to when."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.measures.surveys.asking import store
from services.measures.surveys.asking.domain import read
from services.measures.surveys.asking.models import Part, Researcher
from services.measures.surveys.asking.schemas import NewResearcher, ResearcherChanges
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def add(session: Session, movement: str, survey: str, said: NewResearcher) -> Researcher:
    """Give somebody a part in a survey. Raises NotFound and Invalid."""
    read(session, movement, survey)
    now = clock.now()
    researcher = Researcher(
        movement=movement, id=new_id("researcher"), survey=survey, version=1, person=said.person, part=said.part.value,
        starts_on=said.starts_on, ends_on=said.ends_on, created_at=now, updated_at=now,
    )  # fmt: skip
    _in_order(researcher)
    store.add(session, researcher)
    return researcher


def change(
    session: Session, movement: str, survey: str, id: str, changes: ResearcherChanges, expected: int | None
) -> Researcher:
    """Change from when to when somebody has a part. Raises NotFound, PreconditionFailed, Invalid."""
    researcher = _found(store.researcher(session, movement, id, locked=True), survey)
    hold_to(researcher.version, expected)
    if changes.apply(researcher):
        researcher.version, researcher.updated_at = researcher.version + 1, clock.now()
    _in_order(researcher)
    return researcher


def read_one(session: Session, movement: str, survey: str, id: str) -> Researcher:
    """One part. Raises NotFound."""
    return _found(store.researcher(session, movement, id), survey)


def list_them(session: Session, movement: str, survey: str, after: str, limit: int) -> Sequence[Researcher]:
    """Who has which part in a survey. Raises NotFound."""
    read(session, movement, survey)
    return store.researchers(session, movement, survey, after, limit)


def faults_of(session: Session, movement: str, survey: str, id: str, part: Part, day: date) -> list[Fault]:
    """Why somebody has not that part in the survey on a day; none where they have it."""
    found = store.researcher(session, movement, id)
    if found is None or found.survey != survey:
        return [Fault("/researcher", "is nobody who has a part in this survey", "unknown_researcher")]
    if found.part != part or not found.acts_on(day):
        return [Fault("/researcher", f"has not the part that {part.value} on that day", "not_their_part")]
    return []


def _found(researcher: Researcher | None, survey: str) -> Researcher:
    if researcher is None or researcher.survey != survey:
        raise NotFound("there is no such part in this survey")
    return researcher


def _in_order(researcher: Researcher) -> None:
    if researcher.ends_on is not None and researcher.ends_on < researcher.starts_on:
        raise Invalid(faults=[Fault("/ends_on", "is before it begins", "out_of_order")])
