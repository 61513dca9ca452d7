"""Routes of documents and photographs."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Response
from pydantic import Field

from services.grants.applications.documents import domain, models
from services.grants.applications.documents.models import FileTooLarge, Purpose
from services.grants.fields import ApplicationId, DocumentId
from shared.calls import Call, CallOf
from shared.fields import Name, View
from shared.needs import Needs, needs
from shared.routing import Router

router = Router(tags=["applications"])
_DOCUMENTS = "/v1/applications/{application_id}/documents"


class Document(View):
    """A file of an application. `digest` is its SHA-256; what kind it is was told by what is in it."""

    id: str
    application: str
    purpose: Purpose
    name: str
    media_type: str
    size: Annotated[int, Field(description="in bytes")]
    digest: str
    added_at: datetime

    @classmethod
    def of(cls, document: models.Document) -> "Document":
        """The answer for a file."""
        return cls(
            id=document.id,
            application=document.application,
            purpose=Purpose(document.purpose),
            name=document.name,
            media_type=document.media_type,
            size=document.size,
            digest=document.digest,
            added_at=document.added_at,
        )


class Documents(View):
    """The files of an application, which are few."""

    data: list[Document]


def _takes_a_file(scope: str) -> Needs:
    """What the route needs, and that its body is the file itself."""
    needed = needs(scope)
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        **needed,
        "openapi_extra": {**needed["openapi_extra"], "requestBody": {"required": True, "content": content}},
    }


@router.post(_DOCUMENTS, status_code=201, response_model=Document, **_takes_a_file("applications:write"))
async def add_document(
    application_id: ApplicationId,
    call: Call,
    name: Annotated[Name, Query(description="what the file is called")],
    purpose: Annotated[Purpose, Query(description="what it is for")] = Purpose.DOCUMENT,
) -> Response:
    """Add a file to an application that waits for its answer, or to a draft: the body is the file as it is.

    413 `file_too_large` over the operator's limit, 422 `unknown_file` for what is no PDF, picture or text, 409
    `too_many_files` after ten.
    """
    sent = domain.Sent(name, purpose, await _received(call))
    by = call.principal.user or call.principal.id
    return await call.write(domain.add, application_id, sent, call.parts.secrets, by, answer=Document.of)


@router.get(_DOCUMENTS, **needs("applications:read"))
async def list_documents(application_id: ApplicationId, call: Call) -> Documents:
    """The files of an application, in the order in which they came."""
    rows = await call.read(domain.list_documents, application_id)
    return Documents(data=[Document.of(row) for row in rows])


@router.get(_DOCUMENTS + "/{document_id}", **needs("applications:read", file="*/*"))
async def get_document(application_id: ApplicationId, document_id: DocumentId, call: Call) -> Response:
    """A file as it was sent, to be kept: a browser is told not to show it."""
    document, content = await call.read(domain.read, application_id, document_id, call.parts.secrets)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(document.name)}"}
    return Response(content, media_type=document.media_type, headers=headers)


async def _received(call: CallOf) -> bytes:
    """The body, as long as it is no longer than a file may be."""
    longest, received = call.parts.settings.application_file_bytes, bytearray()
    async for piece in call.upload():
        received += piece
        if len(received) > longest:
            raise FileTooLarge(f"a file has {longest} bytes at most", limit=longest)
    return bytes(received)
