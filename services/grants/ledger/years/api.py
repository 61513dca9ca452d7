"""Routes of financial years."""

from typing import Annotated

from fastapi import Path, Response

from services.grants.acting import by_user
from services.grants.ledger.years import domain, store
from services.grants.ledger.years.calendar import DayOfYear
from services.grants.ledger.years.schemas import ClosedYear, Closing, Year, YearEndChange, YearEnds
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.ids import Id
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/ledger", tags=["ledger"])

YearId = Annotated[str, Id("year"), Path()]


@router.get("/year-end", **needs("ledger:read"))
async def get_year_end(call: Call, response: Response) -> YearEnds:
    """On which day the movement's financial years end, which were closed, and which is the next."""
    default = call.parts.settings.financial_year_ends
    shown = YearEnds.of(await call.read(domain.year_ends, default))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/year-end", response_model=YearEnds, **needs("ledger:write", user=True))
async def change_year_end(body: YearEndChange, call: Call, expected: Expected) -> Response:
    """Let financial years end on another day: the open one, and those after it. A closed one stays as it was."""
    by_user(call)
    day, default = DayOfYear.read(body.ends), call.parts.settings.financial_year_ends
    return tagged(await call.write(domain.change_year_ends, day, expected, default, answer=YearEnds.of))


@router.get("/years", **needs("ledger:read"))
async def list_closed_years(call: Call, paging: Paging) -> Page[Year]:
    """The financial years that were closed, oldest first."""
    rows = await call.read(store.list_years, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Year.of, lambda year: (year.id,))


@router.post("/years", status_code=201, response_model=ClosedYear, **needs("ledger:write", user=True))
async def close_year(body: Closing, call: Call) -> Response:
    """Close the next financial year, for good: its income and expenses are carried over, and nothing is dated into it.

    What was wrong in it is corrected by reversal in the open year. 409 `year_not_over`; 422 `not_the_next` names the
    year that has to be closed first; 403 `needs_a_user` for a key.
    """
    default = call.parts.settings.financial_year_ends
    return await call.write(domain.close_year, body.ends_on, by_user(call), default, answer=ClosedYear.with_statement)


@router.get("/years/{year_id}", **needs("ledger:read"))
async def get_closed_year(year_id: YearId, call: Call) -> ClosedYear:
    """A closed year and its statement."""
    return ClosedYear.with_statement(await call.read(domain.get_year, year_id))
