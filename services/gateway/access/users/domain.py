"""What is done with users: they are invited with a role, set a second factor, change their password, and leave."""

from collections.abc import Collection

from sqlalchemy import orm

from services.gateway.access import scopes
from services.gateway.access.api_keys import store as api_keys
from services.gateway.access.audit import domain as audit
from services.gateway.access.rows import insert_if_new
from services.gateway.access.sessions import store as sessions
from services.gateway.access.users import store
from services.gateway.access.users.models import User
from shared import clock
from shared.errors import Conflict, Fault, Forbidden, NotFound
from shared.ids import new_id


class EmailTaken(Conflict):
    """Another user of the movement signs in with this address."""

    code = "email_taken"
    title = "Another user has this email address"


class NoSecondFactor(Conflict):
    """There is no second factor to confirm or to remove."""

    code = "no_second_factor"
    title = "No second factor is set up"


class SecondFactorInUse(Conflict):
    """A confirmed second factor is removed before another is set up."""

    code = "second_factor_in_use"
    title = "A second factor is in use already"


class LastAdmin(Conflict):
    """Without an admin nobody could let anybody in any more, or take up what is left."""

    code = "last_admin"
    title = "The last admin cannot leave: make somebody else an admin first"


class LeadAppoints(Forbidden):
    """There is a designated lead, and whoever is to see what they see is appointed by them."""

    code = "lead_appoints"
    title = "The designated lead appoints who works with them"


def create_user(
    session: orm.Session,
    movement: str,
    *,
    email: str,
    name: str,
    role: scopes.Role,
    password_hash: str,
    organisation: str | None = None,
    person: str | None = None,
    granting: Collection[str],
) -> User:
    """Add a user. ``granting`` are the scopes of whoever adds them: nobody hands on more than they hold.

    An admin appoints the first lead of safeguarding, and no further one over their head.
    """
    scopes.refuse_ungrantable(granting, scopes.ROLES[role], "/role")
    if role == "safeguarding" and not scopes.ROLES[role] <= set(granting) and store.has_live(session, movement, role):
        raise LeadAppoints
    user = new_id("user")
    row: dict[str, object] = {"movement": movement, "id": user, "email": email, "name": name, "role": role}
    row |= {"organisation": organisation, "person": person, "password_hash": password_hash, "created_at": clock.now()}
    if not insert_if_new(session, User, row | {"totp_confirmed": False, "totp_last_step": 0}):
        raise EmailTaken(faults=[Fault("/email", "is another user's", EmailTaken.code)])
    audit.note(session, movement, "user.created", user, role=role)
    return get_user(session, movement, user)


def get_user(session: orm.Session, movement: str, user: str, *, lock: bool = False) -> User:
    """A user of this movement, or NotFound."""
    found = store.find(session, movement, user, lock=lock)
    if found is None:
        raise NotFound("there is no such user")
    return found


def set_person(
    session: orm.Session, movement: str, user: str, person: str | None, *, granting: Collection[str]
) -> User:
    """Say who a user is among the movement's people: as that person they accept, decline and speak for themself.

    Nobody says it of somebody who may do more than they may themselves.
    """
    found = get_user(session, movement, user, lock=True)
    scopes.refuse_ungrantable(granting, scopes.scopes_of(found.role), "/user")
    found.person = person
    audit.note(session, movement, "user.linked", user)
    return found


def end_user(session: orm.Session, movement: str, user: str, *, granting: Collection[str]) -> User:
    """Close an account: its sessions and the keys that its user made end in the same transaction.

    Nobody closes the account of somebody who may do more than they may themselves. Raises LastAdmin, ScopeNotHeld.
    """
    # Before the user's own row, so that of two admins who end at once the second sees that it is the last.
    admins = store.live_admins(session, movement)
    found = get_user(session, movement, user, lock=True)
    scopes.refuse_ungrantable(granting, scopes.scopes_of(found.role), "/role")
    if list(admins) == [user]:
        raise LastAdmin
    at = clock.now()
    found.end(at)
    audit.note(session, movement, "user.ended", user, role=found.role)
    sessions.revoke_all(session, movement, user, at)
    api_keys.revoke_made_by(session, movement, user, at)
    return found


def set_password(
    session: orm.Session, movement: str, user: str, password_hash: str, *, keep: str | None = None
) -> User:
    """Change a password and sign out everywhere else; ``keep`` is the session that asked."""
    found = get_user(session, movement, user, lock=True)
    found.password_hash = password_hash
    sessions.revoke_all(session, movement, user, clock.now(), keep=keep)
    audit.note(session, movement, "user.password_changed", user)
    return found


def reset_password(session: orm.Session, movement: str, email: str, password_hash: str) -> User:
    """What ``users reset-password`` does: a new password, no second factor, signed out everywhere."""
    found = store.by_email(session, movement, email.lower())
    if found is None:
        raise NotFound("no user of the movement has this address")
    found.drop_second_factor()
    return set_password(session, movement, found.id, password_hash)


def offer_second_factor(session: orm.Session, movement: str, user: str, sealed: bytes) -> User:
    """Keep the sealed secret of an authenticator app; it counts once a code confirms it."""
    found = get_user(session, movement, user, lock=True)
    if found.totp_confirmed:
        raise SecondFactorInUse()
    found.offer_second_factor(sealed)
    return found


def confirm_second_factor(session: orm.Session, movement: str, user: str, step: int) -> User:
    """From now on signing in takes a code; ``step`` is the time step of the code that proved the app's set-up."""
    found = _with_second_factor(session, movement, user, step)
    found.take_code_of(step)
    audit.note(session, movement, "user.second_factor_confirmed", user)
    return found


def remove_second_factor(session: orm.Session, movement: str, user: str, step: int) -> User:
    """Sign in by password alone again; ``step`` is the time step of the last code."""
    found = _with_second_factor(session, movement, user, step)
    found.drop_second_factor()
    audit.note(session, movement, "user.second_factor_removed", user)
    return found


def _with_second_factor(session: orm.Session, movement: str, user: str, step: int) -> User:
    """The user, locked; a code that was used since it was judged counts no more."""
    found = get_user(session, movement, user, lock=True)
    if found.totp_secret is None or step <= found.totp_last_step:
        raise NoSecondFactor()
    return found
