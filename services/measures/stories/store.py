"""Every SQL statement about stories."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.stories.models import Reach, Shown, State, Story, StoryMeasure, StoryPerson, StoryTag, Tag
from shared.db.session import of


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which stories; None is any. `reach` is how far they are to be told."""

    reach: Reach
    state: str | None = None
    framework: str | None = None
    element: str | None = None
    measure: str | None = None
    place: str | None = None
    programme: str | None = None
    updated_since: datetime | None = None


def insert(session: Session, movement: str, **values: object) -> bool:
    """Enter a story. False where one of its origin and reference is there."""
    dialect = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = dialect(Story).values(movement=movement, **values)
    return session.execute(entered.on_conflict_do_nothing().returning(Story.id)).first() is not None


def get(session: Session, movement: str, story: str) -> Story | None:
    """The story, or None."""
    return session.get(Story, (movement, story))


def lock(session: Session, movement: str, story: str) -> Story | None:
    """The story, held until the end of the transaction."""
    return session.get(Story, (movement, story), with_for_update=True, populate_existing=True)


def of_reference(session: Session, movement: str, origin: str, reference: str) -> str | None:
    """The id of the story that is called so where it is from, or None."""
    here = Story.movement == movement, Story.origin == origin, Story.reference == reference
    return session.scalar(sa.select(Story.id).where(*here))


def page(session: Session, movement: str, *, chosen: Chosen, on: str, after: str, limit: int) -> Sequence[Story]:
    """The stories that may be told on a day, in the order in which they were entered, behind the one named `after`."""
    query = sa.select(Story).where(*_conditions(movement, chosen, on), Story.id > after)
    return session.scalars(query.order_by(Story.id).limit(limit)).all()


def shown(session: Session, movement: str, stories: Sequence[Story]) -> list[Shown]:
    """These stories, each with whom it tells of and what it is tagged with."""
    ids = [story.id for story in stories]
    people: defaultdict[str, list[str]] = defaultdict(list)
    tags: defaultdict[str, list[Tag]] = defaultdict(list)
    measures: defaultdict[str, list[str]] = defaultdict(list)
    for person in session.scalars(_of(StoryPerson, movement, ids).order_by(StoryPerson.person)):
        people[person.story].append(person.person)
    for tag in session.scalars(_of(StoryTag, movement, ids).order_by(StoryTag.framework, StoryTag.element)):
        tags[tag.story].append(Tag(tag.framework, tag.element))
    for measure in session.scalars(_of(StoryMeasure, movement, ids).order_by(StoryMeasure.measure)):
        measures[measure.story].append(measure.measure)
    return [Shown(each, people[each.id], tags[each.id], measures[each.id]) for each in stories]


def put_people(session: Session, movement: str, story: str, people: Collection[str]) -> None:
    """Have a story tell of these people and of nobody else."""
    _clear(session, StoryPerson, movement, story)
    session.add_all(StoryPerson(movement=movement, story=story, person=person) for person in set(people))


def put_tags(session: Session, movement: str, story: str, tags: Collection[Tag]) -> None:
    """Have a story be an example of these elements and of nothing else."""
    _clear(session, StoryTag, movement, story)
    session.add_all(
        StoryTag(movement=movement, story=story, framework=tag.framework, element=tag.element) for tag in set(tags)
    )


def put_measures(session: Session, movement: str, story: str, measures: Collection[str]) -> None:
    """Have a story stand beside these measures and no others."""
    _clear(session, StoryMeasure, movement, story)
    session.add_all(StoryMeasure(movement=movement, story=story, measure=measure) for measure in set(measures))


def remove(session: Session, movement: str, story: str) -> None:
    """Take a story away, with all that hangs on it."""
    _clear(session, StoryPerson, movement, story)
    _clear(session, StoryTag, movement, story)
    _clear(session, StoryMeasure, movement, story)
    session.execute(sa.delete(Story).where(Story.movement == movement, Story.id == story))


def telling_of(session: Session, movement: str, people: Collection[str]) -> Sequence[Story]:
    """The stories that tell of somebody, by any of their ids."""
    it = StoryPerson
    of_them = sa.select(it.story).where(it.movement == movement, it.person.in_(people))
    query = sa.select(Story).where(Story.movement == movement, Story.id.in_(of_them))
    return session.scalars(query.order_by(Story.id)).all()


def standing(session: Session, movement: str, stories: Collection[str]) -> set[str]:
    """Those of the ids that are published stories."""
    if not stories:
        return set()
    published = Story.state == State.PUBLISHED.value
    return set(session.scalars(sa.select(Story.id).where(Story.movement == movement, Story.id.in_(stories), published)))


Part = TypeVar("Part", StoryPerson, StoryTag, StoryMeasure)


def _of(part: type[Part], movement: str, stories: Sequence[str]) -> sa.Select[Part]:
    return sa.select(part).where(part.movement == movement, part.story.in_(stories))


def _clear(session: Session, part: type[Part], movement: str, story: str) -> None:
    here = part.movement == movement, part.story == story
    session.execute(sa.delete(part).where(*here).execution_options(synchronize_session="fetch"))


def _conditions(movement: str, chosen: Chosen, on: str) -> Iterator[sa.ColumnElement[bool]]:
    """Drafts are within the movement alone; what was agreed for a time is told no longer than that."""
    yield Story.movement == movement
    yield Story.reach.in_([reach.value for reach in chosen.reach.further])
    yield Story.review_on.is_(None) | (Story.review_on >= on)
    if chosen.reach is not Reach.MOVEMENT:
        yield Story.state == State.PUBLISHED.value
    for column, wanted in (
        (Story.state, chosen.state),
        (Story.place, chosen.place),
        (Story.programme, chosen.programme),
    ):
        if wanted is not None:
            yield column == wanted
    tag = {"framework": chosen.framework, "element": chosen.element}
    if any(tag.values()):
        named = {column: wanted for column, wanted in tag.items() if wanted is not None}
        yield Story.id.in_(sa.select(StoryTag.story).filter_by(movement=movement, **named))
    if chosen.measure is not None:
        yield Story.id.in_(sa.select(StoryMeasure.story).filter_by(movement=movement, measure=chosen.measure))
    if chosen.updated_since is not None:
        yield Story.updated_at >= chosen.updated_since
