"""Children: counted by their setting; named only with all that lets a child be named, by the ages of where it is."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.members.directory.people.models import Person
from services.members.trust.children import domain, store
from services.members.trust.children.allowing import in_force
from services.members.trust.children.rules import AT_FIRST, younger_than
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions.verdicts import permitting
from shared import clock
from shared.db.session import Session
from shared.ids import new_id
from shared.testing.caller import Json, faults, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import NOTICE, Caller
from tests.members.directory.steps import change, refused_change
from tests.plugins.parts import scale

TODAY = clock.now().date()
PAPER = {"source": "paper_form", "basis": "consent"}


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).isoformat()


async def enter(members: Caller, band: str = "13_to_15", status: int = 201, **said: object) -> Json:
    """Enter a child by name, with whatever of their record is said otherwise."""
    child = await members.child_record(**said)
    body = {"person": {"given_name": "Kim", "age_band": band}, "provenance": PAPER, "child": child}
    return json_of(await members.client.post("/v1/people", json=body), status)


async def lacking(members: Caller, person: str) -> list[str]:
    """What the list of children says that somebody's record lacks."""
    (found,) = [child for child in await members.every("/v1/children") if child["person"] == person]
    return list(found["lacks"])


async def test_a_child_is_named_with_all_that_lets_one_be_named_and_by_nothing_less(members: Caller) -> None:
    kim = (await enter(members, "under_13"))["id"]
    assert await lacking(members, kim) == []
    assert (await members.get(f"/v1/people/{kim}/child-record"))["parental_permission"]["name"] == "Their mother"
    for said, pointer, code in (
        ({"programme": new_id("programme")}, "/child/programme", "names_no_children"),
        ({"parental_permission": None}, "/child/parental_permission", "permission_missing"),
        ({"own_yes_on": day(1)}, "/child/own_yes_on", "in_the_future"),
        ({"review_on": day(0)}, "/child/review_on", "in_the_past"),
        ({"review_on": day(366)}, "/child/review_on", "too_far_ahead"),
    ):
        assert faults(await enter(members, status=422, **said)) == {pointer: code}
    body = {"person": {"given_name": "Ben", "age_band": "16_to_17"}, "provenance": PAPER}
    status, problem = await members.refused("/v1/people", body)
    assert (status, faults(problem)) == (422, {"/child": "child_record_missing"})
    assert "POST /v1/children/counts" in problem["detail"]
    assert [person["id"] for person in await members.every("/v1/people")] == [kim]


async def test_nobody_under_13_signs_up_even_with_a_record_and_older_children_need_one(members: Caller) -> None:
    record = await members.child_record()
    for band, child, code in (
        ("under_13", record, "under_13"),
        ("13_to_15", None, "child_record_missing"),
        ("16_to_17", None, "child_record_missing"),
        ("adult", record, "invalid"),
        ("not_asked", record, "invalid"),
    ):
        person = {"given_name": "Kim", "age_band": band}
        status, problem = await members.refused("/v1/sign-ups", {"person": person, "child": child})
        assert (status, problem["code"]) == (422, code), band
    assert (await members.get("/v1/people"))["data"] == []
    made = await members.sign_up(person={"age_band": "13_to_15"}, child=record)
    assert made["rung"] is None
    assert await lacking(members, made["person"]) == []


@ON_ONE_DATABASE
async def test_the_jurisdiction_decides_from_which_age_no_parent_is_asked(members: Caller) -> None:
    for where, band, status in (
        ("england", "13_to_15", 422),
        ("england", "16_to_17", 201),
        ("scotland", "13_to_15", 201),
        ("scotland", "under_13", 422),  # under 12 is not told from 12: whoever may be younger is taken to be
        ("wales", "13_to_15", 422),
        ("northern_ireland", "16_to_17", 201),
    ):
        programme = await members.naming_programme(where)
        await enter(members, band, status, programme=programme, parental_permission=None)


@ON_ONE_DATABASE
async def test_a_movement_goes_by_other_ages_with_their_source(members: Caller, other: Caller) -> None:
    path, source = "/v1/children/rules/scotland", "Age of Legal Capacity (Scotland) Act 1991, s. 1"
    status, problem = await refused_change(members, path, {"child_under": 16})
    assert (status, faults(problem)) == (422, {"": "source_missing"})
    changed = await change(members, path, {"child_under": 16, "source": source}, tag='"0"')
    assert (changed["child_under"], changed["permission_under"], changed["version"]) == (16, 12, 1)
    assert (await refused_change(members, path, {"child_under": 17, "source": source}, tag='"0"'))[0] == 412
    for body, code in (({"permission_under": 17}, "over_child_under"), ({"child_under": 19}, "less_than_equal")):
        status, problem = await refused_change(members, path, body | {"source": source})
        assert (status, [*faults(problem).values()]) == (422, [code])
    programme = await members.naming_programme("scotland")
    problem = await enter(members, "16_to_17", 422, programme=programme)
    assert faults(problem) == {"/child": "not_a_child"}
    for rule in (await other.get("/v1/children/rules"))["data"]:
        assert (rule["child_under"], rule["version"]) == (18, 0)
        assert rule["source"]


async def test_who_turns_out_to_be_a_child_is_listed_until_there_is_a_record(members: Caller) -> None:
    ada = await members.person("Ada")
    assert (await members.get("/v1/children"))["data"] == []
    await change(members, f"/v1/people/{ada}", {"age_band": "13_to_15"})
    assert await lacking(members, ada) == ["record"]
    record = await members.child_record()
    await members.post(f"/v1/people/{ada}/child-record", record)
    assert await lacking(members, ada) == []
    assert (await members.refused(f"/v1/people/{ada}/child-record", record))[0] == 409
    adult = await members.person("Joan")
    status, problem = await members.refused(f"/v1/people/{adult}/child-record", record)
    assert (status, faults(problem)) == (422, {"": "not_a_child"})
    own = record | {"parental_permission": {"person": ada, "given_on": day(0), "notice": NOTICE}}
    status, problem = await members.refused("/v1/people/" + (await members.person("Ben")) + "/child-record", own)
    assert status == 422
    kim = await members.person("Kim", age_band="16_to_17")
    path = f"/v1/people/{kim}/child-record"
    by_self = {"parental_permission": {"person": kim, "given_on": day(0), "notice": NOTICE}}
    status, problem = await refused_change(members, path, by_self)
    assert (status, faults(problem)) == (422, {"/parental_permission/person": "no_authority"})


async def test_a_yes_is_withdrawn_and_given_anew_and_a_review_comes_round(members: Caller) -> None:
    kim = (await enter(members))["id"]
    path = f"/v1/people/{kim}/child-record"
    withdrawn = json_of(
        await members.client.post(f"{path}/withdraw", json={"on": day(-1)}, headers={"if-match": '"1"'}), 200
    )
    assert (withdrawn["withdrawn_on"], withdrawn["version"]) == (day(-1), 2)
    assert await lacking(members, kim) == ["own_yes"]
    again = await members.client.post(f"{path}/withdraw", json={}, headers={"if-match": "*"})
    assert (again.status_code, again.json()["code"]) == (409, "already_withdrawn")
    changed = await change(members, path, {"own_yes_on": day(0), "review_on": day(90)}, tag='"2"')
    assert (changed["withdrawn_on"], await lacking(members, kim)) == (None, [])
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert await lacking(members, kim) == ["review"]
        assert [child["person"] for child in (await members.get("/v1/children", lacking=True))["data"]] == [kim]
    assert (await members.get("/v1/children", review_by=day(89)))["data"] == []
    assert (await members.get("/v1/children", lacking=True))["data"] == []


@ON_ONE_DATABASE
async def test_a_programme_that_ends_or_whose_assessment_is_overdue_names_nobody_any_more(members: Caller) -> None:
    programme = await members.naming_programme(review_on=day(30))
    kim, path = (await enter(members, programme=programme))["id"], f"/v1/children/programmes/{programme}"
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert await lacking(members, kim) == ["impact_assessment"]
        problem = await enter(members, programme=programme, status=422)
        assert faults(problem) == {"/child/programme": "assessment_overdue"}
    await change(members, path, {"ended_on": day(0)})
    assert await lacking(members, kim) == ["programme"]
    assert faults(await enter(members, status=422, programme=programme)) == {"/child/programme": "names_no_children"}
    body = {"programme": programme, "jurisdiction": "wales", "impact_assessment": "2", "review_on": day(9)}
    assert (await members.refused("/v1/children/programmes", body))[1]["code"] == "programme_entered"
    unknown = body | {"programme": new_id("programme"), "review_on": day(0)}
    status, problem = await members.refused("/v1/children/programmes", unknown)
    assert (status, faults(problem)) == (422, {"/programme": "unknown_programme", "/review_on": "in_the_past"})


@ON_ONE_DATABASE
async def test_children_are_counted_by_their_setting(members: Caller) -> None:
    school = await members.organisation("Ilkeston School")
    body = {"setting": school, "starts_on": "2026-01-05", "ends_on": "2026-02-13", "stage": "year_7", "children": 94}
    count = await members.post("/v1/children/counts", body)
    assert (count["children"], count["not_for_sharing"]) == (94, True)
    path = f"/v1/children/counts/{count['id']}"
    assert (await change(members, path, {"children": 93}, tag='"1"'))["children"] == 93
    assert [row["id"] for row in await members.every("/v1/children/counts", setting=school)] == [count["id"]]
    assert (await members.get("/v1/children/counts", since="2026-02-14"))["data"] == []
    for wrong, pointer, code in (
        ({"setting": new_id("org")}, "/setting", "unknown_organisation"),
        ({"programme": new_id("programme")}, "/programme", "unknown_programme"),
        ({"ends_on": day(2)}, "/ends_on", "in_the_future"),
        ({"ends_on": "2026-01-04"}, "", "before_start"),
        ({"children": -1}, "/children", "greater_than_equal"),
    ):
        status, problem = await members.refused("/v1/children/counts", body | wrong)
        assert (status, faults(problem)) == (422, {pointer: code})


async def test_two_records_of_a_child_become_one_and_two_again(members: Caller) -> None:
    kim, twice = (await enter(members))["id"], (await enter(members))["id"]
    own = f"/v1/people/{twice}/child-record"
    await change(members, own, {"review_on": day(20)})
    await members.post(f"/v1/people/{kim}/merge", {"merged": twice}, status=None)
    assert (await members.get(own))["person"] == kim
    assert len((await members.get("/v1/children"))["data"]) == 1
    await members.post(f"/v1/people/{twice}/unmerge", status=None)
    assert ((await members.get(own))["person"], (await members.get(own))["review_on"]) == (twice, day(20))


async def test_a_no_to_either_of_two_records_is_a_no_to_both_until_they_part(members: Caller) -> None:
    kim, twice = (await enter(members))["id"], (await enter(members))["id"]
    withdraw = f"/v1/people/{twice}/child-record/withdraw"
    json_of(await members.client.post(withdraw, json={"on": day(-1)}, headers={"if-match": "*"}), 200)
    await members.post(f"/v1/people/{kim}/merge", {"merged": twice}, status=None)
    assert (await members.get(f"/v1/people/{kim}/child-record"))["withdrawn_on"] == day(-1)
    assert await lacking(members, kim) == ["own_yes"]
    await members.post(f"/v1/people/{twice}/unmerge", status=None)
    assert (await lacking(members, kim), await lacking(members, twice)) == ([], ["own_yes"])


AGED = st.one_of(
    st.sampled_from(["under_13", "13_to_15", "16_to_17", "adult", "not_asked"]).map(lambda band: {"age_band": band}),
    st.dates(date(TODAY.year - 22, 1, 1), TODAY).map(lambda born: {"date_of_birth": born.isoformat()}),
)


@ON_ONE_DATABASE
@settings(max_examples=scale(4), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(aged=st.lists(st.tuples(AGED, st.sampled_from(list(Jurisdiction)), st.booleans()), max_size=6))
async def test_what_is_said_of_one_child_is_what_a_query_says_of_all(
    app: FastAPI, members: Caller, aged: list[tuple[dict[str, str], Jurisdiction, bool]]
) -> None:
    """Children are told, and what they lack, alike by the rule and by the query that lists join."""
    for about, where, recorded in aged:
        person = await members.person()
        if recorded:
            await change(members, f"/v1/people/{person}", {"age_band": "16_to_17"})
            programme = await members.naming_programme(where)
            record = await members.child_record(programme=programme, parental_permission=None)
            await members.post(f"/v1/people/{person}/child-record", record)
        born = {"date_of_birth": None} if "age_band" in about else {}
        await change(members, f"/v1/people/{person}", about | born)

    def compared(session: Session) -> None:
        ages = in_force(session, members.movement)
        known = [row["id"] for row in people]
        each = {person: domain.standing(session, members.movement, person, TODAY) for person in known}
        children = set(session.scalars(store.all_children(members.movement, ages, TODAY)))
        lack = set(session.scalars(store.lacking(members.movement, ages, TODAY)))
        assert children == {person for person, lacks in each.items() if lacks is not None}
        assert lack == {person for person, lacks in each.items() if lacks}

    people = await members.every("/v1/people")
    await app.state.parts.db.read(compared)


@pytest.mark.parametrize(
    ("age", "band", "born", "younger"),
    [
        (16, "13_to_15", None, True),
        (16, "16_to_17", None, False),
        (12, "under_13", None, True),
        (18, "not_asked", None, False),
        (18, "16_to_17", date(2008, 2, 29), True),
        (12, "under_13", date(2014, 2, 27), False),
    ],
)
def test_whoever_may_be_younger_is_taken_to_be(age: int, band: str, born: date | None, younger: bool) -> None:
    assert younger_than(age, band, born, date(2026, 2, 28)) == younger


def test_every_jurisdiction_has_its_ages_and_their_source() -> None:
    assert set(AT_FIRST) == set(Jurisdiction)
    assert all(ages.source for ages in AT_FIRST.values())


async def uses(app: FastAPI, members: Caller, person: str) -> set[str]:
    """What is permitted of everything that somebody said yes to; asked of one, and of all."""
    asked = (*[("news", channel) for channel in ("email", "publication", "sharing", "record")], ("appeal", "email"))

    def allowed(session: Session) -> set[str]:
        found = set()
        for purpose, channel in asked:
            one = permissions.permitted(session, members.movement, person, purpose, channel, clock.now())
            of_all = permitting(session, members.movement, Person.id, purpose, channel, clock.now())
            assert one == (person in session.scalars(sa.select(Person.id).where(of_all)).all())
            found |= {f"{purpose} {channel}"} if one else set()
        return found

    return set(await app.state.parts.db.read(allowed))


async def test_of_a_child_nothing_is_used_without_a_record_and_nothing_ever_for_marketing_or_openly(
    app: FastAPI, members: Caller
) -> None:
    await members.post("/v1/purposes", {"key": "appeal", "name": "Appeals", "basis": "consent", "marketing": True})
    kim = (await enter(members))["id"]
    for purpose, channel in (("news", "email"), ("news", "publication"), ("news", "sharing"), ("appeal", "email"),
                             ("news", "record")):  # fmt: skip
        decision = {"purpose": purpose, "channel": channel, "decision": "given", "notice": NOTICE}
        by = {"authority": "parental_responsibility", "name": "Kim's mother"}
        await members.post(f"/v1/people/{kim}/permissions", decision | {"by": by})
    assert await uses(app, members, kim) == {"news email", "news record"}
    withdraw = f"/v1/people/{kim}/child-record/withdraw"
    json_of(await members.client.post(withdraw, json={}, headers={"if-match": "*"}), 200)
    assert await uses(app, members, kim) == {"news record"}
    refused = {"purpose": "administration", "channel": "record", "decision": "refused"}
    await members.post(f"/v1/people/{kim}/permissions", refused)
    assert await lacking(members, kim) == ["own_yes"], "whoever says no to everything is looked after all the same"
    await change(members, f"/v1/people/{kim}", {"age_band": "adult"})
    assert len(await uses(app, members, kim)) == 5
    await change(members, f"/v1/people/{kim}", {"age_band": "16_to_17"})
    assert await uses(app, members, kim) == {"news record"}
