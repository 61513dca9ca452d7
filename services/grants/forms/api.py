"""Routes of forms and of their versions."""

from fastapi import Response

from services.grants.fields import FormId, FormVersionId
from services.grants.forms import domain, store
from services.grants.forms.schemas import Asked, Form, FormVersion, FormVersionChanges, NewForm
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["forms"])
_VERSION = "/v1/forms/{form_id}/versions/{version_id}"


@router.post("/v1/forms", status_code=201, response_model=Form, **needs("forms:write"))
async def make_form(body: NewForm, call: Call) -> Response:
    """Make a form: a preset such as `one_question`, or a JSON Schema of the answers.

    422 names whatever keeps the schema from being one: what refers outside, patterns, depth, size.
    """
    return await call.write(domain.make_form, body, answer=Form.of)


@router.get("/v1/forms", **needs("forms:read"))
async def list_forms(call: Call, paging: Paging) -> Page[Form]:
    """The movement's forms, oldest first, each with its newest version."""
    rows = await call.read(store.list_forms, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Form.of, lambda row: (row.form.id,))


@router.get("/v1/forms/{form_id}", **needs("forms:read"))
async def get_form(form_id: FormId, call: Call) -> Form:
    """A form with its newest version."""
    return Form.of(await call.read(domain.get_form, form_id))


@router.post("/v1/forms/{form_id}/versions", status_code=201, response_model=FormVersion, **needs("forms:write"))
async def add_form_version(form_id: FormId, body: Asked, call: Call) -> Response:
    """Ask differently from now on. Rounds that ask by another version go on with that."""
    return tagged(await call.write(domain.add_version, form_id, body, answer=FormVersion.of))


@router.get("/v1/forms/{form_id}/versions", **needs("forms:read"))
async def list_form_versions(form_id: FormId, call: Call, paging: Paging) -> Page[FormVersion]:
    """The versions of a form, the first first."""
    after = 0 if paging.after is None else int(paging.after[0])
    rows = await call.read(domain.list_versions, form_id, after=after, limit=paging.fetch)
    return paging.page(rows, FormVersion.of, lambda row: (row.number,))


@router.get(_VERSION, **needs("forms:read"))
async def get_form_version(form_id: FormId, version_id: FormVersionId, call: Call, response: Response) -> FormVersion:
    """What a version of a form asks. Its `id` is what a round names, its `ETag` what an edit names."""
    shown = FormVersion.of(await call.read(domain.get_version, form_id, version_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch(_VERSION, response_model=FormVersion, **needs("forms:write"))
async def change_form_version(
    form_id: FormId, version_id: FormVersionId, body: FormVersionChanges, call: Call, expected: Expected
) -> Response:
    """Change a version; 409 `form_frozen` once a round was published with it: add another one then."""
    return tagged(await call.write(domain.change_version, form_id, version_id, body, expected, answer=FormVersion.of))
