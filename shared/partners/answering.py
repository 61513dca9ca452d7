"""Who a partner is by the ids that it ever had, and what day it is where the movement is."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from shared import clock
from shared.errors import Fault, Invalid, NotHeardOfYet
from shared.ids import moment_of
from shared.partners import store

DEFAULT_ZONE = "Europe/London"
"""The gateway's own default, for a movement whose announcement has not come yet."""

_NEW_FOR_MILLISECONDS = 60_000
"""How long word of an organisation may take to come: it comes behind all that was written before it."""


class Present:
    """The ids that answer for the organisations of a movement at this moment, whichever id is asked about."""

    def __init__(self, answered_for: Mapping[str, str]) -> None:
        self._answered_for = answered_for

    def __call__(self, organisation: str) -> str:
        """The id that answers for it: its own, unless it was merged."""
        while (into := self._answered_for.get(organisation)) is not None:
            organisation = into
        return organisation


def present_ids(session: Session, movement: str) -> Present:
    """Who answers for whom in the movement."""
    return Present(store.answered_for(session, movement))


def every_id(session: Session, movement: str, organisation: str) -> set[str]:
    """All ids that an organisation ever had, by any of them: what was written under each of them is its own."""
    ids = {present_ids(session, movement)(organisation)}
    found = ids
    while found := store.merged_into(session, movement, found) - ids:
        ids |= found
    return ids


def fault_of(session: Session, movement: str, organisation: str | None, pointer: str) -> Fault | None:
    """The fault `unknown_organisation` where this names none of the movement's; None names nobody.

    Raises NotHeardOfYet for one that was made a moment ago by its id: it may well be one of the movement's, or not.
    """
    if organisation is None or store.is_known(session, movement, organisation):
        return None
    if _is_new(organisation):
        raise NotHeardOfYet
    return Fault(pointer, "is no organisation of this movement", "unknown_organisation")


def answering_for(session: Session, movement: str, organisation: str, pointer: str) -> str:
    """The id that answers for an organisation that a request names. Raises as :func:`fault_of`, and its fault."""
    if (stranger := fault_of(session, movement, organisation, pointer)) is not None:
        raise Invalid(faults=[stranger])
    return present_ids(session, movement)(organisation)


def is_over(session: Session, movement: str, organisation: str | None) -> bool:
    """Whether an organisation is no more."""
    return organisation is not None and store.is_over(session, movement, organisation)


def zone(session: Session, movement: str) -> str:
    """The IANA zone in which the movement reckons its days."""
    return store.zone(session, movement) or DEFAULT_ZONE


def today(session: Session, movement: str) -> date:
    """The calendar day it is now where the movement is."""
    return clock.today(zone(session, movement))


def _is_new(organisation: str) -> bool:
    """Whether its id was made within the last minute; by another machine's clock, which may be a little ahead."""
    made = moment_of(organisation)
    return made is not None and abs(clock.milliseconds() - made) < _NEW_FOR_MILLISECONDS
