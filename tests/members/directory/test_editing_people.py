"""Editing people: what is sent changes and the rest stays; versions; external ids; how the movement came to them."""

from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI

from services.members.directory.people.ages import band_on
from services.members.directory.people.birthdays import look
from shared import clock
from shared.ids import new_id
from shared.testing.caller import faults, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change, refused_change

PAPER = {"source": "paper_form", "basis": "consent", "notice": {"name": "privacy", "version": "1"}}


async def test_what_is_sent_changes_and_the_rest_stays(members: Caller) -> None:
    person = await members.person("Ada", family_name="Hall", tags=["pilot"], skills=["welsh"], postcode="GL16 8DN")
    said = {
        "family_name": None,
        "known_as": "Addie",
        "emails": [{"address": "ada@example.org"}],
        "phones": [{"number": "01594 555 010"}],
        "tags": ["volunteer", "North"],
        "contact_preference": ["post"],
    }
    before = await members.get(f"/v1/people/{person}")
    changed = await change(members, f"/v1/people/{person}", said)
    assert changed == await members.get(f"/v1/people/{person}")
    expected = before | said | {
        "emails": [{"address": "ada@example.org", "primary": True}],
        "phones": [{"number": "01594 555 010", "digits": "01594555010"}],
        "tags": ["north", "volunteer"],
        "version": 2,
        "updated_at": changed["updated_at"],
    }  # fmt: skip
    assert changed == expected
    assert ("person.updated", {"person": person, "version": 2}) in await members.published(person)


@ON_ONE_DATABASE
async def test_numbers_stay_in_the_order_in_which_they_are_to_be_tried(members: Caller) -> None:
    mobile, at_home, at_work = "07700 900123", "01594 555 010", "+44 1452 555123"
    person = await members.person("Ada", phones=[{"number": mobile}, {"number": at_home}])
    shown = await members.get(f"/v1/people/{person}")
    assert [phone["number"] for phone in shown["phones"]] == [mobile, at_home]
    said = {"phones": [{"number": at_work}, {"number": mobile}, {"number": at_home}]}
    changed = await change(members, f"/v1/people/{person}", said)
    assert [phone["number"] for phone in changed["phones"]] == [at_work, mobile, at_home]


@ON_ONE_DATABASE
async def test_somebody_renamed_is_found_by_the_new_name_alone(members: Caller) -> None:
    person = await members.person("Ada", family_name="Hall")
    await change(members, f"/v1/people/{person}", {"family_name": "Siôn"})
    assert [row["id"] for row in (await members.get("/v1/people", q="sion"))["data"]] == [person]
    assert (await members.get("/v1/people", q="hall"))["data"] == []


@ON_ONE_DATABASE
async def test_an_edit_names_the_version_that_it_read(members: Caller) -> None:
    path = f"/v1/people/{await members.person()}"
    tag = (await members.client.get(path)).headers["etag"]
    assert (await members.client.patch(path, json={"known_as": "A"})).status_code == 428
    assert (await change(members, path, {"known_as": "A"}, tag=tag))["version"] == 2
    assert (await refused_change(members, path, {"known_as": "B"}, tag=tag))[0] == 412
    assert (await members.get(path))["known_as"] == "A"


async def test_people_edited_since_a_moment_are_listed(members: Caller) -> None:
    with clock.frozen(datetime(2026, 3, 1, tzinfo=UTC)):
        ada, _ = await members.person("Ada"), await members.person("Eve")
    with clock.frozen(datetime(2026, 3, 2, tzinfo=UTC)):
        await change(members, f"/v1/people/{ada}", {"known_as": "A"})
    since = await members.get("/v1/people", updated_since="2026-03-02T00:00:00Z")
    assert [row["id"] for row in since["data"]] == [ada]


@ON_ONE_DATABASE
async def test_a_child_found_out_loses_the_rung_and_an_adult_may_have_one_again(members: Caller) -> None:
    person = await members.person()
    path = f"/v1/people/{person}"
    for said, rung in (({"age_band": "13_to_15"}, None), ({"age_band": "adult"}, "observer")):
        assert (await change(members, path, said))["membership"]["rung"] == rung


@ON_ONE_DATABASE
async def test_a_date_of_birth_settles_the_age_band(members: Caller) -> None:
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        born = {"date_of_birth": "2010-06-02"}
        made = await members.sign_up(person=born, child=await members.child_record())
        path = f"/v1/people/{made['person']}"
        shown = await members.get(path)
        assert (shown["age_band"], shown["membership"]["rung"]) == ("13_to_15", None)
        for said, pointer, code in (
            ({"age_band": "adult"}, "/age_band", "age_band_conflicts"),
            ({"date_of_birth": "2026-06-02"}, "/date_of_birth", "in_the_future"),
        ):
            status, problem = await refused_change(members, path, said)
            assert (status, faults(problem)) == (422, {pointer: code})
        assert (await change(members, path, {"date_of_birth": "2008-06-01"}))["age_band"] == "adult"


async def test_an_age_band_follows_the_birthdays(app: FastAPI, members: Caller) -> None:
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        said = {"date_of_birth": "2010-06-02"}
        kim = (await members.sign_up("Kim", person=said, child=await members.child_record()))["person"]
        await change(members, f"/v1/people/{await members.person('Ada')}", {"date_of_birth": "1990-01-01"})
    seen = []
    for day in (
        datetime(2026, 6, 1, 22, tzinfo=UTC),
        datetime(2026, 6, 2, tzinfo=UTC),
        datetime(2028, 6, 2, tzinfo=UTC),
    ):
        with clock.frozen(day):
            await look(app.state.parts)
            shown = await members.get(f"/v1/people/{kim}")
            seen.append((shown["age_band"], shown["membership"]["rung"], shown["version"]))
    assert seen == [("13_to_15", None, 1), ("16_to_17", "observer", 2), ("adult", "observer", 3)]


@ON_ONE_DATABASE
async def test_nobody_born_less_than_13_years_ago_signs_up(members: Caller) -> None:
    born = clock.now().date().replace(day=1)
    said = {"person": {"given_name": "Kid", "date_of_birth": born.replace(year=born.year - 5).isoformat()}}
    status, problem = await members.refused("/v1/sign-ups", said)
    assert (status, problem["code"]) == (422, "under_13")
    assert (await members.get("/v1/people"))["data"] == []


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (date(2021, 2, 28), "under_13"),
        (date(2021, 3, 1), "13_to_15"),
        (date(2024, 2, 28), "13_to_15"),
        (date(2024, 2, 29), "16_to_17"),
        (date(2026, 3, 1), "adult"),
    ],
)
def test_somebody_born_on_a_leap_day_is_older_on_the_first_of_march(day: date, band: str) -> None:
    assert band_on(date(2008, 2, 29), day) == band


async def test_an_external_id_is_added_once_and_removed(members: Caller) -> None:
    person, other_person = await members.person("Ada"), await members.person("Eve")
    crm = {"system": "civicrm", "id": "10/4 32"}
    path = f"/v1/people/{person}/external-ids"
    for _ in range(2):
        assert (await members.post(path, crm))["external_ids"] == [crm]
    status, problem = await members.refused(f"/v1/people/{other_person}/external-ids", crm)
    assert (status, problem["code"], problem["person"]) == (409, "external_id_taken", person)
    removed = json_of(await members.client.delete(path, params=crm), 200)
    assert (removed["external_ids"], removed["version"]) == ([], 3)
    assert (await members.client.delete(path, params=crm)).status_code == 404
    assert (await members.post(f"/v1/people/{other_person}/external-ids", crm))["external_ids"] == [crm]


@ON_ONE_DATABASE
async def test_somebody_known_who_has_not_joined_is_entered_with_how_we_know(members: Caller) -> None:
    crm = {"system": "civicrm", "id": "1"}
    said = {"given_name": "Ada", "external_ids": [crm], "tags": ["lead"], "emails": [{"address": "a@example.org"}]}
    made = await members.post("/v1/people", {"person": said, "provenance": PAPER})
    assert made == await members.get(f"/v1/people/{made['id']}")
    assert (made["membership"], made["tags"], made["external_ids"]) == (None, ["lead"], [crm])
    assert made["provenance"][0]["source"] == "paper_form"
    status, problem = await members.refused("/v1/people", {"person": said, "provenance": PAPER})
    assert (status, problem["code"], problem["person"]) == (409, "external_id_taken", made["id"])
    child = {"given_name": "Kid", "age_band": "under_13"}
    status, problem = await members.refused("/v1/people", {"person": child, "provenance": PAPER})
    assert (status, faults(problem)) == (422, {"/child": "child_record_missing"})
    assert len((await members.get("/v1/people"))["data"]) == 1


@ON_ONE_DATABASE
async def test_each_way_that_the_movement_knows_of_somebody_is_kept(members: Caller) -> None:
    person = await members.person()
    for source in ("list", "referral"):
        await members.post(f"/v1/people/{person}/provenance", {"source": source, "basis": "public_task"})
    shown = (await members.get(f"/v1/people/{person}"))["provenance"]
    assert [(row["source"], row["basis"], row["notice"]) for row in shown] == [
        ("list", "public_task", None),
        ("referral", "public_task", None),
    ]


@ON_ONE_DATABASE
async def test_an_edit_with_a_fault_is_refused(members: Caller) -> None:
    twice = {"emails": [{"address": "a@example.org"}, {"address": "A@example.org"}]}
    for said, pointer in (
        ({"given_name": None}, "/given_name"),
        ({"given_name": " "}, "/given_name"),
        ({"tags": ["North", "north"]}, "/tags"),
        ({"contact_preference": ["pigeon"]}, "/contact_preference/0"),
        (twice, "/emails"),
        ({"external_ids": []}, "/external_ids"),
        ({"version": 3}, "/version"),
    ):
        status, problem = await refused_change(members, f"/v1/people/{new_id('person')}", said)
        assert (status, list(faults(problem))) == (422, [pointer])


@ON_ONE_DATABASE
async def test_nobody_unknown_is_edited(members: Caller, other: Caller) -> None:
    for person in (new_id("person"), await other.person()):
        path = f"/v1/people/{person}"
        assert (await refused_change(members, path, {"known_as": "A"}))[0] == 404
        assert (await members.refused(f"{path}/external-ids", {"system": "a", "id": "1"}))[0] == 404
        assert (await members.refused(f"{path}/provenance", PAPER))[0] == 404
