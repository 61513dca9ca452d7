"""What is said about notices and who was given them, and how both are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.members.fields import Language, Reference, Slug
from services.members.trust.notices import models, store
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.schemas import Notice
from shared.fields import Body, View
from shared.ids import Id

NoticeId = Annotated[str, Id("notice")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00-\x1f\x7f]+$", max_length=2000)]


class NewNotice(Body):
    """A version of a notice, in one language."""

    name: Slug = Field(examples=["privacy"])
    version: Reference = Field(examples=["2026-01"])
    language: Language = "en"
    address: Address = Field(examples=["https://example.org/privacy/2026-01"], description="where its text is kept")
    published_on: date | None = Field(None, description="today unless another day is named")


class Giving(Body):
    """Which notice somebody was given, how, and on which day."""

    notice: Notice
    channel: Channel
    given_on: date | None = Field(None, description="today unless another day is named")


class PublishedNotice(View):
    """A version of a notice. It never changes: another text is another version."""

    id: NoticeId
    name: str
    version: str
    language: str
    address: str
    published_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, notice: models.PublishedNotice) -> Self:
        """A notice as the API shows it."""
        return cls(
            id=notice.id,
            name=notice.name,
            version=notice.version,
            language=notice.language,
            address=notice.address,
            published_on=notice.published_on,
            recorded_at=notice.recorded_at,
        )


class GivenNotice(View):
    """That somebody was given a notice. ``record`` is this, or the permission or provenance that it came with."""

    record: str
    notice: Notice
    given_on: date | None
    recorded_at: datetime

    @classmethod
    def of(cls, given: store.Given) -> Self:
        """It as the API shows it; what came out of the database is not checked a second time."""
        notice = Notice.model_construct(name=given.name, version=given.version, language=given.language)
        return cls(record=given.record, notice=notice, given_on=given.given_on, recorded_at=given.recorded_at)


class GivenNotices(View):
    """Every notice that somebody was given, the first one first."""

    data: list[GivenNotice]

    @classmethod
    def of(cls, given: Sequence[store.Given]) -> Self:
        """They as the API shows them."""
        return cls(data=[GivenNotice.of(each) for each in given])
