"""Routes of votes: the roll, ballots, tellers' boxes, and the record for everybody."""

from pathlib import Path
from typing import Annotated

from fastapi import Path as InPath
from fastapi import Request, Response

from services.grants.acting import by_user
from services.grants.decisions import domain as decisions
from services.grants.decisions import recount
from services.grants.decisions.schemas import Decision, DecisionId
from services.grants.decisions.voting import closing, domain
from services.grants.decisions.voting.schemas import (
    Box,
    Boxes,
    Counted,
    Enrolled,
    NewBallot,
    NewVoters,
    Receipt,
    Record,
    Voter,
)
from services.grants.people.asking import each_of, refuse_unknown
from services.grants.people.fields import PersonId
from shared.calls import Call
from shared.conditional import conditional
from shared.editing import Expected
from shared.needs import needs
from shared.opened import Opened, openly
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["decisions"])

BoxNumber = Annotated[int, InPath(ge=1, le=1000)]


@router.post("/v1/decisions/{decision_id}/voters", response_model=Enrolled, **needs("decisions:write"))
async def enrol_voters(decision_id: DecisionId, body: NewVoters, call: Call) -> Response:
    """Put people on the roll, until voting closes. Who is on it already, under any id, is left as they are.

    A vote without a roll is open to whoever is in the room, and only on paper. 422 `unknown_person`.
    """
    await call.read(decisions.read, decision_id, call.principal)
    await refuse_unknown(call, each_of("/voters", [each.person for each in body.voters], "/person"))

    def told(enrolled: int) -> Enrolled:
        return Enrolled(enrolled=enrolled)

    return await call.write(domain.enrol, decision_id, call.principal, body.voters, answer=told)


@router.get("/v1/decisions/{decision_id}/voters", **needs("decisions:read"))
async def list_voters(decision_id: DecisionId, call: Call, paging: Paging) -> Page[Voter]:
    """The roll: who has a vote and who has voted; what for, nobody can tell."""
    rows = await call.read(domain.list_voters, decision_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Voter.of, lambda row: (row.person,))


@router.post("/v1/decisions/{decision_id}/voters/{person}/paper", response_model=Voter, **needs("decisions:write"))
async def hand_out_paper(decision_id: DecisionId, person: PersonId, call: Call) -> Response:
    """Note that somebody on the roll is handed a paper ballot or dots: they vote no other way (409 `voted_already`)."""
    return await call.write(domain.give_paper, decision_id, call.principal, person, answer=Voter.of)


@router.post("/v1/decisions/{decision_id}/open-voting", response_model=Decision, **needs("decisions:write"))
async def open_voting(decision_id: DecisionId, call: Call) -> Response:
    """Let those on the roll vote."""
    return await call.write(domain.open_voting, decision_id, call.principal, answer=Decision.of)


@router.post("/v1/decisions/{decision_id}/close-voting", response_model=Decision, **needs("decisions:write"))
async def close_voting(decision_id: DecisionId, call: Call) -> Response:
    """End the vote, count it and rank the applications. `digest` is that of the record, and is announced on the log.

    409 `tellers_differ` while a box was not counted alike by two, `too_many_ballots` where boxes hold more than were
    handed out, `no_quorum`; voting stays open then.
    """
    return await call.write(closing.close_voting, decision_id, call.principal, call.parts.secrets, answer=Decision.of)


@router.post("/v1/ballots", status_code=201, response_model=Receipt, **needs("ballots:write", user=True))
async def cast_ballot(body: NewBallot, call: Call) -> Response:
    """Vote. The ballot is kept without whose it is; the receipt, told this once, finds it in the record.

    403 `needs_a_user`, `not_on_the_roll`; 409 `voted_already`, `not_voting`.
    """
    by_user(call)
    return await call.write(domain.cast, call.principal, body, answer=Receipt.of)


@router.put("/v1/decisions/{decision_id}/boxes/{box}", response_model=Box, **needs("decisions:write", user=True))
async def count_box(decision_id: DecisionId, box: BoxNumber, body: Counted, call: Call, expected: Expected) -> Response:
    """Note what one counted in a box of paper or dots. Two tellers count each, and neither sees the other's count.

    `If-Match` is `*`, or the `version` of one's own count that is to be corrected. 409 `two_tellers`.
    """
    return await call.write(domain.count_box, decision_id, box, by_user(call), body, expected, answer=Box.of)


@router.get("/v1/decisions/{decision_id}/boxes", **needs("decisions:read"))
async def list_boxes(decision_id: DecisionId, call: Call) -> Boxes:
    """The boxes that somebody has counted, and where two tellers differ."""
    found = await call.read(domain.boxes, decision_id, call.principal.user)
    return Boxes(data=[Box.of(box) for box in found])


@router.get("/v1/decisions/{decision_id}/record", **needs("decisions:read"))
async def get_record(decision_id: DecisionId, call: Call) -> Record:
    """Everything that a vote or a draw came to: ballots without voters, boxes, seed, result. 409 `still_voting`."""
    return await call.read(closing.record, decision_id)


@router.get("/open/{movement}/decisions/recount.py", **openly(file="text/x-python"))
async def download_recount(request: Request, opened: Opened) -> Response:
    """The script that counts a record again. It needs Python and nothing else."""
    return conditional(request, Path(recount.__file__).read_bytes(), "text/x-python")


@router.get("/open/{movement}/decisions/{decision_id}", response_model=Record, **openly())
async def get_open_record(decision_id: DecisionId, request: Request, opened: Opened) -> Response:
    """The record of a vote or a draw, for everybody, once voting has closed."""
    found = await opened.call.read(closing.record, decision_id)
    return conditional(request, found.model_dump_json().encode())
