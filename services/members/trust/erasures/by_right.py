"""What an erasure has to do with the request by right that it answers: that verifies it, and ends as it does.

Whoever asked is still to be told, by a way that is not kept here any more: the day of that is noted with the request.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.erasures.models import Erasure, Refused, State, Verified
from services.members.trust.requests import store
from services.members.trust.requests.models import OPEN, Identified, RefusalGround, Request
from services.members.trust.requests.steps import closed
from shared import clock
from shared.db.session import of

_HOW: Mapping[str, Verified] = {
    Identified.KNOWN_TO_US: Verified.KNOWN_TO_US,
    Identified.SIGNED_IN: Verified.SIGNED_IN,
    Identified.ANSWERED_AT_KNOWN_ADDRESS: Verified.CALLED_BACK,
    Identified.DOCUMENT_SEEN: Verified.DOCUMENT_SEEN,
}
_REFUSED: Mapping[str, tuple[RefusalGround, str]] = {
    Refused.NOT_IDENTIFIED: (RefusalGround.NOT_IDENTIFIED, "It could not be made sure who asks."),
    Refused.MANIFESTLY_UNFOUNDED: (RefusalGround.MANIFESTLY_UNFOUNDED, "The request is manifestly unfounded."),
    Refused.LEGAL_OBLIGATION: (RefusalGround.EXEMPT, "The law asks us to keep it: UK GDPR, article 17(3)(b)."),
    Refused.LEGAL_CLAIM: (RefusalGround.EXEMPT, "It is needed for a legal claim: UK GDPR, article 17(3)(e)."),
    Refused.PUBLIC_INTEREST: (RefusalGround.EXEMPT, "The public interest asks for it: UK GDPR, article 17(3)."),
}
_COMPLAIN = "They may complain to us and to the Information Commissioner, and go to court."


def how(request: Request) -> Verified:
    """How it was seen that whoever asks may, by what was noted with the request."""
    if request.behalf_name is not None or request.identified is None:
        return Verified.AUTHORITY_SEEN
    return _HOW[request.identified]


def close(session: Session, movement: str, erasure: Erasure) -> None:
    """End the request as the erasure ended. One that only somebody's access stood in the way of stays open."""
    request = None if erasure.request is None else store.for_change(session, movement, erasure.request)
    if request is None or request.state not in OPEN:
        return
    on, by, at = days.today(session, movement), of(session).context.actor, clock.now()
    if erasure.state == State.REFUSED:
        if erasure.refused_because == Refused.WITHDRAWN:
            request.withdraw(on, by, at)
        elif (said := _REFUSED.get(erasure.refused_because or "")) is not None:
            request.refuse(said[0], f"{said[1]} {_COMPLAIN}", None, by, at, on)
        else:
            return
    else:
        ground = RefusalGround.EXEMPT if erasure.held else None
        request.complete(_done(erasure), ground, on, by, at, told_on=None)
    closed(session, movement, request)


def _done(erasure: Erasure) -> str:
    """What was done, in words for whoever asked."""
    services = ", ".join(receipt.service for receipt in erasure.receipts)
    words = [f"What was kept of them is erased in every service ({services})."]
    words += [
        f"Held until {each.until}: {each.records} of {each.kind.replace('_', ' ')}, for {each.reason.replace('_', ' ')}"
        f" (UK GDPR, article 17(3)); then it is erased as well."
        for each in erasure.held
    ]
    return " ".join([*words, f"After {erasure.backups_lapse_on} no backup is left that was made before."])
