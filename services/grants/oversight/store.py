"""Every SQL statement about oversight."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.awards.models import Award
from services.grants.funds.models import Fund
from services.grants.oversight.models import Countersignature, OversightRule
from services.grants.rounds.models import Round

_ENDED = ("lapsed", "refused", "cancelled")


def rules_of(session: Session, movement: str, fund_id: str) -> Sequence[OversightRule]:
    """The fund's rules, a stage each."""
    query = sa.select(OversightRule).where(OversightRule.movement == movement, OversightRule.fund_id == fund_id)
    return session.scalars(query.order_by(OversightRule.stage)).all()


def drop_rules(session: Session, movement: str, fund_id: str) -> None:
    """Have no rule of the fund any more."""
    session.execute(
        sa.delete(OversightRule).where(OversightRule.movement == movement, OversightRule.fund_id == fund_id)
    )


def rule_now(session: Session, movement: str, fund_id: str) -> OversightRule | None:
    """The rule for the stage that the fund is at; None where there is none."""
    at_stage = sa.and_(Fund.movement == OversightRule.movement, Fund.id == OversightRule.fund_id)
    query = sa.select(OversightRule).join(Fund, sa.and_(at_stage, Fund.stage == OversightRule.stage))
    return session.scalar(query.where(OversightRule.movement == movement, OversightRule.fund_id == fund_id))


def signature_of(session: Session, movement: str, award_id: str) -> Countersignature | None:
    """Who countersigned an award; None where nobody did."""
    return session.get(Countersignature, (movement, award_id))


def delegated(
    session: Session, movement: str, fund_id: str, *, after: str, limit: int
) -> Sequence[tuple[Award, Countersignature | None]]:
    """The fund's live awards that were made under a delegation, in order of their ids behind ``after``."""
    of_round = sa.and_(Round.movement == Award.movement, Round.id == Award.round_id)
    signed = sa.and_(Countersignature.movement == Award.movement, Countersignature.award_id == Award.id)
    query = (
        sa.select(Award, Countersignature)
        .join(Round, of_round)
        .outerjoin(Countersignature, signed)
        .where(Award.movement == movement, Round.fund_id == fund_id, Award.id > after)
        .where(Award.delegation_id.is_not(None), Award.state.not_in(_ENDED))
        .order_by(Award.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
