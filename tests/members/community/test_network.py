"""The network: measures that hold for every graph, of what the caller may see, before and after, and its exports."""

import csv
import io
from datetime import date, timedelta

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.community.network import graphs
from services.members.community.network.domain import Snapshot, difference
from services.members.community.network.graphs import MANY, NONE, SOME, Edge, Node
from shared.secrets import Secrets
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, active_circle, organisation, signed_in_as, tie
from tests.plugins.parts import scale

NODES = [f"person_{number}" for number in range(8)]
PAIRS = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=16)


def parts(edges: list[tuple[str, str]], without: str | None = None) -> int:
    """How many components the nodes fall into, but for one that is taken out."""
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(node for node in NODES if node != without)
    graph.add_edges_from(pair for pair in edges if without not in pair)
    return networkx.number_connected_components(graph)


@settings(max_examples=scale(40))
@given(PAIRS)
def test_without_a_bridge_or_an_articulation_point_a_network_has_more_parts(pairs: list[tuple[str, str]]) -> None:
    measures = graphs.measure(NODES, pairs)
    edges = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    assert measures.density == len(edges) / (len(NODES) * (len(NODES) - 1) / 2)
    assert sorted(node for part in measures.components for node in part) == NODES
    assert len(measures.components) == parts(edges)
    for edge in edges:
        falls_apart = parts([other for other in edges if other != edge]) > len(measures.components)
        assert falls_apart == (edge in measures.bridges)
    for node in NODES:
        alone = [node] in measures.components
        falls_apart = parts(edges, without=node) > len(measures.components) - alone
        assert falls_apart == (node in measures.articulation_points)
        assert node not in measures.articulation_points or measures.between[node] != NONE
    assert graphs.measure(NODES, [(second, first) for first, second in reversed(pairs)]) == measures


@settings(max_examples=scale(40))
@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([("p", "q"), ("q", "r"), ("r", "s")])), st.data())
def test_what_came_and_went_makes_the_one_network_of_the_other(
    ties: dict[str, tuple[str, str]], data: st.DataObject
) -> None:
    before, after = (
        snapshot({tie: ties[tie] for tie in sorted(data.draw(st.sets(st.sampled_from(sorted(ties)))))} if ties else {})
        for _ in range(2)
    )
    change, back = difference(before, after), difference(after, before)
    assert (before.ties.keys() - set(change.ended)) | set(change.begun) == after.ties.keys()
    assert (before.nodes - set(change.left)) | set(change.joined) == after.nodes
    assert (back.begun, back.ended, back.joined, back.left) == (change.ended, change.begun, change.left, change.joined)
    assert not any((difference(after, after).begun, difference(after, after).ended))


def snapshot(ties: dict[str, tuple[str, str]]) -> Snapshot:
    return Snapshot(date(2026, 1, 1), None, frozenset(end for pair in ties.values() for end in pair), ties, frozenset())


def test_betweenness_is_told_in_words_alone() -> None:
    star = graphs.measure(NODES[:4], [(NODES[0], other) for other in NODES[1:4]])
    assert star.between == {NODES[0]: MANY} | dict.fromkeys(NODES[1:4], NONE)
    assert [graphs.in_words(value) for value in (0, 0.001, 0.25, 1)] == [NONE, SOME, MANY, MANY]


@ON_ONE_DATABASE
async def test_the_measures_are_of_what_the_caller_may_see(members: Caller, vouching: Secrets) -> None:
    ada, eve, joan, kim = [await members.person(name) for name in ("Ada", "Eve", "Joan", "Kim")]
    await tie(members, ada, eve)
    await tie(members, eve, joan)
    await tie(members, joan, kim, visibility="sides")
    seen = await members.get("/v1/network")
    assert (seen["members"], seen["ties"], seen["density"]) == (3, 2, 2 / 3)
    assert seen["articulation_points"] == [eve]
    assert [{pair["first"], pair["second"]} for pair in seen["bridges"]] == [{ada, eve}, {eve, joan}]
    assert {one["id"]: one["in_words"] for one in seen["between"]} == {ada: NONE, eve: MANY, joan: NONE}
    async with signed_in_as(kim, members, vouching) as caller:
        assert (await caller.get("/v1/network"))["members"] == 4


async def test_between_organisations_of_a_circle_no_recorded_tie_is_called_just_that(members: Caller) -> None:
    circle = await active_circle(members)
    choir, school, surgery = [await organisation(members, name) for name in ("Choir", "School", "Surgery")]
    for body in (choir, school, surgery):
        person = await members.person()
        await members.post("/v1/affiliations", {"person": person, "organisation": body})
        term = {"person": person, "role": "steward", "from": TODAY.isoformat()}
        await members.post(f"/v1/circles/{circle}/members", term)
    await tie(members, choir, school)
    await tie(members, surgery, await organisation(members, "Elsewhere"))
    network = await members.get("/v1/network", circle=circle)
    unrecorded = [{pair["first"], pair["second"]} for pair in network["no_tie_recorded"]]
    assert sorted(unrecorded, key=sorted) == sorted([{choir, surgery}, {school, surgery}], key=sorted)
    assert (network["members"], network["ties"]) == (3, 1)
    assert (await members.get("/v1/network"))["no_tie_recorded"] is None


@ON_ONE_DATABASE
async def test_the_network_before_and_after(members: Caller) -> None:
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    year_ago, week_ago = TODAY - timedelta(days=365), TODAY - timedelta(days=7)
    ended = await tie(members, ada, eve, since=year_ago.isoformat())
    await members.post(f"/v1/ties/{ended}/end", {"told_us_on": TODAY.isoformat()}, status=200)
    begun = await tie(members, eve, joan, since=week_ago.isoformat())
    change = await members.get("/v1/network/changes", before=(TODAY - timedelta(days=30)).isoformat())
    assert (change["ties_begun"], change["ties_ended"]) == ([begun], [ended])
    assert (change["joined"], change["left"]) == ([joan], [ada])
    assert (change["before"]["ties"], change["after"]["ties"]) == (1, 1)
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    status, problem = await members.refused("/v1/network", method="GET", on=tomorrow)
    assert (status, faults(problem)) == (422, {"?on": "in_the_future"})
    wrong = {"before": TODAY.isoformat(), "after": week_ago.isoformat()}
    status, problem = await members.refused("/v1/network/changes", method="GET", **wrong)
    assert (status, faults(problem)) == (422, {"?before": "in_the_wrong_order"})


@ON_ONE_DATABASE
async def test_graphml_is_read_back_by_networkx_with_names_for_those_who_may_read_them(
    members: Caller, vouching: Secrets
) -> None:
    ada, choir = await members.person("Ada"), await organisation(members, "Choir")
    made = await tie(members, ada, choir, strength="close")
    exported = (await members.client.get("/v1/network/graphml")).text
    read = networkx.parse_graphml(exported, force_multigraph=True)
    assert dict(read.nodes(data="label")) == {ada: "Ada", choir: "Choir"}
    ((first, second, known),) = read.edges(data=True)
    assert ({first, second}, known["strength"], known["confirmed"]) == ({ada, choir}, "close", True)
    assert made in exported
    async with Caller(members.app, vouching, members.movement, frozenset({"network:read"})) as nameless:
        written = (await nameless.client.get("/v1/network/graphml")).text
        assert "Ada" not in written
        assert ada in written


@ON_ONE_DATABASE
async def test_kumu_gets_a_blueprint_and_a_spreadsheet(members: Caller) -> None:
    one, two, choir = await members.person("Ada"), await members.person("Ada"), await organisation(members, "Choir")
    await tie(members, one, two)
    await tie(members, two, choir)
    blueprint = (await members.client.get("/v1/network/kumu.json")).json()
    ids = {element["id"] for element in blueprint["elements"]}
    assert ids == {one, two, choir}
    assert all({connection["from"], connection["to"]} <= ids for connection in blueprint["connections"])
    rows = list(csv.DictReader(io.StringIO((await members.client.get("/v1/network/kumu.csv")).text)))
    assert [(row["From"], row["To"]) for row in rows] == [
        (f"Ada ({one})", f"Ada ({two})"), (f"Ada ({two})", "Choir"),
    ]  # fmt: skip


def test_a_name_that_a_spreadsheet_would_compute_is_quoted() -> None:
    nodes = [Node("person_1", "person", "=1+1"), Node("person_2", "person", "Ada")]
    edge = Edge("tie_1", "person_1", "person_2", "works_with", "", "2026-01-01", confirmed=True)
    assert graphs.kumu_csv(nodes, [edge]).decode().splitlines()[1].startswith("'=1+1,Ada,")


@ON_ONE_DATABASE
async def test_another_movement_has_a_network_of_its_own(members: Caller, other: Caller) -> None:
    await tie(members, await members.person("Ada"), await members.person("Eve"))
    circle = await active_circle(members)
    assert (await other.get("/v1/network"))["members"] == 0
    assert (await other.client.get("/v1/network", params={"circle": circle})).status_code == 404
    assert "person_" not in (await other.client.get("/v1/network/kumu.json")).text
