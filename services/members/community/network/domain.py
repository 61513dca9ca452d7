"""The network of a day: the ties that held, of those that the caller may see, and what changed between two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sqlalchemy.orm import Session

from services.members import days
from services.members.community.circles import domain as circles
from services.members.community.network import store
from services.members.community.network.graphs import Edge, Node
from services.members.community.ties import domain as ties
from services.members.community.ties import store as tie_store
from services.members.community.ties.models import State, Tie
from services.members.trust.safeguarding.protected.store import protected
from shared.auth import Principal
from shared.errors import Fault, Invalid


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The network of a day: who is in it, the ties by id, and of a circle the organisations."""

    on: date
    circle: str | None
    nodes: frozenset[str]
    ties: dict[str, tuple[str, str]]
    organisations: frozenset[str]

    @property
    def unrecorded(self) -> list[tuple[str, str]] | None:
        """Pairs of a circle's organisations without a tie in this snapshot, sorted; None without a circle."""
        if self.circle is None:
            return None
        tied = {frozenset(pair) for pair in self.ties.values()}
        return [pair for pair in combinations(sorted(self.organisations), 2) if frozenset(pair) not in tied]


@dataclass(frozen=True, slots=True)
class Difference:
    """What came and what went between two snapshots, each sorted."""

    begun: list[str]
    ended: list[str]
    joined: list[str]
    left: list[str]


def snapshot(session: Session, movement: str, principal: Principal, on: date | None, circle: str | None) -> Snapshot:
    """The network of a day, today unless it is said; of a circle: its people and their organisations alone.

    Raises NotFound for an unknown circle, and Invalid for a day to come.
    """
    today = days.today(session, movement)
    day = on or today
    if day > today:
        raise Invalid(faults=[Fault("?on", "is in the future", "in_the_future")])
    held = _held(session, movement, principal, day)
    pairs = {tie.id: tie.sides for tie in held}
    if circle is None:
        return Snapshot(day, None, _ends(pairs), pairs, frozenset())
    circles.read(session, movement, circle)
    organisations = frozenset(store.circle_organisations(session, movement, circle, day))
    within = organisations | store.circle_people(session, movement, circle, day)
    pairs = {tie: pair for tie, pair in pairs.items() if within.issuperset(pair)}
    return Snapshot(day, circle, organisations | _ends(pairs), pairs, organisations)


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What came and what went."""
    return Difference(
        begun=sorted(after.ties.keys() - before.ties.keys()),
        ended=sorted(before.ties.keys() - after.ties.keys()),
        joined=sorted(after.nodes - before.nodes),
        left=sorted(before.nodes - after.nodes),
    )


def before_and_after(
    session: Session, movement: str, principal: Principal, before: date, after: date | None, circle: str | None
) -> tuple[Snapshot, Snapshot]:
    """The networks of two days. Raises Invalid where they are in the wrong order."""
    later = snapshot(session, movement, principal, after, circle)
    if before > later.on:
        raise Invalid(faults=[Fault("?before", "lies after the other day", "in_the_wrong_order")])
    return snapshot(session, movement, principal, before, circle), later


def drawn(
    session: Session, movement: str, principal: Principal, on: date | None, circle: str | None
) -> tuple[Sequence[Node], Sequence[Edge]]:
    """The network of a day as exports have it. Names are given to those who may read them; else an id is the label."""
    shown = snapshot(session, movement, principal, on, circle)
    named = store.names(session, movement, shown.nodes)
    nodes = [
        Node(
            id=one,
            kind="person" if one.startswith("person_") else "organisation",
            label=named.get(one, one) if principal.may(_scope(one)) else one,
        )
        for one in sorted(shown.nodes)
    ]
    rows = [tie for tie in _held(session, movement, principal, shown.on) if tie.id in shown.ties]
    return nodes, [_edge(tie) for tie in rows]


def _held(session: Session, movement: str, principal: Principal, day: date) -> list[Tie]:
    """The ties of a day. Of two people who became one, a tie with each other is none, and a protected one has none."""
    viewer = ties.viewer(session, movement, principal)
    found = tie_store.on(session, movement, viewer, day)
    hidden = protected(session, movement)
    return [tie for tie in found if tie.sides[0] != tie.sides[1] and hidden.isdisjoint(tie.sides)]


def _ends(pairs: dict[str, tuple[str, str]]) -> frozenset[str]:
    return frozenset(end for pair in pairs.values() for end in pair)


def _scope(one: str) -> str:
    return "people:read" if one.startswith("person_") else "organisations:read"


def _edge(tie: Tie) -> Edge:
    first, second = tie.sides
    return Edge(
        id=tie.id, first=first, second=second, kind=tie.kind, strength=tie.strength or "", since=tie.since.isoformat(),
        confirmed=tie.state == State.CONFIRMED,
    )  # fmt: skip
