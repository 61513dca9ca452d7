"""The 47 micro-grants of the seeds as an anchor organisation gives them, through the gateway, with its own people's
sessions: from the call for ideas to the last report.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

import httpx

from shared import clock
from shared.testing.eventually import eventually
from tests.suite.asking import Json, done, each_of, every, refused
from tests.suite.processes import Suite
from tests.suite.story import post

PENCE = [500_00 + 43_21 * number for number in range(46)] + [2_500_00]
"""What the groups are awarded: £500 to £2,500, few of them round."""
HOSTED, RETURNED, UNDERSPENT = 5, 11, 17
"""Which of them has no account, whose payment comes back from the bank, and who spends `UNSPENT` less than it had."""
UNSPENT = 100_00
ARTS = range(0, 47, 2)
"""Who asks for arts; the others ask for food."""
TURNED_DOWN = 3
"""Groups that are told no: the money does not reach for them."""
GIVEN = {"Arts lottery": 20_000_00, "Health board": 30_000_00, "Council": 33_000_00}
"""Who gave how much. The lottery's is for arts alone."""
PLACE, PERIOD = "E07000080", "2026"
ANY = {"if-match": "*"}
PASSWORD = "a password that is long enough"
ACCOUNT = {"name_on_account": "Knit and Natter Club", "sort_code": "08-99-99", "account_number": "66374958"}
MAKER, ANCHOR = "GB-CHC-1101101", "GB-CHC-1165512"
KNOWN = {
    "The health board": MAKER, "Action Together": ANCHOR, "The parish hub": "GB-CHC-1101103",
    "Arts lottery": "GB-CHC-1101104", "Health board": "GB-CHC-1101102", "Council": "GB-LAE-OLD",
}  # fmt: skip
"""By the name that the movement has for them, the organisations' identifiers in registers."""


def pounds(pence: int) -> Json:
    """So much, as the API writes it."""
    return {"amount": f"{pence // 100}.{pence % 100:02}", "currency": "GBP"}


def came_of(number: int) -> int:
    """How many people a group says took part."""
    return 10 + number


def words_of(number: int) -> str:
    """What a group says is different for people now."""
    return f"We of {number} know one another"


class Officer(NamedTuple):
    """Somebody of an organisation, signed in."""

    client: httpx.AsyncClient
    organisation: str


@dataclass
class Told:
    """What the round left behind."""

    slug: str = ""
    fund: str = ""
    round: str = ""
    measure: str = ""
    awards: list[str] = field(default_factory=list)
    """By the group's number."""
    returned: str = ""
    """The payment that came back."""
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)
    """What the backbone was answered where it tried what it had handed on."""


async def tell(suite: Suite) -> Told:
    """Live through it all."""
    told = Told()
    async with suite.client() as backbone, AsyncExitStack() as sessions:
        told.slug = (await backbone.get("/v1/me")).json()["movement"]["slug"]
        ours, anchor, hub = [
            str((await post(backbone, "/v1/organisations", {"name": name}))["id"])
            for name in ("The movement's office", "Action Together", "The parish hub")
        ]
        first, second, host = [
            await sessions.enter_async_context(_signed_in(suite, backbone, name, organisation))
            for name, organisation in (("anna", anchor), ("ben", anchor), ("hilda", hub))
        ]
        await _agree_to_share(backbone, [ours, anchor, hub], [first, host])
        await _call_for_ideas(backbone, told, anchor)
        await _apply_and_decide(backbone, told, first, host)
        await _make_ready(told, first)
        await _pay(backbone, told, first, second)
        await _report(told, first)
    return told


@asynccontextmanager
async def _signed_in(suite: Suite, backbone: httpx.AsyncClient, name: str, organisation: str) -> AsyncIterator[Officer]:
    email = f"{name}@anchor.example"
    user = {"email": email, "name": name.title(), "role": "coordinator", "password": PASSWORD}
    await post(backbone, "/v1/users", user | {"organisation": organisation})
    session = await post(backbone, "/v1/sessions", {"email": email, "password": PASSWORD})
    async with httpx.AsyncClient(
        base_url=suite.url, headers={"authorization": f"Bearer {session['token']}"}, timeout=20
    ) as client:
        yield Officer(client, organisation)


async def _agree_to_share(backbone: httpx.AsyncClient, parties: Sequence[str], officers: Sequence[Officer]) -> None:
    """Whoever is to read what groups wrote is a party to an agreement about that: without one it is withheld."""
    today = clock.now().date()
    agreed = {"kind": "sharing", "parties": parties, "purposes": ["grants"], "data_classes": ["applications"]}
    days = {"signed_on": today.isoformat(), "review_on": (today + timedelta(days=365)).isoformat()}
    words = {"basis": "legitimate_interests", "reference": "DSA-47"}
    await post(backbone, "/v1/agreements", agreed | days | words)

    async def covered() -> bool:
        shown = [(await officer.client.get("/v1/me")).json()["withheld"] for officer in officers]
        return not any(each["data_class"] == "applications" for withheld in shown for each in withheld)

    await eventually(covered, within=30)


async def _call_for_ideas(backbone: httpx.AsyncClient, told: Told, anchor: str) -> None:
    """A fund of three funders; all of its power to award and to administer is handed to the anchor organisation."""
    words = {"name": "Small sparks", "grant_maker": "The health board", "purpose": "Arts and food together"}
    told.fund = (await post(backbone, "/v1/funds", words | {"holder": anchor}))["id"]
    for funder, pence in GIVEN.items():
        gift = {"funder": funder, "promised": pounds(pence), "cleared": pounds(pence)}
        bound = {"restriction": "For arts", "fits": {"themes": ["arts"]}} if funder == "Arts lottery" else {}
        await post(backbone, f"/v1/funds/{told.fund}/contributions", gift | bound)
    handed = {"fund": told.fund, "to": anchor, "scopes": ["award", "administer", "support"]}
    await post(backbone, "/v1/delegations", handed | {"ceiling": pounds(sum(PENCE))})
    told.measure = await _measure(backbone)
    names = [{"name": name, "identifier": known} for name, known in KNOWN.items()]
    names[1]["organisation"] = anchor
    said = {"prefix": "smallsparks", "publisher": "Action Together", "organisations": names}
    await done(backbone.patch("/v1/open-data-settings", json=said, headers=ANY))


async def _measure(backbone: httpx.AsyncClient) -> str:
    """A published count of those who took part, of the district where the groups are; the id of its version."""
    csv = {"content-type": "text/csv"}
    place = f"code,name,kind\n{PLACE},Forest of Dean,district\n"
    await done(backbone.post("/v1/places/imports", content=place, headers=csv))
    measure = await post(backbone, "/v1/measures", {"key": "took_part", "title": "People who took part"})
    counted = {"kind": "flow", "unit": "people", "direction": "higher_is_better", "period_type": "calendar_year"}
    version = await post(backbone, f"/v1/measures/{measure['id']}/versions", counted)
    await post(backbone, f"/v1/measures/{measure['id']}/versions/{version['id']}/publish")
    return str(version["id"])


async def _apply_and_decide(backbone: httpx.AsyncClient, told: Told, officer: Officer, host: Officer) -> None:
    """Groups apply, one of them with a host that agrees itself; then each gets its answer in one act."""
    client, rules = officer.client, {"eligibility": {"places": [PLACE], "themes": ["arts", "food"]}}
    asked = {"fund": told.fund, "title": "Small sparks 2026", "budget": pounds(sum(PENCE))}
    told.round = (await post(client, "/v1/rounds", asked | rules))["id"]
    await post(client, f"/v1/rounds/{told.round}/open")
    applications = await each_of(_application(client, told, number, host) for number in range(47 + TURNED_DOWN))
    mine = {"application": applications[0], "amount": pounds(PENCE[0])}
    told.refusals["award"] = await refused(backbone, "/v1/awards", mine)
    await post(client, f"/v1/rounds/{told.round}/close")
    await post(client, f"/v1/rounds/{told.round}/assess")
    decision = (await post(client, "/v1/decisions", {"round": told.round}))["id"]
    outcomes = [{"application": each, "outcome": "award"} for each in applications[:47]]
    no = {"outcome": "decline", "reason": "The money reaches for 47."}
    outcomes += [{"application": each} | no for each in applications[47:]]
    told.refusals["decide"] = await refused(backbone, f"/v1/decisions/{decision}/make", {"outcomes": outcomes})
    made = {"outcomes": outcomes, "help_offered": "Ada will go through it with you: 01452 555010."}
    await post(client, f"/v1/decisions/{decision}/make", made)
    await post(client, f"/v1/rounds/{told.round}/decide")
    offered = {each["application"]: each["id"] for each in await every(client, "/v1/awards", round=told.round)}
    told.awards = [offered[each] for each in applications[:47]]


async def _application(client: httpx.AsyncClient, told: Told, number: int, host: Officer) -> str:
    theme = "arts" if number in ARTS else "food"
    body: Json = {"round": told.round, "group_name": f"Group {number}", "summary": "A warm room", "place": PLACE}
    pence = PENCE[number] if number < len(PENCE) else 600_00
    held = {"has_account": False, "host": {"name": "The parish hub", "organisation": host.organisation}}
    body |= held if number == HOSTED else {}
    made = await post(client, "/v1/applications", body | {"theme": theme, "amount": pounds(pence)})
    if number == HOSTED:
        await post(host.client, f"/v1/applications/{made['id']}/host", {"agrees": True})
    return str(made["id"])


async def _make_ready(told: Told, officer: Officer) -> None:
    """Each award is agreed, checked, has a payee, and says what it will count."""

    async def ready(number: int, award: str) -> None:
        client = officer.client
        agreement = (await post(client, "/v1/award-agreements", {"award": award}))["id"]
        said = {"way": "call", "name": "The treasurer", "evidence": f"Recording {number}"}
        await post(client, f"/v1/award-agreements/{agreement}/accept", said)
        for needed in (await client.get(f"/v1/awards/{award}/checks")).json()["checks"]:
            await post(client, "/v1/checks-of-groups", {"award": award, "kind": needed["kind"]})
        kind = {"kind": "host", "name": "The parish hub"} if number == HOSTED else {"name": f"Group {number}"}
        await post(client, "/v1/payees", {"award": award, "account": ACCOUNT} | kind)
        counts = {"measures": [told.measure]}
        await done(client.put(f"/v1/awards/{award}/measures", json=counts, headers=ANY))

    await each_of(ready(number, award) for number, award in enumerate(told.awards))


async def _pay(backbone: httpx.AsyncClient, told: Told, first: Officer, second: Officer) -> None:
    """Two batches; the bank sends one payment of the first back, which is made again with the second."""
    due = [{"award": award, "amount": pounds(pence)} for award, pence in zip(told.awards, PENCE, strict=True)]
    told.refusals["pay by key"] = await refused(backbone, "/v1/payments", due[0])
    batch, payments = await _batch(told, first, second, due[:24])
    told.returned = payments[RETURNED]
    await _bank_says(first, batch, [told.returned], "returned")
    await _batch(told, first, second, [*due[24:], due[RETURNED] | {"retries": told.returned}])


async def _batch(told: Told, first: Officer, second: Officer, due: Sequence[Json]) -> tuple[str, list[str]]:
    """Payments that one proposes and the other approves, and that the bank says were paid; the batch and they."""

    async def approved(asked: Json) -> str:
        payment = (await post(first.client, "/v1/payments", asked))["id"]
        await post(second.client, f"/v1/payments/{payment}/approve", headers={"if-match": '"1"'})
        return str(payment)

    payments = await each_of(approved(each) for each in due)
    batch = (await post(first.client, "/v1/payment-batches", {"fund": told.fund, "payments": payments}))["id"]
    await done(first.client.post(f"/v1/payment-batches/{batch}/export"))
    await _bank_says(first, batch, payments, "paid")
    return str(batch), payments


async def _bank_says(officer: Officer, batch: str, payments: Sequence[str], outcome: str) -> None:
    said = {"outcome": outcome, "on": clock.now().date().isoformat(), "reason": "Said by the bank"}
    results = [{"payment": payment} | said for payment in payments]
    await post(officer.client, f"/v1/payment-batches/{batch}/results", {"results": results})


async def _report(told: Told, officer: Officer) -> None:
    """Each group reports on what it was asked by itself, is believed, and its award is closed."""
    client = officer.client
    asked = await eventually(lambda: _asked_for(client, told), within=30)
    assert asked is not None

    async def reported(number: int, award: str) -> None:
        report = asked[award]
        figure = {"measure_version": told.measure, "place": PLACE, "period": PERIOD, "value": str(came_of(number))}
        said = {"happened": "We met", "took_part": "All of us", "changed_for_people": words_of(number)}
        story = {"title": f"Group {number}", "reach": "movement", "how": "spoken", "on": "2026-10-01"}
        body = said | {"figures": [figure], "story": story}
        await done(client.patch(f"/v1/grant-reports/{report}", json=body, headers=ANY))
        await post(client, f"/v1/grant-reports/{report}/submit")
        await post(client, f"/v1/grant-reports/{report}/accept")
        spent = {"spent": pounds(PENCE[number] - UNSPENT)} if number == UNDERSPENT else None
        await post(client, f"/v1/awards/{award}/close", spent)

    await each_of(reported(number, award) for number, award in enumerate(told.awards))
    path = f"/v1/awards/{told.awards[UNDERSPENT]}/repayments"
    (repayment,) = (await client.get(path)).json()["repayments"]
    await post(client, f"{path}/{repayment['id']}/receive", {"amount": pounds(UNSPENT)})
    await post(client, f"/v1/rounds/{told.round}/complete")


async def _asked_for(client: httpx.AsyncClient, told: Told) -> dict[str, str] | None:
    """By its award each report that was asked for, once all are."""
    found = {each["award"]: each["id"] for each in await every(client, "/v1/grant-reports")}
    return found if found.keys() == set(told.awards) else None
