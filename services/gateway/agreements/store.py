"""Every statement about the projection of agreements and controllers."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.movements.models import Movement
from services.gateway.agreements.models import AgreementTerm, ControllerTerm, MergedOrganisation
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


def merge(session: orm.Session, movement: str, merged: str, into: str) -> None:
    """An id of an organisation is another one's from now on."""
    session.merge(MergedOrganisation(movement=movement, merged=merged, into=into))


def unmerge(session: orm.Session, movement: str, merged: str) -> None:
    """The id is its own again."""
    this = (MergedOrganisation.movement == movement, MergedOrganisation.merged == merged)
    session.execute(sa.delete(MergedOrganisation).where(*this))


def every_id(session: orm.Session, movement: str, organisation: str) -> list[str]:
    """The ids that an organisation has or ever had, whichever of them is given."""
    into = sa.select(MergedOrganisation.into).where(MergedOrganisation.movement == movement)
    while (another := session.scalar(into.where(MergedOrganisation.merged == organisation))) is not None:
        organisation = another
    merged = sa.select(MergedOrganisation.merged).where(MergedOrganisation.movement == movement)
    found: Sequence[str] = [organisation]
    ids: list[str] = []
    while found:
        ids += found
        found = session.scalars(merged.where(MergedOrganisation.into.in_(found))).all()
    return ids


def terms(session: orm.Session, movement: str, organisations: Collection[str]) -> list[Term]:
    """What every agreement lets an organisation have, by any of its ids."""
    query = sa.select(
        AgreementTerm.agreement, AgreementTerm.data_class, AgreementTerm.purpose,
        AgreementTerm.starts_on, AgreementTerm.expires_on,
    ).where(AgreementTerm.movement == movement, AgreementTerm.organisation.in_(organisations))  # fmt: skip
    return [Term(*row) for row in session.execute(query)]


def controls(session: orm.Session, movement: str, organisations: Collection[str]) -> list[Control]:
    """What an organisation is the controller of, or was, or will be, by any of its ids."""
    query = sa.select(ControllerTerm.data_class, ControllerTerm.starts_on, ControllerTerm.ended_on).where(
        ControllerTerm.movement == movement, ControllerTerm.organisation.in_(organisations)
    )
    return [Control(*row) for row in session.execute(query)]


def zone(session: orm.Session, movement: str) -> str:
    """The movement's IANA time zone."""
    row = _zone.one(session, {"movement": movement})
    return "UTC" if row is None else str(row[0])
