"""Routes of proposals, consultations and comments."""

from fastapi import Response

from services.measures.consultations import domain
from services.measures.consultations.schemas import Answer, Comment, Consultation, NewComment, Reason
from services.measures.fields import CommentId, MeasureId, VersionId
from services.measures.measures.schemas import Version
from shared.calls import Call
from shared.editing import tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["measures"], prefix="/v1/measures/{measure}/versions/{version}")


@router.post("/propose", response_model=Version, **needs("measures:write"))
async def propose_version(measure: MeasureId, version: VersionId, call: Call) -> Response:
    """Put a draft to the partners. It is not edited any more, unless it is taken back."""
    return tagged(await call.write(domain.propose, measure, version, answer=Version.of))


@router.post("/consult", response_model=Version, **needs("measures:write"))
async def consult_on_version(measure: MeasureId, version: VersionId, body: Consultation, call: Call) -> Response:
    """Ask the partners what they think of what was proposed, until and including a day."""
    return tagged(await call.write(domain.consult, measure, version, body.until, answer=Version.of))


@router.post("/take-back", response_model=Version, **needs("measures:write"))
async def take_back_version(measure: MeasureId, version: VersionId, body: Reason, call: Call) -> Response:
    """Make a draft again of what was proposed or consulted on. What was said of it stays."""
    return tagged(await call.write(domain.take_back, measure, version, body.reason, answer=Version.of))


@router.post("/withdraw", response_model=Version, **needs("measures:write"))
async def withdraw_version(measure: MeasureId, version: VersionId, body: Reason, call: Call) -> Response:
    """Give up a version that was never published."""
    return tagged(await call.write(domain.withdraw, measure, version, body.reason, answer=Version.of))


@router.post("/comments", status_code=201, response_model=Comment, **needs("definition_comments:write"))
async def comment_on_version(measure: MeasureId, version: VersionId, body: NewComment, call: Call) -> Response:
    """Say something of a version that is consulted on. 409 `not_consulting` before and after."""
    speaks_for = call.principal.organisation
    return tagged(await call.write(domain.comment, measure, version, body, speaks_for, answer=Comment.of))


@router.get("/comments", response_model=Page[Comment], **needs("measures:read"))
async def list_comments(measure: MeasureId, version: VersionId, call: Call, paging: Paging) -> Page[Comment]:
    """What was said of a version, by whom, and what became of it."""
    found = await call.read(domain.list_comments, measure, version, paging.after_id, paging.fetch)
    return paging.page(found, Comment.of, lambda comment: (comment.id,))


@router.post("/comments/{comment}/answer", response_model=Comment, **needs("measures:write"))
async def answer_comment(
    measure: MeasureId, version: VersionId, comment: CommentId, body: Answer, call: Call
) -> Response:
    """Say what becomes of a comment. A version is published once each has its answer."""
    given = await call.write(domain.answer, measure, version, comment, body.answer, body.taken_up, answer=Comment.of)
    return tagged(given)
