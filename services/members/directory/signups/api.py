"""The route that people join by."""

from fastapi import Response

from services.members.directory.signups import domain
from services.members.directory.signups.schemas import NewSignUp, SignUp
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["Sign-ups"])

_needs = needs("people:write")
_needs["responses"][200] = {"model": SignUp, "description": "The same sign-up again: what the first one made."}


@router.post("/sign-ups", status_code=201, response_model=SignUp, **_needs)
async def sign_up(said: NewSignUp, call: Call) -> Response:
    """Sign a person up: who they are, what they allow, what they pledge and who brought them, all or nothing.

    Repeat it freely where the person has an external id: the same sign-up again makes nothing and answers 200 with what
    the first one made. One that says something else gets 409 `already_signed_up`, with the person's id as `person`.
    Nobody under 13 is signed up (422 `under_13`, with what to do instead). An older child is, where `child` says what
    lets one be named (422 `child_record_missing` without).

    Everybody starts as an observer; a pledge is the first thing that they do, of the kind `pledged`. Whoever brought
    them is credited with an activity of the kind `brought_somebody`.
    """
    return await call.write(domain.sign_up, said, answer=SignUp.of, status=lambda made: 201 if made.new else 200)
