"""Routes of stories. Each that keeps or shows one asks members first who permits it, and shows nothing unasked."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import Key, MeasureId, ProgrammeId, StoryId
from services.measures.stories import domain
from services.measures.stories.asking import who_permits
from services.measures.stories.models import Reach, Shown, State
from services.measures.stories.schemas import NewStory, Story, StoryChanges
from services.measures.stories.store import Chosen
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.errors import NotFound
from shared.fields import GssCode
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/stories", tags=["stories"])

Use = Annotated[
    Reach, Query(description="Only what may be told so far: within the movement, to partners, or to everybody.")
]


@router.post("", status_code=201, response_model=Story, **needs("stories:write"))
async def tell_story(body: NewStory, call: Call) -> Response:
    """Keep a story, as a draft.

    409 `not_permitted` unless everybody whom it tells of permits it (purpose `stories`, channel `record`); 409
    `told_already` for the same origin and reference; 503 where members cannot be asked.
    """
    permitting = await who_permits(call, body.people, Reach.MOVEMENT)
    return tagged(await call.write(domain.tell, body, permitting, answer=Story.of))


@router.get("", response_model=Page[Story], **needs("stories:read"))
async def list_stories(
    call: Call,
    paging: Paging,
    use: Use = Reach.MOVEMENT,
    state: State | None = None,
    framework: Key | None = None,
    element: Key | None = None,
    measure: MeasureId | None = None,
    place: GssCode | None = None,
    programme: ProgrammeId | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Story]:
    """Stories in the order in which they were entered, those left out that somebody in them does not permit any more.

    So a page may be shorter than was asked for, and is not the last one for that.
    """
    reach = _as_far_as(call, use)
    chosen = Chosen(reach, state, framework, element, measure, place, programme, updated_since)
    rows = await call.read(domain.list_stories, chosen=chosen, after=paging.after_id, limit=paging.fetch)
    page = paging.page(rows, lambda shown: shown, lambda shown: (shown.story.id,))
    told = await _permitted(call, page.data, reach)
    return Page(data=[Story.of(shown) for shown in told], next_cursor=page.next_cursor)


@router.get("/{story}", response_model=Story, **needs("stories:read"))
async def read_story(story: StoryId, call: Call, response: Response, use: Use = Reach.MOVEMENT) -> Story:
    """One story; 404 where somebody in it does not permit it any more, or it may not be told so far."""
    reach = _as_far_as(call, use)
    told = await _permitted(call, [await call.read(domain.read_for, story, reach)], reach)
    if not told:
        raise NotFound("there is no such story")
    shown = Story.of(told[0])
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{story}", response_model=Story, **needs("stories:write"))
async def change_story(story: StoryId, body: StoryChanges, call: Call, expected: Expected) -> Response:
    """Change a draft (409 `not_a_draft`)."""
    people = body.people if body.people is not None else (await call.read(domain.read, story)).people
    permitting = await who_permits(call, people, Reach.MOVEMENT)
    return tagged(await call.write(domain.change, story, body, permitting, expected, answer=Story.of))


@router.post("/{story}/publish", response_model=Story, **needs("stories:write"))
async def publish_story(story: StoryId, call: Call, expected: Expected) -> Response:
    """Let it be told as far as was agreed. 409 `not_permitted` unless everybody in it permits that: `sharing` for
    partners, `publication` for everybody."""
    shown = await call.read(domain.read, story)
    permitting = await who_permits(call, shown.people, Reach(shown.story.reach))
    return tagged(await call.write(domain.publish, story, permitting, expected, answer=Story.of))


@router.post("/{story}/withdraw", response_model=Story, **needs("stories:write"))
async def withdraw_story(story: StoryId, call: Call, expected: Expected) -> Response:
    """Have it told no more. Its words go at once and for good; that it was there, and its tags, stay."""
    return tagged(await call.write(domain.withdraw, story, expected, answer=Story.of))


def _as_far_as(call: CallOf, use: Reach) -> Reach:
    """How far what a caller is shown is told by it: to a partner's key, at least to partners."""
    return Reach.PARTNERS if call.principal.organisation is not None and use is Reach.MOVEMENT else use


async def _permitted(call: CallOf, stories: list[Shown], reach: Reach) -> list[Shown]:
    """Those of the stories that everybody in them permits to be told so far."""
    permitting = await who_permits(call, {person for shown in stories for person in shown.people}, reach)
    return [shown for shown in stories if permitting.permitting.issuperset(shown.people)]
