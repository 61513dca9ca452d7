"""The overview, composed: what is there is answered, and what is missing says why."""

import asyncio
from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import orm

from services.gateway.overview import domain, store
from services.gateway.overview.live import Answered, ask_all
from services.gateway.overview.schemas import Totals
from shared import clock
from shared.calls import CallOf
from shared.errors import Fault, Invalid, Unavailable
from shared.money import Money

SECTIONS = ("totals", "members", "measures", "grants")


class SectionMissing(Unavailable):
    """A section that the caller requires is not there."""

    code, title = "section_missing", "A required section is not there"


class _Section(msgspec.Struct, frozen=True):
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


async def compose(call: CallOf, consumer: str, must_have: Collection[str]) -> bytes:
    """The overview as JSON. Raises SectionMissing for a section of ``must_have`` that is not there."""
    answers, counted = await asyncio.gather(ask_all(call), call.read_by_key(_counted, consumer))
    totals, parked = counted
    away = call.parts.consumers[consumer].trouble is not None
    sections = {"totals": _projected(totals, stale=parked or away)}
    sections |= {service: _asked(service, answer) for service, answer in answers.items()}
    missing = [name for name in must_have if sections[name].status != "ok"]
    if missing:
        raise SectionMissing("; ".join(f"{name}: {sections[name].reason}" for name in sorted(missing)))
    return msgspec.json.encode({"movement": call.movement, "sections": sections})


def _counted(session: orm.Session, movement: str, consumer: str) -> tuple[domain.Totals, bool]:
    return domain.totals(session, movement), store.any_parked(session, movement, consumer)


def _projected(totals: domain.Totals, *, stale: bool) -> _Section:
    content = Totals(
        people=totals.of("people"),
        rungs=totals.rungs,
        pledges=totals.of("pledges"),
        activities=totals.of("activities"),
        figures=totals.of("figures"),
        rounds_open=totals.of("rounds_open"),
        applications=totals.of("applications"),
        awards_offered=totals.of("awards_offered"),
        awards_accepted=totals.of("awards_accepted"),
        offered=[Money.of(pence, currency) for currency, pence in sorted(totals.offered.items())],
    )
    raw = msgspec.Raw(content.model_dump_json().encode())
    return _Section("ok", "projection", totals.as_of, stale, None, raw)


def _asked(service: str, answer: Answered) -> _Section:
    as_of = clock.now() if answer.status == "ok" else None
    return _Section(answer.status, service, as_of, False, answer.reason, answer.content)
