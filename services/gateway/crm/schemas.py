"""What is said and shown about CRM connections: never their credentials."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.gateway.access.users.schemas import OrganisationId, PersonId
from services.gateway.crm import models, store
from services.gateway.crm.credentials import Credentials
from services.gateway.crm.mapping import FieldName
from services.gateway.crm.mapping import Mapping as WholeMapping
from services.gateway.crm.models import Errand, Owner, State, Vendor
from services.gateway.crm.queue import kind_of
from services.gateway.crm.store import Standing
from shared.db.types import from_microseconds
from shared.editing import Changes
from shared.fields import Body, Name, Purpose, View, line
from shared.ids import Id

ConnectionId = Annotated[str, Id("crm")]
Url = Annotated[str, line(2000), Field(examples=["https://crm.example.org"])]
System = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", examples=["civicrm"])]
Owners = Annotated[
    dict[FieldName, Owner],
    Field(
        max_length=100,
        description="who wins, by our name of a field (`email`, `organisation.email`), where not as the mapping says",
    ),
]


class NewConnection(Body):
    """A CRM in which people are to be kept, of those who permit `sharing` for the purpose, and organisations.

    An agreement of the organisation that runs it has to cover their data for that purpose. A `generic` one has a
    `mapping`; another vendor's may have one in place of its pack.
    """

    vendor: Vendor
    name: Name = Field(examples=["Our partner's CRM"])
    url: Url = Field(description="the address of the site, without a path that its API has by itself")
    organisation: OrganisationId
    purpose: Purpose = Field(examples=["administration"])
    system: System | None = Field(None, description="by which people's external ids are its own; the vendor's name")
    credentials: Credentials
    pack_version: int | None = Field(None, description="which version of the vendor's mapping pack; the newest")
    mapping: WholeMapping | None = None
    owners: Owners = Field(default_factory=dict)


class MappingChanges(Changes):
    """What is to be different about how people and organisations are kept; a null `mapping` goes back to the pack's."""

    may_be_empty = frozenset({"mapping"})

    pack_version: int | None = None
    mapping: WholeMapping | None = None
    owners: Owners | None = None


class ConnectionChanges(MappingChanges):
    """What is to be different about a connection; a field that is left out stays as it is."""

    name: Name | None = None
    url: Url | None = None
    purpose: Purpose | None = None
    credentials: Credentials | None = None
    status: Annotated[
        Literal["enabled", "paused"] | None, Field(description="paused: what changes waits until it is enabled again")
    ] = None


class Connection(View):
    """A CRM in which people are kept. `version` is its ETag."""

    id: ConnectionId
    vendor: Vendor
    name: str
    url: str
    organisation: OrganisationId
    purpose: str
    system: str
    pack: Annotated[str, Field(examples=["civicrm"])]
    pack_version: int
    mapping: WholeMapping | None
    owners: Mapping[str, Owner]
    status: State
    disabled_reason: Annotated[
        str | None,
        Field(
            description="agreement_missing, agreement_expired or agreement_not_begun, or the code by which the CRM "
            "refused us for a day"
        ),
    ]
    trouble: Annotated[str | None, Field(description="why the last call came to nothing", examples=["rate_limited"])]
    failing_since: datetime | None
    waiting: Annotated[int, Field(description="people and organisations of whom it is still to be told")]
    stuck: Annotated[int, Field(description="those whom it refused, until something changes or they are tried again")]
    to_forget: Annotated[int, Field(description="those whom it is still to delete: erased, or because it is leaving")]
    linked: Annotated[int, Field(description="people whom it has")]
    linked_organisations: Annotated[int, Field(description="organisations that it has")]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """A connection as the API shows it."""
        row, counts = standing
        return cls(
            id=row.id,
            vendor=Vendor(row.vendor),
            name=row.name,
            url=row.url,
            organisation=row.organisation,
            purpose=row.purpose,
            system=row.system,
            pack=row.pack,
            pack_version=row.pack_version,
            mapping=None if row.mapping is None else WholeMapping.model_validate_json(row.mapping),
            owners={field: Owner(owner) for field, owner in row.owners.items()},
            status=State(row.status),
            disabled_reason=row.disabled_reason,
            trouble=row.trouble,
            failing_since=row.failing_since,
            waiting=counts.waiting,
            stuck=counts.stuck,
            to_forget=counts.to_forget,
            linked=counts.linked,
            linked_organisations=counts.linked_organisations,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class Left(View):
    """What stays in a CRM whose connection has ended: records that came to be by what we told, records that were there
    before and have our id, and, of both, those of people who are erased."""

    made: int
    found: int
    erased: int

    @classmethod
    def of(cls, left: store.Left) -> Self:
        """It as the API shows it."""
        return cls(made=left.made, found=left.found, erased=left.erased)


class Waiting(View):
    """Somebody, or an organisation, of whom a CRM is still to be told."""

    person: PersonId | None
    organisation: OrganisationId | None
    errand: Annotated[Errand, Field(description="what the CRM is told of, or that it is to forget")]
    since: Annotated[datetime, Field(description="when the first change was noted that it does not have")]
    attempts: int
    code: Annotated[
        str | None,
        Field(
            description="why it could not be told: the vendor's code, or `changed_there` (it was edited there since: "
            "the CRM's own word of that is waited for), `external_id_taken` (it calls somebody else that), "
            "`mapping_does_not_fit`, `organisation_awaited` (theirs is to be there first)"
        ),
    ]
    stuck: Annotated[bool, Field(description="not tried again before somebody asks for it, or something changes")]
    next_attempt_at: datetime | None

    @classmethod
    def of(cls, row: models.Waiting) -> Self:
        """It as the API shows it."""
        return cls(
            **_named(row.subject),
            errand=Errand(row.errand),
            since=row.since,
            attempts=row.attempts,
            code=row.code,
            stuck=row.stuck,
            next_attempt_at=None if row.stuck else from_microseconds(row.due_at),
        )


class Call(View):
    """How telling a CRM of somebody or of an organisation went: an HTTP status, or none, and the code by which the
    vendor refused it."""

    person: PersonId | None
    organisation: OrganisationId | None
    action: str
    at: datetime
    duration_ms: int
    status: int | None
    code: str | None

    @classmethod
    def of(cls, row: models.Call) -> Self:
        """A call as the API shows it."""
        return cls(
            **_named(row.subject),
            action=row.action,
            at=row.at,
            duration_ms=row.duration_ms,
            status=row.status,
            code=row.code,
        )


def _named(subject: str) -> dict[str, str | None]:
    """Our id of a person or of an organisation, by what it is."""
    organisation = kind_of(subject) is Errand.ORGANISATION
    return {"person": None if organisation else subject, "organisation": subject if organisation else None}
