"""Routes of sessions: sign in, and sign out."""

from fastapi import Request, Response

from services.gateway.access.callers import CallerOf
from services.gateway.access.sessions import domain
from services.gateway.access.sessions.schemas import NewSession, SignedIn
from services.gateway.access.sessions.sign_in import sign_in
from shared.calls import Call
from shared.needs import anyone, needs
from shared.routing import Router

router = Router(tags=["access"])


@router.post("/v1/sessions", status_code=201, response_model=SignedIn, **anyone())
async def create_session(body: NewSession, request: Request) -> SignedIn:
    """Sign in. The token lasts 12 hours and is one user's. From the sixth wrong attempt on each doubles the wait.

    401 `wrong_credentials`, whichever of them is wrong.
    """
    return await sign_in(request.app.state.parts, body)


@router.delete("/v1/sessions/current", status_code=204, **needs("me:write", user=True))
async def end_session(call: Call, caller: CallerOf) -> Response:
    """Sign out: the token that this is called with is refused from now on."""
    return await call.write(domain.end_session, caller.credential, answer=None)
