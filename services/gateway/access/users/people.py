"""Whether somebody is a person of the movement: the members service is asked, for people are its own."""

from shared.auth import service_principal, sign
from shared.calls import CallOf
from shared.errors import Fault, Invalid, Unavailable


async def known_person(call: CallOf, person: str | None) -> str | None:
    """The person, as given. Raises Invalid (`unknown_person`), and Unavailable where members cannot be asked."""
    if person is None:
        return None
    token = sign(service_principal("gateway", call.movement), "members", call.parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", call.request_id)]
    answer = await call.parts.upstreams["members"].request(
        "GET", f"/v1/people/{person}", headers=headers, deadline=call.deadline
    )
    if answer.status == 404:
        raise Invalid(faults=[Fault("/person", "is no person of this movement", "unknown_person")])
    if answer.status != 200:
        raise Unavailable(f"members answered {answer.status}")
    return person
