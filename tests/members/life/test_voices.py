"""What people say: raised in their words, taken up, answered, told back; what is unanswered ages visibly."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from services.members.life.voices.models import Voice
from services.members.trust.archives import collecting
from shared import clock
from shared.access.sections import Section
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import active_circle
from tests.members.engagement.gatherings.steps import edit
from tests.members.engagement.gatherings.steps import published as gathering_of
from tests.members.life.voicing import CARERS, NO_BUS, said, themed, wished
from tests.members.trust.erasing import erased

NOW = clock.now()
TODAY = NOW.date()


async def programme(members: Caller) -> str:
    body = {"name": "Walking groups", "lead": await members.organisation(), "aims": "Everybody walks."}
    return str((await members.post("/v1/programmes", body))["id"])


async def test_a_voice_is_said_at_a_gathering_taken_up_answered_and_told_back(members: Caller) -> None:
    gathering, _ = await gathering_of(members)
    ada = await members.person("Ada")
    hear = [{"person": ada, "channel": "phone"}]
    voice = await said(members, gathering=gathering, place="Matson", people=4, hear=hear)
    path = f"/v1/voices/{voice['id']}"
    assert (voice["state"], voice["age_days"], voice["people"], voice["taken_up_by"]) == ("raised", 0, 4, [])
    taker = {"by": "programme", "id": await programme(members)}
    taken = await members.post(f"{path}/uptakes", taker)
    assert (taken["state"], taken["taken_up_by"]) == (
        "taken_up", [{**taker, "since": TODAY.isoformat(), "until": None}],
    )  # fmt: skip
    assert (await members.refused(f"{path}/uptakes", taker))[1]["code"] == "taken_up_already"
    assert (await members.refused(f"{path}/tell-back", {"how": "by phone"}))[1]["code"] == "illegal_transition"
    answered = await members.post(f"{path}/answers", {"answer": "under_way"})
    assert (answered["state"], answered["age_days"], answered["overdue"]) == ("answered", None, False)
    told = await members.post(f"{path}/tell-back", {"how": "by phone"}, status=200)
    assert [each["person"] for each in told["told"]] == [ada]
    await members.post(f"{path}/answers", {"answer": "done"})
    told = await members.post(f"{path}/tell-back", {"how": "at the campfire"}, status=200)
    assert (told["voice"]["state"], told["left_out"]) == ("told_back", 0)
    assert [each["told_how"] for each in told["voice"]["answers"]] == ["by phone", "at the campfire"]
    assert (await members.refused(f"{path}/answers", {"answer": "no", "why": "x"}))[1]["code"] == "answered_for_good"
    assert [kind for kind, _ in await members.published(voice["id"])] == [
        "voice.raised", "voice.taken_up", "voice.answered", "voice.told_back", "voice.answered", "voice.told_back",
    ]  # fmt: skip


async def test_whoever_takes_a_voice_up_is_of_one_of_five_kinds_and_several_may(members: Caller) -> None:
    voice = f"/v1/voices/{(await said(members))['id']}/uptakes"
    ask = {"decider": "The cabinet", "question": "A later bus?"}
    campaign = {"slug": "buses", "kind": "policy_ask", "name": "Buses", "purpose": "Later buses.", "asks": [ask]}
    takers = {
        "circle": await active_circle(members),
        "partner": await members.organisation("Stagecoach"),
        "programme": await programme(members),
        "ask": (await members.post("/v1/campaigns", campaign))["asks"][0]["id"],
    }
    shown = [await members.post(voice, {"by": by, "id": taker}) for by, taker in takers.items()]
    assert {each["by"]: each["id"] for each in shown[-1]["taken_up_by"]} == takers
    for by, taker in takers.items():
        assert len((await members.get("/v1/voices", taken_up_by=taker))["data"]) == 1
        status, problem = await members.refused(voice, {"by": by, "id": new_id(taker.partition("_")[0])})
        fault = {"partner": "unknown_organisation"}.get(by, f"unknown_{by}")
        assert (status, faults(problem)) == (422, {"/id": fault})
    assert faults((await members.refused(voice, {"by": "round", "id": new_id("round")}))[1]) == {"/id": "unknown_round"}
    assert faults((await members.refused(voice, {"by": "circle", "id": takers["ask"]}))[1]) == {"": "invalid_id"}


async def test_what_is_unanswered_ages_visibly_and_falls_overdue(app: FastAPI, members: Caller) -> None:
    old = (TODAY - timedelta(days=40)).isoformat()
    waiting = await said(members, said_on=old)
    answered = await said(members, CARERS, said_on=old)
    await members.post(f"/v1/voices/{answered['id']}/answers", {"answer": "no", "why": "There is no money."})
    recent = await said(members, kind="idea", said_on=(TODAY - timedelta(days=28)).isoformat())
    assert [waiting["age_days"], waiting["overdue"], recent["overdue"]] == [40, True, False]
    listed = await members.every("/v1/voices/unanswered", limit=1)
    assert [each["id"] for each in listed] == [waiting["id"], recent["id"]]
    assert [each["id"] for each in await members.every("/v1/voices/unanswered", longer_than=28)] == [waiting["id"]]
    summary = await members.get("/v1/voices/summary")
    assert summary["oldest_on"] == old
    counted = {each["kind"]: (each["voices"], each["unanswered"], each["overdue"]) for each in summary["kinds"]}
    assert counted == {"issue": (0, 0, 0), "idea": (1, 1, 0), "barrier": (2, 1, 1), "wish": (0, 0, 0)}
    with clock.frozen(NOW + timedelta(days=1)):
        assert (await members.get(f"/v1/voices/{recent['id']}"))["overdue"] is True


async def test_the_words_are_sealed_and_read_by_a_scope_of_their_own(
    app: FastAPI, members: Caller, vouching: Secrets
) -> None:
    ada = await members.person("Ada")
    voice = (await said(members, CARERS, speaker=ada))["id"]
    path = f"/v1/voices/{voice}"
    assert await members.get(f"{path}/words") == {"words": CARERS, "speaker": ada}
    async with Caller(app, vouching, members.movement, frozenset({"*:read"})) as reader:
        seen = (await reader.client.get(path)).text + (await reader.client.get("/v1/voices")).text
        assert "dementia" not in seen
        assert ada not in seen
        for words in (f"{path}/words", f"{path}/themes-like", "/v1/voices/themes/suggested"):
            assert (await reader.client.get(words)).status_code == 403

    def stored(session: sa.orm.Session) -> bytes | None:
        return session.scalar(sa.select(Voice.sealed).where(Voice.id == voice))

    kept = await app.state.parts.db.read(stored)
    assert kept is not None
    assert b"dementia" not in kept
    assert "dementia" not in str(await members.published())


async def test_only_those_who_permit_it_are_told_and_the_others_are_counted(members: Caller) -> None:
    ada, joan, eve = [await members.person(name) for name in ("Ada", "Joan", "Eve")]
    voice = f"/v1/voices/{(await said(members, hear=[{'person': ada}]))['id']}"
    for person, channel in ((joan, "post"), (eve, "phone"), (joan, "phone")):
        await members.post(f"{voice}/listeners", {"person": person, "channel": channel})
    no = {"purpose": "voices", "channel": "phone", "decision": "refused"}
    await members.post(f"/v1/people/{joan}/permissions", no)
    asked = {each["person"]: each["channel"] for each in (await members.client.get(f"{voice}/listeners")).json()}
    assert asked == {ada: "email", joan: "phone", eve: "phone"}
    assert (await members.client.delete(f"{voice}/listeners/{eve}")).status_code == 204
    assert (await members.client.delete(f"{voice}/listeners/{eve}")).status_code == 404
    await members.post(f"{voice}/answers", {"answer": "done"})
    told = await members.post(f"{voice}/tell-back", {"how": "each in their own way"}, status=200)
    assert ([each["person"] for each in told["told"]], told["left_out"]) == ([ada], 1)
    heard = {each["person"]: each["told_at"] for each in (await members.client.get(f"{voice}/listeners")).json()}
    assert (heard[ada] is None, heard[joan]) == (False, None)


@ON_ONE_DATABASE
async def test_an_employer_is_not_told_which_of_its_staff_spoke_or_asked_to_hear(
    app: FastAPI, members: Caller, vouching: Secrets
) -> None:
    trust, porter, ada = await members.organisation("Trust"), await members.person("Perrin"), await members.person()
    await members.post("/v1/affiliations", {"person": porter, "organisation": trust})
    hear = [{"person": porter}, {"person": ada}]
    path = f"/v1/voices/{(await said(members, speaker=porter, hear=hear))['id']}"
    await members.post(f"{path}/answers", {"answer": "done"})
    async with Caller(app, vouching, members.movement, organisation=trust) as employer:
        assert await employer.get(f"{path}/words") == {"words": NO_BUS, "speaker": None}
        assert [each["person"] for each in (await employer.client.get(f"{path}/listeners")).json()] == [ada]
        told = await employer.post(f"{path}/tell-back", {"how": "by phone"}, status=200)
    assert ([each["person"] for each in told["told"]], told["left_out"]) == ([ada], 1)


async def test_whoever_takes_back_what_they_said_leaves_no_words_behind(members: Caller) -> None:
    ada = await members.person("Ada")
    voice = await said(members, speaker=ada, hear=[{"person": ada}])
    path = f"/v1/voices/{voice['id']}"
    assert (await members.post(f"{path}/withdraw", status=200))["state"] == "withdrawn"
    assert await members.get(f"{path}/words") == {"words": None, "speaker": None}
    assert (await members.client.get(f"{path}/listeners")).json() == []
    assert (await members.refused(f"{path}/answers", {"answer": "done"}))[1]["code"] == "illegal_transition"
    assert (await members.get("/v1/voices/unanswered"))["data"] == []


async def test_what_is_known_of_a_voice_is_corrected_and_its_words_are_not(members: Caller) -> None:
    theme = await themed(members)
    voice = await said(members, place="Matsn")
    path = f"/v1/voices/{voice['id']}"
    edit = {"place": "Matson", "theme": theme, "kind": "issue"}
    changed = await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert {key: changed.json()[key] for key in edit} == edit
    assert (await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})).status_code == 412
    assert (await members.client.patch(path, json=edit)).status_code == 428
    refused = await members.client.patch(path, json={"words": "x"}, headers={"If-Match": "*"})
    assert faults(refused.json()) == {"/words": "extra_forbidden"}
    assert [each["id"] for each in await members.every("/v1/voices", theme=theme, kind="issue")] == [voice["id"]]
    loose = await members.client.patch(path, json={"theme": None}, headers={"If-Match": "*"})
    assert loose.json()["theme"] is None
    moves = [payload["theme"] for kind, payload in await members.published(voice["id"]) if kind == "voice.themed"]
    assert moves == [theme, None]


@ON_ONE_DATABASE
async def test_speaking_up_counts_for_whoever_gave_their_name(members: Caller) -> None:
    ada = await members.person("Ada")
    await said(members, speaker=ada)
    await said(members)
    (activity,) = (await members.get("/v1/activities", person=ada))["data"]
    assert activity["kind"] == "spoke_up"


@ON_ONE_DATABASE
async def test_merged_ids_are_taken_wherever_somebody_is_named_and_stored_as_who_they_are_now(members: Caller) -> None:
    ada, jo, hikers, walkers = await members.person(), await members.person(), *[
        await members.organisation(name) for name in ("Hikers", "Walkers")
    ]  # fmt: skip
    await members.post(f"/v1/people/{ada}/merge", {"merged": jo}, status=200)
    await members.post(f"/v1/organisations/{walkers}/merge", {"merged": hikers}, status=200)
    voice = await said(members, speaker=jo, hear=[{"person": jo}])
    path = f"/v1/voices/{voice['id']}"
    assert (await members.get(f"{path}/words"))["speaker"] == ada
    again = await members.post(f"{path}/listeners", {"person": jo, "channel": "sms"})
    assert (again["person"], again["channel"]) == (ada, "sms")
    shown = await members.post(f"{path}/uptakes", {"by": "partner", "id": hikers})
    assert [each["id"] for each in shown["taken_up_by"]] == [walkers]
    assert [each["id"] for each in (await members.get("/v1/voices", taken_up_by=hikers))["data"]] == [voice["id"]]
    theme = f"/v1/voices/themes/{await themed(members, voice['id'])}/votes"
    await members.post(theme, {"person": jo})
    assert (await members.refused(theme, {"person": ada}))[1]["code"] == "already_voted"
    for named in (f"{path}/listeners/{jo}", f"{theme}/{jo}"):
        assert (await members.client.delete(named)).status_code == 204


@ON_ONE_DATABASE
async def test_of_somebody_erased_the_words_go_and_what_became_of_them_stays(members: Caller, user: Caller) -> None:
    zeb = await members.person("Zebedee", family_name="Quillfeather")
    theirs = await said(members, CARERS, speaker=zeb, hear=[{"person": zeb}])
    about = await said(members, "Zebedee Quillfeather could not get home. Neither could I.")
    theme = await themed(members, theirs["id"])
    await members.post(f"/v1/voices/themes/{theme}/votes", {"person": zeb})
    await members.post(f"/v1/voices/{theirs['id']}/answers", {"answer": "done"})
    assert (await erased(user, zeb))["state"] == "completed"
    left = await members.get(f"/v1/voices/{theirs['id']}")
    assert (left["state"], left["answers"][0]["answer"]) == ("answered", "done")
    assert await members.get(f"/v1/voices/{theirs['id']}/words") == {"words": None, "speaker": None}
    words = (await members.get(f"/v1/voices/{about['id']}/words"))["words"]
    assert words == "[erased] could not get home. Neither could I."
    assert (await members.client.get(f"/v1/voices/{theirs['id']}/listeners")).json() == []
    assert (await members.get(f"/v1/voices/themes/{theme}"))["votes"] == 0


@ON_ONE_DATABASE
async def test_what_somebody_said_is_in_the_archive_of_what_is_kept_of_them(members: Caller, user: Caller) -> None:
    ada = await members.person("Ada")
    await said(members, CARERS, speaker=ada)

    def told(session: sa.orm.Session) -> list[Section]:
        return collecting.sections(session, members.movement, [ada], members.app.state.parts.secrets)

    sections = {section.name: section for section in await members.app.state.parts.db.read(told)}
    columns = [column.name for column in sections["voices"].columns]
    (row,) = sections["voices"].rows
    assert row[columns.index("words")] == CARERS


@pytest.mark.parametrize("taken", [True, False])
async def test_what_an_organisation_took_up_passes_on_or_waits_on_nobody_and_comes_back(
    members: Caller, taken: bool
) -> None:
    ccg, icb = await members.organisation("CCG"), await members.organisation("ICB")
    voice, answered = await said(members), await said(members, CARERS)
    for each in (voice, answered):
        await members.post(f"/v1/voices/{each['id']}/uptakes", {"by": "partner", "id": ccg})
    await members.post(f"/v1/voices/{answered['id']}/answers", {"answer": "done"})
    takes = {"organisation": icb, "takes": ["voices"] if taken else []}
    ended = await edit(members, f"/v1/organisations/{ccg}/succession", {"on": TODAY.isoformat(), "successors": [takes]})
    assert ended["passed_on" if taken else "ended"] == {"voices": 1}
    now = await members.get(f"/v1/voices/{voice['id']}")
    until = None if taken else TODAY.isoformat()
    assert (now["state"], [(each["id"], each["until"]) for each in now["taken_up_by"]]) == (
        ("taken_up", [(icb, None)]) if taken else ("raised", [(ccg, until)])
    )
    assert [each["id"] for each in (await members.get(f"/v1/voices/{answered['id']}"))["taken_up_by"]] == [ccg]
    undone = await members.client.delete(f"/v1/organisations/{ccg}/succession", headers={"if-match": "*"})
    assert undone.is_success, undone.text
    now = await members.get(f"/v1/voices/{voice['id']}")
    assert (now["state"], [(each["id"], each["until"]) for each in now["taken_up_by"]]) == ("taken_up", [(ccg, None)])


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"speaker": "person_01j5x3m0e8f7v9q2k4t6w8y0ab"}, {"/speaker": "unknown_person"}),
        ({"hear": [{"person": "person_01j5x3m0e8f7v9q2k4t6w8y0ab"}]}, {"/hear/0/person": "unknown_person"}),
        (
            {"gathering": "gathering_01j5x3m0e8f7v9q2k4t6w8y0ab", "theme": "theme_01j5x3m0e8f7v9q2k4t6w8y0ab"},
            {"/gathering": "unknown_gathering", "/theme": "unknown_theme"},
        ),
        ({"said_on": "2999-01-01"}, {"/said_on": "in_the_future"}),
    ],
)
async def test_a_voice_about_nobody_and_nothing_known_is_refused_whole(
    members: Caller, wrong: Json, found: Json
) -> None:
    body = {"kind": "issue", "words": NO_BUS, **wrong}
    status, problem = await members.refused("/v1/voices", body)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/voices"))["data"] == []


@ON_ONE_DATABASE
async def test_a_malformed_voice_or_answer_is_refused(members: Caller) -> None:
    wrong = {"kind": "shout", "words": " ", "people": 0, "hear": [{"person": new_id("person"), "channel": "record"}]}
    _, problem = await members.refused("/v1/voices", wrong)
    assert set(faults(problem)) == {"/kind", "/words", "/people", "/hear/0/channel"}
    voice = f"/v1/voices/{(await wished(members))['id']}"
    _, problem = await members.refused(f"{voice}/answers", {"answer": "no"})
    assert faults(problem) == {"": "no_reason"}
