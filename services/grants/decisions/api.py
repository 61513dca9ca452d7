"""Routes of decisions: begun, ranked, written down, given up; and the promised seeds of rounds."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.decisions import domain, making, meetings, store
from services.grants.decisions import reserve as reserve_list
from services.grants.decisions.drawing import domain as drawing
from services.grants.decisions.models import DecisionState
from services.grants.decisions.schemas import (
    Decision,
    DecisionHead,
    DecisionId,
    Draw,
    Making,
    Meeting,
    NewDecision,
    NewMeeting,
    Proposal,
    Reason,
)
from services.grants.fields import RoundId
from services.grants.people.asking import each_of, refuse_unknown
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["decisions"])


@router.post("/v1/decisions", status_code=201, response_model=Decision, **needs("decisions:write"))
async def begin_decision(body: NewDecision, call: Call) -> Response:
    """Begin to decide a round in the way that its frozen rules say: officer, panel, vote or draw.

    409 `not_the_rounds_mode`, `under_decision` where another one is under way, `round_still_open` unless an officer
    decides; 422 `nothing_to_decide`.
    """
    return tagged(await call.write(domain.begin, body, call.principal, call.parts.secrets, answer=Decision.of))


@router.get("/v1/decisions", **needs("decisions:read"))
async def list_decisions(
    call: Call,
    paging: Paging,
    round_id: Annotated[RoundId | None, Query(alias="round", description="only this round's")] = None,
    state: Annotated[DecisionState | None, Query(description="only those in this state")] = None,
) -> Page[DecisionHead]:
    """The movement's decisions, oldest first."""
    rows = await call.read(
        store.list_decisions, round_id=round_id, state=state, after=paging.after_id, limit=paging.fetch
    )
    return paging.page(rows, DecisionHead.head_of, lambda row: (row.id,))


@router.get("/v1/decisions/{decision_id}", **needs("decisions:read"))
async def get_decision(decision_id: DecisionId, call: Call, response: Response) -> Decision:
    """A decision and all who stand in it: best first once that is known.

    Somebody who has still to score an application is not shown what others gave it.
    """
    shown = Decision.of(await call.read(domain.read, decision_id, call.principal))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/v1/decisions/{decision_id}/rank", response_model=Decision, **needs("decisions:write"))
async def rank_candidates(decision_id: DecisionId, call: Call) -> Response:
    """Put the applications in order: in a draw by lot, for an officer or a panel by the mean of the reviewers' scores.

    Ties fall by the round's frozen rule: its places in their order, then a lot; never by who applied first. The seed
    of the lots shows from now on. 409 `not_ranked` for a vote: its order is known when voting closes.
    """
    return tagged(await call.write(domain.rank, decision_id, call.principal, call.parts.secrets, answer=Decision.of))


@router.get("/v1/decisions/{decision_id}/proposal", **needs("decisions:read"))
async def get_proposal(
    decision_id: DecisionId,
    call: Call,
    reserve: Annotated[int | None, Query(ge=0, le=5000, description="how many are to wait in reserve")] = None,
) -> Proposal:
    """What would become of each application if the decision were made now by its order. 409 `not_ranked`."""
    return await call.read(making.proposed, decision_id, reserve)


@router.post("/v1/decisions/{decision_id}/make", response_model=Decision, **needs("decisions:write"))
async def make_decision(decision_id: DecisionId, body: Making, call: Call) -> Response:
    """Make the decision: money to some, a place in reserve to others, a no to the rest, as one act or not at all.

    What forbids one offer undoes all: 409 `over_budget`, `over_ceiling`, `not_screened`, `host_not_agreed`, each with
    its `application`; 403 `not_delegated`. 409 `not_ranked`, `no_quorum`, `no_meeting`, `conflicted_in_the_room`; 422
    `undecided` where an application was given no outcome.
    """
    return tagged(await call.write(making.make, decision_id, body, call.principal, answer=Decision.of))


@router.post("/v1/decisions/{decision_id}/reserve", response_model=Decision, **needs("decisions:write"))
async def try_reserve_again(decision_id: DecisionId, call: Call) -> Response:
    """Have those in reserve whose offer was held up tried again, once what held it up has been seen to."""
    return tagged(await call.write(reserve_list.try_again, decision_id, call.principal, answer=Decision.of))


@router.put("/v1/decisions/{decision_id}/meeting", response_model=Meeting, **needs("decisions:write"))
async def write_meeting_down(decision_id: DecisionId, body: NewMeeting, call: Call) -> Response:
    """Write down the panel's meeting: who sat, who left the room for which application, the minute.

    Sent again it replaces what was written, until the decision is made. 422 `unknown_person`.
    """
    await call.read(domain.read, decision_id, call.principal)
    await refuse_unknown(call, each_of("/present", body.present))
    return await call.write(meetings.write_down, decision_id, call.principal, body, answer=Meeting.of)


@router.get("/v1/decisions/{decision_id}/meeting", **needs("decisions:read"))
async def get_meeting(decision_id: DecisionId, call: Call) -> Meeting:
    """The panel's meeting about a decision."""
    return Meeting.of(await call.read(meetings.read, decision_id))


@router.post("/v1/decisions/{decision_id}/abandon", response_model=Decision, **needs("decisions:write"))
async def abandon_decision(decision_id: DecisionId, body: Reason, call: Call) -> Response:
    """Give a decision up before it is made, for a reason. Another may be begun."""
    return tagged(await call.write(domain.abandon, decision_id, call.principal, body.reason, answer=Decision.of))


@router.get("/v1/rounds/{round_id}/draw", **needs("rounds:read"))
async def get_draw(round_id: RoundId, call: Call) -> Draw:
    """The seed of a round's lots: its digest since the round opened, the seed once the order is reckoned."""
    return Draw.of(await call.read_by_key(drawing.read, round_id))
