"""A caller of the members service in one movement, and the steps that most tests begin with."""

from datetime import date

from shared.testing import caller
from shared.testing.caller import Json


class Caller(caller.Caller):
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    service = "members"

    async def post(self, path: str, body: object = None, *, status: int | None = 201) -> Json:
        return await super().post(path, body, status=status)

    async def sign_up(self, given_name: str = "Ada", *, status: int = 201, **other: object) -> Json:
        """What the sign-up made; ``other`` are further parts of it, and ``person`` adds to the person."""
        person = {"given_name": given_name} | _part(other.pop("person", {}))
        return await self.post("/v1/sign-ups", {"person": person, **other}, status=status)

    async def person(self, given_name: str = "Ada", **about: object) -> str:
        """The id of somebody who just signed up."""
        return str((await self.sign_up(given_name, person=about))["person"])

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
