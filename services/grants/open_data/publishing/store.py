"""Every SQL statement about publishing: what is set, what is told of awards, and the facts that files are made of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.awards.models import Award, AwardState
from services.grants.base import locked
from services.grants.funds.models import Contribution, Fund
from services.grants.ledger.chart import Account
from services.grants.ledger.models import LedgerEntry, LedgerLine
from services.grants.open_data.publishing.facts import AwardFacts, ContributionFacts, FundFacts
from services.grants.open_data.publishing.models import OpenDataSettings, Publication, Treatment
from services.grants.rounds.models import Round

_STANDS = (AwardState.ACCEPTED.value, AwardState.ACTIVE.value, AwardState.CLOSED.value)


def find_settings(session: Session, movement: str) -> OpenDataSettings | None:
    """What the movement set, or None."""
    return session.get(OpenDataSettings, movement)


def settings_for_change(session: Session, movement: str) -> OpenDataSettings | None:
    """The same, locked until the transaction ends."""
    return locked(session, sa.select(OpenDataSettings).where(OpenDataSettings.movement == movement))


def find_publication(session: Session, movement: str, award_id: str) -> Publication | None:
    """What was said about one award, or None."""
    return session.get(Publication, (movement, award_id))


def save(session: Session, row: OpenDataSettings | Publication) -> None:
    """Keep what was set or said."""
    session.add(row)


def given(session: Session, movement: str) -> Iterator[AwardFacts]:
    """The awards that were accepted and stand, or of which something was paid, in the order of their offering."""
    query = (
        sa.select(Award, Application, Round, Fund, Publication)
        .join(Application, _same(Application, Award.application_id))
        .join(Round, _same(Round, Award.round_id))
        .join(Fund, sa.and_(Fund.movement == Round.movement, Fund.id == Round.fund_id))
        .outerjoin(Publication, sa.and_(Publication.movement == Award.movement, Publication.award_id == Award.id))
        .where(Award.movement == movement, sa.or_(Award.state.in_(_STANDS), Award.paid > 0))
        .order_by(Award.id)
    )
    paid = _through_the_bank(session, movement)
    for award, application, held, fund, said in session.execute(query):
        yield _facts(award, application, held, fund, said, paid[award.id])


def contributions(session: Session, movement: str) -> Iterator[ContributionFacts]:
    """The contributions of which something has cleared, in the order of their promising."""
    query = (
        sa.select(Contribution, Fund)
        .join(Fund, sa.and_(Fund.movement == Contribution.movement, Fund.id == Contribution.fund_id))
        .where(Contribution.movement == movement, Contribution.cleared > 0)
        .order_by(Contribution.id)
    )
    given = _through_the_bank(session, movement)[None]
    for contribution, fund in session.execute(query):
        yield ContributionFacts(
            id=contribution.id,
            promised=contribution.promised - contribution.moved,
            cleared=contribution.cleared + contribution.fees,
            promised_at=contribution.created_at,
            touched_at=max(fund.updated_at, contribution.created_at, given[contribution.id].last),
            funder=contribution.funder,
            funder_organisation=contribution.funder_organisation,
            fund=_fund(fund),
        )


def held(session: Session, movement: str) -> Iterator[FundFacts]:
    """The funds in which there is money that somebody else than the grant-maker may hold."""
    query = sa.select(Fund).where(Fund.movement == movement, Fund.cleared > 0, Fund.holder.is_not(None))
    for fund in session.scalars(query.order_by(Fund.id)):
        yield _fund(fund)


def changed_at(session: Session, movement: str) -> datetime | None:
    """When anything changed that files are made of, published or not: so what goes out of a file changes it too."""
    moments = [
        session.scalar(sa.select(sa.func.max(column)).where(table.movement == movement))
        for table, column in (
            (OpenDataSettings, OpenDataSettings.updated_at),
            (Publication, Publication.updated_at),
            (Award, Award.updated_at),
            (Application, Application.updated_at),
            (Round, Round.updated_at),
            (Fund, Fund.updated_at),
            (Contribution, Contribution.created_at),
            (LedgerEntry, LedgerEntry.posted_at),
        )
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def _same(table: type[Application | Round], key: orm.InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    return sa.and_(table.movement == Award.movement, table.id == key)


class _Moved(NamedTuple):
    """What went through the bank for one award, or none, of one contribution: pence out less in, and when last."""

    out: int
    last: datetime


def _through_the_bank(session: Session, movement: str) -> defaultdict[str | None, dict[str, _Moved]]:
    """What went through the bank, by award (None: for no award) and contribution."""
    of_line = sa.and_(LedgerEntry.movement == LedgerLine.movement, LedgerEntry.id == LedgerLine.entry_id)
    key = (LedgerLine.award_id, LedgerLine.contribution_id)
    out = sa.cast(-sa.func.sum(LedgerLine.pence), sa.BigInteger)
    query = (
        sa.select(*key, out, sa.func.max(LedgerEntry.posted_at))
        .join(LedgerEntry, of_line)
        .where(LedgerLine.movement == movement, LedgerLine.account == Account.BANK.value)
        .group_by(*key)
    )
    found: defaultdict[str | None, dict[str, _Moved]] = defaultdict(dict)
    for award, contribution, pence, last in session.execute(query):
        if contribution is not None:
            found[award][contribution] = _Moved(pence, last)
    return found


def _facts(
    award: Award,
    application: Application,
    held: Round,
    fund: Fund,
    said: Publication | None,
    paid: Mapping[str, _Moved],
) -> AwardFacts:
    touched = [award.updated_at, held.updated_at, *(each.last for each in paid.values())]
    touched += [] if said is None else [said.updated_at]
    return AwardFacts(
        id=award.id,
        amount=award.amount,
        paid=award.paid,
        asked=application.amount,
        currency=award.currency,
        awarded_at=award.offered_at,
        starts_on=award.starts_on,
        ends_on=award.ends_on,
        touched_at=max(touched),
        group=application.group_name,
        group_key=application.name_key,
        organisation=award.organisation,
        host=application.host_name,
        host_organisation=application.host_organisation,
        summary=application.summary,
        place=application.place,
        round_title=held.title,
        fund=_fund(fund),
        paid_of=frozenset(contribution for contribution, moved in paid.items() if moved.out > 0),
        treatment=Treatment.OPEN if said is None else Treatment(said.treatment),
        to_individual=said is not None and said.to_individual,
        recipient_identifier=None if said is None else said.recipient_identifier,
        title=None if said is None else said.title,
        description=None if said is None else said.description,
    )


def _fund(fund: Fund) -> FundFacts:
    return FundFacts(
        id=fund.id,
        name=fund.name,
        purpose=fund.purpose,
        currency=fund.currency,
        cleared=fund.cleared,
        grant_maker=fund.grant_maker,
        grant_maker_organisation=fund.grant_maker_organisation,
        holder=fund.holder,
        made_at=fund.created_at,
        touched_at=fund.updated_at,
    )
