"""What requests and answers about payees look like. Bank details come in and never go out: four digits are shown."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from services.grants.fields import AwardId
from services.grants.payees import models
from services.grants.payees.models import AccountCheck, PayeeKind
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.ids import Id

PayeeId = Annotated[str, Id("payee")]


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)


SortCode = Annotated[
    str,
    Field(pattern=r"^[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2}$", description="six digits", examples=["08-99-99"]),
    AfterValidator(_digits),
]
AccountNumber = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{6,8}$",
        description="six to eight digits; a bank that writes nine or ten says how it is written in eight",
        examples=["66374958"],
    ),
    AfterValidator(lambda written: written.zfill(8)),
]


class BankDetails(Body):
    """An account of a bank in the United Kingdom. Details replace the ones before as a whole."""

    name_on_account: Annotated[str, line(70)]
    sort_code: SortCode
    account_number: AccountNumber


class NewPayee(Body):
    """Who is to be paid for an award."""

    award: AwardId
    kind: PayeeKind = PayeeKind.GROUP
    name: Name
    account: BankDetails | None = None


class PayeeChanges(Changes):
    """What is said of a payee besides its account."""

    kind: PayeeKind | None = None
    name: Name | None = None


class CalledBack(Body):
    """That somebody called on a number that was known before the change, and from where it was known."""

    known_from: Annotated[str, line(200), Field(examples=["the application form of March"])]


class Account(View):
    """An account as it is shown: never more than four digits of its number."""

    last_four: Annotated[str, Field(examples=["4958"])]
    check: Annotated[AccountCheck, Field(description="the modulus check; it never shows that an account is right")]
    waits: Annotated[bool, Field(description="changed details that nobody has made sure of by a call: nothing is paid")]
    entered_by: str
    entered_at: datetime
    verified_by: str | None
    verified_at: datetime | None

    @classmethod
    def of(cls, account: models.Account) -> "Account":
        """An account as the API shows it."""
        return cls(
            last_four=account.last_four,
            check=AccountCheck(account.checked),
            waits=account.waits,
            entered_by=account.entered_by,
            entered_at=account.entered_at,
            verified_by=account.verified_by,
            verified_at=account.verified_at,
        )


class Payee(View):
    """Who receives an award's money."""

    id: str
    award: str
    kind: PayeeKind
    name: str
    account: Account | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, known: tuple[models.Payee, models.Account | None]) -> "Payee":
        """A payee and its account as the API shows them."""
        payee, account = known
        return cls(
            id=payee.id,
            award=payee.award_id,
            kind=PayeeKind(payee.kind),
            name=payee.name,
            account=None if account is None else Account.of(account),
            version=payee.version,
            created_at=payee.created_at,
            updated_at=payee.updated_at,
        )
