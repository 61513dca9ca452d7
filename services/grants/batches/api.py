"""Routes of batches. What sends money takes a person; what the bank says may come from a key."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import Body, Query, Response

from services.grants.acting import acting
from services.grants.batches import bank_files, domain, results, store
from services.grants.batches.layouts import BUILT_IN, Layout
from services.grants.batches.models import BatchState
from services.grants.batches.schemas import (
    Batch,
    ExportAgain,
    MadeFile,
    NewBatch,
    NewTemplate,
    Results,
    Taken,
    Template,
)
from services.grants.fields import FundId
from services.grants.payments.schemas import BatchId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/payment-batches", tags=["payment-batches"])
Csv = Annotated[bytes, Body(media_type="text/csv", description="A CSV file in UTF-8, with a header.")]
Pairs = Annotated[str | None, Query(max_length=500, pattern=r"^[a-z]+:[^,:]+(,[a-z]+:[^,:]+)*$")]
_A_FILE = needs("payment_batches:write", user=True, file="text/*")


@router.post("/templates", status_code=201, response_model=Template, **needs("payment_batches:write", user=True))
async def add_payment_template(body: NewTemplate, call: Call) -> Response:
    """Enter the layout of a bank's file: its columns, their widths, and the characters that the bank takes.

    It never changes, for files were made by it: 409 `template_exists`.
    """
    acting(call)
    return await call.write(
        domain.add_template, body, answer=lambda made: Template(slug=made.slug, built_in=False, layout=body.layout)
    )


@router.get("/templates", **needs("payment_batches:read"))
async def list_payment_templates(call: Call) -> Page[Template]:
    """Every layout: the house's own, and those that the movement entered."""
    entered = await call.read(store.templates)
    ours = [Template(slug=slug, built_in=True, layout=layout) for slug, layout in BUILT_IN.items()]
    theirs = [Template(slug=each.slug, built_in=False, layout=Layout.model_validate(each.layout)) for each in entered]
    return Page(data=ours + theirs)


@router.post("", status_code=201, response_model=Batch, **needs("payment_batches:write", user=True))
async def make_payment_batch(body: NewBatch, call: Call) -> Response:
    """Put approved payments of a fund into a batch: those named, all or none, or whatever is due and may go out.

    A payment is in one batch at most. 409 `nothing_to_pay`; 422 names each payment that cannot go out, and why.
    """
    return await call.write(domain.make, body, acting(call), call.parts.secrets, answer=Batch.of)


@router.get("", **needs("payment_batches:read"))
async def list_payment_batches(
    call: Call,
    paging: Paging,
    fund_id: Annotated[FundId | None, Query(alias="fund", description="only this fund's")] = None,
    state: Annotated[BatchState | None, Query(description="only those in this state")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Batch]:
    """The movement's batches, oldest first, each with how its payments stand."""
    rows = await call.read(
        store.list_batches, fund_id=fund_id, state=state, since=updated_since, after=paging.after_id,
        limit=paging.fetch,
    )  # fmt: skip
    return paging.page(rows, Batch.of, lambda known: (known.batch.id,))


@router.get("/{batch_id}", **needs("payment_batches:read"))
async def get_payment_batch(batch_id: BatchId, call: Call) -> Batch:
    """A batch: how its payments stand, and each time that its file was made, by whom and why."""
    return Batch.of(await call.read(domain.get_batch, batch_id))


@router.post("/{batch_id}/export", **_A_FILE)
async def export_payment_batch(batch_id: BatchId, call: Call) -> Response:
    """Make the file for the bank, once; the batch keeps its SHA-256, which is also the answer's `Repr-Digest`.

    Every payment is held against what was approved, and its award against what stands before every payment. 409
    `already_exported` the second time; `batch_broken` with a fault a payment that may not go out any more: void it, or
    put right what forbids it, and export then.
    """
    return _answer(await call.write(domain.export, batch_id, acting(call), call.parts.secrets, answer=_as_it_is))


@router.post("/{batch_id}/export-again", **_A_FILE)
async def export_payment_batch_again(batch_id: BatchId, body: ExportAgain, call: Call) -> Response:
    """Make the very same file another time, for a reason that is kept beside who asked for it.

    409 `not_exported`; `details_gone` where an account of it is kept no longer; `file_changed` where it would differ.
    """
    secrets = call.parts.secrets
    return _answer(
        await call.write(domain.export_again, batch_id, body.reason, acting(call), secrets, answer=_as_it_is)
    )


@router.post("/{batch_id}/dissolve", response_model=Batch, **needs("payment_batches:write", user=True))
async def dissolve_payment_batch(batch_id: BatchId, call: Call) -> Response:
    """Let a batch not go to the bank; its payments stay approved, and may go into another."""
    return await call.write(domain.dissolve, batch_id, acting(call), answer=Batch.of)


@router.post("/{batch_id}/results", response_model=Taken, **needs("payment_batches:write"))
async def take_payment_results(batch_id: BatchId, body: Results, call: Call) -> Response:
    """Take back what the bank says of payments of a batch: paid, failed or returned. All of it is taken, or nothing.

    What is paid is in the ledger from then on; what failed or came back may be tried again by another payment. Sent
    again, it changes nothing.
    """
    return await call.write(results.take, batch_id, body.results, call.principal, answer=lambda taken: taken)


@router.post("/{batch_id}/results/imports", response_model=Taken, **needs("payment_batches:write"))
async def import_payment_results(
    batch_id: BatchId, call: Call, body: Csv = b"", columns: Pairs = None, outcomes: Pairs = None
) -> Response:
    """Take back a bank's file: its `reference`, `outcome`, `on` and `reason`, all of it or nothing.

    Where the bank calls them otherwise: `columns=reference:Ref,on:Date`, `outcomes=paid:Accepted,failed:Rejected`.
    """
    called = bank_files.Called(_pairs(columns), _pairs(outcomes))
    return await call.write(results.take_file, batch_id, body, called, call.principal, answer=lambda taken: taken)


def _pairs(text: str | None) -> Mapping[str, str]:
    return {} if text is None else dict(pair.split(":", 1) for pair in text.split(","))


def _as_it_is(made: MadeFile) -> MadeFile:
    return made


def _answer(response: Response) -> Response:
    """The file itself, in place of the JSON that holds it and that is kept, sealed, for whoever repeats the request."""
    made = msgspec.json.decode(response.body, type=dict[str, str])
    content = made["content"].encode()
    headers = {
        name: value for name, value in response.headers.items() if name not in ("content-length", "content-type")
    }
    headers["content-disposition"] = f'attachment; filename="{made["name"]}"'
    headers["repr-digest"] = f"sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:"
    return Response(content, response.status_code, headers, made["media_type"])
