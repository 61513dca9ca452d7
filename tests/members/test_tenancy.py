"""Another movement sees nothing: its ids are unknown here, and no list shows them."""

from functools import partial

import pytest
from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.needs import scopes
from shared.secrets import Secrets
from shared.testing.caller import assert_each_route_needs_its_scope, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import book, published
from tests.members.life.voicing import said, themed
from tests.members.trust.agreeing import SIGNED, covered, signed

TODAY = clock.now().date()


async def test_another_movements_lists_are_empty(members: Caller, other: Caller) -> None:
    external = {"system": "civicrm", "id": "1"}
    made = await members.sign_up("Ada", person={"external_ids": [external]}, pledge={"text": "I will walk."})
    await members.did(made["person"], TODAY)
    await members.post("/v1/organisations", {"name": "Walkers"})
    await members.post("/v1/assets", {"kind": "group", "title": "Gardeners"})
    client = await members.person("Clara")
    await members.post("/v1/connections", {"person": client, "connector": made["person"]})
    lists = (
        *("/v1/people", "/v1/organisations"),
        *("/v1/activities", "/v1/pledges", "/v1/ladder/policies", "/v1/memberships", "/v1/ladder/runs"),
        *("/v1/circles", "/v1/assets", "/v1/connections", "/v1/connections/waiting"),
    )
    for path in lists:
        assert (await other.get(path))["data"] == []
    assert (await other.get("/v1/people", external_system="civicrm", external_id="1"))["data"] == []
    assert (await other.get("/v1/people", q="ada"))["data"] == []
    assert (await other.get("/v1/activities", person=made["person"]))["data"] == []
    assert (await other.get("/v1/pledges", person=made["person"]))["data"] == []
    assert set((await other.funnel()).values()) == {0}


async def test_another_movements_directory_is_unknown_here(members: Caller, other: Caller) -> None:
    person, walkers = await other.person("Zebedee"), await other.organisation()
    made = {
        "affiliations": await other.post("/v1/affiliations", {"person": person, "organisation": walkers}),
        "custom-fields": await other.post(
            "/v1/custom-fields", {"of": "person", "key": "shifts", "name": "Shifts", "kind": "number"}
        ),
        "segments": await other.post("/v1/segments", {"name": "All", "filter": {"has": "email"}}),
    }
    for noun, row in made.items():
        assert (await members.get(f"/v1/{noun}"))["data"] == []
        edited = await members.client.patch(f"/v1/{noun}/{row['id']}", json={}, headers={"If-Match": "*"})
        assert edited.status_code == 404
    assert (await members.get("/v1/directory", q="zebedee"))["data"] == []
    asked = {"filter": {"affiliation": {"organisation": walkers}}}
    status, problem = await members.refused("/v1/segments/count", asked)
    assert (status, faults(problem)) == (422, {"/filter/affiliation/organisation": "unknown_organisation"})
    gone = {"on": "2026-01-01", "successors": []}
    for path, body in (("succession", gone), ("external-ids", {"system": "civicrm", "id": "1"})):
        answered = await members.client.post(
            f"/v1/organisations/{walkers}/{path}", json=body, headers={"If-Match": "*"}
        )
        assert answered.status_code == 404


async def test_another_movements_knowledge_is_unknown_here(members: Caller, other: Caller) -> None:
    item = (await other.post("/v1/knowledge", {"kind": "guide", "title": "Lanterns", "body": "Paper."}))["id"]
    assert (await members.get("/v1/knowledge"))["data"] == []
    assert (await members.get("/v1/knowledge/search", q="lanterns", state="draft"))["data"] == []
    for path in (f"/v1/knowledge/{item}", f"/v1/knowledge/{item}/texts"):
        assert (await members.client.get(path)).status_code == 404
    use = {"did": "Made some.", "used_on": TODAY.isoformat()}
    assert (await members.refused(f"/v1/knowledge/{item}/uses", use))[0] == 404
    assert (await members.refused(f"/v1/knowledge/{item}/redactions", {"passage": "paper"}))[0] == 404
    for act in ("publish", "archive"):
        answered = await members.client.post(f"/v1/knowledge/{item}/{act}", headers={"If-Match": "*"})
        assert answered.status_code == 404


async def test_another_movements_pledges_are_unknown_here(members: Caller, other: Caller) -> None:
    theirs, hall = await other.person(), await other.organisation()
    pledge = (await other.post("/v1/pledges", {"person": theirs, "text": "Walk."}))["id"]
    assert (await members.client.get(f"/v1/pledges/{pledge}")).status_code == 404
    for act in ("keep", "release", "publish", "unpublish"):
        assert (await members.refused(f"/v1/pledges/{pledge}/{act}", {}))[0] == 404
    for giver, pointer in (({"person": theirs}, "/person"), ({"organisation": hall}, "/organisation")):
        status, problem = await members.refused("/v1/pledges", {"text": "Walk.", **giver})
        assert (status, faults(problem)) == (422, {pointer: f"unknown_{pointer[1:]}"})


async def test_another_movements_campaigns_commitments_and_nominations_are_unknown_here(
    members: Caller, other: Caller
) -> None:
    council, ada, joan = await other.organisation(), await other.person("Ada"), await other.person("Joan")
    ask = {"decider": "The cabinet", "question": "Will you?"}
    walk = {"slug": "walk_more", "name": "Walk more", "kind": "policy_ask", "purpose": "Walk.", "asks": [ask]}
    theirs = await other.post("/v1/campaigns", walk)
    path, asked = f"/v1/campaigns/{theirs['id']}", theirs["asks"][0]["id"]
    assert (await members.post("/v1/campaigns", walk))["slug"] == "walk_more"
    assert len((await members.get("/v1/campaigns"))["data"]) == 1
    for read in (path, f"{path}/progress"):
        assert (await members.client.get(read)).status_code == 404
    for act in ("open", "close"):
        assert (await members.client.post(f"{path}/{act}", headers={"If-Match": "*"})).status_code == 404
    assert (await members.refused(f"{path}/asks", ask))[0] == 404
    answer = {"answer": "agreed", "answered_on": TODAY.isoformat()}
    assert (await members.refused(f"{path}/asks/{asked}/answer", answer))[0] == 404
    to_theirs = walk | {"slug": "run_more", "asks": [ask | {"organisation": council}]}
    status, problem = await members.refused("/v1/campaigns", to_theirs)
    assert (status, faults(problem)) == (422, {"/asks/0/organisation": "unknown_organisation"})
    spring = {"what": "Walk.", "person": ada, "starts_on": "2026-03-01", "ends_on": "2026-05-31"}
    commitment = (await other.post("/v1/commitments", spring | {"campaign": theirs["id"]}))["id"]
    assert (await members.get("/v1/commitments"))["data"] == []
    for read in (f"/v1/commitments/{commitment}", f"/v1/commitments/{commitment}/notes"):
        assert (await members.client.get(read)).status_code == 404
    for act, body in (("notes", {"words": "Going well."}), ("outcome", {"became": "kept"})):
        assert (await members.refused(f"/v1/commitments/{commitment}/{act}", body))[0] == 404
    status, problem = await members.refused("/v1/commitments", spring | {"campaign": theirs["id"]})
    assert (status, faults(problem)) == (422, {"/person": "unknown_person", "/campaign": "unknown_campaign"})
    nomination = (await other.post("/v1/nominations", {"giver": ada, "nominee": joan}))["id"]
    assert (await members.get("/v1/nominations"))["data"] == []
    for read in (f"/v1/nominations/{nomination}", f"/v1/people/{joan}/nominations"):
        assert (await members.client.get(read)).status_code == 404
    for act in ("accept", "decline", "withdraw"):
        assert (await members.refused(f"/v1/nominations/{nomination}/{act}"))[0] == 404


async def test_another_movements_gatherings_are_unknown_here(members: Caller, other: Caller) -> None:
    gathering, slot = await published(other)
    booking = (await book(other, gathering, slot))["id"]
    ours, ours_slot = await published(members)
    path = f"/v1/gatherings/{gathering}"
    parts = ("slots", "series", "bookings", "attendances", f"slots/{slot}", f"slots/{slot}/register")
    for read in (path, *(f"{path}/{part}" for part in parts), f"/v1/bookings/{booking}"):
        assert (await members.client.get(read)).status_code == 404, read
    assert (await members.get("/v1/bookings"))["data"] == (await members.get("/v1/attendances"))["data"] == []
    assert [row["id"] for row in await members.every("/v1/gatherings")] == [ours]
    for act in (f"{path}/hold", f"{path}/slots/{slot}/cancel", f"/v1/bookings/{booking}/cancel"):
        assert (await members.client.post(act, headers={"If-Match": "*"})).status_code == 404, act
    body = {"slot": slot, "person": await members.person()}
    happened = {"gathering": gathering, "kind": "incident", "happened_at": "2026-01-01T12:00:00Z", "what": "A fall."}
    incident = (await other.post("/v1/incidents", happened))["id"]
    assert faults((await members.refused("/v1/incidents", happened))[1]) == {"/gathering": "unknown_gathering"}
    hidden = ("fit", "safety", "emergency-contacts", "picture-permissions")
    for read in (f"/v1/incidents/{incident}", *(f"{path}/{part}" for part in hidden)):
        assert (await members.client.get(read)).status_code == 404, read
    assert (await members.get("/v1/incidents"))["data"] == (await members.get("/v1/shifts"))["data"] == []
    calendar = (await other.post("/v1/calendars", {}))["id"]
    assert (await members.get("/v1/calendars"))["data"] == []
    assert (await members.refused(f"/v1/calendars/{calendar}/revoke"))[0] == 404
    for read in (f"{path}/slots/{slot}/calendar", f"/v1/bookings/{booking}/calendar"):
        assert (await members.client.get(read)).status_code == 404
    for into in ("bookings", "attendances"):
        assert (await members.refused(f"{path}/{into}", body))[0] == 404
        refused = (await members.refused(f"/v1/gatherings/{ours}/{into}", body))[1]
        assert faults(refused) == {"/slot": "unknown_slot"}
    theirs = {"slot": ours_slot, "person": await other.person()}
    refused = (await members.refused(f"/v1/gatherings/{ours}/bookings", theirs))[1]
    assert faults(refused) == {"/person": "unknown_person"}


async def test_another_movements_programmes_are_unknown_here(members: Caller, other: Caller) -> None:
    theirs, ours = await other.organisation(), await members.organisation()
    said = {"name": "Daily Mile", "aims": "Every child moves."}
    programme = (await other.post("/v1/programmes", said | {"lead": theirs}))["id"]
    taper = {"what": "We no longer run it.", "ends_on": "2030-01-01"}
    plan = (await other.post(f"/v1/programmes/{programme}/tapers", taper))["id"]
    for path in ("/v1/programmes", "/v1/programmes/tapers"):
        assert (await members.get(path))["data"] == []
    for path in (programme, f"{programme}/part", f"{programme}/story", f"tapers/{plan}"):
        assert (await members.client.get(f"/v1/programmes/{path}")).status_code == 404
    part = {"organisation": ours, "part": "Walks it.", "starts_on": "2020-01-01"}
    role = {"role": "deliver", "starts_on": "2020-01-01"}
    for path, body in (("roles", role), ("partners", part), ("tapers", taper)):
        assert (await members.refused(f"/v1/programmes/{programme}/{path}", body))[0] == 404
    assert (await members.refused(f"/v1/programmes/tapers/{plan}/complete", {}))[0] == 404
    status, problem = await members.refused("/v1/programmes", said | {"lead": theirs})
    assert (status, faults(problem)) == (422, {"/lead": "unknown_organisation"})


async def test_another_movements_voices_are_unknown_here(members: Caller, other: Caller) -> None:
    ada = await other.person()
    voice = (await said(other, hear=[{"person": ada}]))["id"]
    theme = await themed(other, voice)
    for path in ("/v1/voices", "/v1/voices/unanswered", "/v1/voices/themes", "/v1/voices/themes/suggested"):
        assert (await members.get(path))["data"] == []
    assert all(each["voices"] == 0 for each in (await members.get("/v1/voices/summary"))["kinds"])
    for path in (voice, f"{voice}/words", f"{voice}/listeners", f"{voice}/themes-like", f"themes/{theme}"):
        assert (await members.client.get(f"/v1/voices/{path}")).status_code == 404, path
    partner, answer, how = {"by": "partner", "id": await members.organisation()}, {"answer": "done"}, {"how": "x"}
    for path in (voice, f"themes/{theme}"):
        for act, body in (("uptakes", partner), ("answers", answer), ("tell-back", how)):
            assert (await members.refused(f"/v1/voices/{path}/{act}", body))[0] == 404, act
    ours = await members.person()
    assert (await members.refused(f"/v1/voices/themes/{theme}/votes", {"person": ours}))[0] == 404
    assert (await members.refused(f"/v1/voices/{voice}/withdraw"))[0] == 404
    new = {"slug": "buses", "name": "Buses", "voices": [voice]}
    assert faults((await members.refused("/v1/voices/themes", new))[1]) == {"/voices/0": "unknown_voice"}
    said_there = {"kind": "idea", "words": "x", "theme": theme, "speaker": ada}
    status, problem = await members.refused("/v1/voices", said_there)
    assert (status, faults(problem)) == (422, {"/theme": "unknown_theme", "/speaker": "unknown_person"})


async def test_another_movements_children_are_unknown_here(members: Caller, other: Caller) -> None:
    kim = await other.person("Kim", age_band="13_to_15")
    record, school = await other.child_record(), await other.organisation()
    theirs = {"setting": school, "starts_on": "2026-01-01", "ends_on": "2026-01-01", "children": 9}
    count = (await other.post("/v1/children/counts", theirs))["id"]
    for path in ("/v1/children", "/v1/children/programmes", "/v1/children/counts"):
        assert (await members.get(path))["data"] == []
    path = f"/v1/people/{kim}/child-record"
    assert (await members.client.get(path)).status_code == 404
    assert (await members.refused(path, record))[0] == 404
    for edit in (path, f"/v1/children/programmes/{record['programme']}", f"/v1/children/counts/{count}"):
        assert (await members.client.patch(edit, json={}, headers={"If-Match": "*"})).status_code == 404
    assert (await members.client.post(f"{path}/withdraw", json={}, headers={"If-Match": "*"})).status_code == 404
    assert faults((await members.refused("/v1/children/counts", theirs))[1]) == {"/setting": "unknown_organisation"}
    child = {"person": {"given_name": "Ben", "age_band": "13_to_15"}, "child": record}
    assert faults((await members.refused("/v1/sign-ups", child))[1]) == {"/child/programme": "names_no_children"}


async def test_another_movements_agreements_are_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await other.organisation()
    made = await signed(other, theirs)
    assert (await members.get("/v1/agreements"))["data"] == []
    assert (await members.client.get(f"/v1/agreements/{made['id']}")).status_code == 404
    assert await covered(members, theirs) == (False, "agreement_missing")
    for path, body in (("/end", {}), ("/reviews", {"review_on": "2030-01-01"})):
        answered = await members.client.post(f"/v1/agreements/{made['id']}{path}", json=body, headers={"If-Match": "*"})
        assert answered.status_code == 404
    status, problem = await members.refused("/v1/agreements", SIGNED | {"parties": [theirs]})
    assert (status, faults(problem)) == (422, {"/parties/0": "unknown_organisation"})


async def test_another_movements_equality_answers_and_reach_are_unknown_here(members: Caller, other: Caller) -> None:
    ada = await other.person()
    given = {"person": ada, "answers": [{"question": "sex", "option": "female"}]}
    await other.post_nothing("/v1/equality-answers", given)
    people = [{"option": option, "people": 9} for option in ("male", "female")]
    said = {"name": "All", "edition": "1", "dimension": "sex", "cadence": "year", "as_of": "2020-01-01",
            "source": "Census", "people": people}  # fmt: skip
    population = (await other.post("/v1/reach/populations", said))["id"]
    reach = (await other.post("/v1/reach", {"population": population, "period": "2020"}))["id"]
    assert (await members.get("/v1/reach/populations"))["data"] == (await members.get("/v1/reach"))["data"] == []
    for path in (f"/v1/reach/{reach}", f"/v1/people/{ada}/equality-answers"):
        assert (await members.client.get(path)).status_code == 404
    assert (await members.client.delete(f"/v1/people/{ada}/equality-answers")).status_code == 404
    for act in ("stop", "resume"):
        assert (await members.refused(f"/v1/people/{ada}/equality-answers/{act}", {}))[0] == 404
    assert faults((await members.refused("/v1/equality-answers", given))[1]) == {"/person": "unknown_person"}
    asked = {"population": population, "period": "2020"}
    assert faults((await members.refused("/v1/reach", asked))[1]) == {"/population": "unknown_population"}


async def test_another_movements_ids_are_404(members: Caller, other: Caller, user: Caller) -> None:
    person = await other.person()
    policy = (await other.post("/v1/ladder/policies", RULES))["id"]
    organisation = (await other.post("/v1/organisations", {"name": "Walkers"}))["id"]
    for path in (f"/v1/people/{person}", f"/v1/people/{person}/ladder", f"/v1/organisations/{organisation}"):
        assert (await members.client.get(path)).status_code == 404
    assert (await members.refused(f"/v1/ladder/policies/{policy}/activate"))[0] == 404
    confirmation = {"rung": "champion"}
    assert (await user.refused(f"/v1/people/{person}/ladder/confirmations", confirmation))[0] == 404


async def test_another_movements_people_do_nothing_here(members: Caller, other: Caller) -> None:
    ours, theirs = await members.person(), await other.person()
    for about, pointer in (({"person": theirs}, "/person"), ({"person": ours, "counterpart": theirs}, "/counterpart")):
        body = {"kind": "walk", "on": TODAY.isoformat(), **about}
        status, problem = await members.refused("/v1/activities", body)
        assert (status, faults(problem)) == (422, {pointer: "unknown_person"})


async def test_one_external_id_names_two_people_in_two_movements(members: Caller, other: Caller) -> None:
    called = {"external_ids": [{"system": "civicrm", "id": "1"}]}
    assert await members.person("Ada", **called) != await other.person("Ada", **called)


async def test_a_cursor_does_not_cross_movements(members: Caller, other: Caller) -> None:
    for _ in range(2):
        await members.person()
    cursor = (await members.get("/v1/people", limit=1))["next_cursor"]
    answered = await other.client.get("/v1/people", params={"cursor": cursor})
    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")


@ON_ONE_DATABASE
async def test_each_route_needs_its_scope(app: FastAPI, vouching: Secrets) -> None:
    assert None not in scopes(app).values()
    await assert_each_route_needs_its_scope(app, partial(Caller, app, vouching, new_id("movement")))


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "path", ["/v1/people", "/v1/activities", "/v1/pledges", "/v1/ladder", "/v1/ladder/policies", "/v1/circles"]
)
async def test_nobody_reads_without_a_token(members: Caller, path: str) -> None:
    answered = await members.client.get(path, auth=lambda request: request)
    assert answered.status_code == 401


RULES = {
    "rules": {
        "follower": [{"activities": 1}],
        "active_participant": [{"distinct_days": 2}],
        "champion": [{"distinct_days": 3}],
        "co_owner": [{"distinct_days": 4}],
    }
}
