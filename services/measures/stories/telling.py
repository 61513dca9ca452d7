"""The stories that tell of somebody, as they are told to them by right."""

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from services.measures.stories import store
from shared.access.sections import Column, Section

_COLUMNS = [
    Column("title", "Title", "text", "others"),
    Column("words", "What is told", "text", "others"),
    Column("told_on", "Told on", "day"),
    Column("state", "State"),
    Column("reach", "How far it may be told"),
    Column("agreed_on", "Agreed on", "day"),
    Column("agreed_how", "Agreed how"),
    Column("review_on", "Agreed until", "day"),
]


def told(session: Session, movement: str, people: Collection[str]) -> Iterator[Section]:
    """The section of stories that tell of somebody, by any of their ids; none where there is none."""
    rows = [
        [it.title, it.words, it.told_on, it.state, it.reach, it.agreed_on, it.agreed_how, it.review_on]
        for it in store.telling_of(session, movement, people)
    ]
    if rows:
        about = "What changed, in the words of whoever told it. A story may tell of others too."
        yield Section("stories", "Stories that tell of you", about, _COLUMNS, rows)
