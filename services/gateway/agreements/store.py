"""Every statement about the projection of agreements and controllers."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.movements.models import Movement
from services.gateway.agreements.models import AgreementTerm, ControllerTerm
from shared.coverage import Control, Term
from shared.db.hot import hot

_zone = hot(sa.select(Movement.time_zone).where(Movement.id == sa.bindparam("movement")))


def put_terms(session: orm.Session, movement: str, agreement: str, terms: Iterable[Mapping[str, object]]) -> None:
    """Let an agreement say this in place of what it said before."""
    this = (AgreementTerm.movement == movement, AgreementTerm.agreement == agreement)
    session.execute(sa.delete(AgreementTerm).where(*this))
    rows = [{"movement": movement, "agreement": agreement, **term} for term in terms]
    if rows:
        session.execute(sa.insert(AgreementTerm), rows)


def put_controller(session: orm.Session, row: ControllerTerm) -> None:
    """Keep what is newest known of who controls a record kind."""
    session.merge(row)


def terms(session: orm.Session, movement: str, organisation: str) -> list[Term]:
    """What every agreement lets an organisation have."""
    query = sa.select(
        AgreementTerm.agreement, AgreementTerm.data_class, AgreementTerm.purpose,
        AgreementTerm.starts_on, AgreementTerm.expires_on,
    ).where(AgreementTerm.movement == movement, AgreementTerm.organisation == organisation)  # fmt: skip
    return [Term(*row) for row in session.execute(query)]


def controls(session: orm.Session, movement: str, organisation: str) -> list[Control]:
    """What an organisation is the controller of, or was, or will be."""
    query = sa.select(ControllerTerm.data_class, ControllerTerm.starts_on, ControllerTerm.ended_on).where(
        ControllerTerm.movement == movement, ControllerTerm.organisation == organisation
    )
    return [Control(*row) for row in session.execute(query)]


def zone(session: orm.Session, movement: str) -> str:
    """The movement's IANA time zone."""
    row = _zone.one(session, {"movement": movement})
    return "UTC" if row is None else str(row[0])
