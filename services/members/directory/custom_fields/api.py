"""Routes of custom fields. Their values are written and shown with the people and organisations that have them."""

from typing import Annotated

from fastapi import Query, Response

from services.members.directory.custom_fields import domain
from services.members.directory.custom_fields.models import Noun
from services.members.directory.custom_fields.schemas import (
    CustomField,
    CustomFieldChanges,
    CustomFieldId,
    NewCustomField,
)
from shared.calls import Call
from shared.editing import Expected, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Custom fields"])

Of = Annotated[Noun | None, Query(alias="of", description="fields of people or of organisations alone")]


@router.get("/custom-fields", response_model=Page[CustomField], **needs("custom_fields:read"))
async def list_custom_fields(call: Call, paging: Paging, of: Of = None) -> Page[CustomField]:
    """The fields that the movement has added to its people and organisations, the oldest first."""
    rows = await call.read(domain.list_fields, noun=of, after=paging.after, limit=paging.fetch)
    return paging.page(rows, CustomField.shown, lambda field: (field.id,))


@router.post("/custom-fields", status_code=201, response_model=CustomField, **needs("custom_fields:write"))
async def define_custom_field(body: NewCustomField, call: Call) -> Response:
    """Add a field. Its key and kind stay as they are for ever. 409 `field_key_taken` where there is one of that key."""
    return tagged(await call.write(domain.define, body, answer=CustomField.shown))


@router.patch("/custom-fields/{field}", response_model=CustomField, **needs("custom_fields:write"))
async def change_custom_field(
    field: CustomFieldId, body: CustomFieldChanges, call: Call, expected: Expected
) -> Response:
    """Rename a field, change its choices, or retire it: values that are there stay, and no new ones are taken."""
    return tagged(await call.write(domain.change, field, body, expected, answer=CustomField.shown))
