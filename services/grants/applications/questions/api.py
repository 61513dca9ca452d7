"""Routes of questions to groups."""

from datetime import datetime

from fastapi import Response

from services.grants.applications.questions import domain, models
from services.grants.delegations.holding import held_to, of_application
from services.grants.delegations.models import Power
from services.grants.fields import ApplicationId, Paragraph, QuestionId
from shared.calls import Call
from shared.fields import Body, View
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["applications"])


class NewQuestion(Body):
    """What is asked of the group."""

    question: Paragraph


class NewAnswer(Body):
    """What the group answers."""

    answer: Paragraph


class Question(View):
    """What was asked of the group, and its answer: it adds to what was submitted, which stays as it is."""

    id: str
    application: str
    question: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, asked: models.Question) -> "Question":
        """The answer for a question."""
        return cls(
            id=asked.id,
            application=asked.application_id,
            question=asked.question,
            asked_at=asked.asked_at,
            answer=asked.answer,
            answered_at=asked.answered_at,
        )


@router.post(
    "/v1/applications/{application_id}/questions",
    status_code=201,
    response_model=Question,
    **needs("applications:write"),
)
async def ask_group(application_id: ApplicationId, body: NewQuestion, call: Call) -> Response:
    """Ask the group something about an application that is being weighed: it is `information_requested` until then."""
    by = call.principal.user or call.principal.id
    verb = held_to(call.principal, Power.ADMINISTER, of_application(application_id), domain.ask)
    return await call.write(
        verb,
        application_id,
        body.question,
        by,
        answer=Question.of,
    )


@router.get("/v1/applications/{application_id}/questions", **needs("applications:read"))
async def list_questions(application_id: ApplicationId, call: Call, paging: Paging) -> Page[Question]:
    """What was asked about an application, oldest first, and answered."""
    rows = await call.read(domain.list_questions, application_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Question.of, lambda row: (row.id,))


@router.post(
    "/v1/applications/{application_id}/questions/{question_id}/answer",
    response_model=Question,
    **needs("applications:write"),
)
async def answer_question(
    application_id: ApplicationId, question_id: QuestionId, body: NewAnswer, call: Call
) -> Response:
    """Keep what the group answers, once; with the last open answer its application is being weighed again."""
    return await call.write(domain.answer, application_id, question_id, body.answer, answer=Question.of)
