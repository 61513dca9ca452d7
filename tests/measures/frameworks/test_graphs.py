"""Theories of change and systems maps: links that are ones, cycles that are marked, loops that are found."""

from collections.abc import Sequence
from itertools import pairwise

import networkx
from hypothesis import given
from hypothesis import strategies as st

from services.measures.frameworks import graphs
from services.measures.frameworks.content import Content, Element, Kind, Link
from services.measures.frameworks.standard import standard
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.frameworks.test_frameworks import changed

THEORY = "/v1/frameworks/theory_of_change"
OURS: Json = {
    "key": "our_theory",
    "kind": "theory_of_change",
    "title": "How walking together changes a town",
    "elements": [{"key": key, "title": key.title()} for key in ("walks", "friends", "voice", "health")],
    "links": [
        {"cause": "walks", "effect": "friends"},
        {"cause": "friends", "effect": "voice"},
        {"cause": "voice", "effect": "health"},
        {"cause": "friends", "effect": "walks", "feedback": True, "assumption": "Friends bring friends."},
    ],
}


def with_links(*links: Json) -> Json:
    """The theory with these links instead."""
    return OURS | {"links": list(links)}


@ON_ONE_DATABASE
async def test_a_theory_of_change_keeps_its_links_and_its_marked_loop(measures: Caller) -> None:
    made = await measures.post("/v1/frameworks", OURS)
    assert [(link["cause"], link["effect"]) for link in made["links"] if link["feedback"]] == [("friends", "walks")]
    assert all(sent.items() <= kept.items() for sent, kept in zip(OURS["links"], made["links"], strict=True))
    loops = await measures.get("/v1/frameworks/our_theory/loops")
    assert loops == {
        "data": [{"elements": ["walks", "friends"], "reinforcing": True, "delayed": False, "feedback": True}],
        "complete": True,
    }


@ON_ONE_DATABASE
async def test_an_unmarked_cycle_is_refused_and_named_and_nothing_changes(measures: Caller) -> None:
    await measures.post("/v1/frameworks", OURS)
    links = [*OURS["links"], {"cause": "health", "effect": "friends"}]
    problem = await changed(measures, "/v1/frameworks/our_theory", {"links": links}, status=422)
    assert faults(problem) == {"/links/4": "unmarked_cycle"}
    assert "friends → voice → health → friends" in problem["errors"][0]["reason"]
    assert (await measures.get("/v1/frameworks/our_theory"))["version"] == 1
    links[4]["feedback"] = True
    assert (await changed(measures, "/v1/frameworks/our_theory", {"links": links}))["version"] == 2


@ON_ONE_DATABASE
async def test_every_cycle_is_named(measures: Caller) -> None:
    there = [("walks", "friends"), ("friends", "walks"), ("voice", "health"), ("health", "voice")]
    problem = (await measures.refused("/v1/frameworks", with_links(*({"cause": a, "effect": b} for a, b in there))))[1]
    assert faults(problem) == {"/links/1": "unmarked_cycle", "/links/3": "unmarked_cycle"}


@ON_ONE_DATABASE
async def test_links_that_are_none_are_all_named(measures: Caller) -> None:
    bad = [{"cause": "walks", "effect": "fame"}, {"cause": "walks", "effect": "walks"}, *[OURS["links"][0]] * 2]
    problem = (await measures.refused("/v1/frameworks", with_links(*bad)))[1]
    assert faults(problem) == {
        "/links/0/effect": "unknown_element", "/links/1": "self_link", "/links/3": "link_repeated",
    }  # fmt: skip
    in_vain = {"cause": "walks", "effect": "health", "feedback": True}
    problem = (await measures.refused("/v1/frameworks", with_links(in_vain)))[1]
    assert faults(problem) == {"/links/0/feedback": "not_a_loop"}
    problem = (await measures.refused("/v1/frameworks", OURS | {"kind": "list"}))[1]
    assert faults(problem) == {"/links": "no_links_here"}
    problem = (await measures.refused("/v1/frameworks", OURS | {"kind": "systems_map"}))[1]
    assert faults(problem) == {"/links/3/feedback": "no_feedback_here"}


@ON_ONE_DATABASE
async def test_elements_link_to_measures_of_the_movement_alone(measures: Caller, other: Caller) -> None:
    measure, _ = await measures.version()
    theirs, _ = await other.version()
    elements = [{"key": "walks", "title": "Walks", "measures": [measure]}]
    made = await measures.post("/v1/frameworks", OURS | {"elements": elements, "links": []})
    assert made["elements"][0]["measures"] == [measure]
    elements[0]["measures"] = [measure, theirs, new_id("measure")]
    problem = await changed(measures, "/v1/frameworks/our_theory", {"elements": elements}, status=422)
    assert faults(problem) == {
        "/elements/0/measures/1": "unknown_measure", "/elements/0/measures/2": "unknown_measure",
    }  # fmt: skip


@ON_ONE_DATABASE
async def test_a_systems_map_tells_what_grows_from_what_levels_out(measures: Caller) -> None:
    loops = (await measures.get("/v1/frameworks/scale_of_a_movement/loops"))["data"]
    assert loops == [
        {"elements": ["people_taking_it_up", "champions"], "reinforcing": True, "delayed": False, "feedback": False},
        {
            "elements": ["people_taking_it_up", "resources", "bureaucracy", "speed"],
            "reinforcing": False,
            "delayed": True,
            "feedback": False,
        },
    ]
    assert (await measures.get("/v1/frameworks/conditions/loops"))["data"] == []


def test_the_standard_graphs_are_sound() -> None:
    for each in standard().values():
        assert graphs.faults(each.kind, each.content) == []
    theory = graphs.causes(standard()["theory_of_change"].content)
    assert graphs.depths(theory)["preventative_system"] == 7
    assert graphs.contributors(theory)["momentum"] == {
        "desire_to_redesign",
        "enabling",
        "champions",
        "anchor_organisations",
    }


ELEMENTS = "abcdef"
some_links = st.lists(
    st.tuples(st.sampled_from(ELEMENTS), st.sampled_from(ELEMENTS), st.booleans()).filter(lambda it: it[0] != it[1]),
    max_size=14,
    unique_by=lambda it: it[:2],
).map(lambda drawn: [Link(cause, effect, feedback=feedback) for cause, effect, feedback in drawn])


def theory_of(links: Sequence[Link]) -> Content:
    """A theory of change of six elements."""
    return Content("", "", "", [], [], [Element(key, key) for key in ELEMENTS], links)


@given(some_links)
def test_a_theory_is_sound_exactly_where_its_marks_open_every_cycle_and_none_is_in_vain(links: list[Link]) -> None:
    unmarked = networkx.DiGraph((link.cause, link.effect) for link in links if not link.feedback)
    unmarked.add_nodes_from(ELEMENTS)
    acyclic = networkx.is_directed_acyclic_graph(unmarked)
    in_vain = [x for x in links if x.feedback and not networkx.has_path(unmarked, x.effect, x.cause)]
    codes = {fault.code for fault in graphs.faults(Kind.THEORY_OF_CHANGE, theory_of(links))}
    assert codes == ({"unmarked_cycle"} if not acyclic else {"not_a_loop"} if in_vain else set())
    if acyclic:
        found = graphs.contributors(graphs.causes(theory_of(links)))
        assert found == {element: networkx.ancestors(unmarked, element) for element in ELEMENTS}


@given(some_links)
def test_without_the_links_that_are_named_no_cycle_is_left(links: list[Link]) -> None:
    unmarked = [Link(link.cause, link.effect) for link in links]
    named = {fault.pointer for fault in graphs.faults(Kind.THEORY_OF_CHANGE, theory_of(unmarked))}
    rest = [link for at, link in enumerate(unmarked) if f"/links/{at}" not in named]
    assert graphs.faults(Kind.THEORY_OF_CHANGE, theory_of(rest)) == []


def test_a_loop_is_reinforcing_where_an_even_number_of_its_links_turns_it_round() -> None:
    for turned in range(4):
        ring = [Link(a, b, opposite=at < turned) for at, (a, b) in enumerate(pairwise([*"abcda"]))]
        (loop,) = graphs.loops("abcd", ring)
        assert (list(loop.elements), loop.reinforcing) == (list("abcd"), turned % 2 == 0)


def test_of_very_many_loops_some_are_told_and_that_there_are_more() -> None:
    every = [Link(a, b) for a in ELEMENTS for b in ELEMENTS if a != b]
    assert len(graphs.loops(ELEMENTS, every)) == graphs.MOST_LOOPS + 1
