"""Routes of equality answers. None shows an answer to anybody else than by the right of whom it is about."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.equality import domain
from services.members.trust.equality.schemas import NewAnswers, NewQuestion, Notice, OwnAnswers, ShownQuestion
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page
from shared.routing import Router

router = Router(prefix="/v1", tags=["Equality answers"])


@router.get("/equality-answers/questions", response_model=Page[ShownQuestion], **needs("equality_answers:read"))
async def list_questions(call: Call) -> Page[ShownQuestion]:
    """The questions in the wording that is asked now, each with its source. Every one of them is voluntary."""
    return Page(data=[ShownQuestion.of(question) for question in await call.read(domain.questions)])


@router.post(
    "/equality-answers/questions",
    status_code=201,
    response_model=ShownQuestion,
    **needs("equality_answers:write"),
)
async def adopt_question(body: NewQuestion, call: Call) -> Response:
    """Ask a question in another wording from now on, or another question. Earlier answers keep the wording they had."""
    return await call.write(domain.adopt, body, answer=ShownQuestion.of)


@router.post("/equality-answers", status_code=204, **needs("equality_answers:write"))
async def keep_answers(body: NewAnswers, call: Call) -> Response:
    """Keep what somebody answered, under a pseudonym. It is used to see who is reached, and for nothing else.

    `prefer_not_to_say` is an answer; a question that was not asked is left out. 409 `equality_answers_stopped` where
    they gave written notice that none are to be kept.
    """
    return await call.write(domain.answer, body, answer=None)


@router.get("/people/{person}/equality-answers", response_model=OwnAnswers, **needs("equality_answers:read"))
async def read_own_answers(person: PersonId, call: Call) -> OwnAnswers:
    """All that is kept of somebody, to be given to them: in no other way does an answer lead back to anybody."""
    return await call.read(domain.own, person)


@router.delete("/people/{person}/equality-answers", status_code=204, **needs("equality_answers:write"))
async def withdraw_answers(person: PersonId, call: Call) -> Response:
    """Delete somebody's answers, for they want them back; they may be asked again."""
    return await call.write(domain.withdraw, person, answer=None)


@router.post("/people/{person}/equality-answers/stop", status_code=204, **needs("equality_answers:write"))
async def stop_answers(person: PersonId, body: Notice, call: Call) -> Response:
    """Somebody gave written notice: delete their answers and keep none from now on."""
    return await call.write(domain.stop, person, body, answer=None)


@router.post("/people/{person}/equality-answers/resume", status_code=204, **needs("equality_answers:write"))
async def resume_answers(person: PersonId, call: Call) -> Response:
    """Somebody took their notice back, so they may be asked again. 404 where there is none."""
    return await call.write(domain.resume, person, answer=None)
