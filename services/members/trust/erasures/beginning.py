"""Verifying a request makes the erasure that it asks for: the one verb that knows both."""

from sqlalchemy.orm import Session

from services.members.trust.erasures import domain, store
from services.members.trust.erasures.schemas import NewErasure
from services.members.trust.requests import domain as requests
from services.members.trust.requests.models import Kind, RequestState
from services.members.trust.requests.schemas import Verification
from services.members.trust.requests.steps import shown
from services.members.trust.requests.store import Shown
from shared.secrets import Secrets


def verify(session: Session, movement: str, id: str, said: Verification, secrets: Secrets) -> Shown:
    """Note who asks, as :func:`requests.domain.verify` does; who asks to be erased has an erasure then.

    Where one of theirs was asked for otherwise and is not over, there is no other beside it.
    """
    request = requests.verify(session, movement, id, said).request
    if request.kind == Kind.ERASE and request.state == RequestState.VERIFIED and request.person is not None:
        session.flush()
        if store.live_of(session, movement, request.person) is None:
            domain.ask(session, movement, NewErasure(request=id), secrets)
    return shown(session, movement, request)
