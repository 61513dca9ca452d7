"""The common agenda and the partners who sign it."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from shared import clock
from shared.testing.caller import Json, faults
from tests.members.caller import Caller

TODAY = date(2026, 5, 1)
AHEAD = "2027-05-01"
VISION = "Everybody moves every day."


def draft(**other: object) -> Json:
    return {"vision": VISION, "review_on": AHEAD, **other}


def point(key: str, words: str) -> Json:
    return {"key": key, "words": words}


def word(term: str, meaning: str) -> Json:
    return {"word": term, "meaning": meaning}


async def drafted(members: Caller, **other: object) -> Json:
    shaper = {"organisation": await members.organisation(), "how": "the campfire"}
    return await members.post("/v1/agenda", draft(**{"shaped_by": [shaper], **other}))


async def stepped(members: Caller, agenda: Json, step: str, body: object = None) -> Json:
    answered = await members.client.post(
        f"/v1/agenda/{agenda['id']}/{step}", json=body, headers={"If-Match": f'"{agenda["version"]}"'}
    )
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


async def published(members: Caller, **other: object) -> Json:
    return await stepped(members, await drafted(members, **other), "publish")


async def signed(members: Caller, agenda: Json, name: str, *acts: Json, **other: object) -> Json:
    body = {"organisation": await members.organisation(name), "agenda": agenda["id"], "acts": [*acts], **other}
    return await members.post("/v1/alignments", body)


START = {"kind": "start", "words": "Count walks as we all do."}


async def test_an_agenda_is_drafted_changed_and_published_by_those_who_shaped_it(members: Caller) -> None:
    body = draft(outcomes=[point("active", "Active every day")], glossary=[word("Community", "who lives here")])
    made = await members.post("/v1/agenda", body)
    path = f"/v1/agenda/{made['id']}"
    nobody = await members.client.post(f"{path}/publish", headers={"If-Match": '"1"'})
    assert (nobody.status_code, nobody.json()["code"]) == (409, "shaped_by_nobody")
    person, council = await members.person(), await members.organisation("Forest Council")
    edit = {
        "values": [point("local", "Growing from local"), point("power", "Sharing power")],
        "shaped_by": [{"person": person, "how": "a letter"}, {"organisation": council, "how": "the campfire"}],
        "glossary": [word("community", "who lives here")
                     | {"used_otherwise": [{"organisation": council, "meaning": "our patients"}]}],
    }  # fmt: skip
    changed = await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    assert (await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})).status_code == 412
    shown = await stepped(members, changed.json(), "publish")
    assert (shown["number"], shown["state"], shown["outcomes"]) == (1, "published", body["outcomes"])
    assert [value["key"] for value in shown["values"]] == ["local", "power"]
    assert [shaper["how"] for shaper in shown["shaped_by"]] == ["a letter", "the campfire"]
    (term,) = shown["glossary"]
    assert term["used_otherwise"] == [{"organisation": council, "meaning": "our patients"}]
    late = await members.client.patch(path, json={"vision": "Else."}, headers={"If-Match": "*"})
    assert (late.status_code, late.json()["code"]) == (409, "not_a_draft")


async def test_the_agenda_of_a_day_is_the_newest_version_that_was_not_withdrawn(members: Caller) -> None:
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        assert (await members.client.get("/v1/agenda/current")).status_code == 404
        first = await published(members)
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        second = await published(members)
        assert (await members.get("/v1/agenda/current"))["id"] == second["id"]
    with clock.frozen(datetime(2026, 7, 1, 12, tzinfo=UTC)):
        withdrawn = await stepped(members, second, "withdraw", {"why": "It named a school."})
        assert (withdrawn["withdrawn_on"], withdrawn["withdrawn_why"]) == ("2026-07-01", "It named a school.")
        assert (await members.get("/v1/agenda/current"))["id"] == first["id"]
        assert (await members.get("/v1/agenda/current", on="2026-06-15"))["id"] == second["id"]
        again = await members.client.post(
            f"/v1/agenda/{second['id']}/withdraw", json={"why": "x"}, headers={"If-Match": "*"}
        )
        assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
        assert [each["number"] for each in (await members.get("/v1/agenda"))["data"]] == [1, 2]


async def test_versions_published_at_once_get_different_numbers(members: Caller) -> None:
    drafts = [await drafted(members) for _ in range(4)]
    shown = await asyncio.gather(*(stepped(members, each, "publish") for each in drafts))
    assert sorted(each["number"] for each in shown) == [1, 2, 3, 4]


async def test_a_bad_agenda_is_refused_with_every_fault(members: Caller) -> None:
    nobody = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"
    _, problem = await members.refused(
        "/v1/agenda",
        draft(
            glossary=[word("a", "b") | {"used_otherwise": [{"organisation": nobody, "meaning": "c"}]}],
            shaped_by=[{"organisation": nobody, "how": "d"}],
        ),
    )
    assert faults(problem) == {
        "/glossary/0/used_otherwise/0/organisation": "unknown_organisation",
        "/shaped_by/0/organisation": "unknown_organisation",
    }
    twice = draft(outcomes=[point("a", "b")] * 2, glossary=[word("A", "b"), word("a", "c")], shaped_by=[{"how": "x"}])
    _, problem = await members.refused("/v1/agenda", twice)
    assert faults(problem) == {"/outcomes": "repeated", "/glossary": "repeated", "/shaped_by/0": "one_of"}
    past = await drafted(members, review_on=(clock.now().date() - timedelta(days=1)).isoformat())
    answered = await members.client.post(f"/v1/agenda/{past['id']}/publish", headers={"If-Match": "*"})
    assert (answered.status_code, faults(answered.json())) == (422, {"/review_on": "not_ahead"})
    assert (await members.get(f"/v1/agenda/{past['id']}"))["state"] == "draft"


async def test_two_partners_on_different_versions_see_the_difference_in_words(members: Caller) -> None:
    one = await published(
        members,
        outcomes=[point("active", "Active every day"), point("gone", "A new pool")],
        glossary=[word("community", "who lives here"), word("asset", "what we have")],
    )
    two = await published(
        members,
        vision="Nobody is alone.",
        outcomes=[point("active", "Active in one's own way")],
        values=[point("power", "Sharing power")],
        glossary=[word("community", "who feels at home here"), word("ward", "a part of a town")],
    )
    walkers = await signed(members, two, "Walkers", START)
    council = await signed(members, one, "Council", START, {"kind": "stop", "words": "Ask for two forms."})
    apart = await members.get("/v1/alignments/difference", one=walkers["id"], other=council["id"])
    assert apart["in_words"] == [
        "Walkers signed version 2, and Council version 1.",
        f"The vision of version 1 is “{VISION}”, and that of version 2 “Nobody is alone.”.",
        "The outcome that version 1 words as “Active every day” is “Active in one's own way” in version 2.",
        "The outcome “A new pool” is in version 1 and not in version 2.",
        "The value “Sharing power” is new in version 2.",
        "The word “asset” is explained in version 1 and not in version 2.",
        "By “community” version 1 means “who lives here”, and version 2 “who feels at home here”.",
        "The word “ward” is explained in version 2 alone: “a part of a town”.",
        "Council stops: Ask for two forms.",
    ]
    assert (apart["one"]["id"], apart["other"]["id"]) == (walkers["id"], council["id"])
    same = await members.get("/v1/alignments/difference", one=walkers["id"], other=walkers["id"])
    assert same["in_words"] == ["Walkers and Walkers signed version 2 both."]
    by_hand = await members.get(f"/v1/agenda/{one['id']}/difference", to=two["id"])
    assert by_hand["in_words"] == apart["in_words"][1:-1]
    assert await members.get(f"/v1/agenda/{one['id']}/difference") == by_hand
    assert (await members.get(f"/v1/agenda/{two['id']}/difference"))["in_words"] == []


async def test_signing_again_replaces_what_a_partner_signed_before_however_many_sign_at_once(members: Caller) -> None:
    one, two = await published(members), await published(members)
    first = await signed(members, one, "Walkers", START)
    body = {"organisation": first["organisation"], "agenda": two["id"], "acts": [START]}
    await asyncio.gather(*(members.post("/v1/alignments", body) for _ in range(3)))
    listed = (await members.get("/v1/alignments", organisation=first["organisation"]))["data"]
    assert [each["state"] for each in listed].count("signed") == 1
    assert [each["state"] for each in listed].count("replaced") == 3
    (live,) = (await members.get("/v1/alignments", agenda=two["id"], state="signed"))["data"]
    assert live["agenda"] == two["id"]


async def test_only_a_published_version_is_signed(members: Caller) -> None:
    fresh = await drafted(members)
    body = {"organisation": await members.organisation(), "agenda": fresh["id"], "acts": [START]}
    for state in ("draft", "withdrawn"):
        status, problem = await members.refused("/v1/alignments", body)
        assert (status, problem["code"], problem["state"]) == (409, "agenda_cannot_be_signed", state)
        if state == "draft":
            await stepped(members, await stepped(members, fresh, "publish"), "withdraw", {"why": "It was too long."})
    assert (await members.get("/v1/alignments"))["data"] == []
    unknown = {"agenda": "agenda_01j5x3m0e8f7v9q2k4t6w8y0ab", "organisation": "org_01j5x3m0e8f7v9q2k4t6w8y0ab"}
    ahead = {"signed_on": (clock.now().date() + timedelta(days=3)).isoformat()}
    _, problem = await members.refused("/v1/alignments", body | unknown | ahead)
    assert faults(problem) == {
        "/agenda": "unknown_agenda",
        "/organisation": "unknown_organisation",
        "/signed_on": "in_the_future",
    }


async def test_what_a_partner_said_it_would_do_is_noted_as_done_and_ends_with_its_signature(members: Caller) -> None:
    alignment = await signed(members, await published(members), "Walkers", START, signed_for="chair")
    path = f"/v1/alignments/{alignment['id']}"
    more = await members.post(f"{path}/acts", {"kind": "change", "words": "Open at noon.", "by": "2026-12-01"})
    act = more["acts"][0]["id"]
    done = await members.post(f"{path}/acts/{act}/done", {}, status=200)
    assert done["acts"][0]["done_on"] is not None
    assert done["acts"][1]["done_on"] is None
    assert (await members.refused(f"{path}/acts/{act}/done", {}))[1]["code"] == "done_already"
    assert (await members.refused(f"{path}/acts/act_01j5x3m0e8f7v9q2k4t6w8y0ab/done", {}))[0] == 404
    _, problem = await members.refused(f"{path}/end", {"why": "It closed.", "on": "2020-01-01"})
    assert faults(problem) == {"/on": "before_start"}
    ended = await members.post(f"{path}/end", {"why": "It closed."}, status=200)
    assert (ended["state"], ended["ended_why"], ended["signed_for"]) == ("ended", "It closed.", "chair")
    for late in (f"{path}/acts", f"{path}/acts/{more['acts'][1]['id']}/done"):
        body = START if late.endswith("acts") else {}
        assert (await members.refused(late, body))[1]["code"] == "alignment_over"


async def test_another_movements_agenda_is_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await published(other)
    alignment = await signed(other, theirs, "Walkers", START)
    assert (await members.get("/v1/agenda"))["data"] == (await members.get("/v1/alignments"))["data"] == []
    for path in (f"/v1/agenda/{theirs['id']}", f"/v1/alignments/{alignment['id']}"):
        assert (await members.client.get(path)).status_code == 404
    assert (await members.refused(f"/v1/alignments/{alignment['id']}/acts", START))[0] == 404
    body = {"organisation": await members.organisation(), "agenda": theirs["id"], "acts": [START]}
    _, problem = await members.refused("/v1/alignments", body)
    assert faults(problem) == {"/agenda": "unknown_agenda"}
