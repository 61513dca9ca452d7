"""Who acts: money never moves, and nobody is chosen or voted for, without a person who answers for it."""

from typing import NamedTuple

from shared.auth import Principal
from shared.calls import CallOf
from shared.errors import NeedsAUser


class Acting(NamedTuple):
    """Somebody who is signed in, and the principal by which it is decided what they may do."""

    user: str
    principal: Principal


def by_user(call: CallOf) -> str:
    """The id of the signed-in user who calls. Raises NeedsAUser for a key, whatever its scopes.

    A route that asks for it declares `needs(…, user=True)`, so that the published API says so too.
    """
    return acting(call).user


def acting(call: CallOf) -> Acting:
    """The signed-in user who calls, with what they act for. Raises NeedsAUser."""
    if call.principal.user is None:
        raise NeedsAUser
    return Acting(call.principal.user, call.principal)
