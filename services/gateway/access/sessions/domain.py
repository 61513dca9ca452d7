"""What is done with sessions: attempts are counted before they are judged, a right one opens a session, one ends."""

from datetime import timedelta

from sqlalchemy import orm

from services.gateway.access import tokens
from services.gateway.access.audit import domain as audit
from services.gateway.access.sessions import store
from services.gateway.access.sessions.models import LIFETIME, UserSession
from services.gateway.access.users import store as users
from services.gateway.access.users.models import User
from shared import clock
from shared.errors import NotFound, TooManyRequests, Unauthenticated
from shared.ids import new_id

_REMEMBERED = timedelta(days=1)


class WrongCredentials(Unauthenticated):
    """Address, password or code: which of them is not told."""

    code = "wrong_credentials"
    title = "The email address, the password or the code is wrong"


class CodeNeeded(Unauthenticated):
    """The password is right, and the account has a second factor."""

    code = "code_needed"
    title = "The code of the second factor is needed"


class TooManyAttempts(TooManyRequests):
    """Too many wrong attempts with this address."""

    code = "too_many_attempts"
    title = "Too many wrong attempts"


def count_attempt(session: orm.Session, address: str) -> None:
    """Count an attempt as failed before it is judged, so that guesses made side by side count too.

    Raises TooManyAttempts while the address is blocked; a right attempt forgets the count.
    """
    at = clock.now()
    store.delete_attempts(session, at - _REMEMBERED)
    attempts = store.attempts(session, address, at)
    wait = attempts.seconds_blocked(at)
    if wait:
        raise TooManyAttempts(f"try again in {wait} seconds", headers={"retry-after": str(wait)})
    attempts.failed(at)


def forget_attempts(session: orm.Session, address: str) -> None:
    """The attempt was right."""
    store.forget_attempts(session, address)


def open_session(
    session: orm.Session, movement: str, user: str, *, judged: User, step: int | None, address: str, pepper: bytes
) -> tuple[UserSession, str]:
    """Open a session for a user whose password and code were found right, and answer it with its token.

    ``judged`` is the account as it was then: where it has changed since, or the code was used meanwhile, it is refused.
    """
    found = users.find(session, movement, user, lock=True)
    if found is None or found.ended_at is not None or found.password_hash != judged.password_hash:
        raise WrongCredentials()
    if found.totp_confirmed:
        if step is None or step <= found.totp_last_step:
            raise WrongCredentials()
        found.take_code_of(step)
    store.forget_attempts(session, address)
    at = clock.now()
    store.delete_ended(session, at - _REMEMBERED)
    record = new_id("session")
    token = tokens.mint("session", record, pepper)
    opened = UserSession(
        movement=movement, id=record, user=user, digest=token.digest, created_at=at, expires_at=at + LIFETIME
    )
    session.add(opened)
    session.flush()
    audit.note(session, movement, "session.opened", record, user=user)
    return opened, token.text


def end_session(session: orm.Session, movement: str, record: str) -> None:
    """Sign out: the token is refused from now on."""
    found = store.find(session, movement, record)
    if found is None:
        raise NotFound("there is no such session")
    found.revoke(clock.now())
    audit.note(session, movement, "session.ended", record, user=found.user)
