"""What is said about controllers, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.programmes.schemas import ProgrammeId
from services.members.fields import OrganisationId
from services.members.trust.controllers import models
from services.members.trust.controllers.models import ControlledKind
from shared.coverage import EVERY_KIND, DataClass
from shared.fields import Body, View
from shared.ids import Id

ControllerId = Annotated[str, Id("controller")]
FundId = Annotated[str, Id("fund")]
RecordKind = Annotated[
    DataClass | Literal["*"], Field(description="a kind of record; `*` for every kind", examples=["attendance"])
]


class NewController(Body):
    """That an organisation is the controller of one thing: a kind of record, a programme or a fund."""

    organisation: OrganisationId
    record_kind: RecordKind | None = None
    programme: ProgrammeId | None = None
    fund: FundId | None = None
    starts_on: date | None = Field(None, description="today, unless it is said")

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if sum(given is not None for given in (self.record_kind, self.programme, self.fund)) != 1:
            raise PydanticCustomError("one_thing", "names one of record_kind, programme and fund")
        return self

    @property
    def subject(self) -> tuple[ControlledKind, str]:
        """What it is the controller of."""
        for kind, of in (
            (ControlledKind.PROGRAMME, self.programme),
            (ControlledKind.FUND, self.fund),
            (ControlledKind.RECORD_KIND, self.record_kind),
        ):
            if of is not None:
                return kind, str(of)
        raise AssertionError("the validator lets nothing by without")


class ControllerEnd(Body):
    """The first day on which it is no more the controller, today unless another is named."""

    on: date | None = None


class Controller(View):
    """A controller of one thing. The thing is the one of `record_kind`, `programme` and `fund` that is there."""

    id: ControllerId
    version: int
    organisation: OrganisationId
    record_kind: RecordKind | None
    programme: ProgrammeId | None
    fund: FundId | None
    starts_on: date
    ended_on: date | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, controller: models.Controller) -> Self:
        """A controller as the API shows it."""
        thing = {ControlledKind(controller.of_kind): controller.of}
        kind = thing.get(ControlledKind.RECORD_KIND)
        return cls(
            id=controller.id,
            version=controller.version,
            organisation=controller.organisation,
            record_kind=kind if kind is None or kind == EVERY_KIND else DataClass(kind),
            programme=thing.get(ControlledKind.PROGRAMME),
            fund=thing.get(ControlledKind.FUND),
            starts_on=controller.starts_on,
            ended_on=controller.ended_on,
            created_at=controller.created_at,
            updated_at=controller.updated_at,
        )


class Unnamed(View):
    """What has no controller on a day: nobody answers for it, and no organisation may have it without an agreement."""

    on: date
    record_kinds: list[DataClass]
    programmes: list[ProgrammeId]
