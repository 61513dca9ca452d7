"""What requests and answers about applications look like."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue, StringConstraints

from services.grants.applications import models
from services.grants.applications.eligibility import Rule
from services.grants.applications.models import ApplicationState, HostState
from services.grants.applications.receipts import submitted
from services.grants.fields import Moment, OrganisationId, Paragraph, Place, RoundId, Slug
from services.grants.rounds.rules import GroupKind
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.money import Money


class Host(Body):
    """An accountable body that is to hold the money of a group without a bank account. It is asked, and agrees itself.

    Without `organisation` somebody notes what it answered by telephone.
    """

    name: Name
    organisation: OrganisationId | None = None


class Contact(Body):
    """Whom to reach about it. It is kept apart from the application, and is not shown with it."""

    name: Name | None = None
    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    phone: Annotated[str, line(30)] | None = None


class Telephone(Body):
    """It was taken down by telephone, by whoever sends it: when, and that it was read back to the group."""

    taken_at: Moment
    read_back: Annotated[bool, Field(description="must be true when it is submitted")]


Answers = Annotated[dict[str, JsonValue], Field(description="to the questions of the round's form, if it has one")]


class Content(Changes):
    """What a group says of itself and of what it would do, as far as it has come."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset(
        {"group_name", "summary", "amount", "place", "theme", "group_kind", "organisation", "has_account", "host"}
        | {"contact", "telephone"}
    )

    group_name: Name | None = None
    summary: Annotated[
        Paragraph | None,
        Field(description="what would you do with it? left out where the form has a question for that"),
    ] = None
    amount: Annotated[Money | None, Field(description="within the round's limits, in its currency")] = None
    place: Annotated[Place | None, Field(description="where it would happen, as a GSS code")] = None
    theme: Annotated[Slug | None, Field(description="what it is about, in a word of the movement's")] = None
    group_kind: GroupKind | None = None
    organisation: Annotated[OrganisationId | None, Field(description="the group, where the movement knows it")] = None
    answers: Annotated[Answers, Field(default_factory=dict)]
    has_account: Annotated[bool | None, Field(description="a bank account in the group's name; false: name a host")] = (
        None
    )
    host: Host | None = None
    contact: Contact | None = None
    telephone: Telephone | None = None


class NewApplication(Content):
    """What a group asks of a round, to be submitted at once."""

    round_id: Annotated[RoundId, Field(alias="round")]
    group_name: Name
    amount: Annotated[Money, Field(description="within the round's limits, in its currency")]


class Decline(Body):
    """A plain reason, which the group is told, and one offer of help."""

    reason: Paragraph
    help: Annotated[Paragraph, Field(description="such as whom to talk to about another way, and how to reach them")]


class Screening(Body):
    """Whether the round is for this group. If not: by which rule, and the reason that it is told.

    `despite` says why it is taken although a rule is plainly not met, or another application is of the same group.
    """

    eligible: bool
    despite: Paragraph | None = None
    rule: Rule | None = None
    reason: Paragraph | None = None


class HostAnswer(Body):
    """What the accountable body answers: it will hold the money for the group, or not."""

    agrees: bool


class ShownHost(View):
    """The accountable body of a group, and what it answered."""

    name: str
    organisation: str | None
    state: HostState
    answered_at: datetime | None

    @classmethod
    def of(cls, application: models.Application) -> "ShownHost | None":
        """The answer for an application's host; None where it has none."""
        if application.host_name is None or application.host_state is None:
            return None
        return cls(
            name=application.host_name,
            organisation=application.host_organisation,
            state=HostState(application.host_state),
            answered_at=application.host_answered_at,
        )


class ShownTelephone(View):
    """Who took an application down by telephone, and when. It was read back to the group."""

    taken_by: str
    taken_at: datetime

    @classmethod
    def of(cls, application: models.Application) -> "ShownTelephone | None":
        """The answer for an application; None for one in writing."""
        if application.taken_by is None or application.taken_at is None:
            return None
        return cls(taken_by=application.taken_by, taken_at=application.taken_at)


class Application(View):
    """An application. What was submitted never changes; its state does."""

    id: str
    number: Annotated[str, Field(description="what the group is told to name it by; it gives no order away")]
    round: str
    group_name: str
    group_kind: GroupKind | None
    organisation: str | None
    summary: str
    amount: Money
    place: str | None
    theme: str | None
    form_version: str | None
    answers: dict[str, object]
    has_account: bool | None
    host: ShownHost | None
    by_telephone: ShownTelephone | None
    state: ApplicationState
    to_screen: Annotated[bool, Field(description="whether the round is for it is not plain from what it says")]
    ineligible_rule: Rule | None
    ineligible_reason: str | None
    decline_reason: str | None
    help_offered: str | None
    submitted_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, application: models.Application) -> "Application":
        """The answer for an application."""
        return cls(
            id=application.id,
            number=application.number,
            round=application.round_id,
            group_name=application.group_name,
            group_kind=None if application.group_kind is None else GroupKind(application.group_kind),
            organisation=application.organisation,
            summary=application.summary,
            amount=Money.of(application.amount, application.currency),
            place=application.place,
            theme=application.theme,
            form_version=application.form_version,
            answers=application.answers,
            has_account=application.has_account,
            host=ShownHost.of(application),
            by_telephone=ShownTelephone.of(application),
            state=ApplicationState(application.state),
            to_screen=application.to_screen,
            ineligible_rule=None if application.ineligible_rule is None else Rule(application.ineligible_rule),
            ineligible_reason=application.ineligible_reason,
            decline_reason=application.decline_reason,
            help_offered=application.help_offered,
            submitted_at=application.submitted_at,
            updated_at=application.updated_at,
        )


class Receipt(View):
    """What a group can show for it: `digest` is the SHA-256 of `submitted`, written as JSON with sorted keys, no space
    between them, in UTF-8. It stays what it was when words are taken out of an application because somebody is erased.
    """

    number: str
    submitted_at: datetime
    digest: Annotated[str | None, Field(description="null: submitted before there were receipts")]
    submitted: dict[str, object]

    @classmethod
    def of(cls, application: models.Application) -> "Receipt":
        """The receipt for an application."""
        return cls(
            number=application.number,
            submitted_at=application.submitted_at,
            digest=application.digest,
            submitted=submitted(application),
        )
