"""Deciding, and whether something is allowed: the one answer that every path goes by."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people import store as people
from services.members.trust.permissions import store, verdicts
from services.members.trust.permissions.models import Decision, Permission
from services.members.trust.permissions.schemas import NewPermission
from services.members.trust.permissions.verdicts import Verdict
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.members.trust import PermissionEnded, PermissionGiven
from shared.ids import new_id


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


def decide(session: Session, movement: str, person: str, said: NewPermission) -> Permission:
    """Add a person's decision to those that they have made. Raises NotFound."""
    return record(session, movement, _known(session, movement, person), said, clock.now())


def record(session: Session, movement: str, person: str, said: NewPermission, at: datetime) -> Permission:
    """Add a decision of somebody who is known. What is given is announced, and so is what a refusal ends."""
    notice = said.notice
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
        decided_at=at,
    )
    about = {"person": person, "permission": permission.id, "purpose": said.purpose, "channel": str(said.channel)}
    if said.decision is Decision.GIVEN:
        outbox.record(session, PermissionGiven(**about))
    elif _gave(session, movement, person, said, at):
        outbox.record(session, PermissionEnded(**about))
    store.add(session, movement, permission)
    return permission


def decisions(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Permission]:
    """What a person has decided, the first decision first. Raises NotFound."""
    return store.list_permissions(session, movement, _known(session, movement, person), after=after, limit=limit)


def _gave(session: Session, movement: str, person: str, said: NewPermission, at: datetime) -> bool:
    """Whether what is refused is what the person had said yes to."""
    latest = store.latest(session, movement, person, said.purpose, said.channel, at)
    return latest is not None and latest.decision == Decision.GIVEN


def _known(session: Session, movement: str, person: str) -> str:
    """The present id of somebody of the movement. Raises NotFound."""
    now_known_as = people.present_id(session, movement, person)
    if not people.known(session, movement, [now_known_as]):
        raise NotFound
    return now_known_as
