"""The anchor organisation to which the demo's round is handed: who it is, what it may read, what it may decide."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from services.cli.demo.client import Api
from shared import clock

ANCHOR = "Alderbrook Together"
MAKER = "Alderbrook Health Partnership"
"""Who makes the grants; the anchor organisation holds its money and decides about it."""
_OFFICE = "Alderbrook Movement Office"
_REFERENCE = "Demo: grants handed to Alderbrook Together"
_HANDED = ("award", "administer", "support")


class _Made(msgspec.Struct):
    id: str


class _Organisation(msgspec.Struct):
    id: str
    name: str


class _Agreement(msgspec.Struct):
    reference: str | None = None


class _Delegation(msgspec.Struct):
    to: str
    state: str


class _Check(msgspec.Struct):
    published: int


class _Settings(msgspec.Struct):
    prefix: str | None = None


async def organisation(api: Api) -> str:
    """The anchor organisation, and the agreement by which it reads what groups write. Its id."""
    known = {one.name: one.id for one in await api.every("/v1/organisations", _Organisation)}
    parties = [
        known[name] if name in known else (await api.post("/v1/organisations", _Made, {"name": name})).id
        for name in (_OFFICE, ANCHOR)
    ]
    if not any(one.reference == _REFERENCE for one in await api.every("/v1/agreements", _Agreement)):
        today = clock.now().date()
        terms = {"kind": "sharing", "parties": parties, "purposes": ["grants"], "data_classes": ["applications"]}
        days = {"signed_on": today.isoformat(), "review_on": (today + timedelta(days=365)).isoformat()}
        basis = {"basis": "legitimate_interests", "reference": _REFERENCE}
        await api.post("/v1/agreements", _Made, terms | days | basis)
    return parties[1]


async def hand_over(api: Api, fund: str, organisation: str, ceiling: object) -> None:
    """Hand the fund's powers to it: from then on the backbone itself awards and pays nothing of the fund."""
    given = await api.every("/v1/delegations", _Delegation, fund=fund)
    if not any(one.to == organisation and one.state in ("to_come", "live") for one in given):
        asked = {"fund": fund, "to": organisation, "scopes": _HANDED, "ceiling": ceiling}
        await api.post("/v1/delegations", _Made, asked)


async def publish(api: Api, organisation: str, funders: Sequence[str]) -> None:
    """Have its grants stand open to the world as 360Giving, unless somebody publishes already."""
    if (await api.get("/v1/open-data-settings", _Settings)).prefix is None:
        # Numbers of no register: nobody real is meant.
        known = [
            {"name": name, "identifier": f"360G-alderbrook-{number}"} for number, name in enumerate((MAKER, *funders))
        ]
        ours = {"name": ANCHOR, "identifier": "360G-alderbrook-together", "organisation": organisation}
        said = {"prefix": "alderbrook", "publisher": ANCHOR, "organisations": [ours, *known]}
        await api.edit("PATCH", "/v1/open-data-settings", said)


async def published(api: Api) -> int:
    """How many grants stand open. A grant with a fault does not."""
    return (await api.get("/v1/open-data-settings/check", _Check)).published
