"""A caller of the members service in one movement, and the steps that most tests begin with."""

from datetime import date, timedelta

from shared import clock
from shared.testing import caller
from shared.testing.caller import Json

CHILDREN = frozenset({"under_13", "13_to_15", "16_to_17"})
NOTICE = {"name": "children", "version": "1"}


class Caller(caller.Caller):
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    service = "members"
    _naming: str | None = None

    async def post(self, path: str, body: object = None, *, status: int | None = 201) -> Json:
        return await super().post(path, body, status=status)

    async def sign_up(self, given_name: str = "Ada", *, status: int = 201, **other: object) -> Json:
        """What the sign-up made; ``other`` are further parts of it, and ``person`` adds to the person.

        A child comes with what lets one be named, unless ``other`` says something else.
        """
        person = {"given_name": given_name} | _part(other.pop("person", {}))
        if person.get("age_band") in CHILDREN and "child" not in other:
            other["child"] = await self.child_record()
        return await self.post("/v1/sign-ups", {"person": person, **other}, status=status)

    async def person(self, given_name: str = "Ada", **about: object) -> str:
        """The id of somebody who just signed up."""
        return str((await self.sign_up(given_name, person=about))["person"])

    async def naming_programme(self, jurisdiction: str = "england", **said: object) -> str:
        """The id of a programme that may name children."""
        programme = {"name": "Daily Mile", "lead": await self.organisation(), "aims": "Every child moves."}
        made = str((await self.post("/v1/programmes", programme))["id"])
        body = {"programme": made, "jurisdiction": jurisdiction, "impact_assessment": "DPIA-1", **said}
        body.setdefault("review_on", (clock.now().date() + timedelta(days=900)).isoformat())
        await self.post("/v1/children/programmes", body)
        return made

    async def child_record(self, **said: object) -> Json:
        """What lets a child be named, in a programme of this movement that may."""
        if "programme" not in said and self._naming is None:
            self._naming = await self.naming_programme()
        today = clock.now().date()
        permission = {"name": "Their mother", "given_on": (today - timedelta(days=2)).isoformat(), "notice": NOTICE}
        return {
            "programme": self._naming,
            "own_yes_on": (today - timedelta(days=2)).isoformat(),
            "parental_permission": permission,
            "review_on": (today + timedelta(days=180)).isoformat(),
            **said,
        }

    async def organisation(self, name: str = "Cinderford Walkers") -> str:
        """The id of an organisation that just became known."""
        return str((await self.post("/v1/organisations", {"name": name}))["id"])

    async def did(self, person: str, *days: date, kind: str = "walk", **other: object) -> None:
        """Record that the person did something of a kind on each of the days, in one request."""
        each = [{"person": person, "kind": kind, "on": on.isoformat(), **other} for on in days]
        await self.post("/v1/activities", each)

    async def post_nothing(self, path: str, body: object = None) -> None:
        """Post what is taken and answered with an empty body."""
        answered = await self.client.post(path, json=body)
        assert answered.status_code == 204, answered.text

    async def ladder(self, person: str) -> Json:
        """Where the person stands."""
        return await self.get(f"/v1/people/{person}/ladder")

    async def funnel(self) -> dict[str, int]:
        """How many people stand on each rung."""
        return {rung["rung"]: rung["people"] for rung in (await self.get("/v1/ladder"))["rungs"]}


def _part(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
