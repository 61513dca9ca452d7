"""Custom fields: typed, held to on every write, and retired without losing what they held."""

from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change, refused_change

FIELDS = (
    {"key": "nickname", "kind": "text"},
    {"key": "shifts", "kind": "number"},
    {"key": "first_aid_until", "kind": "date"},
    {"key": "has_van", "kind": "yes_no"},
    {"key": "shirt", "kind": "choice", "choices": ["small", "large"]},
)
HELD = {"nickname": "Ace", "shifts": 2.5, "first_aid_until": "2027-03-31", "has_van": False, "shirt": "large"}


async def define(members: Caller, **said: object) -> Json:
    return await members.post("/v1/custom-fields", {"of": "person", "name": "A field", **said})


async def test_each_kind_of_field_holds_what_is_written_in_it(members: Caller) -> None:
    for field in FIELDS:
        await define(members, **field)
    person = await members.person("Ada", custom=HELD)
    assert (await members.get(f"/v1/people/{person}"))["custom"] == HELD
    path = f"/v1/people/{person}"
    changed = await change(members, path, {"custom": {"shifts": 3, "has_van": True, "nickname": None}})
    expected = HELD | {"shifts": 3, "has_van": True}
    del expected["nickname"]
    assert changed["custom"] == expected


@ON_ONE_DATABASE
async def test_every_value_that_its_field_cannot_hold_is_named(members: Caller) -> None:
    for field in FIELDS:
        await define(members, **field)
    wrong = {
        "nickname": 3,
        "shifts": "3",
        "first_aid_until": "31/03/2027",
        "has_van": 1,
        "shirt": "medium",
        "height": 3,
    }
    status, problem = await members.refused("/v1/sign-ups", {"person": {"given_name": "Ada", "custom": wrong}})
    assert status == 422
    expected = {f"/person/custom/{key}": "wrong_kind" for key in wrong} | {"/person/custom/height": "unknown_field"}
    assert faults(problem) == expected
    path = f"/v1/people/{await members.person('Ada', custom=HELD)}"
    status, problem = await refused_change(members, path, {"custom": {"shifts": True}})
    assert (status, faults(problem)) == (422, {"/custom/shifts": "wrong_kind"})
    assert (await members.get(path))["custom"] == HELD


@ON_ONE_DATABASE
async def test_a_retired_field_keeps_its_values_and_takes_none(members: Caller) -> None:
    field = await define(members, key="shifts", kind="number")
    path = f"/v1/people/{await members.person('Ada', custom={'shifts': 4})}"
    await change(members, f"/v1/custom-fields/{field['id']}", {"retired": True})
    assert (await members.get(path))["custom"] == {"shifts": 4}
    status, problem = await refused_change(members, path, {"custom": {"shifts": 5}})
    assert (status, faults(problem)) == (422, {"/custom/shifts": "retired_field"})
    await change(members, f"/v1/custom-fields/{field['id']}", {"retired": False})
    assert (await change(members, path, {"custom": {"shifts": 5}}))["custom"] == {"shifts": 5}


@ON_ONE_DATABASE
async def test_a_choice_that_is_taken_away_stays_where_it_was_chosen(members: Caller) -> None:
    field = await define(members, key="shirt", kind="choice", choices=["small", "large"])
    path = f"/v1/people/{await members.person('Ada', custom={'shirt': 'large'})}"
    await change(members, f"/v1/custom-fields/{field['id']}", {"choices": ["small"], "name": "Shirt"}, tag='"1"')
    assert (await members.get(path))["custom"] == {"shirt": "large"}
    assert faults((await refused_change(members, path, {"custom": {"shirt": "large"}}))[1]) == {
        "/custom/shirt": "wrong_kind"
    }


@ON_ONE_DATABASE
async def test_a_key_names_one_field_of_a_noun_for_ever(members: Caller) -> None:
    field = await define(members, key="shifts", kind="number")
    await members.post("/v1/custom-fields", {"of": "organisation", "key": "shifts", "name": "Shifts", "kind": "text"})
    twin = {"of": "person", "key": "shifts", "name": "Shifts", "kind": "text"}
    assert (await members.refused("/v1/custom-fields", twin))[1]["code"] == "field_key_taken"
    listed = (await members.get("/v1/custom-fields", of="person"))["data"]
    assert [row["id"] for row in listed] == [field["id"]]


@ON_ONE_DATABASE
async def test_another_movements_fields_are_unknown(members: Caller, other: Caller) -> None:
    field = await define(other, key="shifts", kind="number")
    assert (await members.get("/v1/custom-fields"))["data"] == []
    assert (await refused_change(members, f"/v1/custom-fields/{field['id']}", {"retired": True}))[0] == 404
    path = f"/v1/people/{await members.person()}"
    assert (await refused_change(members, path, {"custom": {"shifts": 1}}))[0] == 422


@ON_ONE_DATABASE
async def test_a_field_with_a_fault_is_not_defined(members: Caller) -> None:
    for said, pointer in (
        ({"kind": "colour"}, "/kind"),
        ({"kind": "text", "key": "Shirt Size"}, "/key"),
        ({"kind": "choice"}, ""),
        ({"kind": "text", "choices": ["a"]}, ""),
        ({"kind": "choice", "choices": ["a", "a"]}, "/choices"),
    ):
        field = {"of": "person", "key": "shirt", "name": "Shirt", **said}
        status, problem = await members.refused("/v1/custom-fields", field)
        assert (status, list(faults(problem))) == (422, [pointer])


@ON_ONE_DATABASE
async def test_an_unknown_field_is_not_edited(members: Caller) -> None:
    assert (await refused_change(members, f"/v1/custom-fields/{new_id('field')}", {"retired": True}))[0] == 404
