"""No sequence of calls introduces, rosters or lists together two people who are kept apart; none shows one who is
protected. Whatever is asked may be refused; what holds afterwards is looked at through the API and in the tables."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.members.community.connections.models import Connection, Introduction
from shared import clock
from shared.db.session import Session
from shared.ids import new_id
from shared.parts import Parts
from shared.secrets import Secrets
from shared.testing.caller import Json, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.mapped import published as asset_published
from tests.members.community.steps import active_circle
from tests.members.engagement.gatherings.steps import published
from tests.plugins.parts import scale

PEOPLE = 3
POSTCODE = "GL14 2AB"
one = st.integers(0, PEOPLE - 1)
two = st.lists(st.integers(0, PEOPLE - 1), min_size=2, max_size=2, unique=True)
Step = tuple[str, Sequence[int]]
Worlds = Callable[[], Awaitable["World"]]
_ALONE = ["book", "book", "join", "join", "lead", "learn", "learn", "open_case"]
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(_ALONE), one.map(lambda who: [who])),
        st.tuples(st.sampled_from(["apart", "team", "merge", "host", "along", "match"]), two),
    ),
    min_size=10,
    max_size=16,
)


class Place(NamedTuple):
    """Where people may meet."""

    gathering: str
    slot: str
    circle: str
    asset: str
    course: str


class World:
    """Some people in a movement, and all that may be done to bring them together."""

    def __init__(self, members: Caller, lead: Caller, all_seeing: Caller, place: Place, people: Sequence[str]) -> None:
        self.members, self.lead, self.all_seeing, self.place, self.people = members, lead, all_seeing, place, people
        self.cases: list[str] = []

    def everywhere(self, person: str) -> list[str]:
        """Where people are shown, and where a person's own record is."""
        gathering, slot, circle, *_ = self.place
        own = [f"/v1/people/{person}{part}" for part in ("", "/timeline", "/ladder", "/permissions", "/availability")]
        lists = ["people", "people/export", "bookings", "attendances", "connections", "network", "affiliations", "ties"]
        lists += ["asks", "offers", "asks/matches", "learning/places", "learning/needs"]
        at = [f"gatherings/{gathering}/{part}" for part in ("bookings", "safety", f"slots/{slot}/register")]
        return own + [f"/v1/{path}" for path in (*lists, *at, f"circles/{circle}/members", "keep-apart", "activities")]

    async def do(self, step: Step) -> None:
        """Ask for something; it may be refused."""
        what, who = step
        verbs: dict[str, Callable[..., Awaitable[None]]] = {
            "apart": self.keep_apart, "team": self.team, "merge": self.merge, "host": self.host, "along": self.along,
            "match": self.match, "learn": self.learn,
            "book": self.book, "join": self.join, "lead": self.lead_alone, "open_case": self.open_case,
        }  # fmt: skip
        await verbs[what](*(self.people[each] for each in who))

    async def keep_apart(self, first: str, second: str) -> None:
        await self.lead.client.post("/v1/keep-apart", json={"person": first, "other": second})

    async def protect(self, person: str) -> None:
        await self.lead.client.post("/v1/protected-people", json={"person": person, "reason": "A threat."})

    async def book(self, person: str) -> None:
        await self._post(f"/v1/gatherings/{self.place.gathering}/bookings", slot=self.place.slot, person=person)

    async def along(self, person: str, other: str) -> None:
        companions = [{"kind": "guest", "person": other}]
        path = f"/v1/gatherings/{self.place.gathering}/bookings"
        await self._post(path, slot=self.place.slot, person=person, companions=companions)

    async def join(self, person: str) -> None:
        await self._post(
            f"/v1/circles/{self.place.circle}/members", person=person, role="member", **{"from": "2026-01-01"}
        )

    async def lead_alone(self, person: str) -> None:
        await self._plan(leader=person)

    async def team(self, leader: str, deputy: str) -> None:
        await self._plan(leader=leader, deputy=deputy)

    async def open_case(self, client: str) -> None:
        case = await self._post("/v1/connections", person=client, connector=self.people[-1])
        if case is None:
            return
        permission = {"asset": self.place.asset, "permission": {"authority": "self"}}
        made = await self._post(f"/v1/connections/{case}/introductions", **permission)
        if made is not None:
            self.cases.append(str(case))

    async def host(self, host: str, _: str) -> None:
        for case in self.cases[-1:]:
            read = await self.members.client.get(f"/v1/connections/{case}")
            for each in read.json().get("introductions", ()):
                await self._post(f"/v1/connections/{case}/introductions/{each['id']}/introduce", host=host)

    async def learn(self, person: str) -> None:
        await self._post("/v1/learning/places", course=self.place.course, person=person)

    async def match(self, asking: str, offering: str) -> None:
        said = {"kind": "time", "title": "a hand with the hedge"}
        ask = await self._post("/v1/asks", person=asking, **said)
        offer = await self._post("/v1/offers", person=offering, **said)
        await self._post("/v1/asks/matches", ask=ask, offer=offer)

    async def merge(self, into: str, merged: str) -> None:
        await self._post(f"/v1/people/{into}/merge", merged=merged)

    async def _plan(self, **team: str) -> None:
        path = f"/v1/gatherings/{self.place.gathering}/safety"
        await self.members.client.patch(path, json=team, headers={"If-Match": "*"})

    async def _post(self, path: str, **body: object) -> str | None:
        """The id of what was made, where it was."""
        answered = await self.members.client.post(path, json=body)
        assert answered.status_code < 500, answered.text
        return answered.json().get("id", "") if answered.is_success and answered.content else None

    async def kept(self) -> list[frozenset[str]]:
        """The pairs who are kept apart, by the ids that they have now."""
        pairs = (await self.lead.get("/v1/keep-apart", limit=100))["data"]
        return [frozenset({pair["person"], pair["other"]}) for pair in pairs if pair["person"] != pair["other"]]

    async def places(self) -> list[set[str]]:
        """Who is expected at the slot, with who leads there, and who is in the circle: each as its lists show it."""
        gathering = f"/v1/gatherings/{self.place.gathering}"
        slot = [each for each in (await self.sees(f"{gathering}/bookings"))["data"] if each["state"] != "cancelled"]
        plan = await self.sees(f"{gathering}/safety")
        booked = {each["person"] for each in slot} | {along["person"] for each in slot for along in each["companions"]}
        terms = (await self.sees(f"/v1/circles/{self.place.circle}/members"))["data"]
        circle = {each["person"] for each in terms if each["state"] != "ended"}
        return [
            (booked | {plan["leader"], plan["deputy"]}) - {None},
            circle,
            await self.learning(),
            *await self.matched(),
        ]

    async def learning(self) -> set[str]:
        """Who has a place on the course."""
        return {each["person"] for each in await self._every("learning/places") if each["state"] != "left"}

    async def matched(self) -> list[set[str]]:
        """Who is to meet by an offer that meets an ask."""
        whose = {each["id"]: each["person"] for side in ("asks", "offers") for each in await self._every(side)}
        live = [each for each in await self._every("asks/matches") if each["state"] == "made"]
        return [{whose[each["ask"]], whose[each["offer"]]} for each in live]

    async def _every(self, noun: str) -> list[Json]:
        """A whole list, as safeguarding sees it."""
        return await self.all_seeing.every(f"/v1/{noun}", limit=200)

    async def sees(self, path: str) -> Json:
        """A list as safeguarding sees it, before whom no veil is."""
        return json_of(await self.all_seeing.client.get(path), 200)

    async def introduced(self) -> set[frozenset[str]]:
        """Client and host of each introduction that was made, and client and connector of each case."""
        parts: Parts = self.members.app.state.parts
        return await parts.db.read(_introduced, self.members.movement)


def _introduced(session: Session, movement: str) -> set[frozenset[str]]:
    made = sa.and_(Introduction.movement == Connection.movement, Introduction.connection == Connection.id)
    hosted = (
        sa.select(Connection.person, Introduction.host)
        .join(Introduction, made)
        .where(Connection.movement == movement, Introduction.host.is_not(None))
    )
    cases = sa.select(Connection.person, Connection.connector).where(Connection.movement == movement)
    return {frozenset(map(str, row)) for query in (hosted, cases) for row in session.execute(query)}


@pytest.fixture
def worlds(app: FastAPI, vouching: Secrets) -> Worlds:
    """What makes a movement of its own for each example."""

    async def make() -> World:
        movement = new_id("movement")
        members = Caller(app, vouching, movement)
        leads = frozenset({"safeguarding:read", "safeguarding:write"})
        lead = Caller(app, vouching, movement, leads, user=new_id("user"))
        all_seeing = Caller(app, vouching, movement, leads | {"*"}, user=new_id("user"))
        people = [await members.person(f"Person{number}", postcode=POSTCODE) for number in range(PEOPLE)]
        walks = {"title": "Walks", "topic": "walking", "starts_on": clock.now().date().isoformat()}
        course = (await members.post("/v1/learning/courses", walks))["id"]
        asset = (await asset_published(members))["id"]
        place = Place(*await published(members), await active_circle(members), asset, course)
        return World(members, lead, all_seeing, place, people)

    return make


@ON_ONE_DATABASE
@settings(
    max_examples=scale(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(taken=steps)
async def test_no_sequence_of_calls_brings_together_who_is_kept_apart(worlds: Worlds, taken: list[Step]) -> None:
    world = await worlds()
    await world.keep_apart(*world.people[:2])
    for step in taken:
        before, kept = await world.introduced(), await world.kept()
        await world.do(step)
        if step[0] != "merge":  # which makes one of two, and introduces nobody
            assert not [pair for pair in await world.introduced() - before if pair in kept], step
        for place in await world.places():
            assert not [pair for pair in await world.kept() if pair <= place], step


@ON_ONE_DATABASE
@settings(
    max_examples=scale(2), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(taken=steps, hidden=one)
async def test_no_sequence_of_calls_shows_where_a_protected_person_is(
    worlds: Worlds, taken: list[Step], hidden: int
) -> None:
    world = await worlds()
    person = world.people[hidden]
    for step in taken:
        await world.do(step)
    await world.protect(person)
    answers = {path: await world.members.client.get(path) for path in world.everywhere(person)}
    shown = [path for path, answer in answers.items() if person in answer.text or f"Person{hidden}" in answer.text]
    assert shown == [], taken
