"""Records of awards stay whole for years after the end of the financial year; then who is in them is forgotten."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.agreements.models import Signatory
from services.grants.applications.models import ApplicationContact
from services.grants.awards.keeping import forget_old
from services.grants.payees.models import Account
from shared import clock
from tests.grants.caller import Caller, asking
from tests.grants.sending import paid_by_the_bank

ENDED = datetime(2027, 1, 15, 12, tzinfo=UTC)
KEPT_UNTIL = datetime(2033, 3, 31, 12, tzinfo=UTC)
"""Six years after 31 March 2027, the end of the financial year in which the award was closed."""


async def closed_award(grants: Caller, colleague: Caller) -> tuple[str, str]:
    """An application with a contact, and its award: paid, reported on and closed."""
    contact = {"name": "Ada Byron", "phone": "01452 555010"}
    said = asking(await grants.open_round(), contact=contact, summary="Ada asks for wool")
    application = (await grants.post("/v1/applications", said))["id"]
    award = await grants.award(application)
    await grants.agree(award)
    await grants.check(award)
    await grants.payee(award)
    await paid_by_the_bank(grants, colleague, award, "500.00")
    report = (await grants.post("/v1/grant-reports", {"award": award, "due_on": "2027-01-14"}))["id"]
    told = {"happened": "Ada knitted", "took_part": "Ada and Bo", "changed_for_people": "Ada has friends"}
    await grants.edit("PATCH", f"/v1/grant-reports/{report}", told)
    await grants.post(f"/v1/grant-reports/{report}/submit", status=200)
    await grants.post(f"/v1/grant-reports/{report}/accept", status=200)
    await grants.post(f"/v1/awards/{award}/close")
    return application, award


async def test_six_years_after_the_financial_year_people_go_out_of_it_and_the_award_and_its_money_stay(
    app: FastAPI, grants: Caller, colleague: Caller
) -> None:
    parts = app.state.parts
    application, award = await closed_award(grants, colleague)
    running = await grants.ready_to_pay()
    await grants.payee(running)

    def moved(session: Session) -> None:
        ended = "UPDATE awards SET ended_at = :at WHERE id = :award"
        session.execute(sa.text(ended), {"at": round(ENDED.timestamp() * 1_000_000), "award": award})

    await parts.db.write(moved)
    before = await grants.get(f"/v1/awards/{award}/funders")
    with clock.frozen(KEPT_UNTIL):
        assert await forget_old(parts) == 0
    with clock.frozen(KEPT_UNTIL + timedelta(days=1)):
        assert [await forget_old(parts) for _ in range(2)] == [1, 0]

    def left(session: Session) -> list[int]:
        whole = sa.select(sa.func.count()).select_from(Account).where(Account.sealed.is_not(None))
        rows = [sa.select(sa.func.count()).select_from(table) for table in (ApplicationContact, Signatory)]
        return [session.scalar(query) or 0 for query in (*rows, whole)]

    assert await parts.db.read(left) == [0, 1, 1]  # those of the award that runs
    shown = await grants.get(f"/v1/applications/{application}")
    assert (shown["group_name"], shown["summary"], shown["amount"]["amount"]) == ("Knit and natter", "", "500.00")
    (report,) = await grants.every("/v1/grant-reports", award=award)
    assert (report["state"], report["happened"], report["took_part"]) == ("accepted", None, None)
    (payee,) = await grants.every("/v1/payees", award=award)
    assert payee["account"]["last_four"] == "4958"
    assert (await grants.get(f"/v1/awards/{award}/funders")) == before
    assert (await grants.get("/v1/ledger/verification"))["verified"]
