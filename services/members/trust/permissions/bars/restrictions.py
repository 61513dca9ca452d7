"""People whose data rests: they asked to restrict its processing, or object to it (UK GDPR, articles 18 and 21)."""

from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from services.members.directory.people.models import LawfulBasis
from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.restrictions import store

_GOES_ON = frozenset({LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.VITAL_INTERESTS})
"""What article 18(2) lets go on, for it protects others: what the law demands, such as safety, and what saves lives."""


_restricted = lru_cache(maxsize=256)(store.restricted)
_objectors = lru_cache(maxsize=256)(store.objectors)
"""Remembered, as the conditions are that they are part of: the same one each time."""


def restricted(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever asked that their data is stored and not used otherwise, and has not said yes to this since."""
    if asked.purpose.basis in _GOES_ON:
        return frozenset()
    return _restricted(movement, asked.purpose.key, asked.channel, asked.at)


def objected(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever objects to the purpose, and was not refused."""
    return _objectors(movement, asked.purpose.key, asked.at)


def ever_restricted(session: Session, movement: str, day: date) -> Barred:
    """Whoever ever asked that: nobody else is kept out."""
    return store.ever_restricted(movement)


def ever_objected(session: Session, movement: str, day: date) -> Barred:
    """Whoever ever objected to anything: nobody else is kept out."""
    return store.ever_objected(movement)
