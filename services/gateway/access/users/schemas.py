"""What is sent and answered about users and about oneself."""

from datetime import datetime
from typing import Annotated, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.gateway.access import passwords
from services.gateway.access.scopes import Role
from services.gateway.access.users import models
from shared.fields import Body, View
from shared.ids import Id

UserId = Annotated[str, Id("user")]
OrganisationId = Annotated[str, Id("org")]
PersonId = Annotated[str, Id("person")]


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise PydanticCustomError("invalid_email", "is not an email address") from None


Email = Annotated[str, Field(max_length=254, examples=["anna@example.org"]), AfterValidator(_email)]
Password = Annotated[str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST)]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="six digits of an authenticator app")]


class NewUser(Body):
    """Somebody who may sign in. Without a password one is made, and answered this once."""

    email: Email
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
    role: Role
    organisation: Annotated[OrganisationId | None, Field(description="the organisation that the user acts for")] = None
    person: Annotated[PersonId | None, Field(description="who the user is among the movement's people")] = None
    password: Password | None = None


class NewPerson(Body):
    """Who a user is among the movement's people; null: nobody whom it knows."""

    person: PersonId | None


class User(View):
    """A user. `ended_at` is when the account was closed."""

    id: UserId
    email: str
    name: str
    role: Role
    organisation: OrganisationId | None
    person: PersonId | None
    second_factor: Annotated[bool, Field(description="whether signing in takes a code")]
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, user: models.User) -> Self:
        """As it is answered."""
        return cls.model_validate(_fields(user))


class CreatedUser(User):
    """The new user, and the password where it was made here."""

    password: Annotated[str | None, Field(description="shown this once; null where one was sent")]

    @classmethod
    def with_password(cls, user: models.User, password: str | None) -> Self:
        """As it is answered once."""
        return cls.model_validate(_fields(user) | {"password": password})


class NewPassword(Body):
    """The password that is in use, and the one that replaces it."""

    current: Annotated[str, Field(max_length=passwords.LONGEST)]
    new: Password


class Confirmation(Body):
    """A code that proves that the authenticator app is at hand."""

    code: Code


class SecondFactor(View):
    """What an authenticator app needs; it counts once a code confirms it. Shown this once."""

    secret: str
    uri: Annotated[str, Field(description="otpauth:// address, for a QR code")]


def _fields(user: models.User) -> dict[str, object]:
    names = ("id", "email", "name", "role", "organisation", "person", "created_at", "ended_at")
    return {name: getattr(user, name) for name in names} | {"second_factor": user.totp_confirmed}
