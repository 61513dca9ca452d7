"""What the people of a group are told of their award, in letters and agreements: gathered once, and in plain words."""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.applications import store as applications
from services.grants.awards.models import Award
from services.grants.funds import store as funds
from services.grants.rounds import store as rounds
from shared.errors import NotFound
from shared.money import Money

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


class Facts(NamedTuple):
    """An award in words. ``purpose`` is what the group applied for, unless the award says otherwise.

    ``starts`` and ``ends`` say when: on a day and by a day, where those are known.
    """

    group: str
    amount: str
    purpose: str
    fund: str
    grant_maker: str
    round: str
    starts: str
    ends: str


def facts_of(session: Session, award: Award) -> Facts:
    """The facts of an award as they are now. Raises NotFound where a row that it rests on is gone."""
    application = applications.find(session, award.movement, award.application_id)
    of = rounds.find(session, award.movement, award.round_id)
    fund = None if of is None else funds.find_fund(session, award.movement, of.fund_id)
    if application is None or of is None or fund is None:
        raise NotFound("there is no such award")
    return Facts(
        group=application.group_name,
        amount=in_words(Money.of(award.amount, award.currency)),
        purpose=award.purpose or application.summary,
        fund=fund.name,
        grant_maker=fund.grant_maker,
        round=of.title,
        starts="when the money arrives" if award.starts_on is None else f"on {day_in_words(award.starts_on)}",
        ends="when it is finished" if award.ends_on is None else f"by {day_in_words(award.ends_on)}",
    )


def in_words(amount: Money) -> str:
    """An amount as people write it: £1,250.00."""
    whole, point, part = amount.amount.partition(".")
    number = f"{int(whole):,}{point}{part}"
    sign = _SIGNS.get(amount.currency)
    return f"{number} {amount.currency}" if sign is None else f"{sign}{number}"


def day_in_words(day: date | None) -> str:
    """A day as people write it: 3 May 2026. Empty for none."""
    return "" if day is None else f"{day.day} {day:%B %Y}"
