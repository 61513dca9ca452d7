"""One question, two forms: what is answered for one person is what a list of many is narrowed by."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import sqlalchemy as sa
from fastapi import FastAPI

from services.members.directory.people.models import LawfulBasis, Person
from services.members.trust.permissions import domain, verdicts
from services.members.trust.permissions.asked import NOW
from services.members.trust.permissions.models import Channel, Decision, Permission, Reason, Stop
from services.members.trust.purposes.models import Purpose
from shared import clock
from shared.db.session import Session
from shared.ids import new_id

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
STOP, LAPSED, TO_COME = "stop", "lapsed", "to_come"
"""What can be said besides a plain yes and a plain no; the last two are a yes whose review is past, or for later."""
History = tuple[tuple[datetime, str], ...]
"""What somebody said, each at its moment: a decision, or stop."""

PURPOSES = {
    "news": LawfulBasis.CONSENT,
    "support": LawfulBasis.LEGITIMATE_INTERESTS,
    "booking": LawfulBasis.CONTRACT,
    "old": LawfulBasis.PUBLIC_TASK,
}


def every_history(longest: int, *words: str) -> Iterator[History]:
    """Everything that can be said in so many words, each at the moment of the one before or at a later one."""
    for length in range(longest + 1):
        for said in product((Decision.GIVEN, Decision.REFUSED, *words), repeat=length):
            for steps in product((0, 1), repeat=max(length - 1, 0)):
                moments = [BEGIN + timedelta(minutes=sum(steps[:place])) for place in range(length)]
                yield tuple(zip(moments, said, strict=True))


def keep(session: Session, movement: str, history: History) -> str:
    """The id of somebody who said all this about every purpose, by email."""
    person = new_id("person")
    session.add(
        Person(
            movement=movement,
            id=person,
            given_name="Ada",
            languages=[],
            age_band="adult",
            contact_preference=[],
            version=1,
            created_at=BEGIN,
            updated_at=BEGIN,
        )
    )
    session.flush()
    for at, said in history:
        if said == STOP:
            session.add(Stop(movement=movement, id=new_id("stop"), person=person, stopped_at=at, recorded_by="key"))
            continue
        for purpose in PURPOSES:
            permission = Permission(
                movement=movement,
                id=new_id("permission"),
                person=person,
                purpose=purpose,
                channel=Channel.EMAIL,
                decision=Decision.REFUSED if said == Decision.REFUSED else Decision.GIVEN,
                authority="self",
                consulted=[],
                review_on=BEGIN.date() - timedelta(days=1) if said == LAPSED else None,
                holds_from=BEGIN.date() + timedelta(days=1) if said == TO_COME else None,
                decided_at=at,
            )
            session.add(permission)
    return person


def enter(session: Session, movement: str) -> None:
    for key, basis in PURPOSES.items():
        session.add(
            Purpose(
                movement=movement,
                key=key,
                name=key,
                basis=basis,
                special_categories=[],
                marketing=False,
                consent_over=[],
                version=1,
                created_at=BEGIN,
                updated_at=BEGIN,
                retired_at=BEGIN if key == "old" else None,
            )
        )


async def test_a_list_shows_exactly_those_for_whom_it_is_permitted_whatever_they_said(app: FastAPI) -> None:
    movement = new_id("movement")

    def said(session: Session) -> dict[str, History]:
        enter(session, movement)
        histories = {*every_history(3, STOP), *every_history(2, STOP, LAPSED, TO_COME)}
        return {keep(session, movement, history): history for history in histories}

    def asked(session: Session, purpose: str, at: datetime) -> tuple[set[str], ...]:
        one_by_one = {
            person for person in histories if domain.permitted(session, movement, person, purpose, Channel.EMAIL, at)
        }
        query = sa.select(Person.id).where(Person.movement == movement)
        together, remembered = (
            set(
                session.scalars(
                    query.where(verdicts.permitting(session, movement, Person.id, purpose, Channel.EMAIL, moment))
                )
            )
            for moment in (at, NOW)
        )
        return one_by_one, together, remembered

    histories = await app.state.parts.db.write(said)
    for purpose, minutes in product(PURPOSES, (0, 9)):
        with clock.frozen(BEGIN + timedelta(minutes=minutes)):
            one_by_one, *others = await app.state.parts.db.read(asked, purpose, clock.now())
        for together in others:
            assert {histories[person] for person in one_by_one ^ together} == set()


async def test_the_last_word_decides_and_a_stop_is_a_word_about_everything(app: FastAPI) -> None:
    first, second, third = (BEGIN + timedelta(minutes=minutes) for minutes in range(3))
    yes, no = Decision.GIVEN, Decision.REFUSED
    expected: dict[History, tuple[Reason, Reason, Reason]] = {
        (): (Reason.NEVER_GIVEN, Reason.LAWFUL, Reason.LAWFUL),
        ((first, yes),): (Reason.GIVEN, Reason.LAWFUL, Reason.LAWFUL),
        ((first, yes), (second, no)): (Reason.REFUSED, Reason.REFUSED, Reason.REFUSED),
        ((first, yes), (first, no)): (Reason.REFUSED, Reason.REFUSED, Reason.REFUSED),
        ((first, yes), (second, STOP)): (Reason.STOPPED, Reason.STOPPED, Reason.LAWFUL),
        ((first, yes), (first, STOP)): (Reason.STOPPED, Reason.STOPPED, Reason.LAWFUL),
        ((first, STOP), (second, yes)): (Reason.GIVEN, Reason.LAWFUL, Reason.LAWFUL),
        ((first, LAPSED),): (Reason.REVIEW_PASSED, Reason.LAWFUL, Reason.LAWFUL),
        ((first, TO_COME),): (Reason.NOT_YET, Reason.LAWFUL, Reason.LAWFUL),
        ((first, yes), (second, STOP), (third, no)): (Reason.REFUSED, Reason.REFUSED, Reason.REFUSED),
    }
    movement = new_id("movement")

    def told(session: Session) -> dict[History, tuple[Reason, ...]]:
        enter(session, movement)
        found: dict[History, tuple[Reason, ...]] = {}
        for history in expected:
            person = keep(session, movement, history)
            each = (
                domain.verdict(session, movement, person, purpose, Channel.EMAIL, third)
                for purpose in ("news", "support", "booking")
            )
            found[history] = tuple(reason for verdict in each for reason in verdict.reasons)
        return found

    assert await app.state.parts.db.write(told) == expected
