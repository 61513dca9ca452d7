"""Routes of reviews: assigning is the round's, declaring and scoring each reviewer's own."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Response

from services.grants.applications.schemas import Application
from services.grants.fields import ApplicationId, RoundId
from services.grants.people.asking import each_of, organisations_of, refuse_unknown
from services.grants.people.fields import PersonId
from services.grants.reviews import domain
from services.grants.reviews.models import ReviewState, Shown
from services.grants.reviews.schemas import Declaration, Evenly, NewReview, Review, ReviewId, Reviews, Scoring
from services.grants.reviews.store import Chosen
from services.grants.rounds import domain as rounds
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["reviews"])


@router.post("/v1/rounds/{round_id}/reviews", status_code=201, response_model=Review, **needs("rounds:write"))
async def assign_review(round_id: RoundId, body: NewReview, call: Call) -> Response:
    """Have somebody read an application of the round.

    `suggested` says whether their affiliations, which members is asked for, name who applies or who holds the money;
    `not_known` where members does not answer. 409 `assigned_already`; 422 `unknown_person`, `unknown_application` and
    `not_to_be_assessed`.
    """
    await call.read(rounds.get_round, round_id)
    await refuse_unknown(call, {"/reviewer": body.reviewer})
    affiliations = await organisations_of(call, [body.reviewer])
    return tagged(await call.write(domain.assign, round_id, call.principal, body, affiliations, answer=Review.of))


@router.post("/v1/rounds/{round_id}/reviews/evenly", status_code=201, response_model=Reviews, **needs("rounds:write"))
async def assign_reviews_evenly(round_id: RoundId, body: Evenly, call: Call) -> Response:
    """Share the round's applications out, so that all of these people read about as many.

    Whoever belongs to an organisation that applies is not given its application, nor who had it before. 422
    `too_few_reviewers` where not enough are left, and nothing is assigned.
    """
    await call.read(rounds.get_round, round_id)
    await refuse_unknown(call, each_of("/reviewers", body.reviewers))
    affiliations = await organisations_of(call, body.reviewers)

    def told(found: Sequence[Shown]) -> Reviews:
        return Reviews(data=[Review.of(each) for each in found])

    return await call.write(domain.assign_evenly, round_id, call.principal, body, affiliations, answer=told)


@router.get("/v1/reviews", **needs("reviews:read"))
async def list_reviews(
    call: Call,
    paging: Paging,
    round_id: Annotated[RoundId | None, Query(alias="round", description="only this round's")] = None,
    application_id: Annotated[
        ApplicationId | None, Query(alias="application", description="only this application's")
    ] = None,
    reviewer: Annotated[PersonId | None, Query(description="only this person's")] = None,
    state: Annotated[ReviewState | None, Query(description="only those in this state")] = None,
) -> Page[Review]:
    """Reviews in the order of their assignment. Somebody who may not read applications sees their own alone."""
    chosen = Chosen(round_id, application_id, state, None if reviewer is None else [reviewer])
    rows = await call.read(domain.list_reviews, call.principal, chosen, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Review.of, lambda row: (row.review.id,))


@router.get("/v1/reviews/{review_id}", **needs("reviews:read"))
async def get_review(review_id: ReviewId, call: Call, response: Response) -> Review:
    """A review. What others gave an application is hidden from whoever has still to score it."""
    shown = Review.of(await call.read(domain.read, review_id, call.principal))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/v1/reviews/{review_id}/declare", response_model=Review, **needs("reviews:write", user=True))
async def declare_interest(review_id: ReviewId, body: Declaration, call: Call) -> Response:
    """Say whether one has an interest in whoever applies, before one can read the application.

    An interest found out later is declared the same way: what was scored then counts no more, and it cannot be taken
    back. 403 `not_the_reviewer`.
    """
    return tagged(await call.write(domain.declare, review_id, call.principal, body, answer=Review.of))


@router.get("/v1/reviews/{review_id}/application", **needs("reviews:read"))
async def read_reviewed_application(review_id: ReviewId, call: Call) -> Application:
    """The application that one is to review. 403 `declare_first`, or `conflicted` where one has an interest in it."""
    return Application.of(await call.read(domain.application_to_read, review_id, call.principal))


@router.post("/v1/reviews/{review_id}/score", response_model=Review, **needs("reviews:write", user=True))
async def score_review(review_id: ReviewId, body: Scoring, call: Call) -> Response:
    """Score the application by the round's rubric: each criterion, with why. Once; others' scores show afterwards.

    403 `declare_first`, `conflicted` and `not_the_reviewer`; 422 names each score that is missing or out of bounds.
    """
    return tagged(await call.write(domain.score, review_id, call.principal, body, answer=Review.of))


@router.post("/v1/rounds/{round_id}/reviews/{review_id}/release", response_model=Review, **needs("rounds:write"))
async def release_review(round_id: RoundId, review_id: ReviewId, call: Call) -> Response:
    """Take an assignment back that was not scored."""
    return tagged(await call.write(domain.release, round_id, call.principal, review_id, answer=Review.of))
