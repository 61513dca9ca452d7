"""Forms: what they may ask, versions that are frozen once used, and answers that are held to them."""

import pytest

from services.grants.forms.profile import schema_faults
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp

PLAN = {"type": "string", "maxLength": 100}
SCHEMA: Json = {
    "type": "object",
    "required": ["plan"],
    "additionalProperties": False,
    "properties": {
        "plan": PLAN,
        "people": {"type": "integer", "minimum": 1},
        "when": {"type": "string", "format": "date"},
        "how": {"enum": ["weekly", "monthly"]},
    },
}


async def asked_by(grants: Caller, **said: object) -> tuple[Json, str]:
    """The first version of a form, and an open round that asks by it."""
    made = await grants.post("/v1/forms", {"name": "Seeds", **said})
    opened = await grants.open_round(form_version=made["newest"]["id"])
    return made["newest"], opened


@ON_ONE_DATABASE
async def test_the_default_form_is_one_question_and_the_budget(grants: Caller) -> None:
    version, opened = await asked_by(grants, preset="one_question")
    assert (version["order"], version["summary_from"], version["budget_from"]) == (["plan", "budget"], "plan", "budget")
    answers = {"plan": "Wool and a warm room", "budget": [{"item": "Wool", "amount": "300.00"}]}
    said = {"round": opened, "group_name": "Knitters", "amount": gbp("500.00"), "answers": answers}
    status, problem = await grants.refused("/v1/applications", said)
    assert (status, faults(problem)) == (422, {"/answers/budget": "differs_from_amount"})
    answers["budget"] = [{"item": "Wool", "amount": "300.00"}, {"item": "Room", "amount": "200"}]
    made = await grants.post("/v1/applications", said)
    assert (made["summary"], made["answers"], made["form_version"]) == (answers["plan"], answers, version["id"])


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, {"/answers/plan": "missing"}),
        ({"plan": 7}, {"/answers/plan": "wrong_type"}),
        ({"plan": "x" * 101}, {"/answers/plan": "wrong_max_length"}),
        (
            {"plan": "x", "people": 0, "how": "daily"},
            {"/answers/people": "wrong_minimum", "/answers/how": "wrong_enum"},
        ),
        ({"plan": "x", "when": "31 June"}, {"/answers/when": "wrong_format"}),
        ({"plan": "x", "pl/an": 1}, {"/answers/pl~1an": "extra_forbidden"}),
        ({"plan": "a\x01b"}, {"/answers/plan": "control_characters"}),
        ({"plan": "Sort code 20-30-40, account 12345678"}, {"/answers/plan": "bank_details"}),
        ({"plan": "x" * 70_000}, {"/answers": "too_large"}),
    ],
)
@ON_ONE_DATABASE
async def test_answers_are_held_to_the_form_by_pointer_and_not_repeated(
    grants: Caller, answers: Json, found: dict[str, str]
) -> None:
    _, opened = await asked_by(grants, schema=SCHEMA)
    status, problem = await grants.refused("/v1/applications", asking(opened) | {"answers": answers})
    assert (status, faults(problem)) == (422, found)
    assert not any(str(answer) in str(problem) for answer in answers.values() if len(str(answer)) > 3)


@ON_ONE_DATABASE
async def test_a_round_without_a_form_takes_no_answers(grants: Caller) -> None:
    opened = await grants.open_round()
    _, problem = await grants.refused("/v1/applications", asking(opened) | {"answers": {"plan": "x"}})
    assert faults(problem) == {"/answers": "no_form"}


def deep(levels: int) -> Json:
    """A schema so many levels deep."""
    return {"type": "object", "properties": {"a": deep(levels - 1) if levels > 1 else PLAN}}


@pytest.mark.parametrize(
    ("schema", "pointer", "code"),
    [
        ({"type": "object", "properties": {"a": {"$ref": "https://example.org/s"}}}, "/properties/a/$ref", "keyword"),
        ({"type": "object", "properties": {"a": {"$ref": "#"}}}, "/properties/a/$ref", "keyword"),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}}, "/properties/a/$ref", "unknown"),
        (
            {
                "type": "object",
                "properties": {"a": {"$ref": "#/$defs/x"}},
                "$defs": {"x": {"items": {"$ref": "#/$defs/x"}}},
            },
            "/$defs/x/items/$ref",
            "keyword",
        ),
        ({"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}, "/properties/a/pattern", "keyword"),
        ({"type": "object", "properties": {"a": {"type": "strong"}}}, "/properties/a/type", "not_a_schema"),
        ({"type": "object", "properties": {"a": "text"}}, "/properties/a", "not_a_schema"),
        ({"type": "array", "items": PLAN}, "", "no_questions"),
        (deep(12), "/properties/a" * 10, "too_deep"),
        ({"type": "object", "properties": {f"q{n}": PLAN for n in range(61)}}, "/properties", "too_many_questions"),
        ({"type": "object", "properties": {"a": {"title": "x" * 40_000}}}, "", "too_large"),
        ({"type": "object", "properties": {"a": {"type": "string", "format": "regex"}}}, "/properties/a/format", "key"),
    ],
)
def test_what_is_no_form_is_refused_with_its_place(schema: Json, pointer: str, code: str) -> None:
    (fault, *_) = schema_faults(schema, [], None, None)
    assert fault.pointer == f"/schema{pointer}"
    assert (fault.code or "").startswith(code)


def test_a_definition_of_the_form_itself_may_be_referred_to() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": PLAN}}
    assert schema_faults(schema, ["a"], None, None) == []


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ({"order": ["plan", "none"]}, {"/order/1": "unknown_question"}),
        ({"order": ["plan", "plan"]}, {"/order": "not_unique"}),
        ({"summary_from": "people"}, {"/summary_from": "no_such_answer"}),
        ({"budget_from": "plan"}, {"/budget_from": "no_such_answer"}),
        ({"preset": "one_question"}, {"": "preset_or_schema"}),
    ],
)
@ON_ONE_DATABASE
async def test_what_is_said_beside_a_schema_is_about_its_questions(
    grants: Caller, beside: Json, found: dict[str, str]
) -> None:
    _, problem = await grants.refused("/v1/forms", {"name": "Seeds", "schema": SCHEMA} | beside)
    assert faults(problem) == found


async def test_a_version_is_edited_until_a_round_is_published_with_it_and_then_another_is_made(grants: Caller) -> None:
    made = await grants.post("/v1/forms", {"name": "Seeds", "schema": SCHEMA})
    version = made["newest"]["id"]
    path = f"/v1/forms/{made['id']}/versions/{version}"
    changed = await grants.client.patch(path, json={"order": ["plan", "how"]}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["order"]) == (200, '"2"', ["plan", "how"])
    assert (await grants.client.patch(path, json={"order": []}, headers={"If-Match": '"1"'})).status_code == 412
    drafted = await grants.draft(await grants.fund(), form_version=version)
    assert (await grants.client.patch(path, json={"order": []}, headers={"If-Match": '"2"'})).status_code == 200
    await grants.post(f"/v1/rounds/{drafted}/publish")
    frozen = await grants.client.patch(path, json={"order": []}, headers={"If-Match": "*"})
    assert (frozen.status_code, frozen.json()["code"]) == (409, "form_frozen")
    second = await grants.post(f"/v1/forms/{made['id']}/versions", {"preset": "one_question"})
    assert (second["number"], second["used_at"]) == (2, None)
    assert (await grants.get(f"/v1/forms/{made['id']}"))["newest"] == second
    assert [row["newest"]["number"] for row in (await grants.get("/v1/forms"))["data"]] == [2]
    versions = (await grants.get(f"/v1/forms/{made['id']}/versions"))["data"]
    assert [(row["number"], row["used_at"] is None) for row in versions] == [(1, False), (2, True)]
    assert await grants.get(path) == versions[0]
