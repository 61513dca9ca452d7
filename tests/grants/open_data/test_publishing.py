"""The open files of 360Giving: live, valid, one a funder, and of nobody who would be at risk."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.grants.open_data.standard import rules
from shared import clock
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp
from tests.grants.conftest import Acting
from tests.grants.open_data.schema import flattened_back, validators
from tests.grants.open_data.steps import FUNDER, KNOWN, MAKER, ROOT, TOLD, accepted, anybody, of, publisher, told
from tests.grants.paid import paid
from tests.neighbours import nobody

pytestmark = ON_ONE_DATABASE


@pytest.fixture
async def public(app: FastAPI, vouching: Secrets, grants: Caller) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever comes by way of the gateway without a key."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://grants", headers=TOLD, auth=anybody(grants, vouching)
    ) as client:
        yield client


async def package(public: httpx.AsyncClient, funder: str = MAKER) -> Json:
    answered = await public.get(f"{ROOT}/{funder}/grants.json")
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


async def test_an_award_stands_open_as_soon_as_it_is_accepted(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants)
    opened = await grants.open_round("5000.00")
    award = await accepted(grants, opened, "500.50", place="E07000080")
    found = await package(public)
    assert (found["version"], found["publisher"]["name"]) == ("1.4", "Action Together")
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    grant = of(found["grants"], award)
    assert rules.faults(grant) == []
    assert (grant["amountAwarded"], grant["amountDisbursed"], grant["currency"]) == (500.5, 0, "GBP")
    assert grant["fundingOrganization"] == [{"id": MAKER, "name": "Action Together"}]
    assert grant["recipientOrganization"][0]["name"] == "Knit and natter"
    assert grant["beneficiaryLocation"] == [{"countryCode": "GB", "geoCode": "E07000080", "geoCodeType": "NMD"}]
    assert (grant["title"], grant["description"]) == ("Seeds: Knit and natter", "Being active")


async def test_a_contribution_is_a_grant_to_be_granted_on_and_awards_name_it(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    await publisher(grants)
    award = await accepted(grants, await grants.open_round("5000.00"))
    (transfer,) = (await package(public, FUNDER))["grants"]
    assert rules.faults(transfer) == []
    assert (transfer["regrantType"], transfer["amountAwarded"]) == ("FRG010", 5000)
    assert transfer["recipientOrganization"] == [{"id": MAKER, "name": "Action Together"}]
    grant = of((await package(public))["grants"], award)
    assert grant["relatedActivity"] == [transfer["id"]]
    assert "regrantType" not in grant


async def test_what_an_anchor_organisation_holds_was_handed_to_it_and_is_granted_on_by_it(
    grants: Caller, public: httpx.AsyncClient, acting: Acting
) -> None:
    holder, _ = await acting()
    anchor = {"name": "Anchor", "identifier": "GB-CHC-7", "organisation": holder}
    await publisher(grants, organisations=[*KNOWN, anchor])
    fund = await grants.post(
        "/v1/funds", {"name": "Seeds", "grant_maker": "Action Together", "purpose": "Being active", "holder": holder}
    )
    given = {"funder": "Sport England", "promised": gbp("5000.00"), "cleared": gbp("5000.00")}
    await grants.post(f"/v1/funds/{fund['id']}/contributions", given)
    round_id = await grants.draft(fund["id"], "5000.00")
    await grants.post(f"/v1/rounds/{round_id}/open")
    award = await accepted(grants, round_id)
    (handed,) = (await package(public))["grants"]
    assert rules.faults(handed) == []
    assert (handed["regrantType"], handed["amountAwarded"]) == ("FRG010", 5000)
    assert handed["recipientOrganization"] == [{"id": "GB-CHC-7", "name": "Anchor"}]
    assert handed["relatedActivity"] == [grant["id"] for grant in (await package(public, FUNDER))["grants"]]
    (grant,) = (await package(public, "GB-CHC-7"))["grants"]
    assert grant["id"].endswith(award)
    assert grant["relatedActivity"] == [handed["id"]]
    assert grant["fundingOrganization"] == [{"id": "GB-CHC-7", "name": "Anchor"}]


async def test_an_organisation_that_nobody_knows_is_refused(grants: Caller) -> None:
    stranger = {"name": "Anchor", "identifier": "GB-CHC-7", "organisation": nobody()}
    answered = await grants.client.patch(
        "/v1/open-data-settings", json={"organisations": [*KNOWN, stranger]}, headers={"If-Match": "*"}
    )
    assert answered.status_code == 422
    found = [(fault["pointer"], fault["code"]) for fault in answered.json()["errors"]]
    assert found == [("/organisations/2/organisation", "unknown_organisation")]


async def test_a_group_that_is_hosted_is_a_part_of_its_host(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants, organisations=[*KNOWN, {"name": "The Hub", "identifier": "GB-CHC-8"}])
    opened = await grants.open_round("5000.00")
    body = asking(opened, has_account=False, host={"name": "The Hub"})
    application = (await grants.post("/v1/applications", body))["id"]
    await grants.post(f"/v1/applications/{application}/host", {"agrees": True})
    award = await grants.award(application)
    await grants.post(f"/v1/awards/{award}/accept")
    grant = of((await package(public))["grants"], award)
    assert rules.faults(grant) == []
    hosted = {"id": "GB-CHC-8", "name": "The Hub", "department": "Knit and natter"}
    assert grant["recipientOrganization"] == [hosted]


async def test_the_index_leads_to_a_file_a_funder(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants, website="https://actiontogether.example/")
    await accepted(grants, await grants.open_round("5000.00"))
    entries = (await public.get(ROOT)).json()["data"]
    assert [entry["identifier"] for entry in entries] == [MAKER, FUNDER]
    assert entries[0]["publisher"]["prefix"] == "360G-actiontogether"
    for entry in entries:
        for file in entry["distribution"]:
            address = file["downloadURL"]
            assert address.startswith(f"https://data.example.org{ROOT}/")
            assert (await public.get(address.removeprefix("https://data.example.org"))).status_code == 200


async def test_nothing_is_published_before_there_is_a_prefix(grants: Caller, public: httpx.AsyncClient) -> None:
    award = await accepted(grants, await grants.open_round("5000.00"))
    assert (await public.get(ROOT)).json() == {"data": []}
    assert (await public.get(f"{ROOT}/{MAKER}/grants.json")).status_code == 404
    check = await grants.get("/v1/open-data-settings/check")
    assert {"award": award, "code": "prefix_missing"}.items() <= check["faults"][-1].items()


async def test_offers_and_what_ended_unaccepted_are_not_published(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants)
    opened = await grants.open_round("5000.00")
    stands = await accepted(grants, opened)
    offered = await grants.award(await grants.application(opened))
    cancelled = await accepted(grants, opened)
    await grants.post(f"/v1/awards/{cancelled}/cancel", {"reason": "The group has folded"})
    ids = [grant["id"] for grant in (await package(public))["grants"]]
    assert ids == [f"360G-actiontogether-{stands}"]
    assert not any(offered in each for each in ids)


async def test_a_change_shows_at_once_and_who_has_it_already_is_told_so(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    await publisher(grants)
    award = await accepted(grants, await grants.open_round("5000.00"))
    address = f"{ROOT}/{MAKER}/grants.json"
    first = await public.get(address)
    assert first.headers["last-modified"].endswith("GMT")
    known = {"if-none-match": first.headers["etag"]}
    assert (await public.get(address, headers=known)).status_code == 304
    await told(grants, award, title="Wool for winter", description="A warm room with wool")
    changed = await public.get(address, headers=known)
    assert changed.status_code == 200
    assert of(changed.json()["grants"], award)["title"] == "Wool for winter"


async def test_who_is_at_risk_is_blurred_or_withheld(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants, described_by="application")
    opened = await grants.open_round("5000.00")
    blurred = await accepted(
        grants, opened, group_name="The refuge", summary="Beds at 3 Hidden Lane", place="E05000026"
    )
    withheld = await accepted(grants, opened, group_name="The other refuge")
    await told(grants, blurred, treatment="blurred", reason="women would be found")
    await told(grants, withheld, treatment="withheld", reason="women would be found")
    answered = await public.get(f"{ROOT}/{MAKER}/grants.json")
    grant = of(answered.json()["grants"], blurred)
    assert rules.faults(grant) == []
    assert grant["beneficiaryLocation"] == [{"countryCode": "GB"}]
    csv_text = (await public.get(f"{ROOT}/{MAKER}/grants.csv")).text
    for word in ("refuge", "Hidden", "E05000026", "GLS060", "found", withheld):
        assert word not in answered.text + csv_text, word
    check = await grants.get("/v1/open-data-settings/check")
    assert (check["published"], check["withheld"], check["faults"]) == (2, 1, [])


async def test_individuals_are_never_named(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants, described_by="application")
    award = await accepted(grants, await grants.open_round("5000.00"), group_name="Rosa Diaz", summary="Rosa swims")
    await told(grants, award, to_individual=True)
    answered = await public.get(f"{ROOT}/{MAKER}/grants.json")
    grant = of(answered.json()["grants"], award)
    assert rules.faults(grant) == []
    assert grant["recipientIndividual"]["name"] == "Individual Recipient"
    assert "recipientOrganization" not in grant
    assert "Rosa" not in answered.text


async def test_a_grant_with_a_fault_is_left_out_and_the_check_says_why(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    await publisher(
        grants, described_by="application", organisations=[{"name": "Action Together", "identifier": MAKER}]
    )
    opened = await grants.open_round("5000.00")
    stands = await accepted(grants, opened)
    award = await accepted(grants, opened, summary="Write to rosa@example.org")
    assert [grant["id"][-len(stands) :] for grant in (await package(public))["grants"]] == [stands]
    check = await grants.get("/v1/open-data-settings/check")
    assert (check["published"], check["faulty"]) == (1, 2)
    found = {(fault["award"], fault["pointer"], fault["code"]) for fault in check["faults"]}
    assert found == {(award, "/description", "email_like"), (None, "/fundingOrganization/0/id", "missing")}
    await told(grants, award, description="A knitting group")
    assert len((await package(public))["grants"]) == 2


async def test_the_spreadsheet_says_what_the_package_says(grants: Caller, public: httpx.AsyncClient) -> None:
    await publisher(grants, described_by="application")
    await accepted(grants, await grants.open_round("5000.00"), summary='=HYPERLINK("x")\nand "more", yes')
    answered = await public.get(f"{ROOT}/{MAKER}/grants.csv")
    header, row = csv.reader(io.StringIO(answered.text))
    assert header[:3] == ["Identifier", "Title", "Description"]
    cells = dict(zip(header, row, strict=True))
    assert cells["Recipient Org:0:Name"] == "Knit and natter"
    assert cells["Description"] == 'HYPERLINK("x")\nand "more", yes', "no spreadsheet runs it"
    assert cells["Description"] == (await package(public))["grants"][0]["description"]


async def test_all_that_is_published_is_valid_and_the_spreadsheet_comes_back_the_same(
    grants: Caller, public: httpx.AsyncClient, published: Path, tmp_path: Path
) -> None:
    await publisher(grants, described_by="application", publisher_identifier=MAKER, website="https://at.example.org")
    opened = await grants.open_round("5000.00")
    await accepted(grants, opened, "1234.56", place="E07000080", summary='Wool; tea,\n"and" more')
    await told(grants, await accepted(grants, opened), treatment="blurred", reason="at risk")
    await told(grants, await accepted(grants, opened), to_individual=True, title="Boots")
    valid, _ = validators(published)
    for funder, count in ((MAKER, 3), (FUNDER, 1)):
        found = await package(public, funder)
        assert [list(valid.iter_errors(grant)) for grant in found["grants"]] == [[]] * count
        assert list(validators(published)[1].iter_errors(found)) == []
        text = (await public.get(f"{ROOT}/{funder}/grants.csv")).content
        (folder := tmp_path / funder).mkdir()
        assert flattened_back(published, text, folder) == found["grants"]


async def test_settings_are_edited_by_version(grants: Caller) -> None:
    first = await grants.client.get("/v1/open-data-settings")
    assert (first.json()["version"], first.headers["etag"]) == (0, '"0"')
    said = {"prefix": "actiontogether"}
    missing = await grants.client.patch("/v1/open-data-settings", json=said)
    assert missing.status_code == 428
    made = await grants.client.patch("/v1/open-data-settings", json=said, headers={"If-Match": '"0"'})
    assert (made.status_code, made.json()["version"]) == (200, 1)
    late = await grants.client.patch("/v1/open-data-settings", json=said, headers={"If-Match": '"0"'})
    assert late.status_code == 412


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"prefix": "360G-x"}, "/prefix"),
        ({"publisher_identifier": "1165512"}, "/publisher_identifier"),
        ({"organisations": [{"name": "A", "identifier": "GB-CHC-1/2"}]}, "/organisations/0/identifier"),
        ({"website": "actiontogether"}, "/website"),
        ({"licence": "mine"}, "/licence"),
        ({"regrant_type": "FRG999"}, "/regrant_type"),
    ],
)
async def test_settings_that_the_standard_does_not_know_are_refused(grants: Caller, said: Json, pointer: str) -> None:
    answered = await grants.client.patch("/v1/open-data-settings", json=said, headers={"If-Match": "*"})
    assert answered.status_code == 422
    assert [fault["pointer"] for fault in answered.json()["errors"]] == [pointer]


async def test_less_is_told_only_for_a_reason(grants: Caller) -> None:
    award = await accepted(grants, await grants.open_round("5000.00"))
    answered = await grants.client.put(
        f"/v1/awards/{award}/publication", json={"treatment": "withheld"}, headers={"If-Match": "*"}
    )
    assert (answered.status_code, answered.json()["errors"][0]["code"]) == (422, "reason_missing")


async def test_an_award_names_the_contributions_that_it_was_paid_of_and_none_that_it_was_not(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    await publisher(grants)
    award = await grants.ready_to_pay("500.00")
    fund = (await grants.get(f"/v1/rounds/{(await grants.get(f'/v1/awards/{award}'))['round']}"))["fund"]
    (first,) = (await grants.get(f"/v1/funds/{fund}/contributions"))["data"]
    bound = {"funder": "Sport England", "promised": gbp("200.00"), "cleared": gbp("200.00"), "restriction": "Wool"}
    second = await grants.post(f"/v1/funds/{fund}/contributions", bound)
    assert "relatedActivity" not in of((await package(public))["grants"], award), "whose money it will be is not known"
    before = (await public.get(f"{ROOT}/{MAKER}/grants.json")).headers["last-modified"]
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        await paid(grants, award, 200_00)
        shown = await public.get(f"{ROOT}/{MAKER}/grants.json")
        assert shown.headers["last-modified"] != before
        grant = of(shown.json()["grants"], award)
        assert (grant["relatedActivity"], grant["amountDisbursed"]) == ([f"360G-actiontogether-{second['id']}"], 200)
        await paid(grants, award, 50_00)
        grant = of((await package(public))["grants"], award)
        assert grant["relatedActivity"] == [f"360G-actiontogether-{each['id']}" for each in (first, second)]


async def test_what_came_of_a_contribution_is_told_once_whatever_left_it(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    await publisher(grants)
    fund = await grants.fund("1000.00")
    (given,) = (await grants.get(f"/v1/funds/{fund}/contributions"))["data"]
    await grants.post(f"/v1/funds/{fund}/contributions/{given['id']}/return", {"amount": gbp("300.00")})
    await grants.post(f"/v1/funds/{fund}/contributions/{given['id']}/take-fee", {"amount": gbp("100.00")})
    (transfer,) = (await package(public, FUNDER))["grants"]
    assert transfer["amountDisbursed"] == 700
