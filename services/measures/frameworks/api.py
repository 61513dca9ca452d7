"""Routes of frameworks."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.frameworks import domain, graphs
from services.measures.frameworks.schemas import (
    MOST_VERSIONS,
    Framework,
    FrameworkChanges,
    FrameworkKey,
    Loops,
    NewFramework,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/frameworks", tags=["frameworks"])


@router.post("", status_code=201, response_model=Framework, **needs("frameworks:write"))
async def make_framework(body: NewFramework, call: Call) -> Response:
    """Make a framework of the movement's own. 409 `key_taken` where the key is in use.

    In a theory of change a cycle of which no link is marked as feedback is 422 `unmarked_cycle`, and named.
    """
    return tagged(await call.write(domain.make, body.key, body.kind, body.content(), answer=Framework.of))


@router.get("", response_model=Page[Framework], **needs("frameworks:read"))
async def list_frameworks(call: Call, paging: Paging) -> Page[Framework]:
    """The movement's frameworks by key, those with which every movement begins among them."""
    shown = await call.read(domain.list_frameworks, paging.after_id, paging.fetch)
    return paging.page(shown, Framework.of, lambda each: (each.key,))


@router.get("/{framework}", response_model=Framework, **needs("frameworks:read"))
async def read_framework(
    framework: FrameworkKey,
    call: Call,
    response: Response,
    version: Annotated[int | None, Query(ge=1, le=MOST_VERSIONS, description="as it was in this version")] = None,
) -> Framework:
    """A framework as it is now, or was."""
    shown = Framework.of(await call.read(domain.read, framework, version))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{framework}", response_model=Framework, **needs("frameworks:write"))
async def change_framework(framework: FrameworkKey, body: FrameworkChanges, call: Call, expected: Expected) -> Response:
    """Change a framework into its next version; assessments stay against the version that they were made by.

    A standard framework becomes the movement's own by it.
    """
    return tagged(await call.write(domain.change, framework, body.sent, expected, answer=Framework.of))


@router.get("/{framework}/versions", response_model=Page[Framework], **needs("frameworks:read"))
async def list_framework_versions(framework: FrameworkKey, call: Call, paging: Paging) -> Page[Framework]:
    """Every version of a framework by number."""
    after = int(paging.after[0]) if paging.after else 0
    shown = await call.read(domain.list_versions, framework, after, paging.fetch)
    return paging.page(shown, Framework.of, lambda each: (each.version,))


@router.get("/{framework}/loops", response_model=Loops, **needs("frameworks:read"))
async def list_framework_loops(framework: FrameworkKey, call: Call) -> Loops:
    """The loops of a systems map or a theory of change: which reinforce and which balance, a hundred at the most."""
    said = (await call.read(domain.read, framework)).content
    order = [element.key for element in said.elements]
    return Loops.of(await call.parts.cpu.run(graphs.loops, order, list(said.links), deadline=call.deadline))
