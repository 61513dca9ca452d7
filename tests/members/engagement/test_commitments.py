"""Commitments: made over a time within a programme or a campaign, noted on their way, and what became of them."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from services.members.engagement.commitments.models import Commitment, CommitmentState, NoQuantity, Settled
from shared import clock
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = clock.now().date()
SPRING = {"what": "We lead a walk every week.", "starts_on": "2026-03-01", "ends_on": "2026-05-31"}


async def campaign(members: Caller) -> Json:
    said = {"slug": "walk_more", "name": "Walk more", "kind": "public_will", "purpose": "Everybody walks."}
    return await members.post("/v1/campaigns", said)


async def committed(members: Caller, **other: object) -> Json:
    person, within = await members.person(), await campaign(members)
    said = {"person": person, "campaign": within["id"], "quantity": "12.5", "unit": "walks"} | other
    return await members.post("/v1/commitments", SPRING | said)


async def settled(members: Caller, commitment: Json, became: str, **other: str) -> Json:
    path = f"/v1/commitments/{commitment['id']}/outcome"
    return await members.post(path, {"became": became, **other}, status=200)


async def test_what_is_done_adds_up_on_the_way_and_keeping_it_is_something_that_a_person_did(members: Caller) -> None:
    made = await committed(members)
    notes = f"/v1/commitments/{made['id']}/notes"
    for words, quantity in (("A start.", "4"), ("Snow.", None), ("Half a walk in the rain.", "0.5")):
        await members.post(notes, {"words": words, "quantity": quantity})
    with clock.frozen(NOON):
        shown = await members.get(f"/v1/commitments/{made['id']}")
    assert (shown["quantity"], shown["unit"], shown["done"], shown["due"]) == ("12.5", "walks", "4.5", False)
    listed = await members.every(notes, limit=2)
    assert [(note["words"], note["quantity"]) for note in listed] == [
        ("A start.", "4"),
        ("Snow.", None),
        ("Half a walk in the rain.", "0.5"),
    ]
    kept = await settled(members, shown, "kept")
    assert (kept["state"], kept["version"]) == ("kept", 5)
    kinds = [activity["kind"] for activity in (await members.get("/v1/activities", person=made["person"]))["data"]]
    assert kinds == ["kept_commitment"]
    about_it = ("commitment.made", "commitment.settled")
    told = [event for event in await members.published(made["person"]) if event[0] in about_it]
    assert [payload.get("became") for _, payload in told] == [None, "kept"]


async def test_an_organisation_commits_within_a_programme_and_says_why_it_kept_only_a_part(members: Caller) -> None:
    hall = await members.organisation()
    programme = await members.post("/v1/programmes", {"name": "Sat clubs", "lead": hall, "aims": "Play."})
    made = await members.post("/v1/commitments", SPRING | {"organisation": hall, "programme": programme["id"]})
    part = await settled(members, made, "part_kept", reason="Our boiler broke.")
    assert (part["state"], part["reason"], part["done"]) == ("part_kept", "Our boiler broke.", None)
    for by in ({"organisation": hall}, {"programme": programme["id"]}, {"state": "part_kept"}):
        assert [one["id"] for one in (await members.get("/v1/commitments", **by))["data"]] == [made["id"]]
    assert (await members.get("/v1/commitments", person=new_id("person")))["data"] == []


async def test_what_is_over_and_of_unknown_outcome_is_due(members: Caller) -> None:
    made = await committed(members)
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        (due,) = (await members.get("/v1/commitments", over_by="2026-06-01"))["data"]
    assert (due["id"], due["due"]) == (made["id"], True)
    assert (await members.get("/v1/commitments", over_by="2026-05-31"))["data"] == []
    await settled(members, made, "not_kept", reason="Nobody came.")
    assert (await members.get("/v1/commitments", over_by="2026-06-01"))["data"] == []


async def test_a_commitment_is_changed_at_the_version_that_was_read_and_not_once_it_is_settled(members: Caller) -> None:
    made = await committed(members)
    path = f"/v1/commitments/{made['id']}"

    async def edit(changes: Json, tag: str) -> tuple[int, Json]:
        answered = await members.client.patch(path, json=changes, headers={"If-Match": tag})
        return answered.status_code, answered.json()

    status, edited = await edit({"quantity": 20, "ends_on": "2026-06-30"}, '"1"')
    assert (status, edited["quantity"], edited["ends_on"]) == (200, "20", "2026-06-30")
    assert (await edit({"unit": "hours"}, '"1"'))[0] == 412
    status, problem = await edit({"ends_on": "2026-02-01"}, '"2"')
    assert (status, faults(problem)) == (422, {"/ends_on": "before_start"})
    await settled(members, made, "kept")
    assert (await edit({"unit": "hours"}, "*"))[1]["code"] == "commitment_settled"
    assert (await members.refused(f"{path}/notes", {"words": "More."}))[1]["code"] == "commitment_settled"


async def test_of_many_outcomes_at_once_one_is_kept(members: Caller) -> None:
    made = await committed(members)
    path = f"/v1/commitments/{made['id']}/outcome"
    answers = await asyncio.gather(*(members.client.post(path, json={"became": "kept"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len((await members.get("/v1/activities"))["data"]) == 1


async def test_what_cannot_be_is_refused_and_nothing_is_made(members: Caller) -> None:
    nobody = SPRING | {"person": new_id("person"), "programme": new_id("programme")}
    status, problem = await members.refused("/v1/commitments", nobody)
    assert (status, faults(problem)) == (422, {"/person": "unknown_person", "/programme": "unknown_programme"})
    ada, within = await members.person(), await campaign(members)
    said = SPRING | {"person": ada, "campaign": within["id"]}
    made = await members.post("/v1/commitments", said)
    status, problem = await members.refused(f"/v1/commitments/{made['id']}/notes", {"words": "Two.", "quantity": 2})
    assert (status, problem["code"]) == (409, "no_quantity")
    tomorrow = {"words": "Soon.", "noted_on": (TODAY + timedelta(days=2)).isoformat()}
    status, problem = await members.refused(f"/v1/commitments/{made['id']}/notes", tomorrow)
    assert (status, faults(problem)) == (422, {"/noted_on": "in_the_future"})
    await members.client.post(f"/v1/campaigns/{within['id']}/close", headers={"If-Match": "*"})
    status, problem = await members.refused("/v1/commitments", said)
    assert (status, problem["code"]) == (409, "campaign_closed")
    assert len((await members.get("/v1/commitments"))["data"]) == 1


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"organisation": new_id("org")}, ""),
        ({"campaign": None}, ""),
        ({"programme": new_id("programme")}, ""),
        ({"quantity": 3}, ""),
        ({"quantity": 0, "unit": "walks"}, "/quantity"),
        ({"quantity": "1.005", "unit": "walks"}, "/quantity"),
        ({"quantity": "NaN", "unit": "walks"}, "/quantity"),
        ({"ends_on": "2026-02-28"}, ""),
        ({"what": ""}, "/what"),
    ],
)
async def test_a_malformed_commitment_is_named_by_its_pointer(members: Caller, changed: Json, pointer: str) -> None:
    said = SPRING | {"person": new_id("person"), "campaign": new_id("campaign")}
    status, problem = await members.refused("/v1/commitments", said | changed)
    assert (status, list(faults(problem))) == (422, [pointer])


@ON_ONE_DATABASE
async def test_what_was_not_kept_needs_a_reason(members: Caller) -> None:
    path = f"/v1/commitments/{new_id('commitment')}/outcome"
    for became in ("part_kept", "not_kept"):
        status, problem = await members.refused(path, {"became": became})
        assert (status, faults(problem)) == (422, {"": "reason_missing"})
    assert (await members.refused(path, {"became": "under_way"}))[0] == 422


@pytest.mark.parametrize("state", [CommitmentState.KEPT, CommitmentState.PART_KEPT, CommitmentState.NOT_KEPT])
def test_what_is_settled_stays_settled(state: CommitmentState) -> None:
    commitment = Commitment(state=state, version=1, ends_on=date(2026, 5, 1))
    with pytest.raises(IllegalTransition):
        commitment.settle(CommitmentState.KEPT, "user_1", NOON, None)
    with pytest.raises(Settled):
        commitment.edit(NOON)
    assert not commitment.due_on(date(2026, 6, 1))


def test_nothing_counts_towards_what_was_not_said_in_numbers() -> None:
    with pytest.raises(NoQuantity):
        Commitment(state=CommitmentState.UNDER_WAY, version=1).note(NOON, counts=True)
