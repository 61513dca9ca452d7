"""Filters: conditions joined by all, any and not. Reading one names the fault of every bad node by its place.

A node is an object with one key: ``{"all": [node, …]}``, ``{"any": [node, …]}``, ``{"not": node}``, or a condition such
as ``{"tag": "pilot"}``. Nothing of what a caller sends is ever part of a statement: it is read into these types, and
the statement is composed of columns that the types name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from services.members.directory.segments.conditions import NAMES, Condition
from shared.errors import Fault, Invalid

MOST_NODES = 100
DEEPEST = 10
"""Bounds that no honest question reaches; beyond them a database's planner would be the one to suffer."""


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the nodes holds."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the nodes holds."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The node does not hold."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition, and its place in the request."""

    condition: Condition
    place: str


Node = All | Any | Not | Leaf


def parse(document: JsonValue, place: str = "/filter") -> Node:
    """Read a filter. Raises Invalid with the fault of every bad node."""
    reader = _Reader()
    node = reader.node(document, place, 1)
    if reader.nodes > MOST_NODES:
        reader.faults.append(Fault(place, f"has more than {MOST_NODES} nodes", "too_many_nodes"))
    if reader.faults or node is None:
        raise Invalid(faults=reader.faults)
    return node


def leaves(node: Node) -> Iterator[Leaf]:
    """Every condition of a filter."""
    match node:
        case All(nodes) | Any(nodes):
            for each in nodes:
                yield from leaves(each)
        case Not(inner):
            yield from leaves(inner)
        case Leaf():
            yield node


class _Reader:
    """Reads nodes and gathers their faults; a bad one is None, and its neighbours are read all the same."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.nodes = 0

    def node(self, document: JsonValue, place: str, depth: int) -> Node | None:
        self.nodes += 1
        if depth > DEEPEST:
            self._fault(place, f"lies deeper than {DEEPEST} levels", "too_deep")
            return None
        if not isinstance(document, dict) or len(document) != 1:
            self._fault(place, "is no object with exactly one key", "not_a_node")
            return None
        ((key, value),) = document.items()
        match key:
            case "all" | "any":
                nodes = self._each(value, f"{place}/{key}", depth)
                return None if nodes is None else All(nodes) if key == "all" else Any(nodes)
            case "not":
                inner = self.node(value, f"{place}/not", depth + 1)
                return None if inner is None else Not(inner)
            case _ if key in NAMES:
                return self._leaf(document, place)
        self._fault(place, f"asks nothing known; a node is all, any, not, {', '.join(sorted(NAMES))}", "unknown")
        return None

    def _each(self, value: JsonValue, place: str, depth: int) -> tuple[Node, ...] | None:
        if not isinstance(value, list) or not value:
            self._fault(place, "is no list of one or more nodes", "not_a_list")
            return None
        if len(value) > MOST_NODES:
            self._fault(place, f"has more than {MOST_NODES} nodes", "too_many_nodes")
            return None
        read = [self.node(each, f"{place}/{number}", depth + 1) for number, each in enumerate(value)]
        nodes = tuple(node for node in read if node is not None)
        return nodes if len(nodes) == len(read) else None

    def _leaf(self, document: dict[str, JsonValue], place: str) -> Leaf | None:
        try:
            condition = Condition.model_validate(document)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                at = "".join(f"/{step}" for step in fault["loc"])
                self._fault(place + at, fault["msg"], fault["type"])
            return None
        if all(value is None for value in document.values()):
            self._fault(place, "asks nothing", "nothing_asked")
            return None
        return Leaf(condition, place)

    def _fault(self, place: str, reason: str, code: str) -> None:
        self.faults.append(Fault(place, reason, code))
