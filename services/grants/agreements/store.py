"""Every SQL statement about agreements of awards."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.agreements.models import Agreement, AgreementState, AgreementText, Signatory
from services.grants.base import locked


def newest_text(session: Session, movement: str) -> AgreementText | None:
    """The text that agreements are made of now, if the movement has published one."""
    query = sa.select(AgreementText).where(AgreementText.movement == movement)
    return session.scalar(query.order_by(AgreementText.number.desc()).limit(1))


def list_texts(session: Session, movement: str, *, after: int, limit: int) -> Sequence[AgreementText]:
    """The texts that the movement published, those numbered above ``after`` first."""
    query = sa.select(AgreementText).where(AgreementText.movement == movement, AgreementText.number > after)
    return session.scalars(query.order_by(AgreementText.number).limit(limit)).all()


def find(session: Session, movement: str, agreement_id: str) -> Agreement | None:
    """The agreement."""
    return session.get(Agreement, (movement, agreement_id))


def by_link(session: Session, movement: str, link_digest: str) -> Agreement | None:
    """The agreement to which a link leads."""
    query = sa.select(Agreement).where(Agreement.movement == movement, Agreement.link_digest == link_digest)
    return session.scalar(query)


def for_change(session: Session, movement: str, agreement_id: str) -> Agreement | None:
    """The agreement as it is now, locked until the transaction ends."""
    return locked(session, sa.select(Agreement).where(Agreement.movement == movement, Agreement.id == agreement_id))


def standing(session: Session, movement: str, award_id: str) -> Agreement | None:
    """The newest agreement of an award that no other took the place of, locked until the transaction ends."""
    query = sa.select(Agreement).where(
        Agreement.movement == movement, Agreement.award_id == award_id, Agreement.state != AgreementState.REPLACED
    )
    return locked(session, query.order_by(Agreement.terms.desc()).limit(1))


def is_accepted(session: Session, movement: str, award_id: str, terms: int) -> bool:
    """Whether an agreement of these terms of an award was accepted."""
    query = sa.select(Agreement.id).where(
        Agreement.movement == movement,
        Agreement.award_id == award_id,
        Agreement.terms == terms,
        Agreement.state == AgreementState.ACCEPTED,
    )
    return session.scalar(query) is not None


def signatory(session: Session, movement: str, agreement_id: str) -> str | None:
    """By what name it was accepted, as long as that is kept."""
    found = session.get(Signatory, (movement, agreement_id))
    return None if found is None else found.name


def list_agreements(
    session: Session, movement: str, *, award_id: str | None, state: AgreementState | None, after: str, limit: int
) -> Sequence[tuple[Agreement, str | None]]:
    """Agreements, each with the name by which it was accepted, in the order of their making."""
    query = (
        sa.select(Agreement, Signatory.name)
        .outerjoin(Signatory, sa.and_(Signatory.movement == Agreement.movement, Signatory.agreement_id == Agreement.id))
        .where(Agreement.movement == movement, Agreement.id > after)
    )
    if award_id is not None:
        query = query.where(Agreement.award_id == award_id)
    if state is not None:
        query = query.where(Agreement.state == state)
    return [(agreement, name) for agreement, name in session.execute(query.order_by(Agreement.id).limit(limit))]
