"""What is done with delegations: powers over a fund are handed on, the terms are changed, and they are taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.delegations import domain, store
from services.grants.delegations.models import Delegation, DelegationOver, NotDelegated, OverCeiling, Shown, State
from services.grants.delegations.schemas import DelegationChanges, NewDelegation
from services.grants.delegations.store import Chosen
from services.grants.funds import store as funds
from services.grants.funds.models import Fund
from shared import clock, outbox
from shared.auth import Principal
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.delegations import DelegationChanged, DelegationEnded, DelegationMade
from shared.ids import new_id
from shared.money import Money
from shared.partners import answering as partners


def give(session: Session, movement: str, principal: Principal, said: NewDelegation) -> Shown:
    """Hand powers over a fund to an organisation: the fund's own, or (``under``) those that the caller was given.

    Raises :class:`NotDelegated` where the powers are not the caller's to hand on, :class:`DelegationOver` where what
    they are handed on from is over, and Invalid for terms that reach further than its own.
    """
    fund, above = _fund_and_above(session, movement, said)
    giver = _giver(session, movement, principal, said, fund, above)
    today = partners.today(session, movement)
    starts_on = said.starts_on or today
    faults = _faults_of_parties(session, movement, said, giver)
    faults += _faults_of_terms(fund.currency, above, said.ceiling)
    faults += _faults_of_days(above, starts_on, said.expires_on)
    if above is not None and (more := set(said.scopes) - set(above.powers.split())):
        faults.append(Fault("/scopes", f"{', '.join(sorted(more))} is not among those held", "more_than_held"))
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    made = Delegation(
        movement=movement, id=new_id("delegation"), fund_id=fund.id, under=said.under, giver=giver, receiver=said.to,
        powers=" ".join(sorted(set(said.scopes))), currency=fund.currency,
        ceiling=None if said.ceiling is None else said.ceiling.pence, committed=0, starts_on=starts_on.isoformat(),
        expires_on=_day(said.expires_on), created_at=at, updated_at=at, version=1,
    )  # fmt: skip
    session.add(made)
    outbox.record(session, DelegationMade(delegation=made.id, fund=fund.id, to=made.receiver))
    return _shown(session, movement, [made])[0]


def change(
    session: Session,
    movement: str,
    principal: Principal,
    delegation: str,
    said: DelegationChanges,
    expected: int | None,
) -> Shown:
    """Change how far it reaches, or until when. Raises NotDelegated for anybody but its giver, :class:`OverCeiling`
    where live awards hold more than the new ceiling, DelegationOver once it was revoked."""
    found = _held(session, movement, delegation)
    hold_to(found.version, expected)
    _refuse_strangers(session, movement, principal, found, receiver_too=False)
    if found.revoked_at is not None:
        raise DelegationOver("it was revoked")
    above = None if found.under is None else store.find(session, movement, found.under)
    sent = said.model_fields_set
    ceiling = said.ceiling if "ceiling" in sent else _money(found)
    expires_on = said.expires_on if "expires_on" in sent else _date(found.expires_on)
    faults = _faults_of_terms(found.currency, above, ceiling)
    if faults := faults + _faults_of_days(above, date.fromisoformat(found.starts_on), expires_on):
        raise Invalid(faults=faults)
    if ceiling is not None and ceiling.pence < found.committed:
        raise OverCeiling("live awards that were made under it hold more than that")
    found.ceiling, found.expires_on = None if ceiling is None else ceiling.pence, _day(expires_on)
    found.changed(clock.now())
    outbox.record(session, DelegationChanged(delegation=found.id, version=found.version))
    return _shown(session, movement, [found])[0]


def revoke(session: Session, movement: str, principal: Principal, delegation: str, reason: str) -> Shown:
    """Take it back, or hand it back: nothing more is decided under it, and what was offered stands."""
    found = _held(session, movement, delegation)
    _refuse_strangers(session, movement, principal, found, receiver_too=True)
    found.revoke(reason, clock.now())
    outbox.record(session, DelegationEnded(delegation=found.id, fund=found.fund_id))
    return _shown(session, movement, [found])[0]


def get(session: Session, movement: str, delegation: str) -> Shown:
    """One delegation, or NotFound."""
    found = store.find(session, movement, delegation)
    if found is None:
        raise NotFound("there is no such delegation")
    return _shown(session, movement, [found])[0]


def list_delegations(
    session: Session, movement: str, chosen: Chosen, organisation: str | None, *, after: str, limit: int
) -> Sequence[Shown]:
    """A page of delegations; ``organisation``: those that it gave or was given, under any id that it ever had."""
    if organisation is not None:
        chosen = replace(chosen, organisations=frozenset(partners.every_id(session, movement, organisation)))
    return _shown(session, movement, store.page(session, movement, chosen, after=after, limit=limit))


def _fund_and_above(session: Session, movement: str, said: NewDelegation) -> tuple[Fund, Delegation | None]:
    fund = funds.find_fund(session, movement, said.fund)
    above = None if said.under is None else store.find(session, movement, said.under)
    faults = [] if fund is not None else [Fault("/fund", "is no fund of this movement", "unknown_fund")]
    if said.under is not None and (above is None or above.fund_id != said.fund):
        faults.append(Fault("/under", "is no delegation of this fund", "unknown_delegation"))
    if faults or fund is None:
        raise Invalid(faults=faults)
    return fund, above


def _giver(
    session: Session, movement: str, principal: Principal, said: NewDelegation, fund: Fund, above: Delegation | None
) -> str | None:
    """Who hands on: nobody can in the name of an organisation that has the powers by delegation, but it itself."""
    organisation = domain.acting_for(session, movement, principal)
    if above is None:
        if not domain.is_own(session, movement, fund.id, organisation):
            raise NotDelegated("the fund is another organisation's to hand on", fund=fund.id)
        return said.giver if organisation is None else organisation
    if above.id not in {link.id for link in domain.held_by(session, movement, fund.id, organisation)}:
        if partners.present_ids(session, movement)(above.receiver) != organisation:
            raise NotDelegated("only who has the powers hands them on", fund=fund.id)
        raise DelegationOver("what it is to be made out of is over, or has not begun")
    return above.receiver


def _faults_of_parties(session: Session, movement: str, said: NewDelegation, giver: str | None) -> list[Fault]:
    strangers = (
        partners.fault_of(session, movement, said.giver, "/from"),
        partners.fault_of(session, movement, said.to, "/to"),
    )
    faults = [fault for fault in strangers if fault is not None]
    present = partners.present_ids(session, movement)
    if said.giver is not None and not _is_the_giver(session, movement, said, present(said.giver), giver):
        faults.append(Fault("/from", "is not who hands it on", "not_the_giver"))
    if giver is not None and present(giver) == present(said.to):
        faults.append(Fault("/to", "has it already", "to_oneself"))
    if partners.is_over(session, movement, present(said.to)):
        faults.append(Fault("/to", "is no more", "organisation_over"))
    return faults


def _is_the_giver(session: Session, movement: str, said: NewDelegation, named: str, giver: str | None) -> bool:
    """Whether who is named hands it on; the movement can say that the fund's grant-maker or holder does."""
    same = giver is not None and partners.present_ids(session, movement)(giver) == named
    return same and (said.under is not None or domain.is_own(session, movement, said.fund, named))


def _faults_of_terms(currency: str, above: Delegation | None, ceiling: Money | None) -> list[Fault]:
    if ceiling is None:
        if above is not None and above.ceiling is not None:
            return [Fault("/ceiling", "must be said, for what it is made out of has one", "more_than_held")]
        return []
    if faults := amount_faults(currency, ceiling=ceiling):
        return faults
    if above is not None and above.ceiling is not None and ceiling.pence > above.ceiling:
        return [Fault("/ceiling/amount", "is more than that of what it is made out of", "more_than_held")]
    return []


def _faults_of_days(above: Delegation | None, starts_on: date, expires_on: date | None) -> list[Fault]:
    faults = []
    if expires_on is not None and expires_on <= starts_on:
        faults.append(Fault("/expires_on", "must be after the first day", "before_start"))
    if above is None:
        return faults
    if starts_on.isoformat() < above.starts_on:
        faults.append(Fault("/starts_on", "is before what it is made out of begins", "more_than_held"))
    if above.expires_on is not None and (expires_on is None or above.expires_on < expires_on.isoformat()):
        faults.append(Fault("/expires_on", "is after what it is made out of expires", "more_than_held"))
    return faults


def _refuse_strangers(
    session: Session, movement: str, principal: Principal, found: Delegation, *, receiver_too: bool
) -> None:
    """Hold the caller to be who gave it (of the fund's own powers: any whose fund it is), or who was given it."""
    organisation = domain.acting_for(session, movement, principal)
    present = partners.present_ids(session, movement)
    parties = {present(each) for each in (found.giver, found.receiver if receiver_too else None) if each is not None}
    own = found.under is None and domain.is_own(session, movement, found.fund_id, organisation)
    if organisation not in parties and not own:
        raise NotDelegated("this delegation is between others", fund=found.fund_id)


def _held(session: Session, movement: str, delegation: str) -> Delegation:
    found = store.for_change(session, movement, delegation)
    if found is None:
        raise NotFound("there is no such delegation")
    return found


def _shown(session: Session, movement: str, found: Sequence[Delegation]) -> list[Shown]:
    present, today = partners.present_ids(session, movement), partners.today(session, movement).isoformat()
    return [
        Shown(each, State(each.state(today)), each.giver and present(each.giver), present(each.receiver))
        for each in found
    ]


def _money(found: Delegation) -> Money | None:
    return None if found.ceiling is None else Money.of(found.ceiling, found.currency)


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
