"""Routes of children."""

from collections.abc import Mapping
from datetime import date

from fastapi import Response
from pydantic import AwareDatetime

from services.members.community.programmes.schemas import ProgrammeId
from services.members.fields import OrganisationId, PersonId
from services.members.trust.children import allowing, counting, domain
from services.members.trust.children.count_schemas import ChildCount, ChildCountChanges, NewChildCount
from services.members.trust.children.rules import Ages
from services.members.trust.children.schemas import (
    Child,
    ChildProgramme,
    ChildProgrammeChanges,
    ChildRecord,
    ChildRecordChanges,
    CountId,
    NewChildProgramme,
    NewChildRecord,
    Rule,
    RuleChanges,
    Withdrawal,
)
from services.members.trust.children.store import Chosen, ChosenCounts
from services.members.trust.jurisdictions import Jurisdiction
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import DUTY, OWN_RECORD

router = Router(prefix="/v1", tags=["Children"])


@router.get("/children", response_model=Page[Child], **needs("children:read", shows=DUTY))
async def list_children(
    call: Call,
    paging: Paging,
    programme: ProgrammeId | None = None,
    review_by: date | None = None,
    lacking: bool | None = None,
) -> Page[Child]:
    """Everybody who is a child, by id and without a name, and what their record lacks.

    `lacking=true`: those to whom nothing is sent and of whom nothing is shown until it is put right, or who are to be
    forgotten and counted instead. `review_by`: whose record is to be looked at again by that day.
    """
    chosen = Chosen(programme, review_by, lacking)
    rows = await call.read(domain.list_children, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, lambda row: Child.of(*row), lambda row: (row.person,))


@router.get("/children/rules", response_model=Page[Rule], **needs("children:read"))
async def list_rules(call: Call) -> Page[Rule]:
    """The ages that hold in each jurisdiction, and where they are from."""
    found: Mapping[Jurisdiction, Ages] = await call.read(allowing.in_force)
    return Page(data=[Rule.of(ages) for ages in found.values()])


@router.patch("/children/rules/{jurisdiction}", response_model=Rule, **needs("children:write"))
async def change_rule(jurisdiction: Jurisdiction, body: RuleChanges, call: Call, expected: Expected) -> Response:
    """Go by other ages in a jurisdiction from now on, such as when its law changes. `ETag: "0"` until it is changed."""
    return tagged(await call.write(allowing.change_ages, jurisdiction, body, expected, answer=Rule.of))


@router.post("/children/programmes", status_code=201, response_model=ChildProgramme, **needs("children:write"))
async def allow_programme(body: NewChildProgramme, call: Call) -> Response:
    """Let a programme name children. Its jurisdiction decides the ages; without an impact assessment it may not."""
    return tagged(await call.write(allowing.allow, body, answer=ChildProgramme.of))


@router.get("/children/programmes", response_model=Page[ChildProgramme], **needs("children:read"))
async def list_child_programmes(call: Call, paging: Paging) -> Page[ChildProgramme]:
    """The programmes that may, or might once, name children."""
    rows = await call.read(allowing.list_programmes, after=paging.after, limit=paging.fetch)
    return paging.page(rows, ChildProgramme.of, lambda row: (row.programme,))


@router.patch("/children/programmes/{programme}", response_model=ChildProgramme, **needs("children:write"))
async def change_child_programme(
    programme: ProgrammeId, body: ChildProgrammeChanges, call: Call, expected: Expected
) -> Response:
    """Change where it takes place or its impact assessment; or end, by `ended_on`, that it may name children."""
    return tagged(await call.write(allowing.change, programme, body, expected, answer=ChildProgramme.of))


@router.post("/children/counts", status_code=201, response_model=ChildCount, **needs("children:write"))
async def count_children(body: NewChildCount, call: Call) -> Response:
    """Count children by the setting that knows them, without a name. This is how children usually take part."""
    return tagged(await call.write(counting.count, body, answer=ChildCount.of))


@router.get("/children/counts", response_model=Page[ChildCount], **needs("children:read"))
async def list_counts(
    call: Call,
    paging: Paging,
    setting: OrganisationId | None = None,
    programme: ProgrammeId | None = None,
    since: date | None = None,
    until: date | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[ChildCount]:
    """Counts of children; `since` and `until` are days that they reach into. They are true counts: not for sharing."""
    chosen = ChosenCounts(setting, programme, since, until, updated_since)
    rows = await call.read(counting.list_counts, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, ChildCount.of, lambda row: (row.id,))


@router.patch("/children/counts/{count}", response_model=ChildCount, **needs("children:write"))
async def correct_count(count: CountId, body: ChildCountChanges, call: Call, expected: Expected) -> Response:
    """Put a count right."""
    return tagged(await call.write(counting.correct, count, body, expected, answer=ChildCount.of))


@router.get("/people/{person}/child-record", response_model=ChildRecord, **needs("children:read", shows=OWN_RECORD))
async def read_child_record(person: PersonId, call: Call, response: Response) -> ChildRecord:
    """Why a child is named: the programme, their own yes, who permitted it, and when it is looked at again."""
    shown = ChildRecord.of(await call.read(domain.read, person))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/people/{person}/child-record", status_code=201, response_model=ChildRecord, **needs("children:write"))
async def enter_child_record(person: PersonId, body: NewChildRecord, call: Call) -> Response:
    """Make the record of somebody who is known and turned out to be a child. 409 `has_record` where there is one."""
    return tagged(await call.write(domain.enter, person, body, answer=ChildRecord.of))


@router.patch("/people/{person}/child-record", response_model=ChildRecord, **needs("children:write"))
async def change_child_record(person: PersonId, body: ChildRecordChanges, call: Call, expected: Expected) -> Response:
    """Change a record, such as after its review: the child's yes is asked anew, and the next review is set."""
    return tagged(await call.write(domain.change, person, body, expected, answer=ChildRecord.of))


@router.post("/people/{person}/child-record/withdraw", response_model=ChildRecord, **needs("children:write"))
async def withdraw_child_record(person: PersonId, body: Withdrawal, call: Call, expected: Expected) -> Response:
    """The child, or whoever permitted it, says no: at once nothing is sent to or shown of them any more."""
    return tagged(await call.write(domain.withdraw, person, body.on, expected, answer=ChildRecord.of))
