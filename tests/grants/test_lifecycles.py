"""Which step may follow which, asked of the models alone: no database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from services.grants.applications.models import (
    AlreadyAwarded,
    Application,
    ApplicationState,
    HostNotAgreed,
    HostState,
    NotScreened,
    SubmittedContentFrozen,
)
from services.grants.awards.models import Award, AwardState, NotPayable, OnHold, PaymentsUnderWay
from services.grants.funds.models import Contribution, OverPromise
from services.grants.rounds.models import (
    Round,
    RoundClosed,
    RoundFrozen,
    RoundHasAwards,
    RoundNotOpen,
    RoundState,
)
from services.grants.rounds.rules import ANYBODY, DecisionMode
from shared.lifecycle import IllegalTransition
from shared.money import Money

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
T = TypeVar("T")
A = ApplicationState
HOUR = timedelta(hours=1)


def a_round(
    state: RoundState,
    *,
    committed: int = 0,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Round:
    made = Round(
        version=1,
        decision_mode=DecisionMode.OFFICER,
        currency="GBP",
        minimum=500_00,
        maximum=2_500_00,
        budget=20_000_00,
        committed=committed,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    made.state = state
    return made


def an_application(state: ApplicationState) -> Application:
    return Application(
        group_name="Knit and natter",
        summary="Wool",
        amount=500_00,
        currency="GBP",
        answers={},
        theme=None,
        to_screen=False,
        state=state,
    )


def an_award(state: AwardState, *, paid: int = 0) -> Award:
    return Award(amount=500_00, committed=500_00, paying=paid, paid=paid, state=state, version=1)


@pytest.mark.parametrize(
    ("step", "legal_from"),
    [
        (lambda r: r.publish(NOON), {RoundState.DRAFT}),
        (lambda r: r.open(NOON), {RoundState.DRAFT, RoundState.PUBLISHED}),
        (lambda r: r.close(NOON), {RoundState.OPEN}),
        (lambda r: r.assess(NOON), {RoundState.CLOSED}),
        (lambda r: r.decide(NOON), {RoundState.ASSESSING}),
        (lambda r: r.complete(NOON), {RoundState.DECIDED}),
        (
            lambda r: r.cancel(NOON),
            {RoundState.DRAFT, RoundState.PUBLISHED, RoundState.OPEN, RoundState.CLOSED, RoundState.ASSESSING},
        ),
    ],
    ids=["publish", "open", "close", "assess", "decide", "complete", "cancel"],
)
def test_a_round_takes_only_legal_steps(step: Callable[[Round], int | None], legal_from: set[RoundState]) -> None:
    assert legal_from == {state for state in RoundState if _is_legal(step, a_round(state))}


@pytest.mark.parametrize(
    ("step", "legal_from"),
    [
        (lambda a: a.screen("somebody", None), {A.SUBMITTED}),
        (lambda a: a.find_ineligible("somebody", "place", "elsewhere"), {A.SUBMITTED, A.SCREENED}),
        (lambda a: a.assess(), {A.SCREENED, A.INFORMATION_REQUESTED}),
        (lambda a: a.request_information(), {A.ASSESSING}),
        (lambda a: a.reserve(), {A.SUBMITTED, A.SCREENED, A.ASSESSING}),
        (
            lambda a: a.decline("full", "call us"),
            {A.SUBMITTED, A.SCREENED, A.ASSESSING, A.INFORMATION_REQUESTED, A.RESERVE},
        ),
        (lambda a: a.withdraw(), {A.SUBMITTED, A.SCREENED, A.ASSESSING, A.INFORMATION_REQUESTED, A.RESERVE}),
        (lambda a: a.check_award(), {A.SUBMITTED, A.SCREENED, A.ASSESSING, A.RESERVE}),
        (lambda a: a.stand_again(), {A.AWARDED}),
    ],
    ids=["screen", "rule out", "assess", "ask", "reserve", "decline", "withdraw", "award", "stand again"],
)
def test_an_application_takes_only_legal_steps(
    step: Callable[[Application], None], legal_from: set[ApplicationState]
) -> None:
    assert legal_from == {state for state in ApplicationState if _is_legal(step, an_application(state))}


@pytest.mark.parametrize(
    ("step", "legal_from"),
    [
        (Award.accept, {AwardState.OFFERED}),
        (Award.lapse, {AwardState.OFFERED}),
        (Award.refuse, {AwardState.OFFERED}),
        (Award.cancel, {AwardState.OFFERED, AwardState.ACCEPTED, AwardState.ACTIVE}),
        (Award.start, {AwardState.ACCEPTED}),
        (Award.hold, {AwardState.ACCEPTED, AwardState.ACTIVE}),
        (Award.close, {AwardState.ACTIVE}),
    ],
)
def test_an_award_takes_only_legal_steps(
    step: Callable[[Award, datetime], object], legal_from: set[AwardState]
) -> None:
    assert legal_from == {state for state in AwardState if _is_legal(lambda award: step(award, NOON), an_award(state))}


@pytest.mark.parametrize("state", AwardState)
def test_money_goes_out_for_what_is_accepted_or_active_and_not_on_hold(state: AwardState) -> None:
    award = an_award(state)
    if state not in (AwardState.ACCEPTED, AwardState.ACTIVE):
        with pytest.raises(NotPayable):
            award.check_payable()
        return
    award.check_payable()
    award.hold(NOON)
    with pytest.raises(OnHold):
        award.check_payable()


def test_what_was_paid_stays_committed_when_an_award_ends() -> None:
    award = an_award(AwardState.ACTIVE, paid=200_00)
    assert award.cancel(NOON) == 300_00
    assert award.committed == 200_00


def test_an_award_does_not_end_while_a_payment_is_under_way() -> None:
    award = an_award(AwardState.ACTIVE, paid=200_00)
    award.paying += 1
    with pytest.raises(PaymentsUnderWay):
        award.close(NOON)


def test_a_refused_step_leaves_the_state_and_names_it() -> None:
    closed = a_round(RoundState.CLOSED)
    with pytest.raises(IllegalTransition) as refused:
        closed.open(NOON)
    assert closed.state == RoundState.CLOSED
    assert refused.value.extra == {"state": "closed"}


def test_completing_gives_back_what_was_not_awarded() -> None:
    assert a_round(RoundState.DECIDED, committed=5_000_00).complete(NOON) == 15_000_00


def test_cancelling_gives_back_what_the_round_held() -> None:
    assert a_round(RoundState.DRAFT).cancel(NOON) == 0
    assert a_round(RoundState.OPEN).cancel(NOON) == 20_000_00


def test_a_round_with_live_awards_is_not_cancelled() -> None:
    with pytest.raises(RoundHasAwards):
        a_round(RoundState.OPEN, committed=500_00).cancel(NOON)


def test_an_award_that_ends_goes_to_the_fund_only_once_its_round_has_ended() -> None:
    for state in (RoundState.OPEN, RoundState.CLOSED, RoundState.ASSESSING, RoundState.DECIDED):
        assert a_round(state, committed=500_00).release(500_00) == 0
    assert a_round(RoundState.COMPLETE, committed=500_00).release(500_00) == 500_00


@pytest.mark.parametrize(
    ("rule", "first", "then"),
    [
        ("minimum", 1_000_00, 1_500_00),
        ("maximum", 1_000_00, 1_500_00),
        ("budget", 1_000_00, 1_500_00),
        ("form_version", "formver_1", "formver_2"),
        ("decision_mode", "panel", "draw"),
        ("tie_rule", "draw", "place_then_draw"),
        ("quorum", 2, 1),
        ("eligibility", ANYBODY, {**ANYBODY, "themes": ["food"]}),
    ],
)
def test_rules_are_frozen_once_open(rule: str, first: object, then: object) -> None:
    drafted = a_round(RoundState.DRAFT)
    setattr(drafted, rule, first)
    drafted.open(NOON)
    with pytest.raises(RoundFrozen):
        setattr(drafted, rule, then)
    assert getattr(drafted, rule) == first


def test_applications_are_taken_from_the_opening_instant_until_just_before_the_closing_one() -> None:
    timed = a_round(RoundState.OPEN, opens_at=NOON, closes_at=NOON + HOUR)
    with pytest.raises(RoundNotOpen):
        timed.check_applications(NOON - timedelta(milliseconds=1))
    timed.check_applications(NOON)
    timed.check_applications(NOON + HOUR - timedelta(milliseconds=1))
    with pytest.raises(RoundClosed):
        timed.check_applications(NOON + HOUR)


def test_a_round_awards_from_its_opening_until_it_is_over() -> None:
    for state in (RoundState.OPEN, RoundState.CLOSED, RoundState.ASSESSING, RoundState.DECIDED):
        a_round(state, closes_at=NOON).check_awards()
    for early in (RoundState.DRAFT, RoundState.PUBLISHED):
        with pytest.raises(RoundNotOpen):
            a_round(early).check_awards()
    for over in (RoundState.COMPLETE, RoundState.CANCELLED):
        with pytest.raises(RoundClosed):
            a_round(over).check_awards()


def test_a_round_does_not_open_after_its_closing_instant() -> None:
    with pytest.raises(RoundClosed):
        a_round(RoundState.DRAFT, closes_at=NOON).open(NOON)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (Money.of(499_99, "GBP"), "outside_limits"),
        (Money.of(500_00, "GBP"), None),
        (Money.of(2_500_00, "GBP"), None),
        (Money.of(2_500_01, "GBP"), "outside_limits"),
        (Money.of(0, "GBP"), "outside_limits"),
        (Money.of(500_00, "EUR"), "wrong_currency"),
    ],
)
def test_the_limits_of_a_round_are_inclusive_and_in_its_currency(amount: Money, code: str | None) -> None:
    assert [fault.code for fault in a_round(RoundState.OPEN).amount_faults(amount)] == ([code] if code else [])


@pytest.mark.parametrize("field", ["group_name", "summary", "amount", "currency", "answers", "theme"])
def test_what_was_submitted_is_not_rewritten(field: str) -> None:
    application = an_application(ApplicationState.SUBMITTED)
    before = getattr(application, field)
    with pytest.raises(SubmittedContentFrozen):
        setattr(application, field, before)


def test_an_awarded_application_is_refused_as_awarded() -> None:
    with pytest.raises(AlreadyAwarded):
        an_application(ApplicationState.AWARDED).check_award()


def test_what_is_not_plainly_eligible_is_screened_before_an_award() -> None:
    unclear = an_application(ApplicationState.SUBMITTED)
    unclear.to_screen = True
    with pytest.raises(NotScreened):
        unclear.check_award()
    unclear.screen("somebody", None)
    unclear.check_award()


def test_no_award_while_the_host_has_not_agreed() -> None:
    hosted = an_application(ApplicationState.SCREENED)
    for answer in (HostState.ASKED, HostState.REFUSED):
        hosted.host_state = answer
        with pytest.raises(HostNotAgreed):
            hosted.check_award()
    hosted.host_state = HostState.AGREED
    hosted.check_award()


@pytest.mark.parametrize("stood", [A.SUBMITTED, A.SCREENED, A.ASSESSING, A.RESERVE])
def test_an_application_whose_award_ends_stands_where_it_stood(stood: ApplicationState) -> None:
    awarded = an_application(ApplicationState.AWARDED)
    awarded.stood_as = stood
    awarded.stand_again()
    assert awarded.state == stood
    assert awarded.stood_as is None


def test_no_more_clears_than_was_promised() -> None:
    contribution = Contribution(promised=100_00, cleared=0, fees=0, returned=0, moved=0)
    contribution.clear(60_00)
    with pytest.raises(OverPromise):
        contribution.clear(40_01)
    contribution.clear(40_00)
    assert contribution.cleared == 100_00


def _is_legal(step: Callable[[T], object], subject: T) -> bool:
    try:
        step(subject)
    except (IllegalTransition, AlreadyAwarded):
        return False
    return True
