"""What the routes of webhooks read from a request beside its body: the sender, and what it would refuse."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.access.scopes import refuse_ungrantable
from services.gateway.feed.filters import faults_in
from services.gateway.webhooks.schemas import EndpointChanges, NewEndpoint
from services.gateway.webhooks.sender import Sender
from shared.auth import Principal
from shared.dialler import NotAllowed
from shared.errors import Fault, Invalid
from shared.expressions import fault_in


async def _sender(request: Request) -> Sender:
    sender: Sender = request.app.state.sender
    return sender


SenderOf = Annotated[Sender, Depends(_sender)]
"""The sender of this application."""


async def refuse_faults(sender: Sender, principal: Principal, body: NewEndpoint | EndpointChanges) -> None:
    """Raise Invalid where a URL may not be dialled, a type matches nothing or an expression is none, each by its
    pointer; and Forbidden where a record is to be asked for under a scope that the caller does not hold."""
    faults = _unfit(body.types, body.payload_filter, body.mapping) + _not_reading(body.enrichment or ())
    if body.url is not None:
        try:
            await sender.dialler.check(body.url)
        except NotAllowed as refused:
            faults.append(Fault("/url", str(refused), "url_refused"))
    if faults:
        raise Invalid(faults=faults)
    refuse_ungrantable(principal.scopes, body.enrichment or (), "/enrichment")


def refuse_unfit(types: Sequence[str] | None, payload_filter: str | None, mapping: str | None) -> None:
    """Raise Invalid where a type matches nothing or an expression is none; None is not looked at."""
    if faults := _unfit(types, payload_filter, mapping):
        raise Invalid(faults=faults)


def _unfit(types: Sequence[str] | None, payload_filter: str | None, mapping: str | None) -> list[Fault]:
    faults = faults_in(types or (), "/types")
    for field, expression in (("payload_filter", payload_filter), ("mapping", mapping)):
        if expression is not None and (fault := fault_in(expression, f"/{field}")) is not None:
            faults.append(fault)
    return faults


def _not_reading(scopes: Sequence[str]) -> list[Fault]:
    return [
        Fault(f"/enrichment/{number}", "is not one resource to read, such as people:read", "not_for_reading")
        for number, scope in enumerate(scopes)
        if not scope.endswith(":read") or scope.startswith("*")
    ]
