"""Who acts: money never moves, and nobody is chosen or voted for, without a person who answers for it."""

from shared.calls import CallOf
from shared.errors import NeedsAUser


def by_user(call: CallOf) -> str:
    """The id of the signed-in user who calls. Raises NeedsAUser for a key, whatever its scopes.

    A route that asks for it declares `needs(…, user=True)`, so that the published API says so too.
    """
    if call.principal.user is None:
        raise NeedsAUser
    return call.principal.user
