"""Restrictions by place: a ward meets what is for its district, as soon as measures has said that it lies there."""

import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from services.grants.applications.eligibility import Finding, Rule, Standing, findings
from services.grants.places import learning, store
from services.grants.rounds.rules import StoredEligibility
from shared import clock
from shared.asgi import Receive, Scope, Send
from shared.errors import AppError
from shared.in_process import register, unregister
from shared.parts import Parts
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp
from tests.grants.paid import paid

WARD, ELSEWHERE, DISTRICT, REGION = "E05004420", "E05009999", "E07000080", "E12000009"
WITHIN = {WARD: [DISTRICT, REGION], DISTRICT: [REGION], ELSEWHERE: ["E07000081", REGION]}


class Measures:
    """An ASGI application in measures' place: in what each place lies, once it is there to be asked."""

    away = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        code = scope["path"].split("/")[3]
        status = 503 if self.away else 200 if code in WITHIN else 404
        answer: Json = {"data": [{"code": area, "name": "…"} for area in WITHIN.get(code, [])]}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


@pytest.fixture
def measures() -> Iterator[Measures]:
    """The measures service, which does not answer yet."""
    standin = Measures()
    register("measures", standin)
    yield standin
    unregister("measures", standin)


async def learnt(app: FastAPI, measures: Measures) -> None:
    """All that is due is asked and answered."""
    parts: Parts = app.state.parts
    measures.away = False
    while await parts.db.read(store.due, clock.now(), 1):
        await learning.look(parts)


async def test_what_is_from_a_ward_of_the_rounds_district_is_plainly_eligible_once_that_is_learnt(
    app: FastAPI, grants: Caller, measures: Measures
) -> None:
    opened = await grants.open_round(eligibility={"places": [DISTRICT]})
    inside = (await grants.post("/v1/applications", asking(opened, place=WARD)))["id"]
    outside = (await grants.post("/v1/applications", asking(opened, place=ELSEWHERE, group_name="Swimmers")))["id"]
    offer = {"application": inside, "amount": gbp("500.00")}
    assert (await grants.refused("/v1/awards", offer))[1]["code"] == "not_screened", "nobody knows yet"
    await learnt(app, measures)
    await grants.post("/v1/awards", offer)
    refused = await grants.refused(f"/v1/applications/{outside}/screen", {"eligible": True})
    assert (refused[1]["code"], refused[1]["rules"]) == ("rule_unmet", "place"), "its ward lies in another district"
    again = (await grants.post("/v1/applications", asking(opened, place=WARD, group_name="Runners")))["id"]
    await grants.award(again)


async def test_money_that_is_bound_to_a_district_pays_for_its_wards(
    app: FastAPI, grants: Caller, measures: Measures
) -> None:
    fund = str((await grants.post("/v1/funds", {"name": "Wards", "grant_maker": "Us", "purpose": "All"}))["id"])
    given = {"funder": "Trust", "promised": gbp("500.00"), "cleared": gbp("500.00"), "fits": {"places": [DISTRICT]}}
    await grants.post(f"/v1/funds/{fund}/contributions", given)
    drafted = await grants.draft(fund, "500.00")
    await grants.post(f"/v1/rounds/{drafted}/open")
    award = await grants.award((await grants.post("/v1/applications", asking(drafted, place=WARD)))["id"])
    await grants.agree(award)
    await grants.check(award)
    with pytest.raises(AppError, match="less in the bank that may pay for this award"):
        await paid(grants, award, 100_00)
    await learnt(app, measures)
    await paid(grants, award, 100_00)
    (share,) = (await grants.get(f"/v1/awards/{award}/funders"))["funders"]
    assert (share["funder"], share["net"]) == ("Trust", gbp("100.00"))


@ON_ONE_DATABASE
async def test_a_round_for_a_ward_is_within_a_fund_for_its_district(
    app: FastAPI, grants: Caller, measures: Measures
) -> None:
    said = {"name": "Wards", "grant_maker": "Us", "purpose": "All", "restrictions": {"places": [DISTRICT]}}
    fund = (await grants.post("/v1/funds", said))["id"]
    given = {"funder": "Trust", "promised": gbp("5000.00"), "cleared": gbp("5000.00")}
    await grants.post(f"/v1/funds/{fund}/contributions", given)
    near, far = [await grants.draft(fund, "2000.00", eligibility={"places": [place]}) for place in (WARD, ELSEWHERE)]
    assert (await grants.refused(f"/v1/rounds/{near}/open"))[1]["outside"] == "places"
    await learnt(app, measures)
    await grants.post(f"/v1/rounds/{near}/open")
    assert (await grants.refused(f"/v1/rounds/{far}/open"))[1]["outside"] == "places"


@ON_ONE_DATABASE
async def test_measures_is_asked_until_it_answers_and_a_place_that_it_does_not_know_lies_in_none(
    app: FastAPI, grants: Caller, measures: Measures
) -> None:
    opened = await grants.open_round(eligibility={"places": [DISTRICT]})
    parts: Parts = app.state.parts
    await grants.post("/v1/applications", asking(opened, place="E05000000"))
    with pytest.raises(AppError):
        await learning.look(parts)
    mine = {code for movement, code in await parts.db.read(store.due, clock.now(), 99) if movement == grants.movement}
    assert mine == {DISTRICT, "E05000000"}
    await learnt(app, measures)
    found = await parts.db.read(store.within, grants.movement, mine)
    assert found == {DISTRICT: [REGION], "E05000000": []}
    with clock.frozen(clock.now() + learning.ASKED_AGAIN_AFTER):
        assert await parts.db.read(store.due, clock.now(), 99), "boundaries change"


@pytest.mark.parametrize(
    ("listed", "areas", "standing"),
    [
        ([DISTRICT], {DISTRICT}, Standing.MET),
        ([DISTRICT], {WARD, DISTRICT, REGION}, Standing.MET),
        ([DISTRICT], {"E07000081"}, Standing.UNMET),
        ([DISTRICT], {ELSEWHERE, "E07000081", REGION}, Standing.UNMET),
        ([DISTRICT], {WARD}, Standing.UNKNOWN),
        ([WARD], {DISTRICT, REGION}, Standing.UNKNOWN),
        ([DISTRICT], set[str](), Standing.UNKNOWN),
    ],
)
def test_a_place_is_inside_outside_or_not_known_to_be_either(
    listed: list[str], areas: set[str], standing: Standing
) -> None:
    rules: StoredEligibility = {"places": listed, "kinds": [], "themes": []}
    assert findings(rules, areas=areas, kind=None, theme=None) == [Finding(Rule.PLACE, standing)]
