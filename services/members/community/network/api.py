"""Routes of the network: measures of a day, the change between two, and exports."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.members.community.circles.schemas import CircleId
from services.members.community.network import domain, graphs
from services.members.community.network.domain import Snapshot
from services.members.community.network.schemas import Change, Network
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call, CallOf
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1/network", tags=["Network"])

On = Annotated[date | None, Query(description="the day of which the network is drawn; today, unless it is said")]
Of = Annotated[CircleId | None, Query(description="only the people of this circle, and their organisations")]


@router.get("", response_model=Network, **needs("network:read", shows=ADMINISTRATION))
async def read_network(call: Call, on: On = None, circle: Of = None) -> Network:
    """What the ties that you may see say of a day: density, components, bridges, articulation points, who is between.

    With a circle also the pairs of its organisations between which no tie is recorded: that says nothing about whether
    they work together.
    """
    return await _measured(call, await call.read(domain.snapshot, call.principal, on, circle))


@router.get("/changes", response_model=Change, **needs("network:read", shows=ADMINISTRATION))
async def read_network_change(
    call: Call,
    before: Annotated[date, Query(description="the earlier day")],
    after: Annotated[date | None, Query(description="the later day; today, unless it is said")] = None,
    circle: Of = None,
) -> Change:
    """The network before and after: the measures of two days, and which ties and members came and went."""
    earlier, later = await call.read(domain.before_and_after, call.principal, before, after, circle)
    change = domain.difference(earlier, later)
    return Change(
        before=await _measured(call, earlier),
        after=await _measured(call, later),
        ties_begun=change.begun,
        ties_ended=change.ended,
        joined=change.joined,
        left=change.left,
    )


@router.get("/graphml", **needs("network:read", shows=ADMINISTRATION, file="application/graphml+xml"))
async def export_graphml(call: Call, on: On = None, circle: Of = None) -> Response:
    """The network as GraphML, for Gephi, networkx and others. Names are in it for those who may read them."""
    nodes, edges = await call.read(domain.drawn, call.principal, on, circle)
    written = await call.parts.cpu.run(graphs.graphml, nodes, edges, deadline=call.deadline)
    return _file(written, "application/graphml+xml", "network.graphml")


@router.get("/kumu.json", **needs("network:read", shows=ADMINISTRATION, file="application/json"))
async def export_kumu_json(call: Call, on: On = None, circle: Of = None) -> Response:
    """The network as a blueprint of Kumu: drop it onto a map there."""
    nodes, edges = await call.read(domain.drawn, call.principal, on, circle)
    return _file(graphs.kumu_json(nodes, edges), "application/json", "network.kumu.json")


@router.get("/kumu.csv", **needs("network:read", file="text/csv"))
async def export_kumu_csv(call: Call, on: On = None, circle: Of = None) -> Response:
    """The ties as a spreadsheet of Kumu's connections."""
    nodes, edges = await call.read(domain.drawn, call.principal, on, circle)
    return _file(graphs.kumu_csv(nodes, edges), "text/csv; charset=utf-8", "network.kumu.csv")


async def _measured(call: CallOf, shown: Snapshot) -> Network:
    """A snapshot with its measures, which another process works out."""
    measures = await call.parts.cpu.run(
        graphs.measure, sorted(shown.nodes), sorted(shown.ties.values()), deadline=call.deadline
    )
    return Network.of(shown.on, shown.circle, len(shown.ties), measures, shown.unrecorded)


def _file(written: bytes, media_type: str, name: str) -> Response:
    return Response(written, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})
