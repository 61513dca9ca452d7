"""A run of the demo, from the first request to the report."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from services.cli.demo import access, figures, grants, officers, people
from services.cli.demo.client import Api, answers, connected
from services.cli.demo.figures import PublishedFile, Shared
from services.cli.demo.grants import Awarded
from services.cli.demo.officers import OfficersOf
from services.cli.demo.progress import Bars
from services.cli.demo.report import Ladder, Report
from services.cli.demo.tally import Tally
from services.cli.demo.watching import watching
from shared import clock
from shared.settings import Settings


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    url: str | None
    key: str | None
    movement: str | None
    figures: Path | None
    people: int
    sign_in: str | None
    """The address of a user who confirms rungs."""
    webhooks: bool


class _Movement(msgspec.Struct):
    slug: str


class _Me(msgspec.Struct):
    movement: _Movement


@dataclass(frozen=True)
class _Acting:
    """Who acts besides the key: whoever confirms rungs, if anybody does, and the two officers."""

    confirms: str | None
    officers: OfficersOf


@dataclass(frozen=True)
class _Filled:
    shared: Shared
    awarded: Awarded
    tallies: Mapping[str, Tally]


async def fill(settings: Settings, wanted: Wanted) -> Report:
    """Fill the suite. Raises Refused with one line where anything fails; another run finds what was done by then."""
    url = (wanted.url or access.address(settings)).rstrip("/")
    file = figures.read_file(wanted.figures or figures.SHIPPED)
    await answers(url)
    key = await access.key(settings, wanted.key)
    async with connected(url, key, wanted.movement) as api:
        filled, events = await _watched(api, file, wanted, await _acting(api, settings, wanted))
        return Report(
            tallies=filled.tallies,
            awarded=filled.awarded,
            events=events,
            series=await figures.series(api, filled.shared, figures.FOREST_OF_DEAN),
            ladder=await api.get("/v1/ladder", Ladder),
            links=({} if wanted.url else {"Pages": access.pages(settings)})
            | {"API": f"{url}/docs", "Grants": f"{url}/open/{await _slug(api)}/360giving"},
        )


async def _slug(api: Api) -> str:
    return (await api.get("/v1/me", _Me)).movement.slug


async def _acting(api: Api, settings: Settings, wanted: Wanted) -> _Acting:
    by_key = access.given_key(settings, wanted.key) is not None
    replace = officers.by_key(api) if by_key else officers.by_owner(settings, wanted.movement)
    token = None
    if wanted.sign_in is not None:
        token = await people.sign_in(api, wanted.sign_in, access.password(), wanted.movement)
    return _Acting(token, partial(officers.signed_in, api, replace, wanted.movement))


async def _watched(api: Api, file: PublishedFile, wanted: Wanted, acting: _Acting) -> tuple[_Filled, int | None]:
    """Fill it while a receiver watches, if one is wanted; and how many events that got."""
    async with AsyncExitStack() as stack:
        bars = stack.enter_context(Bars())
        if not wanted.webhooks:
            return await _fill(api, file, wanted.people, acting, bars), None
        received = bars.bar("Events received")
        watch = await stack.enter_async_context(watching(api, received.advance))
        filled = await _fill(api, file, wanted.people, acting, bars)
        return filled, await watch.finish(received.expect)


async def _fill(api: Api, file: PublishedFile, count: int, acting: _Acting, bars: Bars) -> _Filled:
    shared = await figures.share(api, file, bars.bar("Figures"))
    ids, signed_up = await people.sign_up(api, count, bars.bar("People"))
    took_part = await people.take_part(api, ids, clock.now().date(), bars.bar("Activities"))
    tallies = {
        "Places": shared.places,
        "Figures": shared.figures,
        "People, with a pledge": signed_up,
        "Activities": took_part,
    }
    if acting.confirms is not None:
        tallies["Rungs confirmed"] = await people.confirm(api, ids, acting.confirms, bars.bar("Confirmations"))
    awarded = await grants.award(api, acting.officers, bars.bar("Grants"))
    return _Filled(shared, awarded, tallies | {"Applications": awarded.applications, "Awards": awarded.awards})
