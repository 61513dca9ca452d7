"""Frameworks whose elements are joined by links: what is wrong with the links, their order, and their loops. Pure.

A theory of change leads from what is done to what is hoped for. What comes back (a change that feeds what brought it
about) is marked as feedback, so that the rest has an order: what is rolled up follows the links that are not marked.
A systems map has no such order; its loops are what it is drawn for.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise
from typing import NamedTuple

from services.measures.frameworks.content import GRAPHS, Content, Kind, Link
from shared.errors import Fault

MOST_CYCLES_NAMED = 20
MOST_LOOPS = 100

Causes = Mapping[str, Set[str]]
"""Of each element, those that lead to it."""


class Loop(NamedTuple):
    """A way round: the elements in the order of causes, from the one that comes first in the framework.

    It is reinforcing where a push comes back as a push, which is where an even number of its links turns it round.
    """

    elements: Sequence[str]
    reinforcing: bool
    delayed: bool
    marked: bool


def faults(kind: Kind, content: Content) -> list[Fault]:
    """Everything that is wrong with the links of a framework, by the pointer of its place."""
    if kind not in GRAPHS:
        return [Fault("/links", f"a framework of the kind {kind} has none", "no_links_here")] if content.links else []
    found = list(_unsound(content))
    if found:  # a cycle is looked for in links that are ones
        return found
    if kind is Kind.SYSTEMS_MAP:
        return [
            Fault(f"/links/{at}/feedback", "is marked in a theory of change alone", "no_feedback_here")
            for at, link in enumerate(content.links)
            if link.feedback
        ]
    return list(_unmarked(content)) or list(_marked_in_vain(content))


def causes(content: Content) -> Causes:
    """Of each element, in the framework's order, those that lead to it by links that are not marked as feedback."""
    found: dict[str, set[str]] = {element.key: set() for element in content.elements}
    for link in content.links:
        if not link.feedback:
            found[link.effect].add(link.cause)
    return found


def contributors(of: Causes) -> dict[str, set[str]]:
    """Of each element, causes before effects, all that lead to it, at whatever remove: each once.

    The links have no cycle. Of elements without links it is nobody.
    """
    found: dict[str, set[str]] = {}
    for element in TopologicalSorter(of).static_order():
        found[element] = set(of[element]).union(*(found[cause] for cause in of[element]))
    return found


def depths(of: Causes) -> dict[str, int]:
    """How many links the longest way to each element has. The links have no cycle."""
    found: dict[str, int] = {}
    for element in TopologicalSorter(of).static_order():
        found[element] = max((found[cause] + 1 for cause in of[element]), default=0)
    return found


def loops(order: Sequence[str], links: Sequence[Link]) -> list[Loop]:
    """The loops of a framework, the shortest first; at most one more than `MOST_LOOPS`, to know that there are more.

    By Johnson's algorithm (SIAM Journal on Computing 4, 1975), as networkx has it: for the CPU process.
    """
    import networkx

    by_ends = {(link.cause, link.effect): link for link in links}
    graph = networkx.DiGraph(by_ends.keys())
    found: list[Loop] = []
    for cycle in islice(networkx.simple_cycles(graph), MOST_LOOPS + 1):
        first = cycle.index(min(cycle, key=order.index))
        way = [*cycle[first:], *cycle[:first]]
        taken = [by_ends[ends] for ends in pairwise([*way, way[0]])]
        turned = sum(link.opposite for link in taken)
        found.append(Loop(way, turned % 2 == 0, any(x.delayed for x in taken), any(x.feedback for x in taken)))
    return sorted(found, key=lambda loop: (len(loop.elements), [order.index(element) for element in loop.elements]))


def _unsound(content: Content) -> Iterator[Fault]:
    known = {element.key for element in content.elements}
    times = Counter[tuple[str, str]]()
    for at, link in enumerate(content.links):
        for end, key in (("cause", link.cause), ("effect", link.effect)):
            if key not in known:
                yield Fault(f"/links/{at}/{end}", "is no element of this framework", "unknown_element")
        if link.cause == link.effect:
            yield Fault(f"/links/{at}", "leads from an element to itself", "self_link")
        times[link.cause, link.effect] += 1
        if times[link.cause, link.effect] > 1:
            yield Fault(f"/links/{at}", "is there twice", "link_repeated")


def _unmarked(content: Content) -> Iterator[Fault]:
    """A fault for each cycle that no mark opens, at the link that closes it; then that link is thought away."""
    of = {element: set(leading) for element, leading in causes(content).items()}
    at = {(link.cause, link.effect): place for place, link in enumerate(content.links)}
    for _ in range(MOST_CYCLES_NAMED):
        try:
            TopologicalSorter(of).prepare()
        except CycleError as error:
            way: Sequence[str] = error.args[1]  # from an element to itself, each the cause of the next
            closing = max(pairwise(way), key=lambda ends: at[ends])
            of[closing[1]].remove(closing[0])
            named = " → ".join(_from(closing[1], way))
            reason = f"closes a cycle, {named}: mark the link that leads back as feedback"
            yield Fault(f"/links/{at[closing]}", reason, "unmarked_cycle")
        else:
            return


def _marked_in_vain(content: Content) -> Iterator[Fault]:
    """Feedback that leads back to nothing would only be left out of what is rolled up."""
    before = contributors(causes(content))
    for at, link in enumerate(content.links):
        if link.feedback and link.effect not in before[link.cause]:
            yield Fault(f"/links/{at}/feedback", "is marked and closes no loop", "not_a_loop")


def _from(first: str, way: Sequence[str]) -> Sequence[str]:
    """A way round that begins and ends with another of its elements."""
    ring = way[:-1]
    at = ring.index(first)
    return [*ring[at:], *ring[:at], first]
