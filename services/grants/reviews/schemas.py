"""What requests and answers about reviews look like."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.fields import ApplicationId, Paragraph
from services.grants.people.fields import PersonId
from services.grants.reviews import models
from services.grants.reviews.models import Interest, ReviewState, Suggested
from shared.fields import Body, View
from shared.ids import Id

ReviewId = Annotated[str, Id("review")]
Criterion = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]


class NewReview(Body):
    """Who is to read which application of the round."""

    application: ApplicationId
    reviewer: PersonId


class Evenly(Body):
    """Share the round's applications out: each is read by so many of these people, and all have about as many."""

    reviewers: Annotated[list[PersonId], Field(min_length=1, max_length=100)]
    each: Annotated[int, Field(ge=1, le=20, description="how many of them read each application")]


class Declaration(Body):
    """Whether one has an interest in whoever applies. `interest` left out says: none."""

    interest: Interest | None = None
    note: Annotated[Paragraph | None, Field(description="what it is, for those who assign reviews")] = None


class GivenScore(Body):
    """What is given for one criterion of the round's rubric, and why."""

    criterion: Criterion
    score: Annotated[int, Field(ge=0, le=1000, description="from 0 to the criterion's `most`")]
    justification: Paragraph


class Scoring(Body):
    """A score for each criterion of the round's rubric, and a comment on the whole."""

    scores: Annotated[list[GivenScore], Field(max_length=50)]
    comment: Paragraph | None = None


class Score(View):
    """What a reviewer gave for a criterion, and why."""

    criterion: str
    score: int
    justification: str


class Review(View):
    """One person's reading of one application.

    `scores` and `comment` are null until it is scored, and for somebody who reviews the same application until they
    have scored it themselves. `note` shows to the reviewer and to those who assign.
    """

    id: str
    round: str
    application: str
    reviewer: str
    suggested: Annotated[Suggested, Field(description="whether the reviewer's affiliations suggest an interest")]
    state: ReviewState
    interest: Interest | None
    note: str | None
    scores: list[Score] | None
    comment: str | None
    assigned_at: datetime
    declared_at: datetime | None
    scored_at: datetime | None
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, shown: models.Shown) -> "Review":
        """The answer for a review."""
        review, scores, noted = shown
        return cls(
            id=review.id,
            round=review.round_id,
            application=review.application_id,
            reviewer=review.reviewer,
            suggested=Suggested(review.suggested),
            state=ReviewState(review.state),
            interest=None if review.interest is None else Interest(review.interest),
            note=review.note if noted else None,
            scores=None
            if scores is None
            else [
                Score(criterion=each.criterion, score=each.score, justification=each.justification) for each in scores
            ],
            comment=None if scores is None else review.comment,
            assigned_at=review.assigned_at,
            declared_at=review.declared_at,
            scored_at=review.scored_at,
            updated_at=review.updated_at,
            version=review.version,
        )


class Reviews(View):
    """The reviews that were assigned."""

    data: list[Review]
