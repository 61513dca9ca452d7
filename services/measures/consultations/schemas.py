"""Consultations and comments as they are sent and answered."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.measures.consultations import models
from services.measures.fields import CommentId, OrganisationId, VersionId
from shared.fields import Body, View, lines

Said = Annotated[str, lines(5000)]


class Consultation(Body):
    """Until when partners are asked."""

    until: date = Field(description="The last day on which they may comment.")


class Reason(Body):
    """Why a version goes no further for now, or at all."""

    reason: Annotated[str, lines(2000)]


class NewComment(Body):
    """What is to be said of a version."""

    said: Said = Field(examples=["Our residents do not call walking the dog exercise: please name it."])
    organisation: OrganisationId | None = Field(
        None, description="For whom it is said. A caller that acts for an organisation speaks for that one."
    )


class Answer(Body):
    """What becomes of a comment."""

    answer: Said
    taken_up: bool = Field(description="Whether the definition is going to follow it.")


class Comment(View):
    """What was said of a version, by whom, and what became of it."""

    id: CommentId
    measure_version: VersionId
    actor: str = Field(description="The credential that it came with.")
    organisation: OrganisationId | None = Field(description="For whom it was said; null is the movement itself.")
    said: str
    answer: str | None
    taken_up: bool | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, comment: models.Comment) -> Self:
        return cls.model_validate(comment, from_attributes=True)
