"""What this service keeps of somebody: stories that tell of them, parts in surveys, what was written beside figures."""

from sqlalchemy.orm import Session

from services.measures.base import Base
from services.measures.stories import telling as stories
from services.measures.surveys.asking import store as surveys
from shared.access.answering import router_of
from shared.access.sections import Column, Contribution, Section
from shared.access.speaking import passages
from shared.erasure.marks import Finder, Marks

_UNREAD = ("observations", "places")
"""Numbers and codes, in millions of rows."""


def told(session: Session, movement: str, asked: Marks) -> Contribution:
    """The stories of whoever is asked for, and the passages that speak of them."""
    title = "Where you stand beside figures"
    spoken = passages(session, movement, Base.metadata, Finder(asked), title=title, unread=_UNREAD)
    return Contribution([*stories.told(session, movement, asked.people), *spoken, *_parts(session, movement, asked)])


def _parts(session: Session, movement: str, asked: Marks) -> list[Section]:
    rows = [[of.survey, of.part, of.starts_on, of.ends_on] for of in surveys.parts_of(session, movement, asked.people)]
    columns = [
        Column("survey", "Survey"), Column("part", "Your part"), Column("starts_on", "From", "day"),
        Column("ends_on", "Until", "day"),
    ]  # fmt: skip
    about = "What you do, or did, as a peer researcher. What you answered in a survey stands nowhere beside your name."
    return [Section("survey_parts", "Your parts in surveys", about, columns, rows)] if rows else []


router = router_of(told)
