"""The field types that only this service's requests have."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.fields import line, lines
from shared.ids import Id

PersonId = Annotated[str, Id("person")]
OrganisationId = Annotated[str, Id("org")]
PolicyId = Annotated[str, Id("policy")]
ActivityId = Annotated[str, Id("activity")]
RunId = Annotated[str, Id("run")]
NextAskId = Annotated[str, Id("nextask")]
ConfirmationId = Annotated[str, Id("confirmation")]
MembershipId = Annotated[str, Id("membership")]

Reference = Annotated[str, line(200)]
Paragraph = Annotated[str, lines(1000)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
"""A word of the movement's own vocabulary. It may travel on the log, so its form leaves no room for a sentence."""
Label = Annotated[str, line(60), AfterValidator(lambda text: " ".join(text.lower().split()))]
"""A word or two about somebody, such as a tag: in lower case, with single spaces."""
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
"""A language tag by BCP 47, such as `cy` or `pa-Guru`."""


def _address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:  # its words may repeat the address
        raise PydanticCustomError("email_address", "is not an e-mail address") from None


def digits(number: str) -> str:
    """A telephone number without its punctuation; the plus of an international one stays."""
    return "".join(character for character in number if character in "+0123456789")


def _phone(value: str) -> str:
    if not 3 <= len(digits(value).removeprefix("+")) <= 15:  # 15 is the longest by ITU-T E.164
        raise PydanticCustomError("phone_number", "needs 3 to 15 digits")
    return value


def _postcode(value: str) -> str:
    return " ".join(value.upper().split())


EmailAddress = Annotated[str, StringConstraints(max_length=254), AfterValidator(_address)]
"""An address by the RFCs, normalised; whether it can be delivered to is not asked."""
PhoneNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^\+?[0-9 ()./-]*$"), AfterValidator(_phone)
]
Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{1,14}$"),
    AfterValidator(_postcode),
]
