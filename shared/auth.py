"""Who is calling: the principal, what it may do, and the internal token that carries it between services.

The gateway alone vouches for callers. Every other service can only speak for itself, as `service:<name>`; a token in
which it claims to be somebody else is refused, whatever its signature.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from shared import clock
from shared.coverage import CLASS_OF, Because, Coverage, NotCovered, Withheld, refusal
from shared.errors import Unauthenticated
from shared.secrets import Secrets, signer_of

LIFETIME = 60
"""Seconds until an internal token expires."""
BY_NAME_ALONE = frozenset(
    {"archives", "children", "conversations", "equality_answers", "incidents", "requests", "safety", "voice_words"}
)
"""Who is a child and who answers for them, what people told a connector or said of what stands in their way, what they
answered of themselves, what went wrong and whom to call then, what people ask for by right and are handed then: whoever
may read everything may not read this by it."""

SEALED = frozenset({"safeguarding"})
"""What no wildcard reaches, not even ``*``: it is granted by name, and for everybody else it is not there at all."""

_REUSED_FOR = 30
_ALGORITHMS = ["Ed25519"]
_OPTIONAL = ("organisation", "user", "origin", "person")
"""What a principal may lack; a token leaves it out then."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling, within one movement.

    `id` is the credential (`key_…`, `session_…`, `service:gateway`), `user` the person behind it where there is one,
    `person` who that user is among the movement's people, as far as it is known, `organisation` the body it acts for,
    `origin` the CRM connection it came through. `platform`: it may change what all movements share. `withheld`: what
    it may not have whatever its scopes, for no agreement lets its organisation have it.
    """

    id: str
    movement: str
    scopes: frozenset[str]
    organisation: str | None = None
    user: str | None = None
    origin: str | None = None
    platform: bool = False
    person: str | None = None
    withheld: Withheld = ()

    def may(self, scope: str) -> bool:
        """Whether a scope such as `people:read` is granted, in itself or by `*`, `people:*` or `*:read`.

        What is granted by name alone is not reached by `*:read`, what is sealed by no wildcard, and what is withheld
        by nothing.
        """
        return self._granted(scope) and (not self.withheld or self.want_of_agreement(scope) is None)

    def want_of_agreement(self, scope: str) -> NotCovered | None:
        """Why no agreement covers what a scope reaches; None where one does, or none is needed."""
        data_class = CLASS_OF.get(scope.partition(":")[0])
        for withheld, answer in self.withheld:
            if withheld == data_class:
                return refusal(withheld, answer)
        return None

    def _granted(self, scope: str) -> bool:
        granted = self.scopes
        if scope in granted:
            return True
        resource, _, action = scope.partition(":")
        if resource in SEALED:
            return False
        if "*" in granted:
            return True
        return f"{resource}:*" in granted or (f"*:{action}" in granted and resource not in BY_NAME_ALONE)


def service_principal(service: str, movement: str) -> Principal:
    """The service itself as a caller, for work that nobody asked for at this moment."""
    return Principal(id=f"service:{service}", movement=movement, scopes=frozenset({"*"}))


def sign(principal: Principal, audience: str, secrets: Secrets) -> str:
    """An internal token for one service (`audience`), valid for 30 to 60 seconds; reused for 30, as signing is dear."""
    return _signed(principal, audience, secrets, clock.milliseconds() // 1000 // _REUSED_FOR)


@lru_cache(maxsize=10_000)
def _signed(principal: Principal, audience: str, secrets: Secrets, half_minute: int) -> str:
    kid = secrets.signer.kid or ""
    claims: dict[str, object] = {
        "iss": signer_of(kid),
        "aud": audience,
        "exp": half_minute * _REUSED_FOR + LIFETIME,
        "sub": principal.id,
        "movement": principal.movement,
        "scopes": sorted(principal.scopes),
    }
    for name in _OPTIONAL:
        if (value := getattr(principal, name)) is not None:
            claims[name] = value
    if principal.platform:
        claims["platform"] = True
    if principal.withheld:
        claims["withheld"] = [
            [data_class, answer.because, answer.agreement, answer.day and answer.day.isoformat()]
            for data_class, answer in principal.withheld
        ]
    return jwt.encode({"alg": "Ed25519", "kid": kid}, claims, secrets.signer, algorithms=_ALGORITHMS)


def verify(token: str, audience: str, secrets: Secrets) -> Principal:
    """The principal of a token made for this audience. Raises Unauthenticated."""
    principal, expires = _verified(token, audience, secrets)
    if clock.milliseconds() >= expires * 1000:
        raise Unauthenticated("the internal token has expired")
    return principal


@lru_cache(maxsize=10_000)
def _verified(token: str, audience: str, secrets: Secrets) -> tuple[Principal, int]:
    """The token's content. Only good tokens are remembered: lru_cache keeps no failure."""
    try:
        read = jwt.decode(token, secrets.verifiers, algorithms=_ALGORITHMS)
        principal, expires = _principal(read.claims)
        signer, issuer = signer_of(read.header["kid"]), read.claims["iss"]
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unauthenticated(f"the internal token cannot be read ({type(error).__name__})") from None
    if read.claims.get("aud") != audience or signer != issuer:
        raise Unauthenticated("the internal token is for another service, or not from who it says")
    if signer != "gateway" and principal.id != f"service:{signer}":
        raise Unauthenticated("only the gateway vouches for others")
    return principal, expires


def _principal(claims: dict[str, Any]) -> tuple[Principal, int]:
    principal = Principal(
        id=str(claims["sub"]),
        movement=str(claims["movement"]),
        scopes=frozenset(claims["scopes"]),
        organisation=claims.get("organisation"),
        user=claims.get("user"),
        origin=claims.get("origin"),
        platform=claims.get("platform") is True,
        person=claims.get("person"),
        withheld=tuple(
            (data_class, Coverage(Because(because), agreement, day and date.fromisoformat(day)))
            for data_class, because, agreement, day in claims.get("withheld", ())
        ),
    )
    return principal, int(claims["exp"])
