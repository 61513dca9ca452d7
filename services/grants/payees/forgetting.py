"""Erasing somebody whose account it is: the bank details go, whatever is still to be paid into it."""

from services.grants.payees import store
from services.grants.payees.entering import opened
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder, Marks
from shared.parts import Parts

_AT_A_TIME = 200


async def forget_accounts(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Delete the details of accounts that are in somebody's name.

    What was paid stays, with four digits; what is not at the bank yet waits for other details.
    """
    finder, after = Finder(marks), ""
    while some := await db.read(store.sealed_accounts, movement, after, _AT_A_TIME):
        after = some[-1].id
        named = ((account.id, opened(account, parts.secrets)) for account in some)
        theirs = [id_ for id_, kept in named if kept and finder.without(kept.name_on_account) != kept.name_on_account]
        if theirs:
            await db.erase(store.delete_details, movement, theirs)
