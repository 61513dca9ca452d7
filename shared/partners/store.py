"""Every SQL statement about organisations and time zones."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.partners.tables import movement_zones, partners


def is_known(session: Session, movement: str, organisation: str) -> bool:
    """Whether the movement ever had this organisation."""
    return _over(session, movement, organisation) is not None


def is_over(session: Session, movement: str, organisation: str) -> bool:
    """Whether it had, and has it no more."""
    return _over(session, movement, organisation) is True


def keep(session: Session, movement: str, organisation: str, **changed: str | bool | None) -> None:
    """Enter an organisation that is not known yet; ``changed`` are the columns that are different from now on."""
    if not is_known(session, movement, organisation):
        row = {"movement": movement, "organisation": organisation, "into": None, "over": False}
        session.execute(sa.insert(partners).values(row | changed))
    elif changed:
        here = (partners.c.movement == movement, partners.c.organisation == organisation)
        session.execute(sa.update(partners).where(*here).values(changed))


def merged_into(session: Session, movement: str, organisations: Collection[str]) -> set[str]:
    """The organisations for which one of these answers, at first hand."""
    query = sa.select(partners.c.organisation).where(
        partners.c.movement == movement, partners.c.into.in_(organisations)
    )
    return set(session.scalars(query))


def answered_for(session: Session, movement: str) -> Mapping[str, str]:
    """The organisations of a movement for which others answer, each with which."""
    query = sa.select(partners.c.organisation, partners.c.into).where(
        partners.c.movement == movement, partners.c.into.is_not(None)
    )
    return {row.organisation: row.into for row in session.execute(query)}


def keep_zone(session: Session, movement: str, time_zone: str) -> None:
    """Store the movement's zone, in place of the one before."""
    session.execute(sa.delete(movement_zones).where(movement_zones.c.movement == movement))
    session.execute(sa.insert(movement_zones).values(movement=movement, time_zone=time_zone))


def zone(session: Session, movement: str) -> str | None:
    """The movement's zone; None where the gateway's announcement has not come yet."""
    return session.scalar(sa.select(movement_zones.c.time_zone).where(movement_zones.c.movement == movement))


def _over(session: Session, movement: str, organisation: str) -> bool | None:
    query = sa.select(partners.c.over).where(partners.c.movement == movement, partners.c.organisation == organisation)
    return session.scalar(query)
