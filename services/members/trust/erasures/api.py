"""Routes of erasures. Those under `/internal` are for the other services, and the gateway forwards nothing to them."""

from fastapi import Response

from services.members.trust.erasures import domain
from services.members.trust.erasures.models import State
from services.members.trust.erasures.schemas import (
    Beginning,
    Erasure,
    ErasureId,
    NewErasure,
    Preview,
    Refusal,
    ToFind,
    Verification,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/erasures", tags=["Erasures"])
internal = Router(prefix="/internal/erasures", tags=["Erasures"])


@router.post("", status_code=201, response_model=Erasure, **needs("erasures:write"))
async def ask_for_erasure(body: NewErasure, call: Call) -> Response:
    """Take down that somebody is to be erased. Nothing is erased until it is verified who asks, and begun.

    409 `erasure_under_way` where one of theirs is not over.
    """
    return tagged(await call.write(domain.ask, body, call.parts.secrets, answer=Erasure.of))


@router.get("", response_model=Page[Erasure], **needs("erasures:read"))
async def list_erasures(call: Call, paging: Paging, state: State | None = None) -> Page[Erasure]:
    """Erasures in the order in which they were asked for, with the receipts of the services."""
    rows = await call.read(domain.list_erasures, state=state, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Erasure.of, lambda erasure: (erasure.id,))


@router.get("/{erasure}", response_model=Erasure, **needs("erasures:read"))
async def read_erasure(erasure: ErasureId, call: Call, response: Response) -> Erasure:
    """An erasure: how far it is, what each service answered, what is held, why and until when."""
    found = Erasure.of(await call.read(domain.read, erasure))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.get("/{erasure}/preview", response_model=Preview, **needs("erasures:read"))
async def preview_erasure(erasure: ErasureId, call: Call) -> Preview:
    """How many records of each kind would go, and how many would stay without the person."""
    return Preview.of(*await call.read(domain.preview, erasure))


@router.post("/{erasure}/verification", response_model=Erasure, **needs("erasures:write", user=True))
async def verify_erasure(erasure: ErasureId, body: Verification, call: Call, expected: Expected) -> Response:
    """Say how it was seen that whoever asks is the person, or may ask for them. It takes a person to see that."""
    return tagged(await call.write(domain.verify, erasure, body.how, expected, answer=Erasure.of))


@router.post("/{erasure}/refusal", response_model=Erasure, **needs("erasures:write", user=True))
async def refuse_erasure(erasure: ErasureId, body: Refusal, call: Call, expected: Expected) -> Response:
    """Erase nobody, and say why."""
    return tagged(await call.write(domain.refuse, erasure, body.because, expected, answer=Erasure.of))


@router.post("/{erasure}/start", status_code=202, response_model=Erasure, **needs("erasures:write", user=True))
async def start_erasure(erasure: ErasureId, body: Beginning, call: Call, expected: Expected) -> Response:
    """Erase the person everywhere, but for what is held. It cannot be undone.

    Their access ends first; then every service erases what it keeps, and answers with a receipt. Where they are the
    last who could let others in, it ends `refused`, `last_admin`, and nothing was erased. 409 `holds_relationships`
    while they keep relationships that are to be handed over first (`POST /v1/handovers`).
    """
    begun = call.write(domain.begin, erasure, body.holds, expected, call.parts.secrets, answer=Erasure.of)
    return tagged(await begun)


@internal.get("/{erasure}/marks", response_model=ToFind, **needs("erasures:read"))
async def read_marks(erasure: ErasureId, call: Call) -> ToFind:
    """What another service is to look for, while the erasure is under way."""
    return ToFind.of(await call.read(domain.marks, erasure, call.parts.secrets))
