"""What requests and answers about publishing look like."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, AnyHttpUrl, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.grants.fields import OrganisationId, Paragraph
from services.grants.open_data.publishing import models
from services.grants.open_data.publishing.models import Described, Treatment
from services.grants.open_data.standard.codelists import REGRANT_TYPES
from services.grants.open_data.standard.packages import LICENCES
from shared.editing import Changes
from shared.errors import Fault
from shared.fields import Body, Name, View


def _known_licence(address: str) -> str:
    if address not in LICENCES:
        raise PydanticCustomError("unknown_licence", "must be a licence by which 360Giving publishes data")
    return address


def _known_code(code: str) -> str:
    if code not in REGRANT_TYPES:
        raise PydanticCustomError("unknown_code", "must be a code of the standard's list, such as FRG010")
    return code


Prefix = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9]{1,60}$"),
    Field(description="as 360Giving gave it, without `360G-`", examples=["actiontogether"]),
]
Identifier = Annotated[
    str,
    StringConstraints(pattern=r"^(360G|[A-Z]{2})-[A-Za-z0-9]+-[A-Za-z0-9._-]{1,80}$"),
    Field(description="a register and the number in it (org-id.guide)", examples=["GB-CHC-1165512"]),
]
Licence = Annotated[str, AfterValidator(_known_licence), Field(json_schema_extra={"enum": sorted(LICENCES)})]
RegrantType = Annotated[str, AfterValidator(_known_code), Field(json_schema_extra={"enum": sorted(REGRANT_TYPES)})]


class KnownOrganisation(Body):
    """An organisation as funds and contributions call it, and what registers call it."""

    name: Name
    identifier: Identifier
    organisation: Annotated[OrganisationId | None, Field(description="its record here, if it has one")] = None


class OpenDataChanges(Changes):
    """What of the settings is to be different. `organisations` is the whole list."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"prefix", "publisher", "publisher_identifier", "website"})

    prefix: Prefix | None = None
    publisher: Name | None = None
    publisher_identifier: Identifier | None = None
    website: AnyHttpUrl | None = None
    licence: Licence | None = None
    described_by: Described | None = None
    regrant_type: RegrantType | None = None
    organisations: Annotated[list[KnownOrganisation] | None, Field(max_length=500)] = None


class OpenDataSettings(View):
    """Who publishes a movement's grants, and by which identifiers. Without a `prefix` nothing is published."""

    prefix: str | None
    publisher: Annotated[str | None, Field(description="null: the movement's name")]
    publisher_identifier: str | None
    website: str | None
    licence: str
    described_by: Annotated[Described, Field(description="whose words say what a grant is for")]
    regrant_type: Annotated[str, Field(description="what contributions are, which are grants to be granted on")]
    organisations: list[KnownOrganisation]
    updated_at: datetime | None
    version: Annotated[int, Field(description="0 until something was set")]

    @classmethod
    def of(cls, settings: models.OpenDataSettings) -> "OpenDataSettings":
        """The answer for settings."""
        return cls(
            prefix=settings.prefix,
            publisher=settings.publisher,
            publisher_identifier=settings.publisher_identifier,
            website=settings.website,
            licence=settings.licence,
            described_by=Described(settings.described_by),
            regrant_type=settings.regrant_type,
            organisations=[KnownOrganisation(**each) for each in settings.organisations],
            updated_at=settings.updated_at if settings.version else None,
            version=settings.version,
        )


class NewPublication(Body):
    """What is told of an award. Words given here are published in place of what the group wrote."""

    treatment: Treatment = Treatment.OPEN
    reason: Annotated[Paragraph | None, Field(description="why less is told; it is never published")] = None
    to_individual: Annotated[bool, Field(description="given to one person, who is never named")] = False
    recipient_identifier: Annotated[Identifier | None, Field(description="the group's, where it is registered")] = None
    title: Name | None = None
    description: Paragraph | None = None

    @model_validator(mode="after")
    def _less_for_a_reason(self) -> "NewPublication":
        if self.treatment is not Treatment.OPEN and self.reason is None:
            raise PydanticCustomError("reason_missing", "what is blurred or withheld is so for a reason")
        return self


class Publication(View):
    """What is told of an award."""

    award: str
    treatment: Treatment
    reason: str | None
    to_individual: bool
    recipient_identifier: str | None
    title: str | None
    description: str | None
    updated_at: datetime | None
    version: Annotated[int, Field(description="0 until something was said")]

    @classmethod
    def of(cls, publication: models.Publication) -> "Publication":
        """The answer for a publication."""
        return cls(
            award=publication.award_id,
            treatment=Treatment(publication.treatment),
            reason=publication.reason,
            to_individual=publication.to_individual,
            recipient_identifier=publication.recipient_identifier,
            title=publication.title,
            description=publication.description,
            updated_at=publication.updated_at if publication.version else None,
            version=publication.version,
        )


class PublishingFault(View):
    """What keeps a grant out of the files: of what, where in the published grant, and why."""

    award: str | None
    contribution: str | None
    fund: Annotated[str | None, Field(description="of which the money was passed on to whoever holds it")]
    pointer: Annotated[str | None, Field(description="JSON pointer into the grant; null: of the settings")]
    code: str | None
    reason: str

    @classmethod
    def of(cls, kind: str, subject: str, fault: Fault) -> "PublishingFault":
        """The answer for a fault of an award, of a contribution or of a fund."""
        return cls(
            award=subject if kind == "award" else None,
            contribution=subject if kind == "contribution" else None,
            fund=subject if kind == "fund" else None,
            pointer=fault.pointer,
            code=fault.code,
            reason=fault.reason,
        )


class PublishingCheck(View):
    """What the files have and what keeps the rest out of them: the check before publishing, of what stands now."""

    published: Annotated[int, Field(description="grants in the files")]
    withheld: Annotated[int, Field(description="awards that the movement keeps out of them")]
    faulty: Annotated[int, Field(description="grants that have a fault and are left out until it is mended")]
    faults: list[PublishingFault]
