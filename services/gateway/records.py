"""What the gateway keeps of somebody: how they signed in, and which partners' tools were told of what concerns them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.gateway.access.api_keys.models import ApiKey
from services.gateway.access.movements.models import Movement
from services.gateway.access.sessions.models import UserSession
from services.gateway.access.users.models import User
from services.gateway.feed.models import FeedItem
from services.gateway.handovers.models import Handover
from services.gateway.webhooks.models import Delivery, Endpoint
from shared.access.answering import router_of
from shared.access.sections import Column, Contribution, Section, Value, moment
from shared.erasure.marks import Marks

Rows = list[list[Value]]


def told(session: Session, movement: str, asked: Marks) -> Contribution:
    """Accounts, sign-ins, keys and leavings of whoever is asked for, and who was told of them."""
    users = session.scalars(sa.select(User).where(User.movement == movement, User.person.in_(asked.people))).all()
    ids = [user.id for user in users]
    sections = [
        _accounts(users),
        _sign_ins(session, movement, ids),
        _keys(session, movement, ids),
        _leavings(session, movement, asked.people),
        _tellings(session, movement, asked.people),
    ]
    name = session.scalar(sa.select(Movement.name).where(Movement.id == movement))
    return Contribution([section for section in sections if section.rows], name)


def _accounts(users: Sequence[User]) -> Section:
    columns = [
        *(Column("email", "E-mail address"), Column("name", "Name"), Column("role", "Role")),
        *(Column("created_at", "Created", "moment"), Column("ended_at", "Ended", "moment")),
    ]
    rows: Rows = [[user.email, user.name, user.role, moment(user.created_at), moment(user.ended_at)] for user in users]
    about = "With what you sign in. The password is kept in a form that nobody can read, and is not shown."
    return Section("accounts", "Your accounts", about, columns, rows)


def _sign_ins(session: Session, movement: str, users: Sequence[str]) -> Section:
    query = sa.select(UserSession).where(UserSession.movement == movement, UserSession.user.in_(users))
    rows: Rows = [
        [moment(each.created_at), moment(each.expires_at), moment(each.revoked_at)]
        for each in session.scalars(query.order_by(UserSession.id))
    ]
    columns = [
        Column("created_at", "Signed in", "moment"),
        Column("expires_at", "Until", "moment"),
        Column("revoked_at", "Signed out", "moment"),
    ]
    return Section("sign_ins", "Your sign-ins", "When you signed in, as far as it is still kept.", columns, rows)


def _keys(session: Session, movement: str, users: Sequence[str]) -> Section:
    query = sa.select(ApiKey).where(ApiKey.movement == movement, ApiKey.created_by.in_(users))
    rows: Rows = [
        [key.name, moment(key.created_at), moment(key.last_used_at), moment(key.revoked_at)]
        for key in session.scalars(query.order_by(ApiKey.id))
    ]
    columns = [
        *(Column("name", "Name"), Column("created_at", "Made", "moment")),
        *(Column("last_used_at", "Last used", "moment"), Column("revoked_at", "Ended", "moment")),
    ]
    return Section("keys", "Keys that you made", "Keys for other programs; the keys are not shown.", columns, rows)


def _leavings(session: Session, movement: str, people: Sequence[str]) -> Section:
    query = sa.select(Handover).where(Handover.movement == movement, Handover.person.in_(people))
    rows: Rows = [
        [each.reason, each.leaving_on.isoformat(), moment(each.access_ended_at)]
        for each in session.scalars(query.order_by(Handover.id))
    ]
    columns = [
        *(Column("reason", "Why"), Column("leaving_on", "Leaving", "day")),
        Column("access_ended_at", "Access ended", "moment"),
    ]
    return Section("leavings", "When you left", "Your leaving, as far as your access goes.", columns, rows)


def _tellings(session: Session, movement: str, people: Sequence[str]) -> Section:
    """Which endpoints took events about them: to whom data was disclosed (UK GDPR, article 15(1)(c))."""
    query = (
        sa.select(
            Endpoint.url,
            Endpoint.description,
            sa.func.count(),
            sa.func.min(FeedItem.occurred_at),
            sa.func.max(FeedItem.occurred_at),
        )
        .join(Delivery, (Delivery.movement == Endpoint.movement) & (Delivery.endpoint == Endpoint.id))
        .join(FeedItem, (FeedItem.movement == Delivery.movement) & (FeedItem.position == Delivery.position))
        .where(Endpoint.movement == movement, FeedItem.service == "members", FeedItem.key.in_(people))
        .where(Delivery.status == "succeeded")
        .group_by(Endpoint.id, Endpoint.url, Endpoint.description)
        .order_by(Endpoint.id)
    )
    rows: Rows = [
        [url, description, count, moment(first), moment(last)]
        for url, description, count, first, last in session.execute(query)
    ]
    columns = [
        *(Column("url", "Address"), Column("description", "Whose it is"), Column("count", "How often", "number")),
        *(Column("first", "First", "moment"), Column("last", "Last", "moment")),
    ]
    about = "Other programs that were told that something about you had changed: its kind and number, and no name."
    return Section("tellings", "Who was told", about, columns, rows)


router = router_of(told)
