"""Requests of the room of the movement's life that name merged people and organisations."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from shared import clock
from shared.testing.caller import Json
from tests.members.caller import Caller

_NOW = clock.now().date()
TODAY, SOON = _NOW.isoformat(), (_NOW + timedelta(days=7)).isoformat()

_YEAR_AGO = (_NOW - timedelta(days=365)).isoformat()


async def things_of_life(members: Caller, ids: Mapping[str, str]) -> dict[str, str]:
    """The ids that fill paths and bodies: one of each thing of this room that somebody can be named for."""

    async def made(path: str, **said: object) -> str:
        return str((await members.post(f"/v1/{path}", said))["id"])

    course = await made("learning/courses", title="Walks", topic="walking", starts_on=TODAY)
    place = await made("learning/places", course=course, person=ids["cy"])
    await members.post(f"/v1/learning/places/{place}/complete", {}, status=200)
    shaper = {"organisation": ids["hall"], "how": "At the campfire."}
    agenda = await made("agenda", vision="Everybody walks.", review_on=SOON, shaped_by=[shaper])
    await members.client.post(f"/v1/agenda/{agenda}/publish", headers={"If-Match": "*"})
    chosen = {"remit": "Bring us together.", "way": "vote", "decided_by": "us", "organisation": ids["hall"]}
    voice = await made("voices", kind="idea", words="Let us walk.")
    return {
        "agenda": agenda,
        "contact": await made("contact-log", organisation=ids["hall"], kind="call", what="Called."),
        "drafted": await made("agenda", vision="Everybody walks daily.", review_on=SOON),
        "course": course,
        "place": place,
        "mandate": await made("mandates", starts_on=_YEAR_AGO, ends_on=TODAY, **chosen),
        "scheme": await made("recognitions/schemes", name="Walkers", criteria=["They walk."]),
        "theme": await made("voices/themes", slug="walks", name="Walks", voices=[voice]),
        "voice": voice,
        "win": await made("wins", what="Thirty walk.", made_by=[{"words": "us"}]),
    }


def requests_of_life(i: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    """Each names somebody by a merged id; between them, wherever there is a place."""
    yield from _what_people_do(i)
    yield from _what_people_say(i)
    jo, hikers, rovers = i["jo"], i["hikers"], i["rovers"]
    shaped = [{"person": jo, "how": "At the campfire."}, {"organisation": hikers, "how": "By letter."}]
    word = {
        "word": "walk",
        "meaning": "Going on foot.",
        "used_otherwise": [{"organisation": rovers, "meaning": "Run."}],
    }
    said = {"shaped_by": shaped, "glossary": [word]}
    for first in (0, 1):  # each place of a list once by a person and once by an organisation
        said = {**said, "shaped_by": shaped[first:] + shaped[:first]}
        yield "PATCH /v1/agenda/{drafted}", said
        yield "POST /v1/agenda", {**said, "vision": "Everybody walks twice.", "review_on": SOON}
    signed = {"agenda": i["agenda"], "acts": [{"kind": "start", "words": "walk"}]}
    yield "POST /v1/alignments", {**signed, "organisation": hikers}
    chosen = {"remit": "Bring us together.", "way": "vote", "chosen_by": [rovers]}
    yield "POST /v1/mandates", {**chosen, "organisation": hikers, "starts_on": SOON, "ends_on": "2099-01-01"}
    yield "POST /v1/mandates/{mandate}/reviews", {"organisation": hikers, "verdict": "go_on", "words": "Well done."}
    moved = {"kind": "seat", "what": "A seat.", "since": TODAY}
    yield "POST /v1/control", {**moved, "from": {"organisation": hikers}, "to": {"organisation": rovers}}
    time = {"work": "delivery", "hours_a_week": 7, "starts_on": TODAY}
    yield "POST /v1/staff-time", {**time, "organisation": hikers}


def _what_people_do(i: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    jo, em, hikers, rovers = (i[key] for key in ("jo", "em", "hikers", "rovers"))
    for whose in ({"person": jo}, {"organisation": hikers}):
        for noun in ("asks", "offers"):
            yield f"POST /v1/{noun}", {"kind": "kit", "title": "A ladder.", **whose}
        yield "POST /v1/wins", {"what": "Thirty walk.", "made_by": [whose]}
        yield "PATCH /v1/wins/{win}", {"made_by": [whose]}
        yield "POST /v1/recognitions", {"scheme": i["scheme"], "evidence": "Seen.", **whose}
        yield "POST /v1/learning/needs", {"topic": "walking", **whose}
        yield "POST /v1/learning/places/{place}/pass-on", whose
    yield "POST /v1/recognitions/schemes", {"name": "Cooks", "criteria": ["They cook."], "organisation": rovers}
    yield "POST /v1/learning/courses", {"title": "Walks", "topic": "walking", "starts_on": SOON, "provider": hikers}
    yield "POST /v1/learning/places", {"course": i["course"], "person": em}
    time = {"minutes": 30, "what": "Walked."}
    yield "POST /v1/time-credits", {**time, "helper": {"person": jo}, "helped": {"organisation": hikers}}
    yield "POST /v1/time-credits", {**time, "helper": {"organisation": rovers}, "helped": {"person": em}}


def _what_people_say(i: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    jo, em, al, hikers = (i[key] for key in ("jo", "em", "al", "hikers"))
    yield "POST /v1/contact-log", {"person": jo, "by": em, "kind": "call", "what": "Called."}
    yield "POST /v1/contact-log", {"organisation": hikers, "kind": "visit", "what": "Went there."}
    yield "PATCH /v1/contact-log/{contact}", {"by": jo}
    yield "POST /v1/mailings/quiet", {"person": jo}
    yield "POST /v1/voices", {"kind": "barrier", "words": "No bus.", "speaker": jo, "hear": [{"person": em}]}
    yield "POST /v1/voices/{voice}/listeners", {"person": al}
    yield "POST /v1/voices/themes/{theme}/votes", {"person": jo}
