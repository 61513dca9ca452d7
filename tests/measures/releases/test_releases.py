"""Releases: drafted, checked, published, superseded, withdrawn; and the same bytes whatever is known since."""

import hashlib

from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.releases.steps import COUNTS, checked, county, drafted, figures_of, known, published, step


@ON_ONE_DATABASE
async def test_small_counts_are_hidden_and_one_more_so_that_no_total_tells_them(measures: Caller) -> None:
    _, version = await county(measures)
    release = await checked(measures, version)
    assert (release["status"], release["profile"], release["profile_number"]) == ("checked", "below_10", 1)
    assert (release["figures"], release["hidden"], release["secondary"]) == (4, 2, 1)
    shown = await figures_of(measures, release)
    assert shown == {"E10000013": 100.0, "E07000080": None, "E07000079": None, "E07000078": 60.0}
    plan = await measures.get(f"/v1/releases/{release['id']}/plan")
    assert [figure["place"] for figure in plan["hidden"]] == ["E07000079", "E07000080"]
    assert "4" not in {str(value) for figure in plan["hidden"] for value in figure.values()}


async def test_after_a_correction_a_release_is_made_again_byte_for_byte(measures: Caller) -> None:
    measure, version = await county(measures)
    release = await published(measures, version)
    files = {}
    for name in ("csv", "json"):
        answer = await measures.client.get(f"/v1/releases/{release['id']}/data.{name}")
        files[name] = answer.content
        assert hashlib.sha256(answer.content).hexdigest() == release["hashes"][name]
    await known(measures, version, {"E07000078": 70, "E10000013": 110})
    for name, before in files.items():
        assert (await measures.client.get(f"/v1/releases/{release['id']}/data.{name}")).content == before
    verified = await measures.get(f"/v1/releases/{release['id']}/verification")
    assert verified["reproduced"] is True
    assert verified["made"] == release["hashes"]
    now = await measures.points(measure, place="E07000078")
    assert [point["value"] for point in now] == [70.0], "as of now shows the new figure"


async def test_the_next_release_supersedes_and_the_old_one_says_so(measures: Caller) -> None:
    _, version = await county(measures)
    first = await published(measures, version)
    await known(measures, version, {"E07000078": 70, "E10000013": 110})
    second = await published(measures, version, supersedes=first["id"])
    old = await measures.get(f"/v1/releases/{first['id']}")
    assert (old["status"], old["superseded_by"], old["number"]) == ("superseded", second["id"], 1)
    answer = await measures.client.get(f"/v1/releases/{first['id']}/data.csv")
    assert answer.headers["link"] == f'</v1/releases/{second["id"]}/data.csv>; rel="successor-version"'
    assert (await figures_of(measures, second))["E07000078"] == 70.0
    told = [(kind, about["release"]) for kind, about in await measures.published() if kind.startswith("release.")]
    assert told == [
        ("release.published", first["id"]), ("release.published", second["id"]), ("release.superseded", first["id"]),
    ]  # fmt: skip


@ON_ONE_DATABASE
async def test_a_correction_does_not_tell_by_what_was_shown_before(measures: Caller) -> None:
    """Cotswold was shown as 36 when nothing was small; it must not stand in for the Forest's corrected 4."""
    _, version = await county(measures, COUNTS | {"E07000080": 40, "E10000013": 136})
    await published(measures, version)
    await known(measures, version, {"E07000080": 4, "E10000013": 100})
    shown = await figures_of(measures, await checked(measures, version))
    assert shown["E07000080"] is None
    assert shown["E10000013"] is None, "36 and 60 are known: 100 less both is 4"


@ON_ONE_DATABASE
async def test_a_table_that_cannot_be_protected_is_refused_with_the_reason(measures: Caller) -> None:
    _, version = await county(measures, COUNTS | {"E07000080": 12, "E10000013": 108})
    await published(measures, version)
    await measures.post("/v1/disclosure-profiles", {
        "key": "below_10", "title": "Stricter", "source": "our own", "method": "suppress", "small_below": 15,
    })  # fmt: skip
    draft = await drafted(measures, version)
    assert draft["profile_number"] == 2
    answer = await measures.client.post(f"/v1/releases/{draft['id']}/check", headers={"if-match": '"1"'})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["because"]) == (409, "cannot_be_protected", "public")
    assert "E07000080" in problem["detail"]
    assert "12" not in problem["detail"]
    assert (await measures.get(f"/v1/releases/{draft['id']}"))["status"] == "drafted", "it stays where it was"


@ON_ONE_DATABASE
async def test_what_was_published_since_a_check_has_it_checked_again(measures: Caller) -> None:
    _, version = await county(measures)
    first, second = await checked(measures, version), await checked(measures, version)
    await step(measures, first, "publish")
    answer = await measures.client.post(f"/v1/releases/{second['id']}/publish", headers={"if-match": '"2"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "check_again")
    again = await step(measures, second, "check")
    assert (await step(measures, again, "publish"))["number"] == 2


@ON_ONE_DATABASE
async def test_only_its_own_step_follows_and_nothing_is_edited_unread(measures: Caller) -> None:
    _, version = await county(measures)
    draft = await drafted(measures, version)
    path = f"/v1/releases/{draft['id']}"
    early = await measures.client.post(f"{path}/publish", headers={"if-match": '"1"'})
    assert (early.status_code, early.json()["code"], early.json()["stands"]) == (409, "wrong_status", "drafted")
    assert (await measures.client.get(f"{path}/data.csv")).json()["code"] == "wrong_status"
    assert (await measures.client.post(f"{path}/check")).status_code == 428
    assert (await measures.client.post(f"{path}/check", headers={"if-match": '"7"'})).status_code == 412
    changed = await measures.client.patch(path, json={"title": "Who walked"}, headers={"if-match": '"1"'})
    assert (changed.json()["title"], changed.headers["etag"]) == ("Who walked", '"2"')
    out = await step(measures, await step(measures, changed.json(), "check"), "publish")
    for method, body in (("PATCH", {"title": "x"}), ("DELETE", None)):
        answer = await measures.client.request(method, path, json=body, headers={"if-match": f'"{out["version"]}"'})
        assert answer.json()["code"] == "wrong_status", method
    gone = await drafted(measures, version)
    dropped = await measures.client.delete(f"/v1/releases/{gone['id']}", headers={"if-match": '"1"'})
    assert dropped.status_code == 204


@ON_ONE_DATABASE
async def test_a_withdrawn_release_says_why_and_is_reckoned_with_all_the_same(measures: Caller) -> None:
    _, version = await county(measures, COUNTS | {"E07000080": 40, "E10000013": 136})
    out = await published(measures, version)
    gone = await step(measures, out, "withdraw", {"because": "the wrong year"})
    assert (gone["status"], gone["withdrawn_because"]) == ("withdrawn", "the wrong year")
    answer = await measures.client.get(f"/v1/releases/{out['id']}/data.csv")
    assert (answer.status_code, answer.json()["code"], answer.json()["because"]) == (410, "withdrawn", "the wrong year")
    await known(measures, version, {"E07000080": 4, "E10000013": 100})
    assert (await figures_of(measures, await checked(measures, version)))["E10000013"] is None


@ON_ONE_DATABASE
async def test_every_fault_of_a_draft_is_named(measures: Caller) -> None:
    _, version = await county(measures)
    query = {"places": ["E07000080", "E07999999"], "first": "2025/26", "last": "2025"}
    body = {
        "measure_version": version, "title": "x", "query": query, "as_of": "2999-01-01T00:00:00Z",
        "supersedes": "release_01j5x3m0e8f7v9q2k4t6w8y0ab", "profile": "nobody_s",
    }  # fmt: skip
    status, problem = await measures.refused("/v1/releases", body)
    assert status == 422
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/query/first", "invalid_period"), ("/query/places/1", "unknown_place"), ("/as_of", "in_the_future"),
        ("/supersedes", "unknown_release"), ("/profile", "unknown_profile"),
    ]  # fmt: skip
    unknown = body | {"measure_version": "mver_01j5x3m0e8f7v9q2k4t6w8y0ab"}
    assert (await measures.refused("/v1/releases", unknown))[1]["errors"][0]["code"] == "unknown_version"


@ON_ONE_DATABASE
async def test_rounded_releases_make_totals_of_rounded_counts(measures: Caller) -> None:
    counts = {"E10000013": 50, "E07000080": 3, "E07000078": 8, "E07000079": 39}
    _, version = await county(measures, counts, profile="redact_7_round_5")
    shown = await figures_of(measures, await checked(measures, version))
    assert shown == {"E10000013": 50.0, "E07000080": None, "E07000078": 10.0, "E07000079": 40.0}


@ON_ONE_DATABASE
async def test_a_share_is_hidden_with_its_counts_and_so_are_nobody_and_everybody(measures: Caller) -> None:
    file = "place,period,numerator,denominator\nE07000080,2025,0,80\nE07000078,2025,40,90\nE07000079,2025,70,75\n"
    _, version = await county(measures, {}, kind="ratio", unit="percent", profile="below_10")
    await measures.figures(version, file)
    release = await checked(measures, version)
    data = await measures.get(f"/v1/releases/{release['id']}/data.json")
    assert [(figure["place"], figure["value"], figure["denominator"]) for figure in data["figures"]] == [
        ("E07000078", 44.444444, 90), ("E07000079", None, None), ("E07000080", None, None),
    ]  # fmt: skip


@ON_ONE_DATABASE
async def test_a_percentage_of_nobody_knows_how_many_is_shown_only_where_it_is_public_already(measures: Caller) -> None:
    _, version = await county(measures, {"E07000080": 20}, kind="ratio", unit="percent")
    assert await figures_of(measures, await checked(measures, version)) == {"E07000080": None}
    assert await figures_of(measures, await checked(measures, version, profile="open")) == {"E07000080": 20.0}


@ON_ONE_DATABASE
async def test_an_organisation_sees_what_is_published_and_publishes_nothing(
    app: FastAPI, vouching: Secrets, measures: Caller
) -> None:
    _, version = await county(measures)
    draft, out = await drafted(measures, version), await published(measures, version, audience="partners")
    async with Caller(app, vouching, measures.movement, organisation="org_01j5x3m0e8f7v9q2k4t6w8y0ab") as partner:
        assert [release["id"] for release in await partner.every("/v1/releases")] == [out["id"]]
        assert (await partner.refused(f"/v1/releases/{draft['id']}", method="GET"))[0] == 404
        assert (await figures_of(partner, out))["E07000078"] == 60.0
        status, _ = await partner.refused("/v1/releases", {"measure_version": version, "title": "x"})
        assert status == 403


@ON_ONE_DATABASE
async def test_profiles_come_with_their_sources_and_the_movement_enters_its_own(measures: Caller) -> None:
    found = (await measures.get("/v1/disclosure-profiles"))["data"]
    keys = ["below_10", "redact_7_round_5", "midpoint_6", "survey_bases", "open"]
    assert [profile["key"] for profile in found] == keys
    assert all(profile["source"] for profile in found)
    own = {"key": "ours", "title": "Ours", "source": "our board", "method": "redact_and_round", "small_below": 4}
    status, problem = await measures.refused("/v1/disclosure-profiles", own)
    assert (status, problem["errors"][0]["code"]) == (422, "round_to")
    made = await measures.post("/v1/disclosure-profiles", own | {"round_to": 10})
    assert (made["key"], made["number"]) == ("ours", 1)
    assert (await measures.get("/v1/disclosure-profiles/ours"))["data"] == [made]
    assert (await measures.refused("/v1/disclosure-profiles/nobody_s", method="GET"))[0] == 404
