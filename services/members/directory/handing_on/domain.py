"""Who and what is handed on to another organisation's CRM, asked at the moment of it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.affiliations.models import Affiliation
from services.members.directory.handing_on.schemas import (
    REACHED_BY,
    AskedForOrganisations,
    AskedToHandOn,
    Found,
    FoundOrganisations,
)
from services.members.directory.organisations import reading
from services.members.directory.organisations import store as organisations
from services.members.directory.people import store as people
from services.members.directory.people.models import Person
from services.members.trust.agreements import domain as agreements
from services.members.trust.permissions import verdicts
from services.members.trust.permissions.models import Channel
from shared import clock
from shared.coverage import DataClass


def hand_on(session: Session, movement: str, asked: AskedToHandOn) -> Found:
    """The people who permit to be handed on for a purpose, and what became of the others that were asked for.

    Raises NotCovered where no agreement lets the organisation that asks have them.
    """
    agreements.refuse_uncovered(session, movement, DataClass.CONTACT, asked.purpose)
    if asked.people is None:
        page = _page(session, movement, asked.after or "", asked.limit)
        now, last = {person: person for person in page}, page[-1] if len(page) == asked.limit else None
    else:
        now, last = dict(people.current(session, movement, set(asked.people))) if asked.people else {}, None
    present = set(now.values())
    known = people.known(session, movement, present) if present else set()
    uses = [(asked.purpose, channel) for channel in (Channel.SHARING, *REACHED_BY)]
    permitted = verdicts.verdicts(session, movement, known, uses, clock.now())
    shown = people.several(
        session, movement, [each for each in known if permitted[each][asked.purpose, Channel.SHARING].permitted]
    )
    reached = {
        person: {channel for channel in REACHED_BY if permitted[person][asked.purpose, channel].permitted}
        for person in shown
    }
    belonging = _belonging(session, movement, set(shown))
    return Found(
        people=[(shown[person], reached[person], belonging.get(person)) for person in sorted(shown)],
        merged={asked_for: person for asked_for, person in now.items() if asked_for != person and person in known},
        withheld=known - shown.keys(),
        unknown={asked_for for asked_for, person in now.items() if person not in known},
        last=last,
    )


def hand_organisations_on(session: Session, movement: str, asked: AskedForOrganisations) -> FoundOrganisations:
    """The organisations that are asked for, and what became of those that are not there by that id.

    Raises NotCovered where no agreement lets the organisation that asks have them.
    """
    agreements.refuse_uncovered(session, movement, DataClass.CONTACT, asked.purpose)
    if asked.organisations is None:
        page = organisations.ids_after(session, movement, asked.after or "", asked.limit)
        now, last = {each: each for each in page}, page[-1] if len(page) == asked.limit else None
    else:
        now, last = dict(organisations.current(session, movement, set(asked.organisations))), None
    shown = reading.several(session, movement, set(now.values()))
    return FoundOrganisations(
        organisations=[shown[each] for each in sorted(shown)],
        merged={asked_for: each for asked_for, each in now.items() if asked_for != each and each in shown},
        unknown={asked_for for asked_for, each in now.items() if each not in shown},
        last=last,
    )


def _page(session: Session, movement: str, after: str, limit: int) -> Sequence[str]:
    query = sa.select(Person.id).where(Person.movement == movement, Person.id > after)
    return session.scalars(query.order_by(Person.id).limit(limit)).all()


def _belonging(session: Session, movement: str, shown: Collection[str]) -> dict[str, str]:
    """The organisation to which each of some people belongs: of several the one in which they have been longest."""
    today = days.today(session, movement)
    query = sa.select(Affiliation.person, Affiliation.organisation).where(
        Affiliation.movement == movement,
        Affiliation.person.in_(shown),
        sa.or_(Affiliation.started_on.is_(None), Affiliation.started_on <= today),
        sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > today),
    )
    found: dict[str, str] = {}
    for person, organisation in session.execute(
        query.order_by(Affiliation.started_on.is_not(None), Affiliation.started_on, Affiliation.id)
    ):
        found.setdefault(person, organisation)
    return found
