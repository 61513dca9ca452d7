"""Merged ids answer for ever: every path of a person answers by the id that was merged as by that of the survivor."""

from fastapi import FastAPI

from shared.needs import scopes
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller


@ON_ONE_DATABASE
async def test_every_reading_of_a_person_answers_by_a_merged_id(app: FastAPI, members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    await members.post(f"/v1/people/{joan}/merge", {"merged": jo}, status=200)
    paths = [route.removeprefix("GET ") for route in scopes(app) if route.startswith("GET /v1/people/{person}")]
    assert len(paths) > 5
    differing = {}
    for path in paths:
        if path.count("{") == 1 and not path.endswith("/merges"):  # of which each record has its own
            answers = [await members.client.get(path.format(person=person)) for person in (joan, jo)]
            if len({answered.status_code for answered in answers}) > 1:
                differing[path] = [answered.status_code for answered in answers]
    assert differing == {}
