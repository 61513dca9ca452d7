"""Payees: bank details are sealed and never answered, entered by people alone, and a change waits for a call."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.grants.acting import Acting
from services.grants.payees.domain import enter_account
from services.grants.payees.entering import Entering
from services.grants.payees.models import Account
from services.grants.payees.modulus import Check, Table
from services.grants.payees.schemas import BankDetails
from shared.auth import Principal
from shared.errors import Invalid
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import DETAILS, Caller

pytestmark = ON_ONE_DATABASE
OTHERS = DETAILS | {"account_number": "12345678"}
CALLED = {"known_from": "the number on the application form"}


@pytest.fixture
async def payee(grants: Caller) -> Json:
    """The payee of an award."""
    return await grants.payee(await grants.award(await grants.application(await grants.open_round())))


async def test_four_digits_are_shown_and_the_rest_is_sealed(app: FastAPI, grants: Caller, payee: Json) -> None:
    shown = await grants.get(f"/v1/payees/{payee['id']}")
    assert shown == payee
    assert (shown["account"]["last_four"], shown["account"]["check"], shown["account"]["waits"]) == (
        "4958",
        "not_run",
        False,
    )
    assert (await grants.get("/v1/payees", award=payee["award"]))["data"] == [shown]
    kept = await app.state.parts.db.read(lambda session: session.scalars(sa.select(Account)).one())
    assert kept.sealed is not None
    assert not [plain for plain in (b"66374958", b"089999", b"Knit") if plain in kept.sealed]
    for secret in ("66374958", "089999", "08-99-99", "Natter Club"):
        assert secret not in repr(await grants.published())
        assert secret not in repr(shown)


async def test_a_key_changes_nothing_about_a_payee(grants: Caller, key: Caller, payee: Json) -> None:
    path = f"/v1/payees/{payee['id']}"
    assert (await key.get(path))["id"] == payee["id"]
    refused = [
        await key.refused_edit("POST", "/v1/payees", {"award": payee["award"], "name": "Mine"}),
        await key.refused_edit("PATCH", path, {"name": "Mine"}),
        await key.refused_edit("PUT", f"{path}/account", OTHERS),
        await key.refused_edit("POST", f"{path}/verify", CALLED),
    ]
    assert refused == [(403, "needs_a_user")] * 4
    assert await grants.get(path) == payee


async def test_changed_details_wait_for_a_call_by_somebody_else(grants: Caller, colleague: Caller, payee: Json) -> None:
    path = f"/v1/payees/{payee['id']}"
    changed = await grants.edit("PUT", f"{path}/account", OTHERS)
    assert (changed["account"]["last_four"], changed["account"]["waits"]) == ("5678", True)
    assert await grants.refused_edit("POST", f"{path}/verify", CALLED) == (403, "own_edit")
    verified = await colleague.edit("POST", f"{path}/verify", CALLED)
    assert verified["account"]["waits"] is False
    assert await colleague.refused_edit("POST", f"{path}/verify", CALLED) == (409, "not_waiting")
    told = [kind for kind, _ in await grants.published(payee["id"])]
    assert told == ["payee.named", "payee.account_entered", "payee.account_entered", "payee.account_verified"]


async def test_the_same_details_entered_again_wait_as_well(grants: Caller, payee: Json) -> None:
    again = await grants.edit("PUT", f"/v1/payees/{payee['id']}/account", DETAILS)
    assert again["account"]["waits"] is True


async def test_details_given_later_are_the_first_and_need_no_call(grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    named = await grants.post("/v1/payees", {"award": award, "name": "Parish hall", "kind": "host"})
    assert (named["account"], named["kind"]) == (None, "host")
    entered = await grants.edit("PUT", f"/v1/payees/{named['id']}/account", DETAILS)
    assert entered["account"]["waits"] is False


async def test_an_edit_names_the_version_that_it_is_of(grants: Caller, payee: Json) -> None:
    path = f"/v1/payees/{payee['id']}"
    named = await grants.edit("PATCH", path, {"name": "The knitters"}, '"1"')
    assert (named["name"], named["version"], named["account"]) == ("The knitters", 2, payee["account"])
    assert await grants.refused_edit("PATCH", path, {"name": "Late"}, '"1"') == (412, "precondition_failed")
    answered = await grants.client.put(f"{path}/account", json=OTHERS)
    assert answered.status_code == 428


async def test_an_award_has_one_payee(grants: Caller, payee: Json) -> None:
    status, problem = await grants.refused("/v1/payees", {"award": payee["award"], "name": "Another"})
    assert (status, problem["code"], problem["payee"]) == (409, "payee_exists", payee["id"])


@pytest.mark.parametrize(
    ("field", "written"),
    [("sort_code", "0899990"), ("sort_code", "08/99/99"), ("account_number", "12345"), ("account_number", "123456789"),
     ("account_number", "1234567x"), ("name_on_account", "")],
)  # fmt: skip
async def test_malformed_details_are_refused_without_being_repeated(
    grants: Caller, payee: Json, field: str, written: str
) -> None:
    answered = await grants.client.put(
        f"/v1/payees/{payee['id']}/account", json=DETAILS | {field: written}, headers={"if-match": "*"}
    )
    assert answered.status_code == 422
    assert list(faults(answered.json())) == [f"/{field}"]
    assert not written or written not in answered.text


@pytest.mark.parametrize(
    ("sort_code", "number", "check"),
    [("089999", "12340000", "not_disproved"), ("089999", "12340001", None), ("107999", "12340001", "not_covered")],
)
async def test_details_that_the_banks_own_table_disproves_are_refused(
    app: FastAPI, grants: Caller, payee: Json, sort_code: str, number: str, check: str | None
) -> None:
    user = new_id("user")
    by = Acting(user, Principal(new_id("session"), grants.movement, frozenset("*"), user=user))
    table = Table([Check.parse("080000 089999 MOD10 0 0 0 0 0 0 1 1 1 1 1 1 1 1")], {})
    parts: Parts = app.state.parts
    entering = Entering(by, parts.secrets, table)
    said = BankDetails.model_validate(DETAILS | {"sort_code": sort_code, "account_number": number})
    entered = parts.acting_in(grants.movement).write(enter_account, grants.movement, payee["id"], said, None, entering)
    if check is not None:
        _, account = await entered
        assert account is not None
        assert account.checked == check
        return
    with pytest.raises(Invalid) as refused:
        await entered
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/account_number", "fails_modulus_check")
    ]


async def test_details_that_were_replaced_are_deleted(app: FastAPI, grants: Caller, payee: Json) -> None:
    await grants.edit("PUT", f"/v1/payees/{payee['id']}/account", OTHERS)
    by_entering = sa.select(Account.sealed).order_by(Account.id)
    first, second = await app.state.parts.db.read(lambda session: session.scalars(by_entering).all())
    assert (first, second is not None) == (None, True)


async def test_a_short_account_number_is_filled_up_with_noughts(grants: Caller, payee: Json) -> None:
    entered = await grants.edit("PUT", f"/v1/payees/{payee['id']}/account", DETAILS | {"account_number": "123456"})
    assert entered["account"]["last_four"] == "3456"


async def test_the_database_itself_refuses_that_who_entered_details_verifies_them(app: FastAPI, payee: Json) -> None:
    def forge(session: Session) -> None:
        session.execute(sa.update(Account).values(verified_by=Account.entered_by, verified_at=Account.entered_at))

    with pytest.raises(IntegrityError):
        await app.state.parts.db.write(forge)
