"""Links as they are made and shown: the secret in their address once, when they are made."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.measures.fields import Day, LinkId, SurveyId, WaveId
from services.measures.surveys.answering import models
from shared.fields import Body, GssCode, Name, View


class NewLink(Body):
    """An address at which a wave is to be answered."""

    wave: WaveId
    name: Name = Field(description="Where it is handed out.", examples=["Poster at the library"])
    place: GssCode | None = Field(None, description="The place that is told of by whatever is answered there.")
    most: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None,
        description="How often it may be answered; 1 for the invitation of one person, and it is not joined to their "
        "answers.",
    )
    expires_on: Day | None = None


class Link(View):
    """An address at which a wave is answered."""

    id: LinkId
    version: int
    survey: SurveyId
    wave: WaveId
    name: str
    place: GssCode | None
    most: int | None
    taken: int = Field(description="How often it was answered.")
    expires_on: date | None
    revoked_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, link: models.Link) -> Self:
        return cls.model_validate(link, from_attributes=True)


class LinkMade(Link):
    """A link at the one moment when its path, which holds a secret, can be shown."""

    path: str = Field(examples=["/hooks/movement_01j…/surveys/Zk3…"])
    url: str | None = Field(description="The same with `BACKBONE_PUBLIC_URL` before it, where that is set.")

    @classmethod
    def made(cls, link: models.Link, secret: str, public_url: str) -> Self:
        path = f"/hooks/{link.movement}/surveys/{secret}"
        url = f"{public_url.rstrip('/')}{path}" if public_url else None
        return cls(**Link.of(link).model_dump(), path=path, url=url)
