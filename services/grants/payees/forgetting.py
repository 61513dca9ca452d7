"""Erasing somebody whose account it is: the bank details go, whatever is still to be paid into it."""

from services.grants.payees import store
from services.grants.payees.entering import opened
from shared.db import Bound
from shared.erasure.marks import Finder, Marks
from shared.parts import Parts

_AT_A_TIME = 200


async def forget_accounts(parts: Parts, db: Bound, movement: str, marks: Marks) -> int:
    """Delete the details of accounts that are in somebody's name; answers how many.

    What was paid stays, with four digits; what is not at the bank yet waits for other details.
    """
    finder, after, forgotten = Finder(marks), "", 0
    while some := await db.read(store.sealed_accounts, movement, after, _AT_A_TIME):
        after = some[-1].id
        named = ((account.id, opened(account, parts.secrets)) for account in some)
        theirs = [id_ for id_, kept in named if kept and finder.without(kept.name_on_account) != kept.name_on_account]
        if theirs:
            forgotten += await db.write(store.delete_details, movement, theirs)
    return forgotten
