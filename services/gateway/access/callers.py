"""A caller: a credential that was found good, as the dispatcher leaves it for the gateway's own routes."""

import ipaddress
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self

from fastapi import Depends, Request

from services.gateway.access.scopes import OWN
from services.gateway.limits import Allowance
from shared.auth import Principal
from shared.calls import Call
from shared.errors import Forbidden
from shared.pages import PagingOf

Kind = Literal["platform", "key", "session"]

_IN_SCOPE = "backbone.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a credential lets in: for which movement, as what, and until when (microseconds since 1970; None: no end).

    `credential` is the id of the key or session; the principal's is that of the key or user. The principal's movement
    is empty for a platform key that named none while there are several. What is withheld from it for want of an
    agreement is right until `settled_until` (the same unit; None where nothing can be), when another day begins.
    `addresses` are the networks that a key may be used from, with spaces between; empty: any. `allowance` is how often
    it may ask, where it is not as often as everybody.
    """

    credential: str
    principal: Principal
    kind: Kind
    expires_at: int | None
    settled_until: int | None = None
    addresses: str = ""
    allowance: Allowance | None = None

    @property
    def granted(self) -> frozenset[str]:
        """The scopes that somebody granted: those that everybody has are left out."""
        return self.principal.scopes - OWN

    def refuse_elsewhere(self, scope: MutableMapping[str, Any]) -> None:
        """Raise unless the request comes from an address that the key may be used from."""
        if not self.addresses:
            return
        try:
            address = ipaddress.ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            raise AddressRefused from None
        if not any(address in ipaddress.ip_network(network) for network in self.addresses.split()):
            raise AddressRefused

    def of_the_platform(self) -> Self:
        """The same caller, standing in no movement."""
        return replace(self, principal=replace(self.principal, movement=""))


class AddressRefused(Forbidden):
    """A key was used from an address that it is not for."""

    code = "address_refused"
    title = "This key may not be used from this address"


class PlatformKeyNeeded(Forbidden):
    """The route is the platform's."""

    code = "platform_key_needed"
    title = "Only a platform key may do this"


class OtherOrganisation(Forbidden):
    """A credential that acts for one organisation tried to let somebody act for another, or for none."""

    code = "other_organisation"
    title = "This credential acts for one organisation"


def leave(scope: MutableMapping[str, Any], caller: Caller) -> None:
    """Put the caller where the routes of this request find it."""
    scope[_IN_SCOPE] = caller


async def _caller(request: Request, call: Call) -> Caller:
    caller: Caller = request.scope[_IN_SCOPE]
    return caller


CallerOf = Annotated[Caller, Depends(_caller)]
"""The caller, for a route that has a `Call` as well: its scope is checked first."""


async def platform_only(caller: CallerOf) -> None:
    """Raise unless the credential is a platform key."""
    if caller.kind != "platform":
        raise PlatformKeyNeeded()


def organisation_for(principal: Principal, wanted: str | None) -> str | None:
    """The organisation that a new user, key or endpoint acts for: whoever acts for one hands on no other."""
    own = principal.organisation
    if own is not None and wanted not in (None, own):
        raise OtherOrganisation()
    return wanted or own


def last_seen(paging: PagingOf) -> str:
    """The id of the last row that the caller has, for a list in the order of ids; empty at the start."""
    return str(paging.after[0]) if paging.after else ""
