"""What is sent and answered about hooks, what came in by them, and what a person has to settle."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field

from services.gateway.inbound import models
from services.gateway.inbound.models import Kind, State
from services.gateway.inbound.signatures import Scheme
from shared.fields import Body, View, line
from shared.ids import Id

MessageId = Annotated[str, Id("inb")]


Secret = Annotated[str, Field(min_length=24, max_length=500, description="left out: one is made, and shown this once")]


Basis = Literal["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"]
"""UK GDPR, article 6(1)(a) to (f)."""


Expression = Annotated[str, line(500)]
"""JMESPath (jmespath.org)."""


class Shown(NamedTuple):
    """A hook, with its secret where that was made here just now."""

    hook: models.Hook
    secret: str | None


class NewSecret(Body):
    """Another secret."""

    secret: Secret | None = None


class NewHook(NewSecret):
    """How a CRM shows that it is who calls, and where its messages have what is asked of them."""

    scheme: Scheme
    records: Annotated[
        Expression | None,
        Field(description="JMESPath over a message: its record, or a list of them", examples=["data"]),
    ] = None
    record_id: Annotated[Expression | None, Field(description="over a record: what the CRM calls it")] = None
    deleted: Annotated[Expression | None, Field(description="over a record: whether it was deleted (`true`)")] = None
    refusals: Annotated[
        Expression | None,
        Field(
            description="over a record: a list of the channels by which its person does not want to be reached",
            examples=["[do_not_email && 'email']"],
        ),
    ] = None
    basis: Annotated[
        Basis | None,
        Field(
            description="the lawful basis on which somebody is entered who is not known; left out: nobody is entered, "
            "and only who is known is changed"
        ),
    ] = None
    reads: Annotated[
        bool | None,
        Field(
            description="what a record holds is asked of the CRM, so that it is no older state that arrived late; left "
            "out: wherever its API can be asked"
        ),
    ] = None


class Hook(View):
    """Where a CRM calls us, and how it shows that it is it. `version` is its ETag."""

    path: Annotated[str, Field(description="behind the address of this API", examples=["/v1/hooks/crm_01j5…"])]
    scheme: Scheme
    records: str
    record_id: str
    deleted: str
    refusals: str
    basis: Basis | None
    reads: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, hook: models.Hook) -> Self:
        stored = {name: getattr(hook, name) for name in cls.model_fields if name != "path"}
        return cls.model_validate({**stored, "path": f"/v1/hooks/{hook.connection}"})


class HookWithSecret(Hook):
    """A hook, with its secret where one was made: it is shown this once."""

    secret: str | None

    @classmethod
    def shown(cls, opened: Shown) -> Self:
        return cls.model_validate({**Hook.of(opened.hook).model_dump(), "secret": opened.secret})


class Taken(View):
    """How many things were new of what was told. They are taken up after that: the log says what came of each."""

    taken: int


class Message(View):
    """One thing that a CRM told of one of its records, and what became of it: no word of what it said.

    `code` says why it was refused, or why it waits.
    """

    id: MessageId
    record: Annotated[str, Field(description="what the CRM calls the record")]
    kind: Kind
    state: State
    code: str | None
    person: str | None
    attempts: Annotated[int, Field(description="how often it failed to be taken up")]
    received_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, message: models.Message) -> Self:
        return cls.model_validate({name: getattr(message, name) for name in cls.model_fields})
