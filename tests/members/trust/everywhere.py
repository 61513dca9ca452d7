"""Two people who are in every list that the service has: what the tests of what is shown of people begin with.

A route that shows people has an address here by which it shows one of them, or the sweep fails and names it. They are
two, for of a connector's client some lists show nothing.
"""

from collections.abc import Mapping
from datetime import timedelta

from shared import clock
from tests.members.caller import Caller
from tests.members.community import mapped
from tests.members.community.steps import active_circle, edit, held, leave, tie
from tests.members.engagement.gatherings.steps import book
from tests.members.engagement.gatherings.steps import published as gathering_of
from tests.members.life import voicing
from tests.members.life.mailing import connected, gathered, has_address

TODAY = clock.now().date()
DAY = TODAY.isoformat()
SOON = (TODAY + timedelta(days=7)).isoformat()


async def planted(members: Caller) -> tuple[set[str], Mapping[str, str]]:
    """The ids of the two, and by route the address that shows one of them."""
    helper, client = await members.person("Joan"), await members.person("Clara")
    person = str((await members.sign_up("Zenobia", pledge={"text": "I will walk."}))["person"])
    case = (await members.post("/v1/connections", {"person": client, "connector": helper}))["id"]
    return {person, client}, {
        **_lists_and_rows({"connections/{connection}": str(case)}),
        **await _in_the_directory(members, person),
        **await _in_what_people_do(members, person, helper),
        **await _at_gatherings(members, person),
        **await _in_the_community(members, person, helper),
        **await _in_the_movements_life(members, person, helper),
        **await _in_the_exchange(members, person),
        **await _in_what_people_say(members, person),
    }


async def _in_the_directory(members: Caller, person: str) -> Mapping[str, str]:
    hall = await members.organisation()
    affiliation = await members.post("/v1/affiliations", {"person": person, "organisation": hall})
    everybody = {"name": "All", "filter": {"age_band": ["not_asked"]}}
    segment = (await members.post("/v1/segments", everybody))["id"]
    return {
        "/v1/people": "/v1/people",
        "/v1/people/export": "/v1/people/export",
        "/v1/directory": "/v1/directory?q=zenobia",
        "/v1/affiliations": "/v1/affiliations",
        "/v1/affiliations/{affiliation}": f"/v1/affiliations/{affiliation['id']}",
        "/v1/segments/{segment}/people": f"/v1/segments/{segment}/people",
    }


async def _in_what_people_do(members: Caller, person: str, helper: str) -> Mapping[str, str]:
    activity = await members.post("/v1/activities", {"person": person, "kind": "walk", "on": DAY})
    ask = await members.post("/v1/ladder/asks", {"person": person, "what": "Lead.", "asker": helper, "due_on": SOON})
    nomination = await members.post("/v1/nominations", {"giver": helper, "nominee": person})
    walk_more = {"slug": "walk_more", "name": "Walk more", "kind": "public_will", "purpose": "Everybody walks."}
    campaign = (await members.post("/v1/campaigns", walk_more))["id"]
    spring = {"what": "Walk.", "person": person, "campaign": campaign, "starts_on": DAY, "ends_on": SOON}
    commitment = await members.post("/v1/commitments", spring)
    (membership,) = (await members.get("/v1/memberships", person=person))["data"]
    (pledge,) = (await members.get("/v1/pledges", person=person))["data"]
    rows = {
        "activities/{activity}": activity, "ladder/asks/{ask}": ask, "nominations/{nomination}": nomination,
        "commitments/{commitment}": commitment, "memberships/{membership}": membership, "pledges/{pledge}": pledge,
    }  # fmt: skip
    found = _lists_and_rows({path: str(row["id"]) for path, row in rows.items()})
    # An activity of somebody else's may name her, as whom it was done with.
    return {**found, "/v1/activities": f"/v1/activities?person={person}"}


async def _at_gatherings(members: Caller, person: str) -> Mapping[str, str]:
    gathering, slot = await gathering_of(members)
    booking = (await book(members, gathering, slot, person))["id"]
    path = f"/v1/gatherings/{gathering}"
    await members.post(f"{path}/picture-permissions", {"person": person, "uses": ["website"], "allowed": True})
    contact = {"name": "Her brother", "phone": "01452 555 010", "relation": "brother"}
    await members.post(f"{path}/emergency-contacts", {"slot": slot, "person": person, "contact": contact})
    await members.post("/v1/calendars", {"person": person})
    with clock.frozen(clock.now() + timedelta(days=1, hours=2)):
        attended = await members.post(f"{path}/attendances", {"slot": slot, "person": person})
    template = "/v1/gatherings/{gathering}"
    return {
        f"{template}/bookings": f"{path}/bookings",
        f"{template}/attendances": f"{path}/attendances",
        f"{template}/slots/{{slot}}/register": f"{path}/slots/{slot}/register",
        f"{template}/picture-permissions": f"{path}/picture-permissions",
        f"{template}/emergency-contacts": f"{path}/emergency-contacts",
        "/v1/calendars": "/v1/calendars",
        **_lists_and_rows({"bookings/{booking}": booking, "attendances/{attendance}": str(attended["id"])}),
    }


async def _in_the_community(members: Caller, person: str, helper: str) -> Mapping[str, str]:
    asset = (await mapped.published(members, person=person))["id"]
    tied = await tie(members, person, helper)
    handover = (await leave(members, person))["id"]
    circle = await active_circle(members)
    await members.post(f"/v1/circles/{circle}/members", {"person": person, "role": "chair", "from": DAY})
    guide = (await members.post("/v1/knowledge", {"kind": "guide", "title": "Lanterns", "body": "Paper."}))["id"]
    await edit(members, f"/v1/knowledge/{guide}/publish")
    await members.post(f"/v1/knowledge/{guide}/uses", {"did": "Made some.", "used_on": DAY, "person": person})
    stewardship = await held(members, person, helper)
    await members.post("/v1/stewardships/caretakers", {"person": person, "circle": None, "agreed_on": DAY})
    return {
        "/v1/circles/{circle}/members": f"/v1/circles/{circle}/members",
        "/v1/knowledge/uses": "/v1/knowledge/uses",
        "/v1/stewardships/caretakers": "/v1/stewardships/caretakers",
        "/v1/network/graphml": "/v1/network/graphml",
        "/v1/network/kumu.json": "/v1/network/kumu.json",
        "/v1/network": "/v1/network",
        **_lists_and_rows(
            {
                "assets/{asset}": str(asset), "ties/{tie}": tied,
                "stewardships/{stewardship}": stewardship, "stewardships/handovers/{handover}": str(handover),
            }
        ),
    }  # fmt: skip


async def _in_the_movements_life(members: Caller, person: str, helper: str) -> Mapping[str, str]:
    called = {"person": person, "kind": "call", "what": "She would like to help.", "by": helper}
    contact = (await members.post("/v1/contact-log", called))["id"]
    # Nobody answers there: what is looked at is what is kept here.
    tool = (await connected(members, "brevo", "https://tool.invalid/v3"))["id"]
    await has_address(members, person)
    bounced = {"tool": tool, "address": "zenobia@example.org", "kind": "bounced"}
    mail_return = (await members.post("/v1/mailings/returns", bounced))["id"]
    await members.post("/v1/mailings/quiet", {"person": person})
    rows = {"contact-log/{contact}": contact, "mailings/returns/{mail_return}": mail_return}
    everybody = {"name": "Everybody", "filter": {"age_band": ["not_asked"]}}
    segment = (await members.post("/v1/segments", everybody))["id"]
    mailing = (await members.post("/v1/mailings", {"name": "Spring", "tool": tool, "segment": segment}))["id"]
    template, there = "/v1/mailings/{mailing}", f"/v1/mailings/{mailing}"
    await gathered(members, mailing, segment)
    return {
        f"{template}/preview": f"{there}/preview",
        f"{template}/recipients": f"{there}/recipients",
        "/v1/mailings/quiet": "/v1/mailings/quiet",
        **_lists_and_rows(rows),
    }


async def _in_the_exchange(members: Caller, person: str) -> Mapping[str, str]:
    said = {"kind": "time", "title": "a hand with the hedge"}
    hall = await members.organisation("Hall")
    ask, offer = [await members.post(f"/v1/{noun}", {**said, "person": person}) for noun in ("asks", "offers")]
    theirs = [await members.post(f"/v1/{noun}", {**said, "organisation": hall}) for noun in ("asks", "offers")]
    win = await members.post("/v1/wins", {"what": "Thirty people walk.", "made_by": [{"person": person}]})
    scheme = (await members.post("/v1/recognitions/schemes", {"name": "Walkers", "criteria": ["They walk."]}))["id"]
    recognised = {"scheme": scheme, "person": person, "evidence": "Seen."}
    recognition = await members.post("/v1/recognitions", recognised)
    need = await members.post("/v1/learning/needs", {"person": person, "topic": "walking"})
    course = {"title": "Walking", "topic": "walking", "starts_on": SOON}
    taken = {"course": (await members.post("/v1/learning/courses", course))["id"], "person": person}
    place = await members.post("/v1/learning/places", taken)
    rows = {
        "learning/needs/{need}": need, "learning/places/{place}": place,
        "asks/{ask}": ask, "offers/{offer}": offer, "wins/{win}": win, "recognitions/{recognition}": recognition,
    }  # fmt: skip
    return {
        **_lists_and_rows({path: str(row["id"]) for path, row in rows.items()}),
        "/v1/asks/{ask}/suggestions": f"/v1/asks/{theirs[0]['id']}/suggestions",
        "/v1/offers/{offer}/suggestions": f"/v1/offers/{theirs[1]['id']}/suggestions",
    }


async def _in_what_people_say(members: Caller, person: str) -> Mapping[str, str]:
    voice = await voicing.said(members, speaker=person, hear=[{"person": person}])
    path = f"/v1/voices/{voice['id']}"
    return {"/v1/voices/{voice}/words": f"{path}/words", "/v1/voices/{voice}/listeners": f"{path}/listeners"}


def _lists_and_rows(rows: Mapping[str, str]) -> Mapping[str, str]:
    """By route the address of each row, and of the list that it is in."""
    found: dict[str, str] = {}
    for template, row in rows.items():
        above = f"/v1/{template.rpartition('/')[0]}"
        found |= {above: above, f"/v1/{template}": f"{above}/{row}"}
    return found
