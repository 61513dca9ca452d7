"""Exports of people: streamed, chosen by filter or segment, safe for spreadsheets, and read again by an import."""

import csv
import io

from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.importing import counts, imported


async def exported(members: Caller, **query: str) -> list[dict[str, str]]:
    answered = await members.client.get("/v1/people/export", params=query)
    assert answered.status_code == 200, answered.text
    assert "content-length" not in answered.headers, "it is made as it goes"
    return list(csv.DictReader(io.StringIO(answered.text)))


async def test_people_are_exported_under_names_of_columns_that_an_import_reads_again(members: Caller) -> None:
    await members.person(
        "Ada", family_name="=cmd()", emails=[{"address": "a@example.org"}, {"address": "b@example.org"}],
        phones=[{"number": "+44 1594 555010"}], tags=["walker", "cook"], external_ids=[{"system": "crm", "id": "1"}],
    )  # fmt: skip
    (row,) = await exported(members)
    assert (row["given_name"], row["family_name"], row["phone"]) == ("Ada", "'=cmd()", "'+44 1594 555010")
    assert (row["email"], row["tags"], row["external_id.crm"]) == ("a@example.org;b@example.org", "cook;walker", "1")
    assert row["rung"] == "observer"
    file = (await members.client.get("/v1/people/export")).content
    assert (await imported(members, file))["result"] == counts(rows=1, unchanged=1)


@ON_ONE_DATABASE
async def test_only_those_who_are_asked_for_are_exported(members: Caller, other: Caller) -> None:
    await members.person("Ada", tags=["walker"])
    await members.person("Beryl")
    walkers = await members.post("/v1/segments", {"name": "Walkers", "filter": {"tag": "walker"}})
    assert [row["given_name"] for row in await exported(members)] == ["Ada", "Beryl"]
    assert [row["given_name"] for row in await exported(members, tag="walker")] == ["Ada"]
    assert [row["given_name"] for row in await exported(members, segment=walkers["id"])] == ["Ada"]
    assert await exported(other) == []
    assert (await other.client.get("/v1/people/export", params={"segment": walkers["id"]})).status_code == 404
