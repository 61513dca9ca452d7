"""Who has which power over a fund today: the one rule that every verb that decides or moves money asks.

A power that nobody handed on is the fund's own: the movement's (a caller who acts for no organisation), its
grant-maker's and its holder's. Handed on, it is whoever has it now: to award and to administer pass from hand to hand,
to support and to oversee are kept by whoever hands them on. What a delegation was made out of has to hold as well.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from services.grants.delegations import store
from services.grants.delegations.models import SHIFTED, Link, NotDelegated, OverCeiling, Power
from services.grants.funds import store as funds
from shared.auth import Principal
from shared.errors import NotFound
from shared.partners import answering as partners


def authorise(
    session: Session, movement: str, principal: Principal, fund_id: str, power: Power, pence: int = 0
) -> str | None:
    """Hold the caller to a power over a fund, and answer the delegation that it has it by: None where it is its own.

    ``pence`` are counted against the ceiling of that delegation, and of those it was made out of, until
    :func:`release` gives them back. Raises :class:`NotDelegated` and :class:`OverCeiling`.
    """
    live = _live(session, movement, fund_id)
    named = [link for link in live.values() if link.has(power)]
    organisation = acting_for(session, movement, principal)
    theirs = _held(session, movement, named, organisation, power)
    for link in theirs:
        if not pence or _take(session, movement, _up_from(link, live), pence):
            return link.id
    if theirs:
        raise _why_not(session, movement, theirs)
    shifted = power in SHIFTED and any(link.under is None for link in named)
    if shifted or not is_own(session, movement, fund_id, organisation):
        raise NotDelegated(f"the power to {power} is another organisation's", fund=fund_id)
    return None


def go_on(session: Session, movement: str, fund_id: str, delegation: str | None, pence: int) -> None:
    """Count so much more under the delegation by which something was decided: what follows from it by itself, such as
    an offer to the next on a reserve list. None: it was the fund's own. Raises NotDelegated and OverCeiling."""
    if delegation is None:
        return
    live = _live(session, movement, fund_id)
    if delegation not in live:
        raise NotDelegated("the delegation that it was decided under is over", fund=fund_id)
    if not _take(session, movement, _up_from(live[delegation], live), pence):
        raise _why_not(session, movement, [live[delegation]])


def release(session: Session, movement: str, delegation: str | None, pence: int) -> None:
    """Give back what an award held of a delegation, that may be over by now, and of those that it was made out of."""
    for each in [] if delegation is None else store.chain(session, movement, delegation):
        store.give_back(session, movement, each, pence)


def is_own(session: Session, movement: str, fund_id: str, organisation: str | None) -> bool:
    """Whether somebody acts for the movement itself, or for the fund's grant-maker or holder."""
    if organisation is None:
        return True
    fund = funds.find_fund(session, movement, fund_id)
    if fund is None:
        raise NotFound("there is no such fund")
    present = partners.present_ids(session, movement)
    return organisation in {present(each) for each in (fund.grant_maker_organisation, fund.holder) if each is not None}


def held_by(session: Session, movement: str, fund_id: str, organisation: str | None) -> Sequence[Link]:
    """The delegations by which an organisation has powers over a fund today."""
    return _held(session, movement, list(_live(session, movement, fund_id).values()), organisation, None)


def acting_for(session: Session, movement: str, principal: Principal) -> str | None:
    """The id that answers now for whoever the caller acts for."""
    if principal.organisation is None:
        return None
    return partners.present_ids(session, movement)(principal.organisation)


def _live(session: Session, movement: str, fund_id: str) -> Mapping[str, Link]:
    """The fund's delegations that hold today by their own days and by those of all that they were made out of."""
    given = {link.id: link for link in store.links(session, movement, fund_id)}
    if not given:
        return {}
    today, present = partners.today(session, movement).isoformat(), partners.present_ids(session, movement)

    def holds(link: Link) -> bool:
        under = None if link.under is None else given.get(link.under)
        by_itself = link.runs(today) and not partners.is_over(session, movement, present(link.receiver))
        return by_itself and (link.under is None or (under is not None and holds(under)))

    return {link.id: link for link in given.values() if holds(link)}


def _held(
    session: Session, movement: str, links: Sequence[Link], organisation: str | None, power: Power | None
) -> list[Link]:
    """Those of these delegations that are an organisation's, without what it has handed on."""
    if organisation is None or not links:
        return []
    present = partners.present_ids(session, movement)
    handed_on = {link.under for link in links} if power in SHIFTED else set()
    return [link for link in links if present(link.receiver) == organisation and link.id not in handed_on]


def _up_from(link: Link, live: Mapping[str, Link]) -> list[str]:
    found = [link.id]
    while (under := live[found[-1]].under) is not None:
        found.append(under)
    return found


def _take(session: Session, movement: str, chain: Sequence[str], pence: int) -> bool:
    """Count so much under all of a chain, from its end up, or under none of it."""
    for number, each in enumerate(chain):
        if not store.take(session, movement, each, pence):
            for taken in chain[:number]:
                store.give_back(session, movement, taken, pence)
            return False
    return True


def _why_not(session: Session, movement: str, links: Sequence[Link]) -> NotDelegated | OverCeiling:
    """Why nothing could be counted: over the ceiling, unless all of it was revoked a moment ago."""
    for link in links:
        found = [store.for_change(session, movement, each) for each in store.chain(session, movement, link.id)]
        if all(each is not None and each.revoked_at is None for each in found):
            return OverCeiling("the live awards made under it, with this one, would be more than its ceiling")
    return NotDelegated("it was revoked at this moment")
