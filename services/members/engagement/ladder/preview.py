"""What a draft of the rules would do to the people there are, on all that they did; nothing changes by asking."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import decisions, engine, policies, store, versions
from services.members.engagement.ladder.engine import RUNGS, Finding, Policy, Rung
from services.members.engagement.ladder.models import Decided, LadderPolicy
from services.members.engagement.ladder.store import Member
from services.members.trust.employers.store import own_staff

_PEOPLE_AT_ONCE = 1000


class Move(NamedTuple):
    """Somebody who would stand elsewhere: where they stand, where they would, and the findings that decide it."""

    person: str
    from_rung: Rung
    to_rung: Rung
    why: Sequence[Finding]

    @property
    def is_up(self) -> bool:
        """Whether they would stand higher; else lower, and that only at a review, after the days of grace."""
        return self.to_rung.height > self.from_rung.height


class Preview(NamedTuple):
    """What a draft would do: how many would go from each rung to each other, and some of the people in their order.

    ``eligible`` would newly wait for a confirmation; ``people`` were looked at.
    """

    policy: LadderPolicy
    people: int
    eligible: int
    moves: Mapping[tuple[Rung, Rung], int]
    some: Sequence[Move]


class _Drafted(NamedTuple):
    climbing: Policy
    keeping: Policy


def preview(session: Session, movement: str, policy: str, *, after: str, limit: int) -> Preview:
    """Apply a version of the rules to everybody, without a trace. ``some`` are the first movers behind ``after``,
    but for the caller's own staff.

    Raises NotFound.
    """
    row = versions.read(session, movement, policy)
    climbing = policies.parsed(row.rules)
    drafted = _Drafted(climbing, climbing.for_keeping())
    counts: Counter[tuple[Rung, Rung]] = Counter()
    some: list[Move] = []
    people = eligible = 0
    unnamed = own_staff(session, movement)
    for member, move, waits in _everybody(session, movement, drafted):
        people += 1
        eligible += waits
        if move is not None:
            counts[move.from_rung, move.to_rung] += 1
            if member.person > after and len(some) < limit and member.person not in unnamed:
                some.append(move)
    return Preview(row, people, eligible, counts, some)


def _everybody(session: Session, movement: str, drafted: _Drafted) -> Iterator[tuple[Member, Move | None, bool]]:
    """Everybody on the ladder, in the order of their ids, with what would become of them."""
    today, after = days.today(session, movement), ""
    selections = list(dict.fromkeys(drafted.climbing.selections() + drafted.keeping.selections()))
    while members := store.on_ladder_after(session, movement, after, _PEOPLE_AT_ONCE):
        found = store.tallies(session, movement, [member.person for member in members], selections, today)
        for member in members:
            yield member, *_under(session, movement, member, drafted, found[member.person])
        after = members[-1].person


def _under(
    session: Session, movement: str, member: Member, drafted: _Drafted, found: engine.Tallies
) -> tuple[Move | None, bool]:
    """Where a draft would take one member, and whether they would newly wait for a confirmation."""
    stands, computed = Rung(member.rung or RUNGS[0]), Rung(member.computed_rung or RUNGS[0])
    reached, kept = engine.computed(drafted.climbing, found), engine.computed(drafted.keeping, found)
    would = engine.highest(reached, computed if member.state == "paused" else engine.lowest(kept, computed))
    confirmed = None if member.confirmed_rung is None else Rung(member.confirmed_rung)
    held = {kind: _held(session, movement, member, kind) for kind in (Decided.LOCKED, Decided.FLOOR)}
    to_rung = engine.effective(would, confirmed, held[Decided.LOCKED], held[Decided.FLOOR])
    waits = engine.awaiting(to_rung, would) is not None and engine.awaiting(stands, computed) is None
    if to_rung is stands:
        return None, waits
    if to_rung.height > stands.height:
        climbed = RUNGS[stands.height + 1 : to_rung.height + 1]
        why = [finding for rung in climbed for finding in engine.findings(drafted.climbing, rung, found)]
    else:
        why = engine.findings(drafted.keeping, to_rung.above or RUNGS[-1], found)
    return Move(member.person, stands, to_rung, why), waits


def _held(session: Session, movement: str, member: Member, kind: Decided) -> Rung | None:
    held = decisions.of_person(session, movement, member.person, kind) if member.held else ()
    return Rung(held[-1].rung) if held and held[-1].rung else None
