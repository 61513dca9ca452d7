"""Entering bank details: checked against the banks' table where the platform has it, then sealed."""

from typing import NamedTuple

import msgspec

from services.grants.acting import Acting
from services.grants.payees import modulus
from services.grants.payees.models import Account, AccountCheck, Payee, account_place
from services.grants.payees.schemas import BankDetails
from shared import clock
from shared.errors import Fault, Invalid
from shared.ids import new_id
from shared.secrets import Secrets
from shared.settings import Settings, SettingsError


class Entering(NamedTuple):
    """Somebody who enters details, what seals them, and the banks' table where there is one."""

    by: Acting
    secrets: Secrets
    table: modulus.Table | None


def table_of(settings: Settings) -> modulus.Table | None:
    """The banks' table; None where the platform has none. A new issue of the file is read when it is there.

    Raises SettingsError where what is set is no table.
    """
    weights, stand_ins = settings.bank_modulus_table, settings.bank_modulus_stand_ins
    if weights is None:
        return None
    try:
        changed = tuple(path.stat().st_mtime_ns for path in (weights, stand_ins) if path is not None)
        return modulus.load(weights, stand_ins, changed)
    except (OSError, UnicodeDecodeError, modulus.BadTable) as error:
        why = str(error) if isinstance(error, modulus.BadTable) else type(error).__name__
        raise SettingsError(f"BACKBONE_BANK_MODULUS_TABLE: it cannot be read ({why})") from None


def account_of(payee: Payee, said: BankDetails, entering: Entering) -> Account:
    """The row of a payee's new account. Raises Invalid where the banks' table says that there is no such account."""
    checked, id_ = _checked(said, entering.table), new_id("account")
    sealed = msgspec.json.encode(said.model_dump())
    return Account(
        movement=payee.movement,
        id=id_,
        payee_id=payee.id,
        sealed=entering.secrets.seal(sealed, bound_to=account_place(payee.movement, id_)),
        last_four=said.account_number[-4:],
        checked=checked,
        replaces=payee.account_id,
        entered_by=entering.by.user,
        entered_at=clock.now(),
    )


def opened(account: Account, secrets: Secrets) -> BankDetails | None:
    """The details of an account; None once they were deleted."""
    if account.sealed is None:
        return None
    sealed = secrets.open(account.sealed, bound_to=account_place(account.movement, account.id))
    return BankDetails.model_validate_json(sealed)


def _checked(said: BankDetails, table: modulus.Table | None) -> AccountCheck:
    if table is None:
        return AccountCheck.NOT_RUN
    match table.disproves(said.sort_code, said.account_number):
        case None:
            return AccountCheck.NOT_COVERED
        case True:
            reason = "no account of this sort code has this number: ask the group to read both out again"
            raise Invalid(faults=[Fault("/account_number", reason, "fails_modulus_check")])
        case False:
            return AccountCheck.NOT_DISPROVED
