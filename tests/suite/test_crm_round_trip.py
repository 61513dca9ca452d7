"""People who are edited on both sides at once: the movement and a partner's CRM agree at the end, without an echo.

Both run for real, each over HTTP, and each vendor's calls are as it makes them. They come twice and late too.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.serving import served
from tests.gateway.crm.calling import Calling, CallingCiviCrm, CallingHubSpot, CallingSalesforce
from tests.plugins.parts import scale
from tests.suite.asking import each_of, get
from tests.suite.connecting import connect
from tests.suite.processes import KEY, Suite, embedded
from tests.suite.story import post

PEOPLE = scale(100) if scale(1) > 1 else 21
"""500 where the tests run at scale 5."""

OURS_ALONE, THEIRS_ALONE, OTHER_FIELDS, ASKED, THEY_WIN, WE_WIN, ERASED = range(7)


class Sides:
    """The movement, the CRM, and the connection between them."""

    def __init__(self, client: httpx.AsyncClient, user: httpx.AsyncClient, there: Calling, path: str) -> None:
        self.client = client
        self.user = user
        self.there = there
        self.path = path
        self.free = free(there)

    async def edit(self, person: str, **changes: object) -> None:
        """Somebody is edited here."""
        headers = {"if-match": "*"}
        edited = await self.client.patch(f"/v1/people/{person}", json=changes, headers=headers)
        assert edited.status_code == 200, edited.text

    async def turn(self, status: str) -> None:
        """Pause or enable the connection."""
        turned = await self.client.patch(self.path, json={"status": status}, headers={"if-match": "*"})
        assert turned.status_code == 200, turned.text

    async def both(self, number: int, person: str) -> None:
        """Edit somebody on both sides, in no order."""
        contact, kind = self.there.record_of(person), number % 7
        match kind:
            case 0:
                await self.edit(person, postcode="GL14 2AB")
            case 1:
                self.there.edit(contact, **{self.free: f"Nick {number}"})
            case 2:
                self.there.edit(contact, **{self.free: f"Nick {number}"})
                await self.edit(person, postcode="GL14 2AB")
            case 3:
                await self._same_field(number, person, contact, "family_name")
            case 4:
                await self._same_field(number, person, contact, self.free)
            case 5:
                await self._same_field(number, person, contact, "postcode")
            case 6:
                self.there.edit(contact, **{self.free: "Late"})

    async def _same_field(self, number: int, person: str, contact: str, field: str) -> None:
        ours, theirs = ("GL15 1AA", "GL16 1AA") if field == "postcode" else (f"Ours {number}", f"Theirs {number}")
        if number % 2:
            self.there.edit(contact, **{field: theirs})
            await self.edit(person, **{field: ours})
        else:
            await self.edit(person, **{field: ours})
            self.there.edit(contact, **{field: theirs})

    async def quiet(self) -> None:
        """Wait until neither side has anything to tell the other."""
        unsaid: object = None

        async def look() -> bool:
            nonlocal unsaid
            connection = await get(self.client, self.path)
            pending = await get(self.client, f"{self.path}/messages", state="pending")
            waiting = await get(self.client, f"{self.path}/waiting")
            unsaid = {"there": not self.there.is_quiet, "waiting": waiting["data"], "pending": pending["data"]}
            if not self.there.is_quiet or (connection["waiting"], connection["stuck"], pending["data"]) != (0, 0, []):
                return False
            return await self._agree()

        try:
            await eventually(look, within=240, every=0.2)
        except AssertionError:
            raise AssertionError(await self.differing(), unsaid) from None

    async def _agree(self) -> bool:
        return not await self.differing()

    async def differing(self) -> list[tuple[object, ...]]:
        """The fields in which people differ from the contacts with their ids, but for those that are asked."""
        people = {person["id"]: person for person in await every(self.client, "/v1/people")}
        asked = {(one["person"], one["field"]) for one in await self.conflicts()}
        found: list[tuple[object, ...]] = []
        for record in self.there.records.values():
            person = people.get(record.get(self.there.key) or "")
            if person is not None:
                found += [
                    (person["id"], ours, person[ours], record.get(theirs))
                    for ours, theirs in self.there.names.items()
                    if ours != "email"
                    and (person[ours] or None) != (record.get(theirs) or None)
                    and (person["id"], ours) not in asked
                ]
        return found

    async def conflicts(self) -> list[Json]:
        """What a person is asked."""
        return await every(self.client, f"{self.path}/conflicts", state="open")

    async def settle(self, conflict: Json, **choice: object) -> None:
        """A person settles it."""
        await post(self.user, f"{self.path}/conflicts/{conflict['id']}/settlement", choice)


def free(there: Calling) -> str:
    """A name that everybody may have in a CRM, and of which it wins."""
    return "known_as" if "known_as" in there.names else "given_name"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The suite as one process, not yet started: each CRM has a movement of its own."""
    made = embedded(tmp_path_factory.mktemp("suite"))
    yield made
    made.kill()


@pytest.mark.parametrize("vendor", [CallingCiviCrm, CallingSalesforce, CallingHubSpot])
async def test_people_edited_on_both_sides_are_the_same_in_the_end_with_no_echo_and_nobody_twice(
    suite: Suite, vendor: type[Calling]
) -> None:
    await suite.start()
    async with connected(suite, vendor()) as sides:
        there, client = sides.there, sides.client
        people = await each_of(_known(client, number) for number in range(PEOPLE))
        await eventually(lambda: len(there.records) == PEOPLE, within=240)
        await sides.quiet()
        # Known by what the CRM calls them, and no echo of that or of anything.
        assert Counter(person["version"] for person in await every(client, "/v1/people")) == {2: PEOPLE}

        erased = [person for number, person in enumerate(people) if number % 7 == ERASED][:3]
        for person in erased:
            await _erased(sides.user, person)
        await sides.quiet()
        await sides.turn("paused")  # for a while neither side hears of the other
        await each_of(sides.both(number, person) for number, person in enumerate(people) if person not in erased)
        again = [_again(there, people.index(person)) for person in erased]
        new = [there.create(given_name="New", family_name=f"Comer {number}") for number in range(5)]
        await sides.turn("enabled")
        await sides.quiet()

        conflicts = await sides.conflicts()
        asked = {person for number, person in enumerate(people) if number % 7 == ASKED}
        assert {one["person"] for one in conflicts} == asked
        for place, conflict in enumerate(conflicts):
            assert (conflict["field"], conflict["ours"][:4], conflict["theirs"][:6]) == (
                "family_name",
                "Ours",
                "Theirs",
            )
            await sides.settle(conflict, take="theirs" if place % 2 else "ours")
        await sides.quiet()
        assert await sides.conflicts() == []

        found = {person["id"]: person for person in await every(client, "/v1/people")}
        assert len(found) == PEOPLE - len(erased) + len(new), "nobody twice, and nobody came back"
        assert len(there.records) == PEOPLE - len(erased) + len(again) + len(new)
        log = await every(client, f"{sides.path}/messages", state="refused")
        assert {one["record"]: one["code"] for one in log} == dict.fromkeys(again, "kept_out")
        assert found.keys().isdisjoint(erased)
        for number, person in enumerate(people):
            if person not in erased:
                _is_as_was_said(number, found[person], sides.free)
        assert all(there.records[each][there.key] in found for each in new)


def _again(there: Calling, number: int) -> str:
    """A user there enters somebody again who was erased here, and there."""
    names = {record[there.names["family_name"]] for record in there.records.values()}
    assert f"Hall {number}" not in names, "they were told to forget"
    said = {"given_name": f"Ada{number}", "family_name": f"Hall {number}", "email": f"ada{number}@example.org"}
    return there.create(**said)


def _is_as_was_said(number: int, person: Json, free: str) -> None:
    """Each edit holds, or the one of whoever wins; and nobody was changed more often than somebody edited them."""
    match number % 7:
        case 0:
            assert (person["postcode"], person["version"]) == ("GL14 2AB", 3)
        case 1 | 6:
            assert (person[free][:4], person["version"]) in (("Nick", 3), ("Late", 3))
        case 2:
            assert (person[free], person["postcode"], person["version"]) == (f"Nick {number}", "GL14 2AB", 4)
        case 3:
            assert person["version"] <= 4
        case 4:
            assert person[free] == f"Theirs {number}", "of this field the CRM wins"
        case 5:
            assert (person["postcode"], person["version"]) == ("GL15 1AA", 3), "of this field the movement wins"


async def every(client: httpx.AsyncClient, path: str, **query: str) -> list[Json]:
    """All of a list."""
    page = await get(client, path, limit="200", **query)
    found: list[Json] = page["data"]
    while page["next_cursor"]:
        page = await get(client, path, limit="200", cursor=page["next_cursor"], **query)
        found += page["data"]
    return found


async def _known(client: httpx.AsyncClient, number: int) -> str:
    """Somebody who joined."""
    email = {"address": f"ada{number}@example.org"}
    person = {"given_name": f"Ada{number}", "family_name": f"Hall {number}", "emails": [email]}
    return str((await post(client, "/v1/sign-ups", {"person": person}))["person"])


async def _erased(user: httpx.AsyncClient, person: str) -> None:
    headers = {"if-match": "*"}
    name = (await post(user, "/v1/erasures", {"person": person}))["id"]
    await post(user, f"/v1/erasures/{name}/verification", {"how": "document_seen"}, headers=headers)
    await post(user, f"/v1/erasures/{name}/start", {}, headers=headers)

    async def over() -> bool:
        return bool((await get(user, f"/v1/erasures/{name}"))["state"] == "completed")

    await eventually(over, within=60, every=0.1)


async def _movement(suite: Suite, slug: str) -> str:
    """A movement of its own; its slug."""
    async with suite.client() as platform:
        await post(platform, "/v1/movements", {"name": slug.title(), "slug": slug})
    return slug


@asynccontextmanager
async def connected(suite: Suite, there: Calling) -> AsyncIterator[Sides]:
    """A movement with a user, whose people are kept in a CRM that calls back."""
    named = {"authorization": f"Bearer {KEY}", "backbone-movement": await _movement(suite, there.vendor)}
    async with (
        httpx.AsyncClient(base_url=suite.url, headers=named, timeout=20) as client,
        served(there.app) as port,
    ):
        email, password = f"{there.vendor}@example.org", "a password that is long enough"
        await post(client, "/v1/users", {"email": email, "name": "Who settles", "role": "admin", "password": password})
        token = (await post(client, "/v1/sessions", {"email": email, "password": password}))["token"]
        crm = {
            "vendor": there.vendor, "url": f"http://127.0.0.1:{port}", "credentials": there.credentials,
            "owners": {"family_name": "ask", free(there): "crm", "postcode": "backbone"},
        }  # fmt: skip
        path = await connect(client, crm)
        hook = await post(client, f"{path}/hook", {**there.hook, "basis": "legitimate_interests"})
        async with (
            httpx.AsyncClient(base_url=suite.url, headers={"authorization": f"Bearer {token}"}, timeout=20) as user,
            there.calling(f"{suite.url}{hook['path']}", hook.get("secret") or ""),
        ):
            yield Sides(client, user, there, path)
