"""What payments ask of an award and tell it: live payments are never more than it, and it is active from the first."""

import asyncio
from collections.abc import Callable

import pytest

from services.grants.agreements.models import AgreementMissing
from services.grants.awards import paying
from services.grants.awards.models import Award, NotPayable, OnHold, OverAward
from services.grants.checks.models import ChecksMissing
from shared.errors import AppError
from shared.parts import Parts
from tests.grants.caller import BECAUSE, Caller, gbp


async def step(grants: Caller, verb: Callable[..., Award], *told: object, **named: object) -> Award:
    """What the payments of an award tell it, each in a transaction of its own."""
    parts: Parts = grants.app.state.parts
    db = parts.acting_in(grants.movement)
    return await db.write(verb, grants.movement, *told, **named)


async def test_an_award_is_active_from_its_first_payment_and_closing_gives_back_what_was_not_paid(
    grants: Caller,
) -> None:
    award = await grants.ready_to_pay()
    await step(grants, paying.begin_payment, award, 300_00)
    assert (await grants.refused(f"/v1/awards/{award}/cancel", BECAUSE))[1]["code"] == "payments_under_way"
    await step(grants, paying.note_paid, award, 300_00)
    shown = await grants.get(f"/v1/awards/{award}")
    assert (shown["state"], shown["paying"], shown["paid"]) == ("active", gbp("300.00"), gbp("300.00"))
    closed = await grants.post(f"/v1/awards/{award}/close")
    assert (closed["state"], closed["committed"]) == ("closed", gbp("300.00"))
    assert (await grants.get(f"/v1/rounds/{closed['round']}"))["committed"] == gbp("300.00")


async def test_a_payment_that_came_back_may_be_made_again(grants: Caller) -> None:
    award = await grants.ready_to_pay()
    await step(grants, paying.begin_payment, award, 500_00)
    with pytest.raises(OverAward):
        await step(grants, paying.begin_payment, award, 1)
    await step(grants, paying.note_paid, award, 500_00)
    await step(grants, paying.end_payment, award, 500_00, was_paid=True)
    assert (await step(grants, paying.begin_payment, award, 500_00)).paid == 0


async def test_payments_proposed_at_once_are_never_more_than_the_award(grants: Caller) -> None:
    award = await grants.ready_to_pay()
    proposed = (step(grants, paying.begin_payment, award, 200_00) for _ in range(6))
    answers = await asyncio.gather(*proposed, return_exceptions=True)
    assert [type(answer) for answer in answers if isinstance(answer, AppError)] == [OverAward] * 4
    assert (await grants.get(f"/v1/awards/{award}"))["paying"] == gbp("400.00")


async def test_what_forbids_paying_is_named_one_after_the_other(grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))

    async def refused(why: type[AppError]) -> AppError:
        with pytest.raises(why) as forbidden:
            await step(grants, paying.payable, award)
        return forbidden.value

    assert (await refused(NotPayable)).extra == {"state": "offered"}
    await grants.post(f"/v1/awards/{award}/accept")
    await refused(AgreementMissing)
    await grants.agree(award)
    every = "governing_document,account_signatories,account_name,safeguarding,objects"
    assert (await refused(ChecksMissing)).extra == {"missing": every}
    await grants.check(award)
    assert (await step(grants, paying.payable, award)).id == award
    await grants.post(f"/v1/awards/{award}/hold", BECAUSE)
    await refused(OnHold)
    await grants.post(f"/v1/awards/{award}/release")
    await grants.post(f"/v1/awards/{award}/cancel", BECAUSE)
    assert (await refused(NotPayable)).extra == {"state": "cancelled"}
