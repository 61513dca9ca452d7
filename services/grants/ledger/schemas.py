"""What requests and answers about the ledger look like. Money has no sign: it stands as a debit or as a credit."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.grants.ledger import models, reading
from services.grants.ledger.chart import CHART, Account, Kind, Restriction
from shared.fields import View
from shared.money import Money


class Line(View):
    """So much on an account of a fund: either a debit or a credit. Whose money it is and for which award, if known."""

    account: Account
    fund: str
    contribution: str | None
    award: str | None
    restriction: Restriction
    debit: Money | None
    credit: Money | None

    @classmethod
    def of(cls, line: models.LedgerLine, currency: str) -> "Line":
        """The answer for a line."""
        debit, credit = sides(line.pence, currency)
        return cls(
            account=Account(line.account),
            fund=line.fund_id,
            contribution=line.contribution_id,
            award=line.award_id,
            restriction=Restriction(line.restriction),
            debit=debit,
            credit=credit,
        )


class Entry(View):
    """What moved money, and when. Its debits and its credits are equal; it never changes, and `reverses` another."""

    id: str
    kind: Kind
    on: Annotated[date, Field(description="the day it is dated, in the movement's time zone")]
    about: Annotated[str, Field(description="the id of the contribution, award, payment … that it is about")]
    reverses: str | None
    reason: str | None
    posted_at: datetime
    lines: list[Line]

    @classmethod
    def of(cls, posted: reading.Posted) -> "Entry":
        """The answer for an entry."""
        entry = posted.entry
        return cls(
            id=entry.id,
            kind=Kind(entry.kind),
            on=entry.day,
            about=entry.about,
            reverses=entry.reverses,
            reason=entry.reason,
            posted_at=entry.posted_at,
            lines=[Line.of(line, entry.currency) for line in posted.lines],
        )


class Balance(View):
    """What an account of a fund holds of one contribution; of none where it is not known yet whose money it will be."""

    account: Account
    name: str
    fund: str
    contribution: str | None
    restriction: Restriction
    debit: Money | None
    credit: Money | None
    first_day: Annotated[date, Field(description="the day of the first line")]

    @classmethod
    def of(cls, held: reading.Held) -> "Balance":
        """The answer for a balance."""
        balance = held.balance
        debit, credit = sides(balance.balance, held.currency)
        return cls(
            account=Account(balance.account),
            name=CHART[Account(balance.account)].name,
            fund=balance.fund_id,
            contribution=balance.contribution_id or None,
            restriction=Restriction(balance.restriction),
            debit=debit,
            credit=credit,
            first_day=balance.first_day,
        )


class TrialLine(View):
    """What an account comes to, over all funds asked for."""

    account: Account
    name: str
    debit: Money | None
    credit: Money | None


class TrialOfCurrency(View):
    """The accounts in one currency; `debits` and `credits` are their sums."""

    currency: str
    accounts: list[TrialLine]
    debits: Money
    credits: Money


class TrialBalance(View):
    """What every account comes to at the end of a day. `balanced`: debits and credits are equal in each currency."""

    as_of: date | None
    balanced: bool
    currencies: list[TrialOfCurrency]

    @classmethod
    def of(cls, as_of: date | None, sums: list[reading.Sum]) -> "TrialBalance":
        """The answer for these sums."""
        currencies = [
            _trial(currency, [each for each in sums if each.currency == currency])
            for currency in sorted({each.currency for each in sums})
        ]
        return cls(as_of=as_of, balanced=all(each.debits == each.credits for each in currencies), currencies=currencies)


class Difference(View):
    """A balance that is not what its lines come to. `kept` and `replayed` are in pence, credits negative."""

    fund: str
    account: Account
    contribution: str | None
    restriction: Restriction
    kept: int
    replayed: int


class Verification(View):
    """Whether every balance is what all lines of its account come to, added up anew."""

    verified: bool
    entries: int
    lines: int
    differences: list[Difference]

    @classmethod
    def of(cls, replayed: reading.Replayed) -> "Verification":
        """The answer for a replay."""
        differences = [
            Difference(
                fund=each.fund,
                account=Account(each.account),
                contribution=each.contribution or None,
                restriction=Restriction(each.restriction),
                kept=each.kept,
                replayed=each.replayed,
            )
            for each in replayed.differences
        ]
        return cls(verified=not differences, entries=replayed.entries, lines=replayed.lines, differences=differences)


class Funder(View):
    """Whose money an award was paid. `net` is what went out less what came back."""

    contribution: str
    fund: str
    funder: str
    restriction: str | None
    paid: Money
    returned: Money
    net: Money

    @classmethod
    def of(cls, share: reading.Share) -> "Funder":
        """The answer for a share."""
        given = share.contribution
        return cls(
            contribution=given.id,
            fund=given.fund_id,
            funder=given.funder,
            restriction=given.restriction,
            paid=Money.of(share.paid, given.currency),
            returned=Money.of(share.returned, given.currency),
            net=Money.of(share.paid - share.returned, given.currency),
        )


class Funders(View):
    """Whose money an award was paid, to the penny."""

    award: str
    funders: list[Funder]


class Use(View):
    """An award that was paid of a contribution. `net` is what went out less what came back."""

    award: str
    paid: Money
    returned: Money
    net: Money

    @classmethod
    def of(cls, use: reading.Use, currency: str) -> "Use":
        """The answer for a use."""
        return cls(
            award=use.award,
            paid=Money.of(use.paid, currency),
            returned=Money.of(use.returned, currency),
            net=Money.of(use.paid - use.returned, currency),
        )


def sides(pence: int, currency: str) -> tuple[Money | None, Money | None]:
    """The amount as a debit or as a credit; nothing is a debit of nothing."""
    amount = Money.of(abs(pence), currency)
    return (amount, None) if pence >= 0 else (None, amount)


def _trial(currency: str, sums: list[reading.Sum]) -> TrialOfCurrency:
    lines = []
    for each in sums:
        debit, credit = sides(each.pence, currency)
        account = Account(each.account)
        lines.append(TrialLine(account=account, name=CHART[account].name, debit=debit, credit=credit))
    debits, credits_ = (sum(max(sign * each.pence, 0) for each in sums) for sign in (1, -1))
    return TrialOfCurrency(
        currency=currency, accounts=lines, debits=Money.of(debits, currency), credits=Money.of(credits_, currency)
    )
