"""Imports of people: what a file brings, what it changes, what is wrong with it. Each test is a few files in a row."""

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import orm

from services.members.trust.permissions.models import Stop
from shared import clock
from shared.db import Database
from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.importing import ASKED, asked, counts, csv, faults, imported, names, over

ADA = "1,Ada,Lovelace,ada@example.org,walker;Cook"
BERYL = "2,Beryl,Burton,beryl@example.org,"
NOTICE = {"notice": "privacy", "notice_version": "3"}


async def test_a_file_brings_people_and_the_same_file_again_changes_nothing(members: Caller) -> None:
    job = await imported(members, csv(ADA, BERYL), **NOTICE)
    assert (job["state"], job["result"], job["done"]) == ("succeeded", counts(rows=2, new=2), job["total"])
    ada, beryl = before = await members.every("/v1/people")
    assert (ada["given_name"], ada["family_name"], ada["tags"]) == ("Ada", "Lovelace", ["cook", "walker"])
    assert ada["emails"] == [{"address": "ada@example.org", "primary": True}]
    assert (ada["external_ids"], ada["membership"]) == ([{"system": "crm", "id": "1"}], None)
    provenance = beryl["provenance"][0]
    assert (provenance["source"], provenance["basis"]) == ("crm", "legitimate_interests")
    assert (provenance["reference"], provenance["notice"]["version"]) == (job["id"], "3")
    assert [person["given_name"] for person in (await members.get("/v1/people", q="lovel"))["data"]] == ["Ada"]
    told = await members.published(ada["id"], beryl["id"])
    assert sorted(kind for kind, _ in told) == ["person.created", "person.created"]
    counted = {"import_id": job["id"], "created": 2, "changed": 0}
    assert await members.published(job["id"]) == [("people.imported", counted)]
    again = await imported(members, csv(ADA, BERYL), **NOTICE)
    assert again["result"] == counts(rows=2, unchanged=2)
    assert await members.every("/v1/people") == before


@ON_ONE_DATABASE
async def test_a_row_that_says_more_of_somebody_adds_to_them_and_takes_nothing_away(members: Caller) -> None:
    await imported(members, csv(ADA))
    skipped = await imported(members, csv("1,Augusta,,,", BERYL), on_changed="skip")
    assert skipped["result"] == counts(rows=2, new=1, skipped=1)
    assert await names(members) == ["Ada", "Beryl"]
    job = await imported(members, csv("1,Augusta,,countess@example.org,mathematician"))
    assert job["result"] == counts(rows=1, changed=1)
    ada = (await members.every("/v1/people"))[0]
    assert (ada["given_name"], ada["family_name"]) == ("Augusta", "Lovelace")
    assert [email["address"] for email in ada["emails"]] == ["ada@example.org", "countess@example.org"]
    assert (ada["tags"], len(ada["provenance"])) == (["cook", "mathematician", "walker"], 2)


@ON_ONE_DATABASE
async def test_bad_rows_are_all_named_and_decide_what_is_taken(members: Caller) -> None:
    file = csv(ADA, "2,,,not an address,", BERYL.replace("2", "3"), ADA.replace("Ada", "Eve"))
    named = [["1", "", "repeated_id"], ["4", "", "repeated_id"], ["2", "email", "email_address"],
             ["2", "given_name", "missing"]]  # fmt: skip
    tried = await imported(members, file, dry_run="true")
    assert (tried["state"], tried["result"]) == ("succeeded", counts(rows=4, new=1, faulty=3))
    refused = await imported(members, file)
    assert (refused["state"], refused["failure"]["code"]) == ("failed", "faulty_rows")
    assert await names(members) == []
    taken = await imported(members, file, on_error="skip")
    assert taken["result"] == counts(rows=4, new=1, faulty=3)
    assert await names(members) == ["Beryl"]
    for job in (tried, refused, taken):
        assert sorted(await faults(members, job)) == sorted(named)


@ON_ONE_DATABASE
async def test_a_row_with_the_ids_of_two_people_is_a_fault_and_an_unreadable_file_fails(members: Caller) -> None:
    header = "external_id.crm,external_id.shop,given_name"
    await imported(members, csv("1,a,Ada", "2,b,Beryl", header=header))
    job = await imported(members, csv("1,b,Eve", header=header), on_error="skip")
    assert await faults(members, job) == [["1", "", "two_people"]]
    broken = await imported(members, csv("3,c,Cleo", '4,d,"Dora', header=header), on_error="skip")
    assert (broken["state"], broken["failure"]["code"]) == ("failed", "unreadable_file")
    assert await faults(members, broken) == [["2", "", "broken_row"]]
    assert await names(members) == ["Ada", "Beryl"]


async def test_a_file_lets_people_join_and_allow_and_never_undoes_a_refusal(members: Caller) -> None:
    header = "external_id.crm,given_name,age_band,permission.news.email,permission.news.post"
    file = csv("1,Ada,adult,yes,no", "2,Beryl,not_asked,,", header=header)
    await imported(members, file, join="true", **NOTICE)
    ada, beryl = await members.every("/v1/people")
    assert (ada["membership"]["rung"], beryl["membership"]["rung"]) == ("observer", "observer")
    assert await _decisions(members, ada["id"]) == [("email", "given"), ("post", "refused")]
    again = await imported(members, file, join="true", **NOTICE)
    assert again["result"] == counts(rows=2, unchanged=2)
    turned = await imported(members, csv("1,Ada,adult,no,yes", header=header), **NOTICE)
    assert turned["result"] == counts(rows=1, changed=1)
    assert await _decisions(members, ada["id"]) == [("email", "given"), ("post", "refused"), ("email", "refused")]


@ON_ONE_DATABASE
async def test_of_two_rows_of_one_id_neither_is_taken_where_one_is_bad_anyway(members: Caller) -> None:
    job = await imported(members, csv(ADA, "1,Ada,,not an address,", BERYL), on_error="skip")
    assert job["result"] == counts(rows=3, new=1, faulty=2)
    assert sorted(await faults(members, job)) == [
        ["1", "", "repeated_id"], ["2", "", "repeated_id"], ["2", "email", "email_address"],
    ]  # fmt: skip
    assert await names(members) == ["Beryl"]


@ON_ONE_DATABASE
async def test_a_file_gives_nothing_again_of_whoever_said_stop(members: Caller, app: FastAPI) -> None:
    header = "external_id.crm,given_name,permission.news.email,permission.news.post"
    await imported(members, csv("1,Ada,yes,", header=header), **NOTICE)
    (ada,) = await members.every("/v1/people")
    stop = Stop(movement=members.movement, id=new_id("stop"), person=ada["id"], stopped_at=clock.now(), recorded_by="")
    await app.state.parts.db.write(lambda session: session.add(stop))
    again = await imported(members, csv("1,Ada,yes,yes", header=header), **NOTICE)
    assert again["result"] == counts(rows=1, unchanged=1)
    assert await _decisions(members, ada["id"]) == [("email", "given")]


async def test_a_file_brings_no_child_and_may_say_more_of_one_who_is_known(members: Caller) -> None:
    called = {"external_ids": [{"system": "crm", "id": "2"}]}
    kim = await members.person("Kim", age_band="13_to_15", **called)
    header = "external_id.crm,given_name,age_band,postcode"
    file = csv("1,Ada,adult,GL1 6AA", "2,Kim,13_to_15,GL2 7BB", "3,Ben,16_to_17,GL3 8CC", header=header)
    job = await imported(members, file, on_error="skip")
    assert await faults(members, job) == [["3", "", "child_record_missing"]]
    assert await names(members) == ["Kim", "Ada"]
    assert (await members.get(f"/v1/people/{kim}"))["postcode"] == "GL2 7BB"


@ON_ONE_DATABASE
async def test_custom_fields_are_filled_by_their_kind(members: Caller) -> None:
    for key, kind in (("size", "choice"), ("miles", "number"), ("until", "date")):
        choices = {"choices": ["small", "large"]} if kind == "choice" else {}
        await members.post("/v1/custom-fields", {"of": "person", "key": key, "name": key, "kind": kind, **choices})
    header = "external_id.crm,given_name,custom.size,custom.miles,custom.until"
    file = csv("1,Ada,large,2.5,31/03/2027", "2,Beryl,huge,1,", header=header)
    job = await imported(members, file, on_error="skip")
    (ada,) = await members.every("/v1/people")
    assert ada["custom"] == {"size": "large", "miles": 2.5, "until": "2027-03-31"}
    assert await faults(members, job) == [["2", "custom.size", "wrong_kind"]]
    assert (await imported(members, file, on_error="skip"))["result"] == counts(rows=2, unchanged=1, faulty=1)


@ON_ONE_DATABASE
async def test_what_is_asked_for_is_checked_at_once(members: Caller) -> None:
    for query, code in (
        ({"columns": "shoe_size:Shoe"}, "unknown_meaning"),
        ({"columns": "permission.news.email:News"}, "notice_missing"),
        ({"notice": "privacy"}, "notice_incomplete"),
        ({"basis": "curiosity"}, "enum"),
    ):
        refused = await members.client.post("/v1/imports", params={**ASKED, **query}, content=csv(ADA))
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    assert (await members.get("/v1/imports"))["data"] == []


@ON_ONE_DATABASE
async def test_a_repeated_request_makes_one_import_and_another_movements_is_not_there(
    members: Caller, other: Caller
) -> None:
    headers = {"idempotency-key": "once"}
    answers = [
        await members.client.post("/v1/imports", params=ASKED, content=csv(ADA), headers=headers) for _ in range(2)
    ]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    theirs = await asked(other, csv(ADA))
    assert (await members.client.get(f"/v1/imports/{theirs}")).status_code == 404
    for caller, job in ((members, answers[0].json()["id"]), (other, theirs)):
        assert (await over(caller, job))["result"] == counts(rows=1, new=1)
        assert [one["id"] for one in await caller.every("/v1/imports")] == [job]


async def _decisions(members: Caller, person: str) -> list[tuple[str, str]]:
    made = await members.every(f"/v1/people/{person}/permissions")
    return [(one["channel"], one["decision"]) for one in made]


@ON_ONE_DATABASE
async def test_progress_never_goes_back_and_ends_with_the_whole(members: Caller, app: FastAPI) -> None:
    db: Database = app.state.parts.db
    await db.write(_note_every_step)
    file = csv(*(f"{number},Somebody,,," for number in range(310)), "310,,,,")
    tried = await imported(members, file, dry_run="true", on_error="skip")
    taken = await imported(members, file, on_error="skip")
    for job in (tried, taken):
        steps = await db.read(_steps, job["id"])
        assert steps == sorted(steps)
        assert steps[-1] == job["done"] == job["total"]
        told = [step for step in steps if 3 * 311 < step < 4 * 311]
        assert bool(told) is (job is taken), "telling of the new people moves it on too"


def _steps(session: orm.Session, job: str) -> list[int]:
    return list(session.scalars(sa.text("SELECT done FROM steps WHERE job = :job ORDER BY rowid"), {"job": job}))


def _note_every_step(session: orm.Session) -> None:
    session.execute(sa.text("CREATE TABLE steps (job TEXT, done INTEGER)"))
    noting = "INSERT INTO steps VALUES (new.id, new.done)"
    session.execute(sa.text(f"CREATE TRIGGER note_steps AFTER UPDATE ON jobs BEGIN {noting}; END"))
