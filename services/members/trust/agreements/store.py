"""Every SQL statement about agreements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from services.members.base import After, page
from services.members.trust.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementState,
    AgreementTerm,
    Party,
    TermKind,
)
from shared.coverage import DataClass, Term

_whole = sa.select(Agreement).options(selectinload(Agreement.parties), selectinload(Agreement.terms))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which agreements are wanted; None where it does not matter. The state is asked of ``today``."""

    today: date
    party: str | None = None
    kind: AgreementKind | None = None
    data_class: DataClass | None = None
    purpose: str | None = None
    state: AgreementState | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, agreement: str, *, locked: bool = False) -> Agreement | None:
    """One agreement with all that belongs to it as it is stored now, perhaps locked until the transaction ends."""
    query = _whole.where(Agreement.movement == movement, Agreement.id == agreement)
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def add(session: Session, agreement: Agreement, parties: Iterable[str]) -> None:
    """Insert an agreement and its parties."""
    session.add(agreement)
    session.flush()
    session.add_all(Party(movement=agreement.movement, agreement=agreement.id, organisation=party) for party in parties)


def put_terms(session: Session, movement: str, agreement: str, kind: TermKind, words: Iterable[str]) -> None:
    """Let an agreement be about these of a kind in place of those before."""
    of_kind = (AgreementTerm.movement == movement, AgreementTerm.agreement == agreement, AgreementTerm.kind == kind)
    session.execute(sa.delete(AgreementTerm).where(*of_kind))
    session.execute(
        sa.insert(AgreementTerm),
        [{"movement": movement, "agreement": agreement, "kind": kind, "word": word} for word in words],
    )


def list_agreements(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Agreement]:
    """Agreements in the order in which they were entered, those after ``after`` first."""
    query = _whole.where(Agreement.movement == movement)
    if chosen.party is not None:
        parties = sa.select(Party.agreement).where(Party.movement == movement, Party.organisation == chosen.party)
        query = query.where(Agreement.id.in_(parties))
    if chosen.kind is not None:
        query = query.where(Agreement.kind == chosen.kind)
    for kind, word in ((TermKind.DATA_CLASS, chosen.data_class), (TermKind.PURPOSE, chosen.purpose)):
        if word is not None:
            query = query.where(Agreement.id.in_(_about(movement, kind, word)))
    if chosen.state is not None:
        query = query.where(_stands(chosen.state, chosen.today))
    if chosen.updated_since is not None:
        query = query.where(Agreement.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Agreement.id, after, limit)).all()


def terms(session: Session, movement: str, organisation: str, data_class: str) -> list[Term]:
    """What every agreement of an organisation says about a class of data: a term for each purpose."""
    of_class, of_purpose = aliased(AgreementTerm), aliased(AgreementTerm)
    same = (of_class.movement == Agreement.movement) & (of_class.agreement == Agreement.id)
    also = (of_purpose.movement == Agreement.movement) & (of_purpose.agreement == Agreement.id)
    signed = (Party.movement == Agreement.movement) & (Party.agreement == Agreement.id)
    query = (
        sa.select(Agreement.id, of_class.word, of_purpose.word, Agreement.starts_on, Agreement.expires_on)
        .join(Party, signed)
        .join(of_class, same & (of_class.kind == TermKind.DATA_CLASS))
        .join(of_purpose, also & (of_purpose.kind == TermKind.PURPOSE))
        .where(Agreement.movement == movement, Party.organisation == organisation, of_class.word == data_class)
    )
    return [Term(*row) for row in session.execute(query)]


def in_force_of(
    session: Session, movement: str, kind: AgreementKind, on: date, data_class: str | None
) -> Sequence[Agreement]:
    """The agreements of a kind that are in force on a day, about a class of data or (None) about any."""
    query = _whole.where(
        Agreement.movement == movement,
        Agreement.kind == kind,
        Agreement.starts_on <= on,
        Agreement.expires_on > on,
    )
    if data_class is not None:
        query = query.where(Agreement.id.in_(_about(movement, TermKind.DATA_CLASS, data_class)))
    return session.scalars(query.order_by(Agreement.id)).all()


def movements_with_expiring(session: Session, before: date) -> Sequence[str]:
    """The movements with an agreement that expires before a day and of which somebody was not told yet."""
    query = sa.select(Agreement.movement).where(Agreement.expires_on < before, _untold(Agreement.told_of))
    return session.scalars(query.distinct()).all()


def to_warn(session: Session, movement: str, before: date, limit: int) -> Sequence[Agreement]:
    """Agreements that expire before a day and of which nobody was warned, locked; those that others hold are left."""
    return _untold_before(session, movement, before, _untold(Agreement.warned_of), limit)


def to_tell(session: Session, movement: str, before: date, limit: int) -> Sequence[Agreement]:
    """Agreements that expired before a day and of which it was not told, locked; those that others hold are left."""
    return _untold_before(session, movement, before, _untold(Agreement.told_of), limit)


def _untold_before(
    session: Session, movement: str, before: date, untold: sa.ColumnElement[bool], limit: int
) -> Sequence[Agreement]:
    query = sa.select(Agreement).where(Agreement.movement == movement, Agreement.expires_on < before, untold)
    return session.scalars(query.order_by(Agreement.id).limit(limit).with_for_update(skip_locked=True)).all()


def _about(movement: str, kind: TermKind, word: str) -> sa.Select[str]:
    return sa.select(AgreementTerm.agreement).where(
        AgreementTerm.movement == movement, AgreementTerm.kind == kind, AgreementTerm.word == word
    )


def _untold(of: sa.orm.InstrumentedAttribute[date | None]) -> sa.ColumnElement[bool]:
    return of.is_(None) | (of != Agreement.expires_on)


def _stands(state: AgreementState, today: date) -> sa.ColumnElement[bool]:
    begun = (Agreement.starts_on <= today) & (Agreement.expires_on > today)
    match state:
        case AgreementState.NOT_BEGUN:
            return Agreement.starts_on > today
        case AgreementState.IN_FORCE:
            return begun & _untold(Agreement.warned_of)
        case AgreementState.EXPIRING:
            return begun & (Agreement.warned_of == Agreement.expires_on)
        case AgreementState.EXPIRED:
            return Agreement.expires_on <= today
