"""Measures and exports of a graph: pure functions over plain values, for the CPU process.

networkx is imported where it is used: naming these functions must not bring it into the service's own process.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

OFTEN = 0.25
"""From this share of all shortest paths on, many ways between others lead through somebody. A word, and no measure:
the figure itself is not shown, for it would be read as a rank."""

NONE, SOME, MANY = "no ways between others", "some ways between others", "many ways between others"
"""How much somebody stands between others, in words."""


@dataclass(frozen=True, slots=True)
class Node:
    """A person or an organisation: `kind` is which, `label` what they are called."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie; days as ISO text."""

    id: str
    first: str
    second: str
    kind: str
    strength: str
    since: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of a network. Pairs and lists are sorted, so that the same ties give the same answer."""

    density: float | None
    components: list[list[str]]
    bridges: list[tuple[str, str]]
    articulation_points: list[str]
    between: dict[str, str]


def measure(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> Measures:
    """Density 2m/(n(n-1)) (None below two nodes), connected components, bridges, articulation points, betweenness.

    Several ties between the same two count as one. A bridge is a tie, and an articulation point somebody, without whom
    a component falls apart (Hopcroft and Tarjan). Betweenness is Freeman's, normalised, told only in words.
    """
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((first, second) for first, second in edges if first != second)
    between = networkx.betweenness_centrality(graph)
    return Measures(
        density=networkx.density(graph) if len(graph) > 1 else None,
        components=sorted((sorted(part) for part in networkx.connected_components(graph)), key=_largest_first),
        bridges=sorted(_pair(bridge[0], bridge[1]) for bridge in networkx.bridges(graph)),
        articulation_points=sorted(networkx.articulation_points(graph)),
        between={node: in_words(between[node]) for node in sorted(graph)},
    )


def in_words(betweenness: float) -> str:
    """A normalised betweenness, 0 to 1, in words."""
    if betweenness == 0:
        return NONE
    return MANY if betweenness >= OFTEN else SOME


def graphml(nodes: Sequence[Node], edges: Sequence[Edge]) -> bytes:
    """The network as GraphML: every tie an edge of its own, with what is known of it."""
    import networkx

    graph: networkx.MultiGraph[str] = networkx.MultiGraph()
    for node in nodes:
        graph.add_node(node.id, kind=node.kind, label=node.label)
    for edge in edges:
        known = {name: value for name, value in asdict(edge).items() if name not in ("id", "first", "second")}
        graph.add_edge(edge.first, edge.second, key=edge.id, **known)
    written = io.BytesIO()
    networkx.write_graphml_xml(graph, written, named_key_ids=True)
    return written.getvalue()


def kumu_json(nodes: Sequence[Node], edges: Sequence[Edge]) -> bytes:
    """The network as a blueprint of Kumu: elements and connections with ids, since two people may have one name."""
    elements = [{"id": node.id, "label": node.label, "type": node.kind} for node in nodes]
    connections = [
        {
            "id": edge.id, "from": edge.first, "to": edge.second, "direction": "undirected", "type": edge.kind,
            "strength": edge.strength, "since": edge.since, "confirmed": edge.confirmed,
        }
        for edge in edges
    ]  # fmt: skip
    return json.dumps({"elements": elements, "connections": connections}, ensure_ascii=False).encode()


def kumu_csv(nodes: Sequence[Node], edges: Sequence[Edge]) -> bytes:
    """The connections as Kumu's CSV, by label, as its spreadsheets have it; a label that two have gets its id too."""
    count: dict[str, int] = {}
    for node in nodes:
        count[node.label] = count.get(node.label, 0) + 1
    labels = {node.id: node.label if count[node.label] == 1 else f"{node.label} ({node.id})" for node in nodes}
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["From", "To", "Direction", "Type", "Strength", "Since"])
    for edge in edges:
        ends = [_harmless(labels[edge.first]), _harmless(labels[edge.second])]
        rows.writerow([*ends, "undirected", edge.kind, edge.strength, edge.since])
    return written.getvalue().encode()


def _harmless(cell: str) -> str:
    """A name that a spreadsheet would take for a formula is quoted (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def _largest_first(part: Sequence[str]) -> tuple[int, str]:
    return -len(part), part[0]
