"""Whether there is such a fund: the grants service is asked, for funds are its own."""

from shared.auth import service_principal, sign
from shared.calls import CallOf
from shared.errors import Fault, Invalid, Unavailable


async def known_fund(call: CallOf, fund: str | None) -> None:
    """Raise Invalid (`unknown_fund`) where the movement has no such fund, Unavailable where nobody can be asked."""
    if fund is None:
        return
    token = sign(service_principal("members", call.movement), "grants", call.parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", call.request_id)]
    answer = await call.parts.upstreams["grants"].request(
        "GET", f"/v1/funds/{fund}", headers=headers, deadline=call.deadline
    )
    if answer.status == 404:
        raise Invalid(faults=[Fault("/fund", "is no fund of this movement", "unknown_fund")])
    if answer.status != 200:
        raise Unavailable(f"grants answered {answer.status}")
