"""What requests and answers about imports and other funders' grants look like."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from services.grants.open_data.imports import models
from shared.fields import Body, Name, View
from shared.jobs import models as jobs
from shared.jobs.schemas import Job
from shared.money import Money


class ImportQuery(Body):
    """Where a file comes from, and whether it is only to be checked."""

    source: Annotated[Name, Field(description="who published it, or where", examples=["Lloyds Bank Foundation"])]
    licence: Annotated[Name | None, Field(description="what it may be used under", examples=["CC BY 4.0"])] = None
    dry_run: Annotated[bool, Field(description="say what is wrong with it, and take nothing")] = False


class GrantsImport(View):
    """An import, and the job that takes it. `job.result` says how many grants it had and which rules they break."""

    id: str
    source: str
    licence: str | None
    dry_run: bool
    created_at: datetime
    revealed_at: Annotated[datetime | None, Field(description="from when on its grants were there")]
    job: Job

    @classmethod
    def of(cls, found: tuple[models.GrantsImport, jobs.Job]) -> "GrantsImport":
        """The answer for an import."""
        row, job = found
        return cls(
            id=row.id,
            source=row.source,
            licence=row.licence,
            dry_run=row.dry_run,
            created_at=row.created_at,
            revealed_at=row.revealed_at,
            job=Job.of(job),
        )


class GrantFault(View):
    """A rule of the standard that a grant breaks."""

    pointer: str
    code: str
    reason: str


class ExternalGrant(View):
    """A grant that another funder published. It is no money of ours, and counts in no fund."""

    id: str
    imported_by: Annotated[str, Field(description="the import that took it")]
    grant_id: Annotated[str, Field(examples=["360G-LBFEW-114001"])]
    funder: Annotated[str | None, Field(description="the funder's identifier")]
    recipient: Annotated[str | None, Field(description="the recipient's identifier")]
    amount: Annotated[Money | None, Field(description="null where it is no amount of money")]
    awarded_on: date | None
    place: Annotated[str | None, Field(description="the code of the first place that it benefits")]
    valid: Annotated[bool, Field(description="whether it breaks no rule of the standard")]
    faults: list[GrantFault]
    grant: Annotated[dict[str, Any], Field(description="the whole of it, in the words of the standard")]

    @classmethod
    def of(cls, found: models.ExternalGrant) -> "ExternalGrant":
        """The answer for a grant."""
        return cls(
            id=found.id,
            imported_by=found.import_id,
            grant_id=found.grant_id,
            funder=found.funder,
            recipient=found.recipient,
            amount=None if found.amount is None or found.currency is None else Money.of(found.amount, found.currency),
            awarded_on=found.awarded_on,
            place=found.place,
            valid=found.valid,
            faults=[GrantFault(**each) for each in found.faults],
            grant=found.grant,
        )
