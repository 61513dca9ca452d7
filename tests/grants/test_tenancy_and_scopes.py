"""Who may see and do what: another movement's ids are not there, and each route needs its scope."""

import re
from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.batches.layouts import NEUTRAL
from services.grants.batches.models import PaymentBatch
from shared import clock
from shared.ids import new_id
from shared.needs import scopes
from shared.parts import Parts
from shared.secrets import Secrets
from shared.testing.caller import Json, assert_each_route_needs_its_scope, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import BECAUSE, DETAILS, NO, Caller, asking, gbp
from tests.grants.paid import asked_back
from tests.neighbours import Neighbours

NOUNS = (
    "funds",
    "delegations",
    "income",
    "investments",
    "support-contacts",
    "forms",
    "rounds",
    "applications",
    "awards",
    "award-agreements",
    "checks-of-groups",
    "ledger/accounts",
    "ledger/entries",
    "grant-reports",
    "payees",
    "payments",
    "payment-batches",
    *("decisions", "reviews"),
)
pytestmark = pytest.mark.usefixtures("members")
SOMEBODY = new_id("person")
BODIES: dict[str, Json] = {
    **{
        f"/v1/funds/{{fund_id}}/contributions/{{contribution_id}}/{step}": {"amount": gbp("1.00")}
        for step in ("reduce", "return", "take-fee")
    },
    "/v1/funds/{fund_id}": {"name": "Theirs"},
    "/v1/funds/{fund_id}/oversight-rules": {"rules": []},
    "/v1/funds/{fund_id}/settle-underspend": {},
    "/v1/income/{income_id}": {"funder": "Theirs"},
    "/v1/investments/{investment_id}": {"investor": "Theirs"},
    "/v1/support-contacts/{support_id}": {"since": "2026-01-01"},
    "/v1/support-contacts/{support_id}/notes": {"way": "call", "on": "2026-01-01"},
    "/v1/funds/{fund_id}/contributions": {"funder": "Sport England", "promised": gbp("1.00")},
    "/v1/funds/{fund_id}/contributions/{contribution_id}/clear": {"amount": gbp("1.00")},
    "/v1/awards/{award_id}/publication": {"treatment": "open"},
    "/v1/rounds/{round_id}": {"title": "Theirs"},
    "/v1/delegations/{delegation_id}": {"expires_on": None},
    "/v1/delegations/{delegation_id}/revoke": {"reason": "Theirs"},
    "/v1/awards/{award_id}": {"purpose": "Theirs", "reason": "Theirs"},
    "/v1/awards/{award_id}/repayments/{repayment_id}/receive": {"amount": gbp("1.00")},
    "/v1/awards/{award_id}/repayments/{repayment_id}/write-off": {"amount": gbp("1.00"), "reason": "Theirs"},
    "/v1/awards/{award_id}/measures": {"measures": []},
    "/v1/awards/{award_id}/organisation": {"organisation": None},
    **{f"/v1/awards/{{award_id}}/{step}": BECAUSE for step in ("cancel", "hold", "let-go")},
    "/v1/grant-reports/{report_id}": {"happened": "Theirs"},
    "/v1/grant-reports/{report_id}/query": {"question": "Theirs"},
    "/v1/grant-reports/{report_id}/waive": {"reason": "Theirs"},
    "/v1/award-agreements/{agreement_id}/accept": {"way": "call", "name": "Them", "evidence": "The recording"},
    "/v1/checks-of-groups/{check_id}/withdraw": {"reason": "Theirs"},
    "/v1/funds/{fund_id}/check-rules": {"rules": []},
    "/v1/forms/{form_id}/versions": {"preset": "one_question"},
    "/v1/forms/{form_id}/versions/{version_id}": {"order": []},
    "/v1/rounds/{round_id}/amendments": {"reason": "Theirs"},
    "/v1/applications/{application_id}/decline": NO,
    "/v1/applications/{application_id}/screen": {"eligible": True},
    "/v1/applications/{application_id}/host": {"agrees": True},
    "/v1/applications/{application_id}/contact": {"name": "Theirs"},
    "/v1/applications/{application_id}/questions": {"question": "Who?"},
    "/v1/applications/{application_id}/questions/{question_id}/answer": {"answer": "We"},
    "/v1/applications/drafts/{draft_id}": {"summary": "Theirs"},
    "/v1/decisions/{decision_id}/abandon": {"reason": "Theirs"},
    "/v1/decisions/{decision_id}/boxes/{box}": {"ballots": 1, "dots": {}},
    "/v1/decisions/{decision_id}/make": {},
    "/v1/decisions/{decision_id}/meeting": {"held_on": "2026-06-01", "present": [SOMEBODY], "minute": "Theirs"},
    "/v1/decisions/{decision_id}/voters": {"voters": [{"person": SOMEBODY, "because": "member"}]},
    "/v1/reviews/{review_id}/score": {"scores": []},
    "/v1/reviews/{review_id}/declare": {},
    "/v1/rounds/{round_id}/reviews": {"application": new_id("app"), "reviewer": SOMEBODY},
    "/v1/rounds/{round_id}/reviews/evenly": {"reviewers": [SOMEBODY], "each": 1},
    "/v1/payees/{payee_id}": {"name": "Theirs"},
    "/v1/payees/{payee_id}/account": DETAILS,
    "/v1/payees/{payee_id}/verify": {"known_from": "the form"},
    "/v1/payments/{payment_id}": {"amount": gbp("1.00")},
    "/v1/payments/{payment_id}/void": {"reason": "Theirs"},
    "/v1/payment-batches/{batch_id}/export-again": {"reason": "Theirs"},
    "/v1/payment-batches/{batch_id}/results": {
        "results": [{"payment": new_id("payment"), "outcome": "paid", "on": "2026-01-01"}]
    },
}


async def everything(grants: Caller) -> dict[str, str]:
    """One of each noun, by the name that paths give its id."""
    opened = await grants.open_round("5000.00")
    fund = (await grants.get(f"/v1/rounds/{opened}"))["fund"]
    application = await grants.application(opened)
    document = await grants.document(application)
    award = await grants.award(application)
    reading = {"application": await grants.application(opened), "reviewer": SOMEBODY}
    form = await grants.post("/v1/forms", {"name": "Seeds", "preset": "one_question"})
    return {
        # Of these, tests/grants/open_data/test_imports.py asks for some that are there.
        "grant_id": new_id("extgrant"),
        "job": new_id("grants_job"),
        "fund_id": fund,
        "contribution_id": (await grants.get(f"/v1/funds/{fund}/contributions"))["data"][0]["id"],
        "round_id": opened,
        "application_id": application,
        "award_id": award,
        "agreement_id": (await grants.post("/v1/award-agreements", {"award": award}))["id"],
        "check_id": (await grants.post("/v1/checks-of-groups", {"award": award, "kind": "objects"}))["id"],
        "draft_id": (await grants.post("/v1/applications/drafts", {"round": opened}))["id"],
        "question_id": await grants.question(opened),
        "decision_id": (await grants.post("/v1/decisions", {"round": opened}))["id"],
        "review_id": (await grants.post(f"/v1/rounds/{opened}/reviews", reading))["id"],
        "box": "1",
        "person": SOMEBODY,
        "entry_id": (await grants.get("/v1/ledger/entries"))["data"][0]["id"],
        "report_id": (await grants.post("/v1/grant-reports", {"award": award, "due_on": "2027-03-31"}))["id"],
        "repayment_id": await asked_back(grants, await grants.ready_to_pay()),
        "document_id": document,
        "form_id": form["id"],
        "version_id": form["newest"]["id"],
        "payee_id": (await grants.payee(award))["id"],
        "payment_id": (await grants.payment(await grants.payable()))["id"],
        "batch_id": await batch(grants, fund),
        "delegation_id": await delegated(grants, fund),
        **await beside_the_round(grants, application),
    }


async def batch(grants: Caller, fund: str) -> str:
    """A batch without payments, as an open one is whose payments were all voided; its id."""

    def made(session: Session) -> str:
        row = PaymentBatch(
            movement=grants.movement, id=new_id("batch"), fund_id=fund, currency="GBP", template="neutral",
            layout=NEUTRAL.model_dump(mode="json"), state="open", made_by="user", made_at=clock.now(),
            updated_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        return row.id

    parts: Parts = grants.app.state.parts
    return await parts.acting_in(grants.movement).write(made)


async def delegated(grants: Caller, fund: str) -> str:
    """A delegation of the fund; its id."""
    anchor = await Neighbours(grants.app).organisation(grants.movement)
    made = await grants.post("/v1/delegations", {"fund": fund, "to": anchor, "scopes": ["oversee"]})
    return str(made["id"])


async def beside_the_round(grants: Caller, application: str) -> dict[str, str]:
    """What is noted beside a round: income, an investment, who walks beside a group; their ids."""
    income = {"funder": "Us", "kind": "core", "amount": gbp("1.00"), "starts_on": "2026-01-01", "ends_on": "2026-02-01"}
    brought = {
        "investor": "Us",
        "recipient": "You",
        "our_part": "All",
        "amount": gbp("1.00"),
        "agreed_on": "2026-01-01",
    }
    beside = {"application": application, "person": new_id("person")}
    return {
        "income_id": (await grants.post("/v1/income", income))["id"],
        "investment_id": (await grants.post("/v1/investments", brought))["id"],
        "support_id": (await grants.post("/v1/support-contacts", beside))["id"],
    }


async def _closed_year(grants: Caller) -> str:
    """The financial year that it is now, closed when it is over; nothing can be posted in it afterwards."""
    with clock.frozen(clock.now() + timedelta(days=400)):
        ends_on = (await grants.get("/v1/ledger/year-end"))["next_ends_on"]
        return str((await grants.post("/v1/ledger/years", {"ends_on": ends_on}))["id"])


async def everything_shown(grants: Caller) -> list[Json]:
    return [await grants.get(f"/v1/{noun}") for noun in NOUNS]


async def test_another_movements_ids_are_not_there_on_any_route(app: FastAPI, grants: Caller, other: Caller) -> None:
    ids = await everything(grants) | {"year_id": await _closed_year(grants)}
    before = await everything_shown(grants)
    for route in scopes(app):
        method, path = route.split()
        if "{" in path and path.startswith("/v1/"):  # the gateway says whose documents and doors the others are
            sent, any_version = BODIES.get(path), {"If-Match": "*"}
            asked = {"name": "theirs.pdf"} if route.startswith("POST") and path.endswith("/documents") else {}
            answered = await other.client.request(
                method, path.format(**ids), json=sent, params=asked, headers=any_version
            )
            assert (answered.status_code, answered.json()["code"]) == (404, "not_found"), route
    assert await everything_shown(grants) == before


async def test_another_movements_lists_are_empty(grants: Caller, other: Caller) -> None:
    ids = await everything(grants)
    for listed in await everything_shown(other):
        assert listed == {"data": [], "next_cursor": None}
    assert (await other.get("/v1/awards", round=ids["round_id"]))["data"] == []


async def test_another_movements_ids_in_a_body_are_not_there(grants: Caller, other: Caller) -> None:
    ids = await everything(grants)
    drafted = {"fund": ids["fund_id"], "title": "Seeds", "budget": gbp("1000.00")}
    assert (await other.refused("/v1/rounds", drafted))[0] == 404
    assert (await other.refused("/v1/applications", asking(ids["round_id"])))[0] == 404
    offer = {"application": await grants.application(ids["round_id"]), "amount": gbp("500.00")}
    assert (await other.refused("/v1/awards", offer))[0] == 404
    for noun, said in (("payees", {"name": "Theirs"}), ("payments", {"amount": gbp("1.00")})):
        status, problem = await other.refused(f"/v1/{noun}", {"award": ids["award_id"], **said})
        assert (status, faults(problem)) == (422, {"/award": "unknown_award"})


async def test_a_cursor_of_another_movement_is_refused(grants: Caller, other: Caller) -> None:
    for _ in range(2):
        await grants.fund("1.00")
    cursor = (await grants.get("/v1/funds", limit=1))["next_cursor"]
    answered = await other.client.get("/v1/funds", params={"cursor": cursor})
    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")


@ON_ONE_DATABASE
async def test_each_route_needs_its_scope(app: FastAPI, vouching: Secrets) -> None:
    declared = scopes(app)
    assert declared.pop("POST /internal/people/records") == "archives:read"  # for an archive, which members gathers
    assert declared.pop("GET /internal/retention") == "retention:read"  # for the schedule, which members shows
    traced = [route for route in declared if "/internal/trace/" in route]
    assert {declared.pop(route) for route in traced} == {"events:read"}  # for traces, which the gateway gathers
    assert declared.keys() > {"POST /v1/funds", "GET /v1/awards/{award_id}"}
    opened = [route for route in declared if "/open/{movement}/" in route]
    assert {declared.pop(route) for route in opened} == {"open:read"}
    contact = "/v1/applications/{application_id}/contact"
    assert declared.pop(f"GET {contact}") == "applicants:read"  # whoever reviews has no need of it
    assert declared.pop(f"PUT {contact}") == "applicants:write"
    for route, scope in declared.items():
        method, path = route.split()
        if path.startswith("/hooks/"):
            continue
        noun = re.split("[/?]", path)[2].replace("-", "_").replace("contributions", "funds")  # which they are part of
        assert scope == f"{noun}:{'read' if method == 'GET' else 'write'}", route
    await assert_each_route_needs_its_scope(app, partial(Caller, app, vouching, new_id("movement")))


@ON_ONE_DATABASE
@pytest.mark.parametrize("authorization", [None, "Bearer ", "Bearer nonsense", "Basic eDp5"])
async def test_nobody_calls_without_a_token(grants: Caller, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    answered = await grants.client.get("/v1/funds", auth=None, headers=headers)
    assert answered.status_code == 401
