"""Twenty megabytes, sent where a file may be sent: refused as too large, and neither kept nor paid for."""

import pytest

from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller

TWENTY_MEGABYTES = b"\xff\xd8\xff\xe0" + bytes(20 * 1024 * 1024)


async def money(grants: Caller, award: str) -> list[Json]:
    """All that there is of money: the award, its round and fund, and the ledger."""
    shown = await grants.get(f"/v1/awards/{award}")
    round_ = await grants.get(f"/v1/rounds/{shown['round']}")
    fund = await grants.get(f"/v1/funds/{round_['fund']}")
    return [shown, round_, fund, await grants.get("/v1/ledger/trial-balance")]


@ON_ONE_DATABASE
@pytest.mark.parametrize("what", ["document", "photo"])
async def test_twenty_megabytes_are_refused_and_leave_the_money_alone(grants: Caller, what: str) -> None:
    award = await grants.ready_to_pay()
    application = (await grants.get(f"/v1/awards/{award}"))["application"]
    report = (await grants.post("/v1/grant-reports", {"award": award, "due_on": "2027-01-31"}))["id"]
    before = await money(grants, award)
    if what == "document":
        path, asked = f"/v1/applications/{application}/documents", {"name": "us.jpg"}
        answered = await grants.client.post(path, params=asked, content=TWENTY_MEGABYTES)
    else:
        answered = await grants.client.put(f"/v1/grant-reports/{report}/photo", content=TWENTY_MEGABYTES)
    problem = answered.json()
    assert (answered.status_code, problem["code"], problem["status"]) == (413, "payload_too_large", 413)
    assert await money(grants, award) == before
    assert (await grants.get(f"/v1/applications/{application}/documents"))["data"] == []
    assert not (await grants.get(f"/v1/grant-reports/{report}"))["photo"]
