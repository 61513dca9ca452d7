"""The overview, composed: what is there is answered, and what is missing says why."""

from collections.abc import Collection, Sequence
from functools import partial

import msgspec
from fastapi import Request, Response
from sqlalchemy import orm

from services.gateway.composed.asking import Ask, Section, ask_all
from services.gateway.composed.composing import answer, hold
from services.gateway.composed.lastly import LastAnswers
from services.gateway.overview import domain, store
from services.gateway.overview.schemas import Totals
from services.gateway.overview.waiting import Outcome, Position, Waiting
from shared.calls import CallOf
from shared.money import Money
from shared.remembered import Remembered

_ASKS = {
    "members": Ask("members", "/v1/ladder", shows_nobody=True),
    "measures": Ask("measures", "/v1/measures", shows_nobody=True),
    "grants": Ask("grants", "/v1/rounds", shows_nobody=True),
}
SECTIONS = ("totals", *_ASKS)


class Composition:
    """Composes overviews from the totals that a consumer keeps and from live answers."""

    def __init__(self, consumer: str, lastly: LastAnswers) -> None:
        self._consumer = consumer
        self._lastly = lastly
        self._totals: Remembered[Section] = Remembered()
        self._waiting = Waiting()

    async def wait(self, call: CallOf, wanted: Sequence[Position]) -> Outcome:
        """Wait until the totals hold these positions, at most 2 seconds."""
        return await self._waiting.wait(call, self._consumer, wanted)

    async def compose(self, call: CallOf, request: Request, must_have: Collection[str]) -> Response:
        """The overview. Raises SectionMissing for a section of ``must_have`` that is not there."""
        query = partial(_totals, movement=call.movement, consumer=self._consumer)
        asked = ask_all(call, _ASKS, self._lastly)
        try:
            counted = await self._totals.look_up(call.parts.db, call.movement, query)
            answered = {name: (await task).section for name, task in asked.items()}
        finally:
            for task in asked.values():
                task.cancel()  # changes nothing once it has answered
        if call.parts.consumers[self._consumer].trouble is not None:
            counted = msgspec.structs.replace(counted, stale=True)
        sections = {"totals": counted, **answered}
        hold(sections, must_have)
        return answer(request, {"movement": call.movement}, sections)


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
