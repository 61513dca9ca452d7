"""Routes of activities."""

from fastapi import Response

from services.members.engagement.activities import domain
from services.members.engagement.activities.schemas import Activities, Activity, OneOrMany, ShownActivity, Void
from services.members.engagement.activities.store import Chosen
from services.members.fields import ActivityId, PersonId, Slug
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Activities"])


@router.post("/activities", status_code=201, response_model=Activity | Activities, **needs("activities:write"))
async def record_activities(activities: OneOrMany, call: Call) -> Response:
    """Record something that a person did, or a list of up to 500 such things: all of them or, with any fault, none.

    A list answers `{"data": […]}` in the same order. `on` is a day of the movement's calendar, not in the future. Every
    fault is named by its pointer, in a list `/3/person`. Whoever this takes up the ladder stands on the new rung when
    the answer comes.
    """
    if isinstance(activities, list):
        return await call.write(domain.record_many, activities, answer=Activities.of)
    return await call.write(domain.record_one, activities, answer=Activity.of)


@router.post("/activities/{activity}/void", response_model=ShownActivity, **needs("activities:write"))
async def void_activity(activity: ActivityId, void: Void, call: Call) -> Response:
    """Void an activity, with the reason: it stays readable and counts for nothing, as if it had never been recorded.

    The person's place on the ladder is reckoned anew at once. 409 `already_voided` the second time.
    """
    return await call.write(domain.void, activity, void.reason, answer=ShownActivity.with_void)


@router.get("/activities/{activity}", response_model=ShownActivity, **needs("activities:read", shows=ADMINISTRATION))
async def read_activity(activity: ActivityId, call: Call) -> ShownActivity:
    """One activity, and why it was voided if it was."""
    return ShownActivity.with_void(await call.read(domain.read, activity))


@router.get("/activities", response_model=Page[Activity], **needs("activities:read", shows=ADMINISTRATION))
async def list_activities(
    call: Call, paging: Paging, person: PersonId | None = None, kind: Slug | None = None
) -> Page[Activity]:
    """Activities in the order in which they were recorded: all of them, a person's, or those of a kind."""
    chosen = Chosen(person, kind)
    rows = await call.read(domain.list_activities, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Activity.of, lambda activity: (activity.id,))
