"""What is asked of the books: an entry, a trial balance, whose money an award was paid and what a contribution paid."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.grants.awards import domain as awards
from services.grants.funds import domain as funds
from services.grants.ledger import reading
from shared.errors import NotFound
from shared.pages import Position


def get_entry(session: Session, movement: str, entry_id: str) -> reading.Posted:
    """The entry with its lines, or NotFound."""
    found = reading.find_entry(session, movement, entry_id)
    if found is None:
        raise NotFound("there is no such entry")
    return found


def trial_balance(session: Session, movement: str, *, fund: str | None, as_of: date | None) -> Sequence[reading.Sum]:
    """What each account comes to at the end of a day. Raises NotFound for a fund that is not there."""
    if fund is not None:
        funds.get_fund(session, movement, fund)
    return reading.trial_balance(session, movement, fund=fund, as_of=as_of)


def funders(session: Session, movement: str, award_id: str) -> Sequence[reading.Share]:
    """Whose money an award was paid, or NotFound."""
    awards.get_award(session, movement, award_id)
    return reading.funders(session, movement, award_id)


def uses(
    session: Session, movement: str, contribution_id: str, *, after: str, limit: int
) -> tuple[Sequence[reading.Use], str]:
    """The awards that were paid of a contribution, and its currency; or NotFound."""
    given = reading.find_contribution(session, movement, contribution_id)
    if given is None:
        raise NotFound("there is no such contribution")
    return reading.uses(session, movement, contribution_id, after=after, limit=limit), given.currency


def position(held: reading.Held) -> Position:
    """Where a balance stands in the list of them."""
    balance = held.balance
    return balance.fund_id, balance.account, balance.contribution_id, balance.restriction
