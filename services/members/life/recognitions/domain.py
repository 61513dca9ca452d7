"""The verbs of recognition: schemes made, changed and closed; recognition given, and ended before its time."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store as programmes
from services.members.life.ages import refuse_children
from services.members.life.recognitions import store
from services.members.life.recognitions.models import RecognisedAlready, Recognition, Scheme, SchemeClosed
from services.members.life.recognitions.schemas import Ending, NewRecognition, NewScheme, SchemeChanges
from services.members.life.recognitions.store import Chosen
from services.members.named import Named, by_present_ids, named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.wins import RecognitionEnded, RecognitionGiven
from shared.ids import new_id


class Standing(NamedTuple):
    """A recognition, and the day on which it is looked at."""

    recognition: Recognition
    today: date


def make_scheme(session: Session, movement: str, said: NewScheme) -> Scheme:
    """Make a scheme. Raises Invalid."""
    found = named(session, movement, organisations={"/organisation": said.organisation})
    faults = list(found.faults)
    if said.programme is not None and programmes.find(session, movement, said.programme) is None:
        faults.append(Fault("/programme", "is no programme of this movement", "unknown_programme"))
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    scheme = Scheme(
        movement=movement,
        id=new_id("scheme"),
        version=1,
        name=said.name,
        about=said.about,
        criteria=list(said.criteria),
        months=said.months,
        organisation=found.at("/organisation"),
        programme=said.programme,
        created_at=at,
        updated_at=at,
    )
    store.add(session, scheme)
    return scheme


def change_scheme(session: Session, movement: str, id: str, said: SchemeChanges, expected: int | None) -> Scheme:
    """Change a scheme from now on. Raises NotFound, PreconditionFailed, SchemeClosed."""
    scheme = _scheme_held(session, movement, id, expected)
    scheme.change(clock.now())
    said.apply(scheme)
    return scheme


def close_scheme(session: Session, movement: str, id: str, expected: int | None) -> Scheme:
    """Let a scheme give nothing any more. Raises NotFound, PreconditionFailed, SchemeClosed."""
    scheme = _scheme_held(session, movement, id, expected)
    scheme.close(clock.now())
    return scheme


def read_scheme(session: Session, movement: str, id: str) -> Scheme:
    """One scheme. Raises NotFound."""
    scheme = store.find_scheme(session, movement, id)
    if scheme is None:
        raise NotFound
    return scheme


def give(session: Session, movement: str, said: NewRecognition) -> Standing:
    """Recognise a person or an organisation. Raises Invalid, SchemeClosed, NotForChildren, RecognisedAlready."""
    scheme = store.find_scheme(session, movement, said.scheme, locked=True)  # of two at once, the second sees the first
    found = named(
        session, movement, people={"/person": said.person}, organisations={"/organisation": said.organisation}
    )
    today = days.today(session, movement)
    faults = _faults(said, found, today)
    if scheme is None:
        raise Invalid(faults=[Fault("/scheme", "is no scheme of this movement", "unknown_scheme"), *faults])
    if faults:
        raise Invalid(faults=faults)
    if scheme.closed_at is not None:
        raise SchemeClosed
    person, at = found.at("/person"), clock.now()
    refuse_children(session, movement, person)
    first = said.given_on or today
    last = said.until or (None if scheme.months is None else _last_day(first, scheme.months))
    earlier = store.meeting(session, movement, scheme.id, (person, found.at("/organisation")), first, last)
    if earlier is not None:
        raise RecognisedAlready(recognition=earlier)
    recognition = Recognition(
        movement=movement,
        id=new_id("recognition"),
        version=1,
        scheme=scheme.id,
        person=person,
        organisation=found.at("/organisation"),
        criteria=list(scheme.criteria),
        evidence=said.evidence,
        given_on=first,
        until=last,
        created_at=at,
        updated_at=at,
    )
    store.add(session, recognition)
    outbox.record(session, RecognitionGiven(recognition=recognition.id, scheme=scheme.id))
    return Standing(recognition, today)


def end(session: Session, movement: str, id: str, said: Ending) -> Standing:
    """End a recognition before its time. Raises NotFound, EndedAlready, Invalid."""
    recognition, today = _found(store.find(session, movement, id, locked=True)), days.today(session, movement)
    on = said.on or today
    if on < recognition.given_on:
        raise Invalid(faults=[Fault("/on", "is before the day on which it was given", "before_start")])
    recognition.end(on, said.why, clock.now())
    outbox.record(session, RecognitionEnded(recognition=id, scheme=recognition.scheme))
    return Standing(recognition, today)


def read(session: Session, movement: str, id: str) -> Standing:
    """One recognition. Raises NotFound."""
    return Standing(_found(store.find(session, movement, id)), days.today(session, movement))


def list_recognitions(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Standing]:
    """Recognitions in the order in which they were noted; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    today = days.today(session, movement)
    rows = store.list_recognitions(session, movement, chosen=chosen, after=after, limit=limit)
    return [Standing(row, today) for row in rows]


def _faults(said: NewRecognition, found: Named, today: date) -> list[Fault]:
    faults = list(found.faults)
    if said.given_on is not None and said.given_on > today:
        faults.append(Fault("/given_on", "is still to come", "in_the_future"))
    if said.until is not None and said.until < (said.given_on or today):
        faults.append(Fault("/until", "is before the day on which it is given", "before_start"))
    return faults


def _last_day(first: date, months: int) -> date:
    until: date = first + relativedelta(months=months) - timedelta(days=1)
    return until


def _scheme_held(session: Session, movement: str, id: str, expected: int | None) -> Scheme:
    scheme = store.find_scheme(session, movement, id, locked=True)
    if scheme is None:
        raise NotFound
    hold_to(scheme.version, expected)
    return scheme


def _found(recognition: Recognition | None) -> Recognition:
    if recognition is None:
        raise NotFound
    return recognition
