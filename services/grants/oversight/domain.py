"""What is asked of those who oversee a fund whose awards others make: rules by the fund's stage, and signatures.

A movement that begins looks at more than one that has come further (the governance roles of a backbone by stage: its
oversight of funding stays high, and goes from each award to samples).
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.awards import store as awards
from services.grants.awards.models import Award
from services.grants.delegations import domain as delegations
from services.grants.delegations import store as delegation_store
from services.grants.delegations.models import NotDelegated, Power
from services.grants.funds import store as funds
from services.grants.oversight import store
from services.grants.oversight.models import (
    Countersignature,
    CountersignatureMissing,
    LookAt,
    NothingToSign,
    Overseen,
    OversightRule,
)
from services.grants.oversight.schemas import NewRule
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.delegations import AwardCountersigned
from shared.partners import answering as partners

_ENDED = ("lapsed", "refused", "cancelled")


def set_rules(
    session: Session, movement: str, principal: Principal, fund_id: str, said: Sequence[NewRule]
) -> tuple[str, Sequence[OversightRule]]:
    """Say how a fund is overseen at each stage, in place of what was said before. For whose own the fund is.

    Raises NotFound, NotDelegated, and Invalid for a stage said twice, a sample without a size, another currency.
    """
    fund = funds.hold_fund(session, movement, fund_id)
    if fund is None:
        raise NotFound("there is no such fund")
    if not delegations.is_own(session, movement, fund_id, delegations.acting_for(session, movement, principal)):
        raise NotDelegated("the fund is another organisation's", fund=fund_id)
    if faults := [fault for number, rule in enumerate(said) for fault in _faults(fund.currency, said, number, rule)]:
        raise Invalid(faults=faults)
    store.drop_rules(session, movement, fund_id)
    at = clock.now()
    session.add_all(
        OversightRule(
            movement=movement, fund_id=fund_id, stage=rule.stage, look_at=rule.look_at, one_in=rule.one_in,
            sign_above=None if rule.sign_above is None else rule.sign_above.pence, updated_at=at,
        )
        for rule in said
    )  # fmt: skip
    session.flush()
    return fund.currency, store.rules_of(session, movement, fund_id)


def rules_of(session: Session, movement: str, fund_id: str) -> tuple[str, Sequence[OversightRule]]:
    """The fund's currency and its rules. Raises NotFound."""
    fund = funds.find_fund(session, movement, fund_id)
    if fund is None:
        raise NotFound("there is no such fund")
    return fund.currency, store.rules_of(session, movement, fund_id)


def overseen(
    session: Session, movement: str, principal: Principal, fund_id: str, *, after: str, limit: int
) -> Sequence[Overseen]:
    """The live awards made under delegations that the rule of the fund's stage puts before those who oversee it.

    Without a rule every one is. Raises NotFound, and NotDelegated for who does not oversee the fund.
    """
    if funds.find_fund(session, movement, fund_id) is None:
        raise NotFound("there is no such fund")
    delegations.authorise(session, movement, principal, fund_id, Power.OVERSEE)
    rule = store.rule_now(session, movement, fund_id)
    found: list[Overseen] = []
    while len(found) < limit:
        rows = store.delegated(session, movement, fund_id, after=after, limit=limit)
        found += [_overseen(award, signed, rule) for award, signed in rows if _is_put_before(award, rule)]
        if len(rows) < limit:
            break
        after = rows[-1][0].id
    return found[:limit]


def countersign(session: Session, movement: str, principal: Principal, by: str, award_id: str) -> Countersignature:
    """Agree to an award that others made; done twice, it is done once. Nobody does of an award that is their own.

    Raises NotFound, NotDelegated, :class:`NothingToSign`.
    """
    award = awards.for_change(session, movement, award_id)
    if award is None:
        raise NotFound("there is no such award")
    if award.delegation_id is None or award.state in _ENDED:
        raise NothingToSign
    fund_id = rounds.fund_of(session, movement, award.round_id)
    delegations.authorise(session, movement, principal, fund_id, Power.OVERSEE)
    _refuse_whose_it_is(session, movement, principal, award.delegation_id, fund_id)
    signed = store.signature_of(session, movement, award_id)
    if signed is not None and signed.amount >= award.amount:
        return signed
    if signed is None:
        signed = Countersignature(movement=movement, award_id=award_id)
        session.add(signed)
    signed.amount, signed.currency, signed.user, signed.signed_at = award.amount, award.currency, by, clock.now()
    outbox.record(session, AwardCountersigned(award=award_id, amount_pence=award.amount, currency=award.currency))
    return signed


def refuse_unsigned(session: Session, award: Award) -> None:
    """Hold an award that others made to the signature that it needs; an amendment upwards needs another one.

    Raises :class:`CountersignatureMissing`.
    """
    if award.delegation_id is None:
        return
    rule = store.rule_now(session, award.movement, rounds.fund_of(session, award.movement, award.round_id))
    if rule is None or not rule.wants_signature(award.amount):
        return
    signed = store.signature_of(session, award.movement, award.id)
    if signed is None or signed.amount < award.amount:
        raise CountersignatureMissing("somebody who oversees the fund has to agree to an award of this size")


def _is_put_before(award: Award, rule: OversightRule | None) -> bool:
    return rule is None or rule.picks(award.id) or rule.wants_signature(award.amount)


def _overseen(award: Award, signed: Countersignature | None, rule: OversightRule | None) -> Overseen:
    covered = signed is not None and signed.amount >= award.amount
    return Overseen(
        award_id=award.id,
        delegation_id=award.delegation_id or "",
        state=award.state,
        amount=award.amount,
        currency=award.currency,
        waits=rule is not None and rule.wants_signature(award.amount) and not covered,
        signed_by=None if signed is None else signed.user,
        signed_at=None if signed is None else signed.signed_at,
    )


def _refuse_whose_it_is(session: Session, movement: str, principal: Principal, delegation: str, fund_id: str) -> None:
    """Whoever decided by the delegation does not agree to it for others."""
    organisation = delegations.acting_for(session, movement, principal)
    present = partners.present_ids(session, movement)
    deciding = delegation_store.find(session, movement, delegation)
    if deciding is not None and present(deciding.receiver) == organisation:
        raise NotDelegated("somebody else than who awarded it has to agree", fund=fund_id)


def _faults(currency: str, said: Sequence[NewRule], number: int, rule: NewRule) -> list[Fault]:
    at, faults = f"/rules/{number}", []
    if any(other.stage == rule.stage for other in said[:number]):
        faults.append(Fault(f"{at}/stage", "has a rule already", "said_twice"))
    if (rule.look_at is LookAt.SAMPLE) != (rule.one_in is not None):
        faults.append(Fault(f"{at}/one_in", "is said of a sample, and of nothing else", "size_of_sample"))
    if rule.sign_above is not None and rule.sign_above.currency != currency:
        faults.append(Fault(f"{at}/sign_above/currency", f"must be {currency}", "wrong_currency"))
    return faults
