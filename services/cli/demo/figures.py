"""Shared figures: the published percentage of inactive adults by district and survey year, from its own file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from services.cli.demo.client import Api
from services.cli.demo.progress import Bar
from services.cli.demo.tally import Tally
from services.cli.errors import WRONG_USE, Refused

SHIPPED = Path(__file__).resolve().parents[1] / "facts" / "inactive_adults_gloucestershire.csv"

KEY = "inactive_adults"
FOREST_OF_DEAN = "E07000080"
_NEEDED = ("area_code", "area_name", "area_type", "period", "value")
_PROVENANCE = (
    "Sport England Active Lives through Fingertips, as prepared by Trafford Data Lab; Open Government Licence v3.0"
)
_MEASURE = {
    "key": KEY,
    "title": "Adults who are physically inactive",
    "description": "Fewer than 30 minutes of activity a week, by the Active Lives Adult Survey.",
}
# Percentages without the counts behind them, for today's districts also in the years before they existed.
_DEFINITION = {
    "kind": "ratio",
    "unit": "percent",
    "direction": "lower_is_better",
    "numerator_description": "Adults with fewer than 30 active minutes a week",
    "denominator_description": "All adults",
    "population": "Residents",
    "age_base": "19 and over",
    "period_type": "survey_year",
    "boundaries": "back_cast",
}


class _Place(msgspec.Struct):
    code: str


class _Measure(msgspec.Struct):
    id: str


class _Version(msgspec.Struct):
    id: str
    status: str
    kind: str
    unit: str
    period_type: str
    boundaries: str

    @property
    def fits(self) -> bool:
        return all(getattr(self, name) == _DEFINITION[name] for name in ("kind", "unit", "period_type", "boundaries"))


class _Import(msgspec.Struct):
    new: int
    revised: int
    unchanged: int
    repeated: int


class _Point(msgspec.Struct):
    period: str
    value: float | None


class _Series(msgspec.Struct):
    points: list[_Point]


@dataclass(frozen=True)
class PublishedFile:
    """The publisher's file as it is, and the places that it names, each once: code, name and kind."""

    content: bytes
    places: Sequence[tuple[str, str, str]]
    rows: int


def read_file(path: Path) -> PublishedFile:
    """Read the publisher's file. Raises Refused where it cannot be read as such."""
    try:
        content = path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise Refused(f"{path} cannot be read ({getattr(error, 'strerror', None) or error})", WRONG_USE) from None
    missing = [name for name in _NEEDED if not rows or name not in rows[0]]
    if missing:
        raise Refused(f"{path}: a file of published figures has the columns {', '.join(_NEEDED)}", WRONG_USE)
    places = dict.fromkeys((row["area_code"], row["area_name"], row["area_type"]) for row in rows)
    return PublishedFile(content, list(places), len(rows))


@dataclass(frozen=True)
class Shared:
    """The measure's version that the figures are of, and how many places and figures a run added."""

    measure: str
    version: str
    places: Tally
    figures: Tally


async def share(api: Api, file: PublishedFile, bar: Bar) -> Shared:
    """Have places, measure and figures as the file has them."""
    bar.expect(file.rows)
    places = await _add_places(api, file)
    measure = await _measure(api)
    version = await _published_version(api, measure)
    done = await api.import_csv(
        "/v1/observations/imports",
        _Import,
        file.content,
        measure_version=version,
        columns="place:area_code,period:period,value:value",
        provenance=_PROVENANCE,
    )
    bar.advance(file.rows)
    return Shared(measure, version, places, Tally(done.new + done.revised, done.unchanged + done.repeated))


async def series(api: Api, shared: Shared, place: str) -> dict[str, float | None]:
    """The measure at one place, by survey year."""
    found = await api.get(f"/v1/measures/{shared.measure}/series", _Series, place=place, version=shared.version)
    return {point.period: point.value for point in found.points}


async def _add_places(api: Api, file: PublishedFile) -> Tally:
    """Add the places that are not known. One that is may say more than this file does: it is left as it is."""
    known = {place.code for place in await api.every("/v1/places", _Place)}
    missing = [place for place in file.places if place[0] not in known]
    if missing:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([("code", "name", "kind"), *missing])
        await api.import_csv("/v1/places/imports", _Import, text.getvalue().encode())
    return Tally(len(missing), len(file.places) - len(missing))


async def _measure(api: Api) -> str:
    known = await api.every("/v1/measures", _Measure, key=KEY)
    return known[0].id if known else (await api.post("/v1/measures", _Measure, _MEASURE)).id


async def _published_version(api: Api, measure: str) -> str:
    """The newest version that defines it as the file does; without one, a version of that definition is published."""
    versions = f"/v1/measures/{measure}/versions"
    known = [version for version in await api.every(versions, _Version) if version.fits]
    version = known[-1] if known else await api.post(versions, _Version, _DEFINITION)
    if version.status != "published":
        version = await api.post(f"{versions}/{version.id}/publish", _Version)
    return version.id
