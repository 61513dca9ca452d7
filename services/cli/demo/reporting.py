"""What came of the awards: groups report, one gives back what is left, and the books say whose money it was."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from services.cli.demo.client import Api, together
from services.cli.demo.officers import Officers
from services.cli.demo.progress import Bar
from services.cli.errors import Refused
from shared import clock
from shared.money import Money

_LOOK_AGAIN_SECONDS, _ASKED_WITHIN_SECONDS = 0.1, 60.0
_MEASURE = {"key": "took_part_in_grants", "title": "People who took part in what was granted"}
_COUNTED = {"kind": "flow", "unit": "people", "direction": "higher_is_better", "period_type": "calendar_year"}


class _Made(msgspec.Struct):
    id: str


class _Version(msgspec.Struct):
    id: str
    status: str


class _Report(msgspec.Struct):
    id: str
    award: str
    state: str


class _Award(msgspec.Struct):
    id: str
    state: str


class _Amount(msgspec.Struct):
    amount: str

    @property
    def pence(self) -> int:
        return int(self.amount.replace(".", ""))


class _Repayment(msgspec.Struct):
    id: str
    left: _Amount


class _Repayments(msgspec.Struct):
    repayments: list[_Repayment]


class _Share(msgspec.Struct):
    funder: str
    net: _Amount


class _Funders(msgspec.Struct):
    funders: list[_Share]


class _Verification(msgspec.Struct):
    verified: bool


async def measure(api: Api) -> str:
    """The published version of the measure that the groups count: how many people took part. Its id."""
    known = await api.every("/v1/measures", _Made, key=_MEASURE["key"])
    found = known[0].id if known else (await api.post("/v1/measures", _Made, _MEASURE)).id
    versions = await api.every(f"/v1/measures/{found}/versions", _Version)
    version = versions[0] if versions else await api.post(f"/v1/measures/{found}/versions", _Version, _COUNTED)
    if version.status != "published":
        await api.write(f"/v1/measures/{found}/versions/{version.id}/publish")
    return version.id


async def report(two: Officers, places: Mapping[str, str], measure: str, bar: Bar) -> None:
    """Each group reports on what it was asked by itself, and its report is accepted. `places` by award."""
    anna = two.first
    asked = await _asked_for(anna, places)
    year = str(clock.now().year)

    async def told(report: _Report, number: int) -> None:
        path = f"/v1/grant-reports/{report.id}"
        if report.state in ("due", "draft"):
            figure = {"measure_version": measure, "place": places[report.award], "period": year, "value": 8 + number}
            said = {"happened": "We met every week.", "took_part": "Our neighbours.", "figures": [figure]}
            await anna.edit("PATCH", path, said | {"changed_for_people": "We know one another now."})
            await anna.write(f"{path}/submit")
        if report.state in ("due", "draft", "submitted"):
            await anna.write(f"{path}/accept")
            anna.follows(f"measures/{report.id}")  # its figures are taken
        bar.advance()

    await together(told(asked[award], number) for number, award in enumerate(places))


async def close(two: Officers, due: Mapping[str, int], underspent: str, unspent: int) -> None:
    """Close what is paid; one group has so much left over (pence), is asked for it, and pays it back."""
    anna = two.first
    active = {one.id for one in await anna.every("/v1/awards", _Award) if one.state == "active"}

    async def over(award: str) -> None:
        spent = due[award] - (unspent if award == underspent else 0)
        await anna.write(f"/v1/awards/{award}/close", {"spent": Money.of(spent, "GBP").model_dump()})

    await together(over(award) for award in due if award in active)
    path = f"/v1/awards/{underspent}/repayments"
    for asked in (await anna.get(path, _Repayments)).repayments:
        if asked.left.pence:
            await anna.write(f"{path}/{asked.id}/receive", {"amount": Money.of(asked.left.pence, "GBP").model_dump()})


async def funders(api: Api, awards: Sequence[str]) -> Mapping[str, int]:
    """How much each funder has in the awards (pence). Raises Refused where the books do not add up."""
    if not (await api.get("/v1/ledger/verification", _Verification)).verified:
        raise Refused("the ledger's balances are not what its entries add up to")
    traced = await together(api.get(f"/v1/awards/{award}/funders", _Funders) for award in awards)
    shares: Counter[str] = Counter()
    for each in traced:
        for share in each.funders:
            shares[share.funder] += share.net.pence
    return shares


async def _asked_for(api: Api, places: Mapping[str, str]) -> Mapping[str, _Report]:
    """By its award each report; they are asked for by themselves, soon after the first money is out."""
    deadline = time.monotonic() + _ASKED_WITHIN_SECONDS
    while True:
        asked = {one.award: one for one in await api.every("/v1/grant-reports", _Report)}
        if places.keys() <= asked.keys():
            return asked
        if time.monotonic() > deadline:
            raise Refused("reports were not asked for: the service's workers do not run")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
