"""What somebody says of their capacity, and how much of it is shown to whom."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.members.community.capacity.models import Level
from services.members.fields import Paragraph, PersonId
from shared.fields import Body, View


class NewCapacity(Body):
    """How much room somebody has, and who may know."""

    level: Level
    note: Paragraph | None = Field(None, description="For themself: nobody else is shown it.")
    until: date | None = Field(None, description="The last day for which it holds.")
    shared_with: list[PersonId] = Field(
        default_factory=list, max_length=50, description="The people who see the level. Nobody else does."
    )
    told_us_on: date | None = Field(
        None, description="Needed where somebody whom they told writes it down, who is one of `shared_with`."
    )


class Capacity(View):
    """What the caller may see of somebody's capacity.

    Where they have said nothing, where it no longer holds and where it is not shared with the caller, all is null: the
    three look alike.
    """

    person: PersonId
    level: Level | None
    until: date | None
    note: Annotated[str | None, Field(description="shown to the person alone")] = None
    shared_with: Annotated[list[PersonId] | None, Field(description="shown to the person alone")] = None
    said_at: Annotated[datetime | None, Field(description="shown to the person alone")] = None


class LevelCount(View):
    """How many people say so."""

    level: Level
    people: Annotated[int | None, Field(description="rounded; null: too few to be shown")]


class Capacities(View):
    """How much room people have, without a name. `total` is the sum of what is shown, so it gives nothing away."""

    levels: list[LevelCount]
    total: int
    hidden_up_to: Annotated[int, Field(description="counts up to this are not shown, zero among them")]
    rounded_to: int
