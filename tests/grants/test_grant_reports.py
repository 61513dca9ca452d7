"""Reports of awards: asked for once money is out, light to write, queried or accepted, and what becomes of figures."""

from datetime import timedelta

import pytest

from services.grants.measures import handlers as measures
from services.grants.reports import due, handlers
from services.grants.reports.photos import media_type_of
from shared import clock
from shared.errors import Invalid, PayloadTooLarge
from shared.events.base import Received
from shared.events.measures.definitions import MeasureVersionPublished
from shared.events.measures.figures import GrantFigureRefused, GrantReportTaken
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller
from tests.grants.conftest import Acting
from tests.grants.paid import paid

pytestmark = ON_ONE_DATABASE
REPORTS = "/v1/grant-reports"
ANSWERS = {"happened": "We knitted", "took_part": "Twelve of us", "changed_for_people": "We know one another"}
JPEG = b"\xff\xd8\xff\xe0 a picture"


async def asked(grants: Caller) -> Json:
    """A report that was asked for by hand."""
    award = await grants.award(await grants.application(await grants.open_round()))
    return await grants.post(REPORTS, {"award": award, "due_on": "2027-03-31"})


async def published(grants: Caller, version: str) -> None:
    """A version of a measure is published in the movement."""
    told = MeasureVersionPublished(measure=new_id("measure"), version=version)
    await parts_of(grants).acting_in(grants.movement).write(measures.on_version, received(grants, told), told)


async def written(grants: Caller, report: str, **said: object) -> Json:
    answered = await grants.client.patch(f"{REPORTS}/{report}", json=said, headers={"If-Match": "*"})
    assert answered.status_code == 200, answered.text
    shown: Json = answered.json()
    return shown


async def test_a_report_is_asked_for_once_when_the_first_money_is_out(grants: Caller) -> None:
    award, parts = await grants.ready_to_pay(), parts_of(grants)
    await due.look(parts)
    assert (await grants.get(REPORTS, award=award))["data"] == []
    await paid(grants, award, 100_00)
    await due.look(parts)
    await due.look(parts)
    (report,) = (await grants.get(REPORTS, award=award))["data"]
    assert (report["state"], report["due_on"]) == ("due", (clock.now().date() + timedelta(days=182)).isoformat())


async def test_a_report_is_told_of_as_overdue_once_when_its_day_has_passed(grants: Caller) -> None:
    report, parts = await asked(grants), parts_of(grants)
    with clock.frozen(clock.now()) as at:
        at.at = at.at.replace(year=2027, month=3, day=31, hour=12)
        await due.look(parts)
        assert (await grants.get(REPORTS, overdue="true"))["data"] == []
        at.advance(timedelta(days=1))
        await due.look(parts)
        await due.look(parts)
        assert [row["id"] for row in (await grants.get(REPORTS, overdue="true"))["data"]] == [report["id"]]
    told = [kind for kind, _ in await grants.published(report["id"])]
    assert told == ["grant_report.due", "grant_report.overdue"]


async def test_three_answers_or_a_photograph_are_enough(grants: Caller) -> None:
    first, second = await asked(grants), await asked(grants)
    missing = await grants.refused(f"{REPORTS}/{first['id']}/submit")
    assert faults(missing[1]) == {f"/{name}": "missing" for name in ANSWERS}
    assert (await written(grants, first["id"], **ANSWERS))["state"] == "draft"
    assert (await grants.post(f"{REPORTS}/{first['id']}/submit"))["state"] == "submitted"
    path = f"{REPORTS}/{second['id']}/photo"
    sent = await grants.client.put(path, content=JPEG, headers={"content-type": "image/jpeg"})
    assert (sent.status_code, sent.json()["photo"]) == (200, True)
    shown = await grants.client.get(path)
    assert (shown.content, shown.headers["content-type"]) == (JPEG, "image/jpeg")
    assert (await grants.post(f"{REPORTS}/{second['id']}/submit"))["state"] == "submitted"
    await grants.client.delete(path)  # whoever is in it may say stop whatever its state
    assert (await grants.client.get(path)).status_code == 404


async def test_what_was_submitted_does_not_change_until_it_is_queried(grants: Caller) -> None:
    report = f"{REPORTS}/{(await asked(grants))['id']}"
    await written(grants, report.rpartition("/")[2], **ANSWERS)
    await grants.post(f"{report}/submit")
    frozen = await grants.client.patch(report, json={"happened": "Else"}, headers={"If-Match": "*"})
    assert (frozen.status_code, frozen.json()["code"]) == (409, "report_frozen")
    queried = await grants.post(f"{report}/query", {"question": "How many came?"})
    assert (queried["state"], queried["question"]) == ("queried", "How many came?")
    await written(grants, report.rpartition("/")[2], took_part="Fourteen")
    await grants.post(f"{report}/submit")
    accepted = await grants.post(f"{report}/accept")
    assert (accepted["state"], accepted["took_part"]) == ("accepted", "Fourteen")
    assert (await grants.refused(f"{report}/waive", {"reason": "Late"}))[1]["code"] == "illegal_transition"


async def test_a_report_is_waived_for_a_reason(grants: Caller) -> None:
    report = f"{REPORTS}/{(await asked(grants))['id']}"
    assert faults((await grants.refused(f"{report}/waive", {}))[1]) == {"/reason": "missing"}
    waived = await grants.post(f"{report}/waive", {"reason": "The group has ended"})
    assert (waived["state"], waived["waived_because"]) == ("waived", "The group has ended")


async def test_figures_are_of_the_awards_measures_and_say_what_became_of_each(grants: Caller) -> None:
    report = await asked(grants)
    version = new_id("mver")
    figure = {"measure_version": version, "place": "E07000080", "period": "2026/27", "value": "12"}
    path = f"{REPORTS}/{report['id']}"
    strange = await grants.client.patch(path, json={"figures": [figure]}, headers={"If-Match": "*"})
    assert faults(strange.json()) == {"/figures/0/measure_version": "not_of_the_award"}
    await published(grants, version)
    await grants.edit("PUT", f"/v1/awards/{report['award']}/measures", {"measures": [version]})
    await written(grants, report["id"], **ANSWERS, figures=[figure, figure | {"place": "E07000081"}])
    await grants.post(f"{path}/submit")
    await grants.post(f"{path}/accept")
    told = (await grants.published(report["id"]))[-1]
    assert told == (
        "grant_report.accepted",
        {"report": report["id"], "award": report["award"], "figures": 2, "story": False},
    )
    db = parts_of(grants).acting_in(grants.movement)
    refused = GrantFigureRefused(report=report["id"], figure=1, code="unknown_place")
    await db.write(handlers.on_figure_refused, received(grants, refused), refused)
    taken = GrantReportTaken(report=report["id"], taken=1, refused=1)
    await db.write(handlers.on_report_taken, received(grants, taken), taken)
    figures = (await grants.get(path))["figures"]
    assert [(each["outcome"], each["fault"]) for each in figures] == [("taken", None), ("refused", "unknown_place")]
    assert figures[0]["cells"] == {"place": "E07000080", "period": "2026/27", "cell": "all", "value": "12"}


async def test_an_award_counts_by_versions_that_were_published_and_is_edited_as_it_was_read(
    grants: Caller, acting: Acting
) -> None:
    award = (await asked(grants))["award"]
    path, ours, theirs = f"/v1/awards/{award}/measures", new_id("mver"), new_id("mver")
    await published(grants, ours)
    body = {"measures": [ours, theirs]}
    refused = await grants.client.put(path, json=body, headers={"If-Match": "*"})
    assert faults(refused.json()) == {"/measures/1": "unknown_measure_version"}
    assert (await grants.client.put(path, json=body)).status_code == 428
    read = await grants.client.get(path)
    assert (read.json()["measures"], read.headers["etag"]) == ([], '"1"')
    counted = await grants.edit("PUT", path, {"measures": [ours]}, read.headers["etag"])
    assert (counted["measures"], counted["version"]) == ([ours], 2)
    assert await grants.refused_edit("PUT", path, {"measures": []}, read.headers["etag"]) == (
        412,
        "precondition_failed",
    )
    _, anchor = await acting()
    assert await anchor.refused_edit("PUT", path, {"measures": []}) == (403, "not_delegated")
    assert (await grants.get(path))["measures"] == [ours]


async def test_what_may_be_told_as_a_story_has_to_be_there(grants: Caller) -> None:
    report = await asked(grants)
    story = {"title": "Wool", "reach": "partners", "how": "spoken", "on": "2026-05-01"}
    assert (await written(grants, report["id"], story=story))["story"] == story | {"credit": None}
    path = f"{REPORTS}/{report['id']}"
    await grants.client.put(f"{path}/photo", content=JPEG)
    assert faults((await grants.refused(f"{path}/submit"))[1]) == {"/changed_for_people": "missing"}


@pytest.mark.parametrize(
    ("picture", "found"),
    [(b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF0000WEBP", "image/webp")],
)
async def test_a_picture_is_known_by_its_first_bytes(grants: Caller, picture: bytes, found: str) -> None:
    assert media_type_of(picture, 100) == found
    with pytest.raises(PayloadTooLarge):
        media_type_of(picture, len(picture) - 1)
    with pytest.raises(Invalid):
        media_type_of(b"%PDF-1.7", 100)


def parts_of(grants: Caller) -> Parts:
    parts: Parts = grants.app.state.parts
    return parts


def received(grants: Caller, event: GrantFigureRefused | GrantReportTaken | MeasureVersionPublished) -> Received:
    """An event of measures as it comes off the log."""
    return Received(
        id=new_id("evt"), type=event.event_type, service="measures", key=event.subject, sequence=1,
        movement=grants.movement, actor="service:measures", causation=None, origin=None, traceparent=None,
        time=clock.now(), payload=b"{}",
    )  # fmt: skip
