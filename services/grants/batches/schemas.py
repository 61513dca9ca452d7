"""What requests and answers about batches look like."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.grants.batches import models
from services.grants.batches.layouts import Layout
from services.grants.batches.models import BatchState
from services.grants.fields import FundId
from services.grants.payees.schemas import AccountNumber, SortCode
from services.grants.payments.models import PaymentState
from services.grants.payments.schemas import PaymentId, Reason
from shared.fields import Body, View, line
from shared.money import Money

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", examples=["standard_18"])]


class Payer(Body):
    """The account out of which is paid. It is kept sealed, and not answered."""

    name: Annotated[str, line(70)]
    sort_code: SortCode
    account_number: AccountNumber


class NewBatch(Body):
    """Which payments of a fund go to the bank together: those named, or all that can."""

    fund: FundId
    template: Slug = "neutral"
    payments: Annotated[list[PaymentId], Field(min_length=1, max_length=2000)] | None = None
    payer: Payer | None = None


class ExportAgain(Body):
    """Why the file is made another time."""

    reason: Reason


class Result(Body):
    """What the bank says of one payment."""

    payment: PaymentId
    outcome: Annotated[PaymentState, Field(description="`paid`, `failed` or `returned`")]
    on: Annotated[date, Field(description="the bank's day")]
    reason: Reason | None = None


class Results(Body):
    """What the bank says of payments of a batch: all of it is taken, or nothing."""

    results: Annotated[list[Result], Field(min_length=1, max_length=2000)]


class Taken(View):
    """How many payments came to which end by what was sent; `unchanged` had come to it before."""

    paid: int = 0
    failed: int = 0
    returned: int = 0
    unchanged: int = 0


class Export(View):
    """One time that the file was made."""

    number: int
    exported_by: str
    exported_at: datetime
    reason: str | None


class Batch(View):
    """A batch: how many payments it has, and how they stand."""

    id: str
    fund: str
    template: str
    state: BatchState
    payments: int
    amount: Annotated[Money, Field(description="of all its payments together")]
    by_state: Annotated[dict[PaymentState, int], Field(description="how many of them are in which state")]
    digest: Annotated[str | None, Field(description="SHA-256 of the file, in hexadecimal digits")]
    made_by: str
    made_at: datetime
    updated_at: datetime
    exports: list[Export]

    @classmethod
    def of(cls, known: models.Known) -> "Batch":
        """A batch as the API shows it."""
        batch = known.batch
        return cls(
            id=batch.id,
            fund=batch.fund_id,
            template=batch.template,
            state=BatchState(batch.state),
            payments=sum(known.counts.values()),
            amount=Money.of(known.pence, batch.currency),
            by_state={PaymentState(state): count for state, count in known.counts.items()},
            digest=batch.digest,
            made_by=batch.made_by,
            made_at=batch.made_at,
            updated_at=batch.updated_at,
            exports=[
                Export(
                    number=each.number, exported_by=each.exported_by, exported_at=each.exported_at, reason=each.reason
                )
                for each in known.exports
            ],
        )


class MadeFile(View):
    """The file of a batch, as the verb hands it to the route, which answers its content alone."""

    name: str
    media_type: str
    content: str
    digest: str


class NewTemplate(Body):
    """A bank's layout, under a name of its own."""

    slug: Slug
    layout: Layout


class Template(View):
    """A layout by which files can be made."""

    slug: str
    built_in: bool
    layout: Layout
