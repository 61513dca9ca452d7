"""A merged id is taken wherever a request names somebody, and nothing that is stored names it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.members.community import api as community
from services.members.directory import api as directory
from services.members.directory.merging import references
from services.members.engagement import api as engagement
from services.members.life import api as life
from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import NOTICE, Caller
from tests.members.community.cases import opened
from tests.members.community.mapped import draft
from tests.members.community.mapped import published as on_the_map
from tests.members.community.steps import active_circle, held, leave, signed_in_as
from tests.members.directory.merged_in_life import requests_of_life, things_of_life
from tests.members.engagement.gatherings.steps import WALK, book
from tests.members.engagement.gatherings.steps import published as announced

NOW = clock.now()
TODAY, SOON = NOW.date().isoformat(), (NOW.date() + timedelta(days=7)).isoformat()
TOLD_BY_TOOLS = ("/v1/mailings/tools", "/v1/mailings/returns")
"""What takes a mailing tool that answers: the tests of mailings have one."""
ALREADY_MERGED = {
    (f"POST /v1/{noun}/merge{preview}", "/merged")
    for noun in ("people/{person}", "organisations/{organisation}")
    for preview in ("", "/preview")
}
"""Where a merged id is a fault: what was merged before is not merged a second time."""

PLACES_IN_A_LIST = {("POST /internal/handed-on", "/after"), ("POST /internal/handed-on/organisations", "/after")}
"""Where an id says how far a list was read, and names nobody."""

# People: jo, em and al were merged, and so was ian, who is no member. Organisations: hikers and rovers were merged.
PRESENT = {"jo": "joan", "em": "emma", "al": "albert", "ian": "iain", "hikers": "walkers", "rovers": "ramblers"}


async def merged(members: Caller) -> dict[str, str]:
    """Ids by name: those of two records of each that became one, and of what they can be named for."""
    ids = {}
    for name in ("jo", "joan", "em", "emma", "al", "albert", "ada", "eve", "cy"):
        ids[name] = await members.person(name)
    for name in ("ian", "iain"):
        known = {"person": {"given_name": name}, "provenance": {"source": "us", "basis": "consent"}}
        ids[name] = (await members.post("/v1/people", known))["id"]
    for name in ("hikers", "walkers", "rovers", "ramblers", "hall", "club", "band"):
        ids[name] = await members.organisation(name)
    for gone, stays in PRESENT.items():
        noun = "people" if ids[gone].startswith("person") else "organisations"
        await members.post(f"/v1/{noun}/{ids[stays]}/merge", {"merged": ids[gone]}, status=200)
    return ids


async def things(members: Caller, ids: Mapping[str, str]) -> dict[str, str]:
    """The ids that fill paths and bodies: one of each thing that somebody can be named for."""

    async def made(path: str, **said: object) -> str:
        return str((await members.post(f"/v1/{path}", said))["id"])

    gathering, slot = await announced(members)
    case = await opened(members)
    introduction = await case.permit((await on_the_map(members))["id"])
    programme = await made("programmes", lead=ids["hall"], name="School games", aims="Play.")
    knowledge = await made("knowledge", kind="guide", title="Lanterns", body="Paper.")
    await members.client.post(f"/v1/knowledge/{knowledge}/publish", headers={"If-Match": "*"})
    left = await leave(members, ids["eve"], ids["cy"]) if await held(members, ids["ada"], ids["eve"]) else {}
    return await things_of_life(members, ids) | {
        "asset": (await draft(members))["id"],
        "booking": (await book(members, gathering, slot))["id"],
        "campaign": await made("campaigns", slug="s", kind="policy_ask", name="Streets", purpose="Walk."),
        "circle": await active_circle(members),
        "connection": case.id,
        "introduction": introduction,
        "gathering": gathering,
        "slot": slot,
        "handover": left["id"],
        "whose": (await leave(members, None, ids["cy"]))["id"],
        "further": new_id("handover"),
        "item": left["items"][0]["id"],
        "knowledge": knowledge,
        "ask": await made("ladder/asks", person=ids["ada"], what="Lead.", due_on=SOON),
        "naming": await members.naming_programme(),
        "membership": (await members.get(f"/v1/people/{ids['ada']}"))["membership"]["id"],
        "pledge": await made("pledges", organisation=ids["hall"], text="Ours."),
        "programme": programme,
        "taper": await made(f"programmes/{programme}/tapers", what="Ours.", ends_on=SOON, successor=ids["hall"]),
    }


def requests(i: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    """Requests that name merged people and organisations, each somewhere: between them, wherever there is a place."""
    jo, em, al, ian, hikers, rovers, slot = (i[key] for key in ("jo", "em", "al", "ian", "hikers", "rovers", "slot"))
    did = {"kind": "walk", "on": TODAY}
    yield "POST /v1/activities", {"person": jo, "counterpart": em, "organisation": hikers, **did}
    yield "POST /v1/affiliations", {"person": jo, "organisation": hikers}
    skill = {"kind": "personal_skill", "title": "Cooking"}
    yield "POST /v1/assets", {**skill, "person": jo}
    yield "POST /v1/assets", {**skill, "kind": "group", "organisation": hikers}
    yield "POST /v1/assets/{asset}/verifications", {"how": "visit", "person": jo}
    yield "PATCH /v1/assets/{asset}", {"organisation": hikers}
    yield "PATCH /v1/assets/{asset}", {"person": jo, "organisation": None}
    yield "PATCH /v1/bookings/{booking}", {"companions": [{"kind": "guest", "person": jo}]}
    yield "POST /v1/calendars", {"person": jo, "label": "Phone"}
    asked = {"decider": "The cabinet", "question": "Will you?", "organisation": hikers}
    streets = {"slug": "t", "kind": "policy_ask", "name": "Streets", "purpose": "Walk."}
    yield "POST /v1/campaigns", {**streets, "asks": [asked]}
    yield "POST /v1/campaigns/{campaign}/asks", asked
    yield "POST /v1/circles/{circle}/members", {"person": jo, "role": "convenor", "from": TODAY}
    walk = {"what": "Walk.", "programme": i["programme"], "starts_on": TODAY, "ends_on": SOON}
    yield "POST /v1/commitments", {**walk, "person": jo}
    yield "POST /v1/commitments", {**walk, "organisation": hikers}
    yield "POST /v1/connections", {"person": jo, "connector": em, "referred_by_person": al}
    yield "POST /v1/connections", {"person": ian, "connector": em, "referred_by_organisation": hikers}
    yield "PATCH /v1/connections/{connection}", {"connector": jo}
    yield "POST /v1/connections/{connection}/introductions/{introduction}/introduce", {"host": em}
    yield "POST /v1/gatherings", {**WALK, "organisation": hikers}
    yield "PATCH /v1/gatherings/{gathering}", {"organisation": hikers}
    guest = {"kind": "guest", "person": em}
    yield "POST /v1/gatherings/{gathering}/bookings", {"slot": slot, "person": jo, "companions": [guest]}
    whom = {"name": "Sam", "phone": "01452 555 010"}
    yield "POST /v1/gatherings/{gathering}/emergency-contacts", {"slot": slot, "person": jo, "contact": whom}
    yield "POST /v1/gatherings/{gathering}/picture-permissions", {"person": jo, "uses": ["print"], "allowed": True}
    yield "PATCH /v1/gatherings/{gathering}/safety", {"leader": jo, "deputy": em}
    new = {"person": {"given_name": "New"}, "brought_by": {"person": jo}}
    new |= {"pledge": {"text": "Walk.", "organisation": hikers}}
    permission = {"person": jo, "given_on": TODAY, "notice": NOTICE}
    child = {"programme": i["naming"], "own_yes_on": TODAY, "parental_permission": permission, "review_on": SOON}
    kim = {"person": {"given_name": "Kim", "age_band": "13_to_15"}, "child": child}
    yield "POST /v1/people", {**kim, "provenance": {"source": "us", "basis": "consent"}}
    parent = {"authority": "parental_responsibility", "given_by": jo}
    news = {"purpose": "news", "channel": "email", "decision": "given", "notice": NOTICE, "by": parent}
    kim |= {"permissions": [news]}
    yield "POST /v1/sign-ups", new
    yield "POST /v1/sign-ups", kim
    yield "POST /v1/gatherings/{gathering}/attendances", {"slot": slot, "person": jo}
    yield "POST /v1/gatherings/{gathering}/attendances", {"slot": slot, "sign_up": new}
    yield "POST /v1/gatherings/{gathering}/attendances", {"slot": slot, "sign_up": kim}
    used = {"did": "Made some.", "used_on": TODAY}
    yield "POST /v1/knowledge/{knowledge}/uses", {**used, "person": jo}
    yield "POST /v1/knowledge/{knowledge}/uses", {**used, "organisation": hikers}
    yield "POST /v1/ladder/asks", {"person": al, "asker": em, "what": "Lead.", "due_on": SOON}
    yield "PATCH /v1/ladder/asks/{ask}", {"asker": jo}
    yield "POST /v1/memberships", {"organisation": hikers}
    yield "POST /v1/memberships", {"person": ian, "brought_by": jo}
    yield "PATCH /v1/memberships/{membership}", {"brought_by": jo}
    yield "POST /v1/nominations", {"giver": em, "nominee": al}
    yield "POST /v1/organisations", {"name": "Branch", "parent": hikers}
    yield "PATCH /v1/organisations/{club}", {"parent": hikers}
    takes = [{"organisation": hikers, "takes": ["affiliations"]}]
    yield "POST /v1/organisations/{band}/succession", {"on": TODAY, "successors": takes}
    yield "POST /internal/handed-on", {"purpose": "introductions", "people": [jo]}
    yield "POST /internal/handed-on/organisations", {"purpose": "introductions", "organisations": [hikers]}
    yield "POST /v1/people/bulk", {"people": [jo], "deed": {"tag": "walker"}}
    yield "POST /v1/people/{ada}/capacity", {"level": "some", "shared_with": [jo]}
    yield "POST /v1/pledges", {"person": jo, "text": "Walk."}
    ours = {"organisation": hikers, "text": "Ours.", "given_by": jo, "published": {"permitted_by": em}}
    yield "POST /v1/pledges", ours
    yield "POST /v1/pledges/{pledge}/publish", {"permitted_by": jo}
    yield "POST /v1/programmes", {"lead": hikers, "name": "Games", "aims": "Play."}
    yield "PATCH /v1/programmes/{programme}", {"lead": hikers}
    yield "POST /v1/programmes/{programme}/partners", {"organisation": rovers, "part": "The hall.", "starts_on": TODAY}
    yield "POST /v1/programmes/{programme}/tapers", {"what": "Ours.", "ends_on": SOON, "successor": hikers}
    yield "PATCH /v1/programmes/tapers/{taper}", {"successor": hikers}
    yield "POST /v1/stewardships", {"about": hikers, "holder": jo, "why": "They know each other."}
    yield "POST /v1/stewardships/caretakers", {"person": jo, "agreed_on": TODAY}
    yield "PATCH /v1/stewardships/handovers/{handover}", {"caretaker": jo}
    yield "POST /v1/stewardships/handovers/{handover}/items/{item}/ask", {"person": em, "why": "A neighbour."}
    yield "PATCH /v1/stewardships/handovers/{whose}", {"person": al}
    leaving = {"person": em, "caretaker": jo, "reason": "new_role", "leaving_on": TODAY}
    yield "PUT /internal/handovers/{further}", leaving
    yield from requests_of_life(i)
    yield "POST /v1/ties", {"first": jo, "second": hikers, "kind": "works_with", "since": TODAY, "told_us_on": TODAY}


@ON_ONE_DATABASE
async def test_a_merged_id_is_taken_wherever_a_request_names_somebody_and_finds_what_is_theirs(
    app: FastAPI, members: Caller, vouching: Secrets
) -> None:
    ids = await merged(members)
    ids |= await things(members, ids)
    gone = {ids[name] for name in PRESENT}
    taken, refused = set(), []
    async with signed_in_as(ids["ada"], members, vouching) as ada:
        for route, body in requests(ids):
            method, path = route.split()
            with clock.frozen(NOW + timedelta(days=2) if path.endswith("/attendances") else NOW):
                answered = await ada.client.request(method, path.format_map(ids), json=body, headers={"If-Match": "*"})
            if not answered.is_success:
                refused.append((route, answered.text))
            taken |= {(re.sub("{.*?}", "{}", route), place) for place in _places(body, gone)}
    assert refused == []
    assert await app.state.parts.db.read(_stored, members.movement, gone) == {}
    not_taken = {(re.sub("{.*?}", "{}", route), place) for route, place in ALREADY_MERGED | PLACES_IN_A_LIST}
    assert _named(_document()) - taken == not_taken
    assert await _differing(members, ids) == []


async def _differing(members: Caller, ids: Mapping[str, str]) -> list[tuple[str, str]]:
    """The lists that answer another thing by an id that was merged than by the one that stays."""
    found, by = [], {"^person_": ("jo", "em", "al"), "^org_": ("hikers", "rovers")}
    for path, operations in _document()["paths"].items():
        for asked in operations.get("get", {}).get("parameters", ()) if "{" not in path else ():
            kinds = [part.get("pattern", "") for part in asked["schema"].get("anyOf", (asked["schema"],))]
            for name in (
                name for kind in kinds for begins, names in by.items() for name in names if kind.startswith(begins)
            ):
                answers = [await members.get(path, **{asked["name"]: ids[one]}) for one in (name, PRESENT[name])]
                if answers[0] != answers[1]:
                    found.append((path, asked["name"]))
    return found


def _places(body: object, ids: set[str], pointer: str = "") -> Iterator[str]:
    """Where in a body one of these ids stands."""
    if isinstance(body, str) and body in ids:
        yield pointer
    elif isinstance(body, dict | list):
        for key, part in body.items() if isinstance(body, dict) else enumerate(body):
            yield from _places(part, ids, f"{pointer}/{key}")


def _document() -> Json:
    """What the rooms say of their routes, but for trust: who may name somebody there has tests of its own."""
    rooms = FastAPI()
    for router in (*directory.routers, *engagement.routers, *community.routers, *life.routers):
        rooms.include_router(router)
    return rooms.openapi()


def _named(document: Json) -> set[tuple[str, str]]:
    """Every place in the body of a request that takes a person's or an organisation's id."""
    found = set()
    for path, operations in document["paths"].items():
        if path.startswith(TOLD_BY_TOOLS):
            continue
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for place in _of_ids(content.get("schema", {}), document["components"]["schemas"]):
                found.add((f"{method.upper()} {re.sub('{.*?}', '{}', path)}", place))
    return found


def _of_ids(schema: Json, schemas: Json, pointer: str = "", within: Sequence[str] = ()) -> Iterator[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in within:
        return
    schema, within = (schemas[name], (*within, name)) if name else (schema, within)
    if schema.get("pattern", "").startswith(("^person_", "^org_")):
        yield pointer
    for part in schema.get("anyOf", ()):
        yield from _of_ids(part, schemas, pointer, within)
    for key, part in schema.get("properties", {}).items():
        yield from _of_ids(part, schemas, f"{pointer}/{key}", within)
    if "items" in schema and pointer:  # a body that is a list holds what a single one does
        yield from _of_ids(schema["items"], schemas, f"{pointer}/0", within)


def _stored(session: Session, movement: str, gone: set[str]) -> dict[str, int]:
    """The columns that name a record by an id that it no longer has; what says that it was merged is left out."""
    found: dict[str, int] = {}
    for parent in ("people", "organisations"):
        for reference in references.references_to(parent):
            table: Any = references.table(reference.child)
            for column in (table.c[name] for name in reference.columns if not table.name.startswith("merge")):
                query = sa.select(sa.func.count()).where(table.c.movement == movement, column.in_(gone))
                if number := session.scalar(query):
                    found[str(column)] = number
    return found
