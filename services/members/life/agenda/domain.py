"""The verbs of the common agenda: drafted, changed, published, withdrawn, and two versions compared."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.life.agenda import store
from services.members.life.agenda.difference import in_words
from services.members.life.agenda.models import (
    Agenda,
    AgendaShaper,
    AgendaState,
    AgendaUsage,
    AgendaWord,
    PointKind,
)
from services.members.life.agenda.schemas import AgendaChanges, NewAgenda, Point, Shaper, Withdrawal, Word
from services.members.named import named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import AgendaPublished, AgendaWithdrawn
from shared.ids import new_id


class Compared(NamedTuple):
    """Which version another was compared with, and a sentence for each difference."""

    later: str
    in_words: Sequence[str]


def draft(session: Session, movement: str, said: NewAgenda) -> Agenda:
    """Begin a version. Raises Invalid."""
    at = clock.now()
    agenda = Agenda(
        movement=movement,
        id=new_id("agenda"),
        version=1,
        state=AgendaState.DRAFT,
        vision=said.vision,
        review_on=said.review_on,
        created_at=at,
        updated_at=at,
    )
    session.add(agenda)
    session.flush()  # all that belongs to it refers to it
    _put(session, agenda, said.outcomes, said.values, said.glossary, said.shaped_by)
    return read(session, movement, agenda.id)


def change(session: Session, movement: str, id: str, changes: AgendaChanges, expected: int | None) -> Agenda:
    """Change a draft. Raises NotFound, PreconditionFailed, NotADraft, Invalid."""
    agenda = _held(session, movement, id)
    hold_to(agenda.version, expected)
    agenda.edit(clock.now())
    changes.apply(agenda, "vision", "review_on")
    _put(session, agenda, changes.outcomes, changes.values, changes.glossary, changes.shaped_by)
    return read(session, movement, id)


def publish(session: Session, movement: str, id: str, expected: int | None) -> Agenda:
    """Give a draft its number; from today it is the agenda. Raises NotFound, ShapedByNobody, Invalid."""
    agenda, today = _held(session, movement, id), days.today(session, movement)
    hold_to(agenda.version, expected)
    number = store.next_number(session, movement)
    agenda.publish(number, today, clock.now())
    if agenda.review_on <= today:
        raise Invalid(faults=[Fault("/review_on", "is not after today: say when it is looked at again", "not_ahead")])
    outbox.record(session, AgendaPublished(agenda=id, number=number))
    return read(session, movement, id)


def withdraw(session: Session, movement: str, id: str, said: Withdrawal, expected: int | None) -> Agenda:
    """Let nobody sign a published version any more; who has signed it has. Raises NotFound, IllegalTransition."""
    agenda = _held(session, movement, id)
    hold_to(agenda.version, expected)
    agenda.withdraw(said.why, days.today(session, movement), clock.now())
    outbox.record(session, AgendaWithdrawn(agenda=id))
    return read(session, movement, id)


def read(session: Session, movement: str, id: str) -> Agenda:
    """One version. Raises NotFound."""
    session.flush()
    return _found(store.find(session, movement, id))


def in_force(session: Session, movement: str, on: date | None) -> Agenda:
    """The version that held on a day, today unless one is named. Raises NotFound."""
    return _found(store.in_force(session, movement, on or days.today(session, movement)))


def compare(session: Session, movement: str, earlier: str, later: str | None) -> Compared:
    """What is different between a version and another, or (None) the one that holds today. Raises NotFound."""
    before = read(session, movement, earlier)
    after = in_force(session, movement, None) if later is None else read(session, movement, later)
    return Compared(after.id, in_words(before, after))


def _held(session: Session, movement: str, id: str) -> Agenda:
    return _found(store.find(session, movement, id, locked=True))


def _found(agenda: Agenda | None) -> Agenda:
    if agenda is None:
        raise NotFound
    return agenda


def _put(
    session: Session,
    agenda: Agenda,
    outcomes: Sequence[Point] | None,
    values: Sequence[Point] | None,
    glossary: Sequence[Word] | None,
    shaped_by: Sequence[Shaper] | None,
) -> None:
    """Store what was sent in place of what was there; what was not sent stays. Raises Invalid."""
    now = _named(session, agenda.movement, glossary or (), shaped_by or ())
    for kind, points in ((PointKind.OUTCOME, outcomes), (PointKind.VALUE, values)):
        if points is not None:
            store.put_points(session, agenda.movement, agenda.id, kind, [(point.key, point.words) for point in points])
    if glossary is not None:
        _put_glossary(session, agenda, glossary, now)
    if shaped_by is not None:
        shapers = [
            AgendaShaper(
                movement=agenda.movement,
                id=new_id("shaper"),
                agenda=agenda.id,
                person=now.get(f"/shaped_by/{place}/person"),
                organisation=now.get(f"/shaped_by/{place}/organisation"),
                how=shaper.how,
            )
            for place, shaper in enumerate(shaped_by)
        ]
        store.put_shapers(session, agenda.movement, agenda.id, shapers)


def _put_glossary(session: Session, agenda: Agenda, glossary: Sequence[Word], now: Mapping[str, str]) -> None:
    own = {"movement": agenda.movement, "agenda": agenda.id}
    words = [AgendaWord(**own, word=said.word, meaning=said.meaning) for said in glossary]
    usages = [
        AgendaUsage(
            **own,
            id=new_id("usage"),
            word=said.word,
            organisation=now[f"/glossary/{place}/used_otherwise/{number}/organisation"],
            meaning=usage.meaning,
        )
        for place, said in enumerate(glossary)
        for number, usage in enumerate(said.used_otherwise)
    ]
    store.put_glossary(session, agenda.movement, agenda.id, words, usages)


def _named(session: Session, movement: str, glossary: Sequence[Word], shaped_by: Sequence[Shaper]) -> Mapping[str, str]:
    """By pointer, the present ids of all who are named. Raises Invalid with a fault for each who is nobody here."""
    organisations: dict[str, str | None] = {
        f"/glossary/{place}/used_otherwise/{number}/organisation": usage.organisation
        for place, said in enumerate(glossary)
        for number, usage in enumerate(said.used_otherwise)
    }
    organisations |= {f"/shaped_by/{place}/organisation": said.organisation for place, said in enumerate(shaped_by)}
    people = {f"/shaped_by/{place}/person": said.person for place, said in enumerate(shaped_by)}
    found = named(session, movement, people=people, organisations=organisations)
    if found.faults:
        raise Invalid(faults=found.faults)
    return found.ids
