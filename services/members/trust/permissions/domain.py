"""Deciding, and whether something is allowed: the one answer that every path goes by."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.directory.people.models import AgeBand
from services.members.trust.permissions import authority, store, verdicts
from services.members.trust.permissions.models import OWN, Authority, Channel, Decision, Permission
from services.members.trust.permissions.schemas import By, NewPermission
from services.members.trust.permissions.verdicts import Verdict
from services.members.trust.purposes import store as purposes
from shared import clock, outbox
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.trust import PermissionEnded, PermissionGiven
from shared.ids import new_id


class AlreadyGiven(Conflict):
    """The same yes holds already; ``permission`` is its id."""

    code = "already_given"
    title = "This is permitted already"


class NotPermitted(Conflict):
    """The person does not permit it, or something keeps them out of it."""

    code = "not_permitted"
    title = "This is not permitted for this person"


class Withdrawn(Conflict):
    """The person said no, or stop, to this; ``withdrawal`` is its id, which a new yes of theirs names."""

    code = "withdrawn"
    title = "The person withdrew this"


def permitted(session: Session, movement: str, person: str, purpose: str, channel: str, at: datetime) -> bool:
    """Whether a person's data may be used for a purpose over a channel at a moment: what every path asks.

    By what they decided, the purpose's basis and whatever keeps them out. The id of somebody who was merged answers for
    who they are now. For many people at once it is :func:`services.members.trust.permissions.verdicts.permitting`.
    """
    return verdict(session, movement, person, purpose, channel, at).permitted


def verdict(session: Session, movement: str, person: str, purpose: str, channel: str, at: datetime) -> Verdict:
    """The same, with the reasons for it or against it."""
    now_known_as = people.present_id(session, movement, person)
    return verdicts.verdict(session, movement, now_known_as, purpose, channel, at)


def permitting_among(
    session: Session, movement: str, asked: Sequence[str], purpose: str, channel: Channel
) -> tuple[set[str], set[str]]:
    """Those of some people, by any id that they ever had, who are known, and those who permit it now."""
    now = people.current(session, movement, set(asked))
    known = people.known(session, movement, set(now.values()))
    permitting = verdicts.among(session, movement, known, purpose, channel, clock.now())
    return {sent for sent in asked if now[sent] in known}, {sent for sent in asked if now[sent] in permitting}


def refuse_unpermitted(session: Session, movement: str, person: str, purpose: str, channel: Channel) -> None:
    """Raise NotPermitted unless it is permitted now. The problem never says why: that may be safeguarding's."""
    if not permitted(session, movement, person, purpose, channel, clock.now()):
        raise NotPermitted


def decide(session: Session, movement: str, person: str, said: NewPermission) -> Permission:
    """Add a person's decision to those that they have made.

    Raises NotFound, Invalid where whoever decides has no authority, AlreadyGiven and Withdrawn.
    """
    row = people.for_change(session, movement, people.present_id(session, movement, person))
    if row is None:
        raise NotFound
    at = clock.now()
    hold_to_authority(session, movement, row.id, AgeBand(row.age_band), said, "")
    if said.decision is Decision.GIVEN:
        _refuse_unheard(session, movement, row.id, said, at)
    return record(session, movement, row.id, said, at)


def hold_to_authority(
    session: Session, movement: str, person: str, band: AgeBand, said: NewPermission, place: str
) -> None:
    """Raise Invalid unless whoever decides for a person of that age may, naming every fault at ``place``."""
    if faults := list(authority.faults(session, movement, person, band, said, place)):
        raise Invalid(faults=faults)


def hold_age_to(session: Session, movement: str, person: str, by: Authority, place: str) -> None:
    """Raise Invalid where an authority does not reach to somebody as old as they are: for what is permitted elsewhere.

    Raises NotFound.
    """
    row = people.find(session, movement, person)
    if row is None:
        raise NotFound
    reasons = authority.too_young_or_old(session, movement, person, AgeBand(row.age_band), by)
    if faults := [Fault(f"{place}/authority", reason, "no_authority") for reason in reasons]:
        raise Invalid(faults=faults)


def record(session: Session, movement: str, person: str, said: NewPermission, at: datetime) -> Permission:
    """Add a decision of somebody who is known. What is given is announced, and so is what a refusal ends: what they had
    said yes to, and what was done without one."""
    notice, by = said.notice, said.by
    permission = Permission(
        movement=movement,
        id=new_id("permission"),
        person=person,
        purpose=said.purpose,
        channel=said.channel,
        decision=said.decision,
        notice=None if notice is None else notice.name,
        notice_version=None if notice is None else notice.version,
        notice_language=None if notice is None else notice.language,
        authority=Authority.SELF if by is None else by.authority,
        given_by=_giver(session, movement, by),
        given_by_name=None if by is None else by.name,
        evidence=None if by is None else by.evidence,
        consulted=[] if by is None else [str(each) for each in by.consulted],
        capacity_assessed_on=None if by is None else by.capacity_assessed_on,
        said_on=said.said_on,
        holds_from=said.holds_from,
        review_on=said.review_on,
        takes_back=said.takes_back,
        decided_at=at,
    )
    about = {"person": person, "permission": permission.id, "purpose": said.purpose, "channel": str(said.channel)}
    if said.decision is Decision.GIVEN:
        outbox.record(session, PermissionGiven(**about))
    elif _ends_something(session, movement, person, said, at):
        outbox.record(session, PermissionEnded(**about))
    store.add(session, movement, permission)
    return permission


def tell_all_ended(session: Session, movement: str, person: str, at: datetime) -> int:
    """Announce the end of every yes of a person that a stop of that moment ends; how many there were."""
    stop = store.latest_stop(session, movement, person, at)
    decided = store.all_of(session, movement, [person])
    since = [each for each in decided if stop is None or each.decided_at > stop.stopped_at]
    last = {(each.purpose, each.channel): each for each in sorted(since, key=lambda each: each.decided_at)}
    ended = [each for each in last.values() if each.decision == Decision.GIVEN]
    for yes in ended:
        about = {"person": person, "permission": yes.id, "purpose": yes.purpose, "channel": yes.channel}
        outbox.record(session, PermissionEnded(**about))
    return len(ended)


def decisions(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Permission]:
    """What a person has decided, the first decision first. Raises NotFound."""
    return store.list_permissions(session, movement, _known(session, movement, person), after=after, limit=limit)


def _ends_something(session: Session, movement: str, person: str, said: NewPermission, at: datetime) -> bool:
    """Whether a refusal ends what the person had said yes to, or what needs no yes; a stop ended either before it."""
    last, stop = store.said(session, movement, person, at)
    latest = last.get((said.purpose, said.channel))
    if latest is None:
        return stop is None and not purposes.rule(session, movement, said.purpose).needs_a_yes(said.channel)
    return latest.decision == Decision.GIVEN and (stop is None or stop.stopped_at < latest.decided_at)


def _giver(session: Session, movement: str, by: By | None) -> str | None:
    return None if by is None or by.given_by is None else people.present_id(session, movement, by.given_by)


def _refuse_unheard(session: Session, movement: str, person: str, said: NewPermission, at: datetime) -> None:
    """Refuse a yes that does not hear the no before it, or that is there already."""
    last, stop = store.said(session, movement, person, at)
    before = last.get((said.purpose, said.channel))
    if stop is not None and (before is None or before.decided_at <= stop.stopped_at):
        _refuse_after(session, movement, said, stop.id, stop.stopped_at, Authority.SELF)
    elif before is not None and before.decision == Decision.REFUSED:
        _refuse_after(session, movement, said, before.id, before.decided_at, Authority(before.authority))
    elif before is not None and _says_the_same(before, said) and _holds(session, movement, person, said, at):
        raise AlreadyGiven("it holds as it is", permission=before.id)


def _holds(session: Session, movement: str, person: str, said: NewPermission, at: datetime) -> bool:
    """Whether it is permitted as things stand: while their data rests it is not, whatever they said."""
    return verdicts.verdict(session, movement, person, said.purpose, said.channel, at).permitted


def _refuse_after(session: Session, movement: str, said: NewPermission, no: str, at: datetime, by: Authority) -> None:
    """Refuse a yes after a no, unless it is said since and takes that back; a person's own no only they take back."""
    if said.takes_back != no:
        raise Withdrawn("a new yes names the no that it takes back", withdrawal=no)
    if said.said_on is not None and said.said_on < at.astimezone(ZoneInfo(days.zone(session, movement))).date():
        raise Withdrawn("the yes was said before the no", withdrawal=no)
    if by in OWN and said.by is not None and said.by.authority not in OWN:
        reason = "does not reach: the person said no themself, and only they take that back"
        raise Invalid(faults=[Fault("/by/authority", reason, "no_authority")])


def _says_the_same(before: Permission, said: NewPermission) -> bool:
    """Whether a yes adds nothing: given under the same notice, by the same authority, with the same review."""
    shown = said.notice
    again = None if shown is None else (shown.name, shown.version)
    authority_again = Authority.SELF if said.by is None else said.by.authority
    return (before.notice, before.notice_version, before.authority, before.review_on) == (
        *(again or (None, None)),
        authority_again,
        said.review_on,
    )


def _known(session: Session, movement: str, person: str) -> str:
    """The present id of somebody of the movement. Raises NotFound."""
    now_known_as = people.present_id(session, movement, person)
    if not people.known(session, movement, [now_known_as]):
        raise NotFound
    return now_known_as
