"""A caller of the measures service in one movement, and the steps that most tests begin with."""

import httpx

from shared.testing import caller
from shared.testing.caller import Json, json_of

PLACES = """code,name,kind,valid_from,valid_to
E07000080,Forest of Dean,District,,
E07000078,Cheltenham,District,,
E07000026,Allerdale,District,,2023-03-31
E06000063,Cumberland,UA,2023-04-01,
"""
PERCENT: Json = {"kind": "ratio", "unit": "percent", "period_type": "survey_year"}


class Caller(caller.Caller):
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    service = "measures"

    async def send(self, path: str, file: str | bytes, key: str = "", **parameters: str) -> httpx.Response:
        """Send a CSV file."""
        headers = {"content-type": "text/csv"} | ({"idempotency-key": key} if key else {})
        content = file if isinstance(file, bytes) else file.encode()
        return await self.client.post(path, content=content, params=parameters, headers=headers)

    async def places(self, file: str | bytes = PLACES, **parameters: str) -> Json:
        """Import places."""
        return json_of(await self.send("/v1/places/imports", file, **parameters), 201)

    async def version(self, key: str = "inactive_adults", **definition: object) -> tuple[str, str]:
        """A measure with one published version; both ids."""
        measure = (await self.post("/v1/measures", {"key": key, "title": "Inactive adults"}))["id"]
        version = (await self.post(f"/v1/measures/{measure}/versions", PERCENT | definition))["id"]
        await self.post(f"/v1/measures/{measure}/versions/{version}/publish")
        return measure, version

    async def figures(self, version: str, file: str | bytes, **parameters: str) -> Json:
        """Import figures."""
        return json_of(await self.figures_sent(version, file, **parameters), 201)

    async def figures_sent(self, version: str, file: str | bytes, key: str = "", **parameters: str) -> httpx.Response:
        """Send a file of figures; whatever is answered."""
        return await self.send("/v1/observations/imports", file, key, measure_version=version, **parameters)

    async def series(self, measure: str, place: str = "E07000080", **parameters: str) -> Json:
        return await self.get(f"/v1/measures/{measure}/series", place=place, **parameters)

    async def points(self, measure: str, place: str = "E07000080", **parameters: str) -> list[Json]:
        """The points of a series."""
        points: list[Json] = (await self.series(measure, place, **parameters))["points"]
        return points


def rows(*lines: str, header: str = "place,period,value") -> str:
    """A CSV file of these lines."""
    return "\n".join((header, *lines)) + "\n"
