"""What the overview answers: sections, each saying how it is, how old, and where it comes from."""

from typing import Annotated

from pydantic import Field

from services.gateway.access.movements.schemas import MovementId
from services.gateway.composed.schemas import Section
from shared.fields import View
from shared.money import Money


class Totals(View):
    """What the services' events have announced so far."""

    people: int
    memberships: int
    rungs: Annotated[
        dict[str, int], Field(description="memberships on each rung above the lowest; not every membership has a rung")
    ]
    pledges: int
    activities: int
    figures: Annotated[int, Field(description="figures recorded, revisions counted too")]
    rounds_open: int
    applications: Annotated[int, Field(description="all that were submitted")]
    applications_ended: Annotated[int, Field(description="of these declined or withdrawn: nothing is awarded to them")]
    awards_offered: Annotated[int, Field(description="less those that lapsed or were cancelled")]
    awards_accepted: int
    offered: Annotated[list[Money], Field(description="sum of the awards offered, by currency")]


class Sections(View):
    """The four parts. The three that a service answers have the content of the route that is named."""

    totals: Section[Totals]
    members: Annotated[Section[dict[str, object]], Field(description="`GET /v1/ladder`: people by rung")]
    measures: Annotated[Section[dict[str, object]], Field(description="`GET /v1/measures`, its first page")]
    grants: Annotated[Section[dict[str, object]], Field(description="`GET /v1/rounds`, its first page")]


class Overview(View):
    """A movement at a glance."""

    movement: MovementId
    sections: Sections
