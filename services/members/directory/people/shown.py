"""How a person is shown."""

from datetime import date, datetime
from typing import Self

from services.members.directory.custom_fields.schemas import shown_values
from services.members.directory.people import models
from services.members.directory.people.models import AgeBand, LabelKind, LawfulBasis
from services.members.directory.people.schemas import Email, ExternalId, Phone
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.memberships.models import Membership as Standing
from services.members.fields import PersonId
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.schemas import Notice
from shared.fields import View


class ShownPhone(Phone):
    """A telephone number as it was given, and its digits."""

    digits: str


class Membership(View):
    """A person's place in the movement. ``rung`` is null for somebody under 16: children have no rung."""

    id: str
    state: str
    rung: Rung | None
    joined_at: datetime
    brought_by: PersonId | None

    @classmethod
    def of(cls, membership: Standing) -> Self:
        """A membership as the API shows it."""
        return cls(
            id=membership.id,
            state=membership.state,
            rung=Rung(membership.rung) if membership.rung else None,
            joined_at=membership.joined_at,
            brought_by=membership.brought_by,
        )


class Provenance(View):
    """One way in which the movement came to have a person's data."""

    id: str
    source: str
    reference: str | None
    basis: LawfulBasis
    notice: Notice | None
    notice_given_on: date | None
    recorded_at: datetime

    @classmethod
    def of(cls, row: models.Provenance) -> Self:
        """It as the API shows it; what came out of the database is not checked a second time."""
        return cls(
            id=row.id,
            source=row.source,
            reference=row.reference,
            basis=LawfulBasis(row.basis),
            notice=Notice.stored(row.notice, row.notice_version, row.notice_language),
            notice_given_on=row.notice_given_on,
            recorded_at=row.recorded_at,
        )


class Person(View):
    """A person of the movement. ``membership`` is null for somebody who is known and has not joined."""

    id: PersonId
    given_name: str
    family_name: str | None
    known_as: str | None
    emails: list[Email]
    phones: list[ShownPhone]
    postcode: str | None
    languages: list[str]
    age_band: AgeBand
    date_of_birth: date | None
    contact_preference: list[Channel]
    access_needs: str | None
    interests: list[str]
    skills: list[str]
    tags: list[str]
    custom: dict[str, str | int | float | bool | date]
    external_ids: list[ExternalId]
    provenance: list[Provenance]
    membership: Membership | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, person: models.Person) -> Self:
        """A person as the API shows them; what came out of the database is not checked a second time."""
        labels: dict[str, list[str]] = {kind: [] for kind in LabelKind}
        for label in person.labels:
            labels[label.kind].append(label.label)
        return cls(
            id=person.id,
            given_name=person.given_name,
            family_name=person.family_name,
            known_as=person.known_as,
            emails=[Email.model_construct(address=e.address, primary=e.is_primary) for e in person.emails],
            phones=[ShownPhone.model_construct(number=p.number, digits=p.digits) for p in person.phones],
            postcode=person.postcode,
            languages=person.languages,
            age_band=AgeBand(person.age_band),
            date_of_birth=person.date_of_birth,
            contact_preference=[Channel(channel) for channel in person.contact_preference],
            access_needs=person.access_needs,
            interests=labels[LabelKind.INTEREST],
            skills=labels[LabelKind.SKILL],
            tags=labels[LabelKind.TAG],
            custom=shown_values(person.custom),
            external_ids=[ExternalId.model_construct(system=e.system, id=e.external_id) for e in person.external_ids],
            provenance=[Provenance.of(row) for row in person.provenance],
            membership=None if person.membership is None else Membership.of(person.membership),
            version=person.version,
            created_at=person.created_at,
            updated_at=person.updated_at,
        )
