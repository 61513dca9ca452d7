"""Other funders' grants: real files taken, with every rule that they break; and the same file twice changes nothing."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from services.grants.open_data.imports.reading import UnreadableFile, read
from services.grants.open_data.standard import packages, rules, sheets
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller

GRANT: Json = {
    "id": "360G-LBFEW-1", "title": "Grant to the Hub", "description": "A hall", "currency": "GBP",
    "amountAwarded": 15000.5, "awardDate": "2015-06-10",
    "recipientOrganization": [{"id": "GB-CHC-1136419", "name": "The Hub"}],
    "fundingOrganization": [{"id": "GB-CHC-327114", "name": "Lloyds Bank Foundation"}],
    "beneficiaryLocation": [{"geoCode": "E07000080"}], "fromOpenCall": "Yes",
}  # fmt: skip


def grant(reference: str, **other: object) -> Json:
    """A grant like the one above, with this reference."""
    return {**GRANT, "id": f"360G-LBFEW-{reference}", **other}


async def imported(grants: Caller, body: bytes, **query: str) -> Json:
    """Import a file, and answer the job when it is over."""
    answered = await grants.client.post("/v1/grants-imports", content=body, params={"source": "Lloyds", **query})
    assert answered.status_code == 202, answered.text
    job = answered.json()["id"]

    async def over() -> Json:
        found = await grants.get(f"/v1/jobs/{job}")
        assert found["finished_at"] is not None
        return found

    return await eventually(over, within=60)


async def sent(grants: Caller, *given: object, **query: str) -> Json:
    """Import these as a package."""
    return await imported(grants, json.dumps({"grants": given}).encode(), **query)


async def faults(grants: Caller, job: Json) -> list[str]:
    """Row and code of each fault of a job."""
    answered = await grants.client.get(f"/v1/jobs/{job['id']}/faults")
    return [f"{row.split(',')[0]} {row.split(',')[3]}" for row in answered.text.splitlines()[1:]]


async def listed(grants: Caller, **wanted: str) -> Sequence[Json]:
    return list((await grants.get("/v1/external-grants", **wanted))["data"])


async def test_grants_are_taken_whole_and_those_that_break_a_rule_say_so(grants: Caller) -> None:
    wrong = grant("2", amountAwarded=0, awardDate="2015-02-30")
    job = await sent(grants, GRANT, wrong, grant("3", recipientOrganization=[]))
    assert (job["state"], job["result"]["new"], job["result"]["valid"]) == ("succeeded", 3, 1)
    assert sorted(await faults(grants, job)) == ["2 not_a_day", "2 nothing_awarded", "3 empty_list"]
    first, second, _ = await listed(grants)
    assert (first["valid"], first["faults"], first["grant"]) == (True, [], GRANT)
    assert first["amount"] == {"amount": "15000.50", "currency": "GBP"}
    assert (first["funder"], first["recipient"], first["place"]) == ("GB-CHC-327114", "GB-CHC-1136419", "E07000080")
    assert {fault["code"] for fault in second["faults"]} == {"not_a_day", "nothing_awarded"}
    assert (await grants.get(f"/v1/external-grants/{second['id']}"))["grant"]["awardDate"] == "2015-02-30"


async def test_the_same_file_again_changes_nothing_and_another_one_what_it_says_otherwise(grants: Caller) -> None:
    await sent(grants, GRANT, grant("2"))
    before = await listed(grants)
    again = await sent(grants, GRANT, grant("2"))
    assert (again["result"]["new"], again["result"]["changed"], again["result"]["unchanged"]) == (0, 0, 2)
    assert await listed(grants) == before
    other = await sent(grants, grant("2", title="Otherwise"), grant("3"))
    assert (other["result"]["new"], other["result"]["changed"]) == (1, 1)
    assert [each["grant"]["title"] for each in await listed(grants)] == [GRANT["title"], "Otherwise", GRANT["title"]]


async def test_another_movement_sees_neither_the_import_nor_its_grants(grants: Caller, other: Caller) -> None:
    job = await sent(grants, GRANT)
    (taken,) = await listed(grants)
    for address in (f"external-grants/{taken['id']}", f"grants-imports/{job['id']}", f"jobs/{job['id']}"):
        assert (await grants.client.get(f"/v1/{address}")).status_code == 200
        assert (await other.client.get(f"/v1/{address}")).status_code == 404
    assert await listed(other) == []
    assert (await other.client.get("/v1/external-grants/360giving.json")).json()["grants"] == []
    assert (await sent(other, GRANT))["result"]["new"] == 1, "it is none of theirs"


@ON_ONE_DATABASE
async def test_a_grant_that_nobody_can_tell_apart_is_not_taken(grants: Caller) -> None:
    nameless = {name: value for name, value in GRANT.items() if name != "id"}
    job = await sent(grants, GRANT, nameless, GRANT, "none")
    assert (job["result"]["new"], job["result"]["not_taken"]) == (1, 3)
    assert {"2 missing", "3 repeated_id", "4 wrong_kind"} <= set(await faults(grants, job))


@ON_ONE_DATABASE
async def test_checking_takes_nothing(grants: Caller) -> None:
    job = await sent(grants, GRANT, grant("2", currency="POUNDS"), dry_run="true")
    assert (job["state"], job["result"]["rows"], job["result"]["valid"]) == ("succeeded", 2, 1)
    assert await faults(grants, job) == ["2 unknown_code"]
    assert await listed(grants) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "no_known_column"),
        (b'{"grants": [', "broken_json"),
        (b'{"grants": [{"amountAwarded": NaN}]}', "broken_json"),
        (b"[" * 100_000, "broken_json"),
        (b'{"grants": []}', "no_grants"),
        (b'{"title": "\xff"}', "not_utf8"),
        (b"name,size\nHub,3\n", "no_known_column"),
        (b'Identifier,Title\n360G-a-1,"Hub\n', "broken_row"),
        (b"PK\x03\x04 no workbook", "not_a_workbook"),
    ],
)
def test_a_file_of_no_form_that_grants_are_published_in_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(body)
    assert [fault.code for fault in refused.value.faults] == [code]


@ON_ONE_DATABASE
async def test_nothing_is_taken_of_a_file_that_cannot_be_read(grants: Caller) -> None:
    job = await imported(grants, b'{"grants": [')
    assert (job["state"], job["failure"]["code"]) == ("failed", "unreadable_file")
    assert await faults(grants, job) == ["0 broken_json"]
    assert await listed(grants) == []


@ON_ONE_DATABASE
async def test_what_no_database_keeps_is_left_out_and_told(grants: Caller) -> None:
    body = json.dumps({"grants": [grant("1", title="A\x00B", note={"\x00": 1})]}).replace(
        '"note"', '"huge": 1e999, "note"'
    )
    job = await imported(grants, body.encode())
    assert job["state"] == "succeeded"
    assert {"1 character_left_out", "1 field_left_out"} <= set(await faults(grants, job))
    (found,) = await listed(grants)
    assert (found["grant"]["title"], found["grant"]["note"]) == ("AB", {})


@ON_ONE_DATABASE
async def test_nobody_is_named_and_no_way_to_reach_somebody_is_taken(grants: Caller) -> None:
    funder = [{**GRANT["fundingOrganization"][0], "contactName": "Rosa Diaz", "email": "rosa@example.org"}]
    person = {"id": "360G-LBFEW-person-1", "name": "Rosa Diaz"}
    to_one = {name: value for name, value in grant("2").items() if name != "recipientOrganization"}
    job = await sent(grants, grant("1", fundingOrganization=funder), {**to_one, "recipientIndividual": person})
    assert sorted(await faults(grants, job)) == ["1 contact_left_out", "1 contact_left_out", "2 name_left_out"]
    answered = await grants.client.get("/v1/external-grants")
    assert "Rosa" not in answered.text
    assert "rosa@" not in answered.text
    assert [each["valid"] for each in answered.json()["data"]] == [True, True]


@ON_ONE_DATABASE
async def test_grants_are_found_by_who_gave_to_whom_when_and_where(grants: Caller) -> None:
    other = [{"id": "GB-CHC-1", "name": "Other"}]
    await sent(
        grants,
        grant("1", fundingOrganization=other, awardDate="2014-01-01"),
        grant("2", recipientOrganization=other, beneficiaryLocation=[{"geoCode": "E07000079"}]),
        grant("3", currency="?"),
    )
    for wanted, expected in (
        ({"funder": "GB-CHC-1"}, ["1"]),
        ({"recipient": "GB-CHC-1"}, ["2"]),
        ({"place": "E07000079"}, ["2"]),
        ({"awarded_until": "2014-12-31"}, ["1"]),
        ({"awarded_from": "2014-01-02"}, ["2", "3"]),
        ({"valid": "false"}, ["3"]),
    ):
        assert [each["grant_id"][-1] for each in await listed(grants, **wanted)] == expected, wanted


def test_a_spreadsheet_reads_as_the_package_that_it_was_made_of() -> None:
    given = [GRANT, grant("2", relatedActivity=["360G-a-1", "360G-a-2"], description='Tea, "cake"\nand more')]
    assert read(packages.as_csv(given)).grants == given
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in sheets.table(given):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    assert read(written.getvalue()).grants == given


def test_headings_may_be_names_of_fields_and_leave_the_number_out() -> None:
    body = b"id,recipientOrganization/0/id,Funding Org:Name,amount awarded,shoe size\n1,GB-CHC-1,Lloyds,15.50,7\n"
    found = read(body)
    assert found.grants == [
        {
            "id": "1", "recipientOrganization": [{"id": "GB-CHC-1"}], "fundingOrganization": [{"name": "Lloyds"}],
            "amountAwarded": 15.5,
        }
    ]  # fmt: skip
    assert [(fault.code, fault.column) for fault in found.faults] == [("unknown_column", "shoe size")]


@ON_ONE_DATABASE
async def test_all_grants_of_a_real_funder_are_taken_and_the_valid_ones_go_out_valid(
    grants: Caller, published: Path
) -> None:
    body = (published / "lloyds-bank-foundation-2010-2015.json").read_bytes()
    job = await imported(grants, body, licence="CC BY 4.0")
    result = job["result"]
    assert (result["rows"], result["new"], result["not_taken"], result["valid"]) == (4116, 4116, 0, 4069)
    broken = {"not_an_address": 40, "missing": 5, "nothing_awarded": 1, "malformed_id": 1}
    mended = {"old_spelling": 4116, "scheme_added": 1962}
    assert result["rules"] == broken | mended
    assert job["fault_count"] == sum(result["rules"].values())
    assert (await imported(grants, body))["result"]["unchanged"] == 4116
    exported = (await grants.client.get("/v1/external-grants/360giving.json", params={"valid": "true"})).json()
    assert len(exported["grants"]) == 4069
    came = {each["id"]: each for each in json.loads(body)["grants"]}
    for each in exported["grants"]:
        assert rules.faults(each) == []
        assert unmended(each) == unmended(came[each["id"]])


def unmended(grant: Mapping[str, object]) -> Json:
    """A grant without what may have been mended in it: whether there was an open call, and the recipient's address."""
    plain = json.loads(json.dumps(grant))
    del plain["fromOpenCall"]
    plain["recipientOrganization"][0].pop("url", None)
    return dict(plain)
