"""What is asked and answered about trying out another mapping."""

from typing import Annotated, Self

from pydantic import Field, JsonValue

from services.gateway.access.users.schemas import OrganisationId, PersonId
from services.gateway.crm.domain import faults_of_change
from services.gateway.crm.dry_runs import domain
from services.gateway.crm.dry_runs.domain import Proposed
from services.gateway.crm.mapping import mapping_of
from services.gateway.crm.models import Connection, Errand, Owner, Vendor
from services.gateway.crm.queue import kind_of
from services.gateway.crm.schemas import MappingChanges
from shared.errors import Invalid
from shared.fields import View


class Proposal(MappingChanges):
    """What would be changed; what is left out stays as it is, and a null `mapping` goes back to the pack's."""

    def instead_of(self, connection: Connection) -> Proposed:
        """The mapping that this would make of the present one. Raises Invalid."""
        if faults := faults_of_change(Vendor(connection.vendor), self):
            raise Invalid(faults=faults)
        own = connection.mapping
        if "mapping" in self.model_fields_set:
            own = None if self.mapping is None else self.mapping.model_dump_json()
        mapping = mapping_of(connection.pack, self.pack_version or connection.pack_version, own)
        return Proposed(mapping, connection.owners if self.owners is None else self.owners)


class FieldSent(View):
    """A field of the CRM's that would be sent."""

    field: str
    before: Annotated[JsonValue, Field(description="what both sides agreed on last; null where nothing, or not known")]
    before_known: Annotated[
        bool, Field(description="false: the CRM was never told it, or neither mapping makes what it has of the record")
    ]
    after: JsonValue
    owner: Annotated[Owner, Field(description="`ask`: left as it is where it was edited there since")]


class Difference(View):
    """A record of which the CRM would be sent something."""

    person: PersonId | None
    organisation: OrganisationId | None
    external_id: Annotated[str | None, Field(description="what the CRM calls it; null: it would be found or made")]
    fields: list[FieldSent]
    code: Annotated[
        str | None,
        Field(
            description="`mapping_does_not_fit`: nothing could be sent; `organisation_awaited`: theirs is to be there "
            "first"
        ),
    ]

    @classmethod
    def of(cls, found: domain.Difference) -> Self:
        """It as the API shows it."""
        organisation = kind_of(found.subject) is Errand.ORGANISATION
        return cls(
            person=None if organisation else found.subject,
            organisation=found.subject if organisation else None,
            external_id=found.external_id,
            fields=[
                FieldSent(field=f.name, before=f.before, before_known=f.known, after=f.after, owner=f.owner)
                for f in found.fields
            ],
            code=found.code,
        )


class DryRun(View):
    """What a change would have a CRM sent, of the part that was looked at."""

    looked_at: Annotated[int, Field(description="records of this part, also those of which nothing would be sent")]
    data: list[Difference]
    next_cursor: Annotated[
        str | None,
        Field(description="goes on behind this part, with the same body: the parts add up. null: that was all"),
    ]
