"""The overview, composed: what is there is answered, and what is missing says why."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import orm

from services.gateway.overview import domain, store
from services.gateway.overview.live import Answered, ask_all
from services.gateway.overview.schemas import Totals
from services.gateway.overview.waiting import Outcome, Position, Waiting
from shared import clock
from shared.calls import CallOf
from shared.errors import Fault, Invalid, Unavailable
from shared.money import Money
from shared.remembered import Remembered

SECTIONS = ("totals", "members", "measures", "grants")


class SectionMissing(Unavailable):
    """A section that the caller requires is not there."""

    code, title = "section_missing", "A required section is not there"


class Section(msgspec.Struct, frozen=True):
    """:class:`~services.gateway.overview.schemas.Section`, with its content as bytes."""

    status: str
    source: str
    as_of: datetime | None
    stale: bool
    reason: str | None
    content: msgspec.Raw | None


def required(text: str) -> frozenset[str]:
    """The sections that `require` names; raises Invalid for one that there is not."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if not names <= set(SECTIONS):
        raise Invalid(faults=[Fault("?require", f"knows only {', '.join(SECTIONS)}", "unknown_section")])
    return names


class Composition:
    """Composes overviews from the totals that a consumer keeps and from live answers."""

    def __init__(self, consumer: str) -> None:
        self._consumer = consumer
        self._totals: Remembered[Section] = Remembered()
        self._waiting = Waiting()

    async def wait(self, call: CallOf, wanted: Sequence[Position]) -> Outcome:
        """Wait until the totals hold these positions, at most 2 seconds."""
        return await self._waiting.wait(call, self._consumer, wanted)

    async def compose(self, call: CallOf, must_have: Collection[str]) -> bytes:
        """The overview as JSON. Raises SectionMissing for a section of ``must_have`` that is not there."""
        query = partial(_totals, movement=call.movement, consumer=self._consumer)
        asked = ask_all(call)
        try:
            counted = await self._totals.look_up(call.parts.db, call.movement, query)
            answers = [await task for task in asked]
        finally:
            for task in asked:
                task.cancel()  # changes nothing once it has answered
        if call.parts.consumers[self._consumer].trouble is not None:
            counted = msgspec.structs.replace(counted, stale=True)
        now = clock.now()
        sections = {"totals": counted, **{answer.service: _asked(answer, now) for answer in answers}}
        missing = [name for name in must_have if sections[name].status != "ok"]
        if missing:
            raise SectionMissing("; ".join(f"{name}: {sections[name].reason}" for name in sorted(missing)))
        return msgspec.json.encode({"movement": call.movement, "sections": sections})


def _totals(session: orm.Session, movement: str, consumer: str) -> Section:
    totals = domain.totals(session, movement)
    content = Totals(
        people=totals.of("people"),
        memberships=totals.of("memberships"),
        rungs=totals.rungs,
        pledges=totals.of("pledges"),
        activities=totals.of("activities"),
        figures=totals.of("figures"),
        rounds_open=totals.of("rounds_open"),
        applications=totals.of("applications"),
        applications_ended=totals.of("applications_ended"),
        awards_offered=totals.of("awards_offered"),
        awards_accepted=totals.of("awards_accepted"),
        offered=[Money.of(pence, currency) for currency, pence in sorted(totals.offered.items())],
    )
    raw = msgspec.Raw(content.model_dump_json().encode())
    return Section("ok", "projection", totals.as_of, store.any_parked(session, movement, consumer), None, raw)


def _asked(answer: Answered, now: datetime) -> Section:
    as_of = now if answer.status == "ok" else None
    return Section(answer.status, answer.service, as_of, False, answer.reason, answer.content)
