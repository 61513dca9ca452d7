"""Holding a caller to a power over the fund that what it does is about, before the verb is run.

    await call.write(held_to(call.principal, Power.ADMINISTER, of_award(body.award), domain.record_check), …)

The verbs themselves stay as they are, for what follows by itself from what was decided takes them too: a lapse at its
date, a round that opens at its instant.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from services.grants.delegations import store
from services.grants.delegations.domain import authorise
from services.grants.delegations.models import Power
from services.grants.funds import store as funds
from shared.auth import Principal

P = ParamSpec("P")
T = TypeVar("T")

FundOf = Callable[[Session, str], str | None]
"""Finds the fund that something of a movement is about; None where there is no such thing, which the verb will say."""


def held_to(
    principal: Principal, power: Power, fund_of: FundOf, verb: Callable[Concatenate[Session, str, P], T]
) -> Callable[Concatenate[Session, str, P], T]:
    """The verb, refused with NotDelegated to a caller who does not have this power over the fund."""

    def held(session: Session, movement: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        fund = fund_of(session, movement)
        if fund is not None:
            authorise(session, movement, principal, fund, power)
        return verb(session, movement, *args, **kwargs)

    return held


def of_fund(fund_id: str) -> FundOf:
    """The fund itself, where there is such a one."""
    return lambda session, movement: None if funds.find_fund(session, movement, fund_id) is None else fund_id


def of_round(round_id: str) -> FundOf:
    """The fund of a round."""
    return lambda session, movement: store.fund_of_round(session, movement, round_id)


def of_award(award_id: str) -> FundOf:
    """The fund of an award."""
    return lambda session, movement: store.fund_of_award(session, movement, award_id)


def of_application(application_id: str) -> FundOf:
    """The fund of the round that an application was made to."""
    return lambda session, movement: store.fund_of_application(session, movement, application_id)


def of_agreement(agreement_id: str) -> FundOf:
    """The fund of the award that an agreement is about."""
    return lambda session, movement: store.fund_of_agreement(session, movement, agreement_id)
