"""Releases as they are sent and answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import AwareDatetime, Field

from services.measures.fields import Key, MeasureId, ReleaseId, Text, VersionId
from services.measures.releases import models
from services.measures.releases.models import Audience, ReleaseStatus
from services.measures.releases.planning import Planned, Verified
from shared.editing import Changes
from shared.fields import Body, GssCode, Name, View

Cell = Annotated[str, Field(min_length=1, max_length=500)]
Period = Annotated[str, Field(max_length=20)]


class Query(Body):
    """Which figures of the version. What is left out is not narrowed."""

    places: list[GssCode] | None = Field(None, min_length=1, max_length=1000)
    cells: list[Cell] | None = Field(None, min_length=1, max_length=200, examples=[["all", "sex=female"]])
    first: Period | None = Field(None, description="The first period.", examples=["2015/16"])
    last: Period | None = Field(None, description="The last period.")
    reporter: str | None = Field(None, max_length=60, description="Only figures of this organisation or movement.")


class NewRelease(Body):
    """What is to be published of a measure version, to whom, and by which rule."""

    measure_version: VersionId
    title: Name
    note: Text = ""
    audience: Audience = Audience.PUBLIC
    query: Query = Query()
    profile: Key | None = Field(
        None, description="A disclosure profile; left out, that of the version, else the movement's setting."
    )
    as_of: AwareDatetime | None = Field(None, description="The cut-off: what became known later is not in it. Now.")
    supersedes: ReleaseId | None = Field(None, description="The release that this one replaces once it is published.")


class ReleaseChanges(Changes):
    """What is said of a release that is not published yet."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"supersedes"})
    title: Name | None = None
    note: Text | None = None
    supersedes: ReleaseId | None = None


class Withdrawal(Body):
    """Why a release is withdrawn. Everybody who asks for it is told."""

    because: Annotated[str, Field(min_length=1, max_length=500)]


class Release(View):
    """Figures of one measure version, at a cut-off, as they are shown to an audience."""

    id: ReleaseId
    measure: MeasureId
    measure_version: VersionId
    audience: Audience
    title: str
    note: str
    profile: str
    profile_number: int
    query: Query
    as_of: datetime = Field(description="The cut-off: what became known later is not in it.")
    status: ReleaseStatus
    supersedes: ReleaseId | None
    superseded_by: ReleaseId | None = Field(description="The release that replaced it.")
    figures: int | None = Field(description="How many it holds, hidden ones among them; null before its check.")
    hidden: int | None = Field(description="How many of them are hidden by its profile or for the sake of others.")
    secondary: int | None = Field(description="How many only for the sake of others.")
    hashes: Mapping[str, str] | None = Field(description="The SHA-256 of its files, by format.")
    number: int | None = Field(description="Counted from 1 over all that was made public of the measure.")
    withdrawn_because: str
    version: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, release: models.Release) -> Self:
        plan = release.plan
        counts = (None, None, None) if plan is None else (plan["figures"], len(plan["withheld"]), plan["secondary"])
        fields = {name: getattr(release, name, None) for name in cls.model_fields}
        return cls.model_validate(fields | dict(zip(("figures", "hidden", "secondary"), counts, strict=True)))


class HiddenFigure(View):
    """A figure that is hidden, by what it is about."""

    place: str
    period: str
    cell: str
    reporter: str
    programme: str
    activity: str


class SuppressionPlan(View):
    """What a release hides, and by which rule; never what it hides, nor which of them are small."""

    release: ReleaseId
    profile: str
    profile_number: int
    rule: str
    source: str
    figures: int
    hidden: list[HiddenFigure]

    @classmethod
    def of(cls, found: Planned) -> Self:
        release, rule, figures = found
        hidden = [figures[position] for position in (release.plan or {"withheld": []})["withheld"]]
        return cls(
            release=release.id, profile=rule.key, profile_number=rule.number, rule=rule.title, source=rule.source,
            figures=len(figures), hidden=[HiddenFigure.model_validate(each, from_attributes=True) for each in hidden],
        )  # fmt: skip


class Verification(View):
    """The files of a release made again from the observations, beside what they were when it was checked."""

    release: ReleaseId
    reproduced: bool
    made: Mapping[str, str] = Field(description="The SHA-256 of the files, made now.")
    published: Mapping[str, str]

    @classmethod
    def of(cls, found: Verified) -> Self:
        release, made = found
        return cls(release=release.id, reproduced=made == release.hashes, made=made, published=release.hashes or {})
