"""What is said to merge two records, what a merge would do, and how one that was made is shown."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field, JsonValue

from services.members.directory.merging import models, preview, winning
from services.members.directory.merging.models import MergeState
from services.members.directory.merging.steps import Changed, SetAside, Step, plain
from services.members.directory.merging.winning import Side
from services.members.fields import OrganisationId, PersonId, Slug
from services.members.trust.permissions.models import Channel, Decision
from shared.fields import Body, View


class NewMerge(Body):
    """The record that becomes the one in the path, and for which fields whose value is to stand.

    Of a field that is not chosen the survivor's value stands, unless it says nothing; of two ages the younger stands.
    The versions are those that the caller looked at: 412 where either record has changed since.
    """

    merged: str
    choices: dict[Slug, Side] = Field(default_factory=dict, max_length=50, examples=[{"family_name": "merged"}])
    survivor_version: int | None = None
    merged_version: int | None = None


class NewPersonMerge(NewMerge):
    """The person who turns out to be the one in the path."""

    merged: PersonId


class NewOrganisationMerge(NewMerge):
    """The organisation that turns out to be the one in the path."""

    merged: OrganisationId


class FieldOutcome(View):
    """One field of both records, and whose value stands."""

    field: str
    survivor: JsonValue
    merged: JsonValue
    wins: Side
    value: JsonValue

    @classmethod
    def of(cls, field: winning.Field) -> Self:
        """A field as the API shows it."""
        said = plain({"survivor": field.survivor, "merged": field.merged, "value": field.value})
        return cls.model_validate({"field": field.name, "wins": field.wins, **said})


class Repointed(View):
    """How many records of a kind go to the survivor; how many are set aside, for the survivor has their like."""

    kind: str = Field(examples=["activities"])
    moved: int
    set_aside: int


class Merge(View):
    """That one record became another. ``number`` grows by one with every merge of the movement."""

    id: str
    number: int
    merged: str
    survivor: str
    state: MergeState
    merged_by: str
    merged_at: datetime
    undone_by: str | None
    undone_at: datetime | None

    @classmethod
    def of(cls, merge: models.Merge) -> Self:
        """A merge as the API shows it."""
        return cls(
            id=merge.id,
            number=merge.number,
            merged=merge.merged,
            survivor=merge.survivor,
            state=MergeState(merge.state),
            merged_by=merge.merged_by,
            merged_at=merge.merged_at,
            undone_by=merge.undone_by,
            undone_at=merge.undone_at,
        )


class Merges(View):
    """The merges of a record, the latest first."""

    data: list[Merge]


class PermissionOutcome(View):
    """What each of two people decided about a purpose over a channel, and what holds once they are one."""

    purpose: str
    channel: Channel
    survivor: Decision | None
    merged: Decision | None
    holds: Decision


class Preview(View):
    """What a merge would do. The versions are what to send with it, so that it does what was looked at or nothing.

    ``permissions`` is of people only.
    """

    survivor: str
    merged: str
    survivor_version: int
    merged_version: int
    fields: list[FieldOutcome]
    repointed: list[Repointed]
    permissions: list[PermissionOutcome]

    @classmethod
    def of(cls, seen: preview.Preview) -> Self:
        """A preview as the API shows it."""
        survivor, merged = seen.survivor, seen.merged
        return cls(
            survivor=str(survivor["id"]),
            merged=str(merged["id"]),
            survivor_version=int(str(survivor["version"])),
            merged_version=int(str(merged["version"])),
            fields=[FieldOutcome.of(field) for field in seen.fields],
            repointed=_repointed(seen.steps),
            permissions=[
                PermissionOutcome(
                    purpose=each.purpose,
                    channel=Channel(each.channel),
                    survivor=None if each.survivor is None else Decision(each.survivor),
                    merged=None if each.merged is None else Decision(each.merged),
                    holds=each.holds,
                )
                for each in seen.permissions
            ],
        )


def _repointed(steps: Sequence[Step]) -> list[Repointed]:
    """What becomes of the rows of each table, but for the record that goes."""
    moved = Counter(step.table for step in steps if isinstance(step, Changed))
    aside = Counter(step.table for step in steps[1:] if isinstance(step, SetAside))
    return [
        Repointed(kind=table, moved=moved[table], set_aside=aside[table])
        for table in sorted(moved.keys() | aside.keys())
    ]
