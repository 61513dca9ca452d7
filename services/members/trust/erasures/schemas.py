"""How an erasure is asked for, verified and shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import PersonId, Slug
from services.members.trust.erasures import models
from services.members.trust.erasures.models import HeldFor, Refused, State, Verified
from services.members.trust.erasures.rows import Count
from services.members.trust.requests.schemas import RequestId
from shared.erasure.marks import Marks
from shared.fields import Body, View, line
from shared.ids import Id

ErasureId = Annotated[str, Id("erasure")]


class NewErasure(Body):
    """Who is to be erased, or by which request.

    ``also`` is what else they are written about with, such as a nickname or a street address. Their names, addresses
    and numbers are looked for anyhow, and so is a family name that nobody else has.
    """

    person: PersonId | None = None
    request: RequestId | None = Field(
        None, description="the request by right that it answers; who asks is verified by it, and it ends as this does"
    )
    also: list[Annotated[str, line(100)]] = Field(default_factory=list, max_length=50, examples=[["Old Zeb"]])

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if (self.person is None) == (self.request is None):
            raise PydanticCustomError("one_of_them", "needs a person or a request, and not both")
        return self


class Verification(Body):
    """How it was seen that whoever asks is the person, or may ask for them."""

    how: Verified

    @field_validator("how")
    @classmethod
    def _seen_by_somebody(cls, how: Verified) -> Verified:
        if how is Verified.PERIOD_OVER:
            raise PydanticCustomError("not_seen", "is for retention rules: say how it was seen")
        return how


class Hold(Body):
    """Records of a kind, as the preview names it, that are held: why, and until what day, itself included."""

    kind: Slug = Field(examples=["pledges"])
    reason: HeldFor
    until: date


class Beginning(Body):
    """What of theirs is held, if anything. Their name and how to reach them never are."""

    holds: list[Hold] = Field(default_factory=list, max_length=50)


class Refusal(Body):
    """Why the person is not erased. Tell them, and that they may complain: UK GDPR, article 12(4)."""

    because: Refused


class Receipt(View):
    """A service's answer: how many records it erased or changed; null while it has not answered."""

    service: str
    records: int | None
    answered_at: datetime | None


class Held(View):
    """Records that are held: why, and until when; then they are erased as well."""

    kind: str = Field(examples=["pledges"])
    records: int
    reason: HeldFor
    until: date


class Erasure(View):
    """An erasure. ``backups_lapse_on`` is the day after which no backup is left that was made before it."""

    id: str
    version: int
    person: str
    request: RequestId | None
    due_on: date | None = Field(description="the last day to answer the request; it moves as that does")
    state: State
    asked_by: str
    asked_at: datetime
    verified_how: Verified | None
    verified_by: str | None
    verified_at: datetime | None
    refused_because: Refused | None
    refused_at: datetime | None
    begun_by: str | None
    begun_at: datetime | None
    ended_at: datetime | None
    backups_lapse_on: date | None
    receipts: list[Receipt]
    held: list[Held]
    updated_at: datetime

    @classmethod
    def of(cls, erasure: models.Erasure) -> Self:
        """An erasure as the API shows it."""
        return cls(
            **{
                name: getattr(erasure, name)
                for name in cls.model_fields
                if name not in ("receipts", "held", "due_on")
            },
            due_on=None if erasure.asked is None else erasure.asked.due_on,
            receipts=[
                Receipt(
                    service=each.service,
                    records=None if each.answered_at is None else each.records,
                    answered_at=each.answered_at,
                )
                for each in erasure.receipts
            ],
            held=[
                Held(kind=each.kind, records=each.records, reason=HeldFor(each.reason), until=each.until)
                for each in erasure.held
            ],
        )  # fmt: skip


class Outcome(View):
    """What becomes of the records of a kind: how many go, and how many stay without the person."""

    kind: str = Field(examples=["activities"])
    erased: int
    emptied: int
    may_be_held: bool


class Preview(View):
    """What an erasure would do to the records that name the person. What was written about them is found on the way."""

    person: str
    ids: list[str] = Field(description="Every id of theirs: of the records that were merged into theirs too.")
    records: list[Outcome]

    @classmethod
    def of(cls, ids: Sequence[str], counts: Sequence[Count]) -> Self:
        """A preview as the API shows it."""
        return cls(person=ids[0], ids=list(ids), records=[Outcome(**count._asdict()) for count in counts])


class ToFind(View):
    """What tells in a text that it speaks of somebody: :class:`shared.erasure.marks.Marks`."""

    people: list[str]
    phrases: list[str]
    words: list[str]
    addresses: list[str]
    phones: list[str]
    beside: list[str]

    @classmethod
    def of(cls, marks: Marks) -> Self:
        """The marks as the other services read them."""
        return cls(**{name: list(getattr(marks, name)) for name in cls.model_fields})
