"""Any sequence of steps keeps the money right: each answer is foretold, and every sum equals a replay of the rows.

Hypothesis chooses the steps, legal or not, in a movement of its own for each example. Amounts are small numbers of
hundreds of pounds, so that budgets are met exactly, missed and passed.
"""

import asyncio
from collections.abc import Callable
from typing import ClassVar, TypeVar

from beancount import loader
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.grants.applications import domain as applications
from services.grants.awards import domain as awards
from services.grants.awards.models import Award
from services.grants.checks import domain as checks
from services.grants.checks.schemas import NewRules
from services.grants.funds import domain as funds
from services.grants.funds import leaving
from services.grants.funds.models import Contribution
from services.grants.rounds import domain as rounds
from services.grants.rounds.models import Round
from services.grants.rounds.schemas import NewRound
from shared.auth import service_principal
from shared.db import Context, Database, open_database
from shared.errors import AppError
from shared.ids import new_id
from shared.money import Money
from tests.grants import money_model as model
from tests.grants.money_steps import Sums, agreed, asking, books, paid, sent_back, sums, written
from tests.plugins.parts import scale

T = TypeVar("T")
AMOUNT = st.integers(1, 8).map(lambda hundreds: hundreds * 100_00)
BUDGET = st.integers(1, 20).map(lambda hundreds: hundreds * 100_00)
STEPS = [
    ("open", rounds.close_round, "closed"),
    ("closed", rounds.assess_round, "assessing"),
]
"""What a round goes through between its opening and its end: from which state, by which verb, to which."""


class MoneyMachine(RuleBasedStateMachine):
    """Each rule takes one step through a verb, and holds its answer to what the model foretells."""

    runner: ClassVar[asyncio.Runner]
    database: ClassVar[Database]
    a_fund: Bundle[model.Fund] = Bundle("fund")
    a_round: Bundle[model.Round] = Bundle("round")
    an_application: Bundle[model.Application] = Bundle("application")
    an_award: Bundle[model.Award] = Bundle("award")
    a_contribution: Bundle[model.Contribution] = Bundle("contribution")
    a_payment: Bundle[model.Payment] = Bundle("payment")

    def __init__(self) -> None:
        super().__init__()
        self.movement = new_id("movement")
        self.principal = service_principal("grants", self.movement)
        self.funds: list[model.Fund] = []
        self.rounds: list[model.Round] = []

    def attempt(self, refusal: str | None, verb: Callable[..., T], *arguments: object, **named: object) -> T | None:
        """Take a step, which must be refused with this code or, where it is None, succeed."""
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        made, code = None, None
        try:
            made = self.runner.run(bound.write(verb, self.movement, *arguments, **named))
        except AppError as refused:
            code = refused.code
        assert code == refusal
        return made

    def at_once(self, *steps: tuple[Callable[..., object], *tuple[object, ...]]) -> list[str]:
        """Take steps that contend for the same money; the code by which each was refused, or nothing."""
        bound = self.database.on_behalf(Context(self.movement, "machine"))

        async def take(verb: Callable[..., object], *arguments: object) -> str:
            try:
                await bound.write(verb, self.movement, *arguments)
            except AppError as refused:
                return refused.code
            return ""

        async def race() -> list[str]:
            return await asyncio.gather(*(take(*step) for step in steps))

        return self.runner.run(race())

    @initialize(target=an_award, amount=AMOUNT, restriction=st.sampled_from([None, "Walking only"]))
    def begin(self, amount: int, restriction: str | None) -> MultipleResults[model.Award]:
        """An award that is agreed and may be paid, of a fund of two funders: what most of the rest is about."""
        fund = self.make_fund()
        for pence in (300_00, 1_700_00):
            self.give(fund, pence, restriction if pence > amount else None)
        chosen = self.draft(fund, amount, amount, 2_000_00)
        assert chosen is not None
        self.open_round(chosen)
        application = self.submit(chosen, amount)
        offered = self.attempt(None, awards.offer_award, self.principal, application.id, Money.of(amount, "GBP"))
        assert offered is not None
        application.awarded(amount)
        award = model.Award(offered.id, application, amount)
        self.agree(award)
        return multiple(award)

    @rule(target=a_fund)
    def create_fund(self) -> MultipleResults[model.Fund]:
        return multiple(self.make_fund())

    def make_fund(self) -> model.Fund:
        """A fund without money, whose awards need no check."""
        words = {"name": "Seeds", "grant_maker": "Us", "purpose": "Being active"}
        made = self.attempt(None, funds.create_fund, currency="GBP", **words)
        assert made is not None
        self.attempt(None, checks.set_rules, made.fund.id, NewRules(rules=[]), None)
        self.funds.append(model.Fund(made.fund.id))
        return self.funds[-1]

    @rule(target=a_contribution, fund=a_fund, pence=BUDGET, restriction=st.sampled_from([None, "Walking only"]))
    def clear_money(self, fund: model.Fund, pence: int, restriction: str | None) -> MultipleResults[model.Contribution]:
        return multiple(self.give(fund, pence, restriction))

    def give(self, fund: model.Fund, pence: int, restriction: str | None) -> model.Contribution:
        """A contribution that has cleared."""
        amount = Money.of(pence, "GBP")
        given = {"funder": "Lottery", "promised": amount, "cleared": amount, "restriction": restriction}
        made = self.attempt(None, funds.promise_contribution, fund.id, fee_allowed=True, **given)
        assert made is not None
        fund.cleared += pence
        fund.contributions.append(model.Contribution(made.id, fund, pence, restriction is not None, pence))
        return fund.contributions[-1]

    @rule(contribution=a_contribution, pence=AMOUNT, verb=st.sampled_from([leaving.take_fee, leaving.give_back]))
    def let_money_leave(self, contribution: model.Contribution, pence: int, verb: Callable[..., Contribution]) -> None:
        where = (self.principal, contribution.fund.id, contribution.id, Money.of(pence, "GBP"))
        if self.attempt(contribution.refuses_leaving(pence), verb, *where) is not None:
            contribution.left(pence)

    @rule(target=a_round, fund=a_fund, minimum=AMOUNT, span=AMOUNT, budget=BUDGET)
    def draft_round(self, fund: model.Fund, minimum: int, span: int, budget: int) -> MultipleResults[model.Round]:
        drafted = self.draft(fund, minimum, minimum + span, budget)
        return multiple() if drafted is None else multiple(drafted)

    def draft(self, fund: model.Fund, minimum: int, maximum: int, budget: int) -> model.Round | None:
        """A draft of a round, if its budget reaches for one award."""
        pence = {"minimum": minimum, "maximum": maximum, "budget": budget}
        rules = {name: Money.of(amount, "GBP") for name, amount in pence.items()}
        said = NewRound.model_validate({"fund": fund.id, "title": "Seeds", **rules})
        made = self.attempt("invalid" if budget < minimum else None, rounds.draft_round, said)
        if made is None:
            return None
        self.rounds.append(model.Round(made.id, fund, minimum, maximum, budget))
        return self.rounds[-1]

    @rule(chosen=a_round)
    def open_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_opening(), rounds.open_round, chosen.id) is not None:
            chosen.opened()

    @rule(chosen=a_round, step=st.sampled_from(STEPS))
    def move_round_on(self, chosen: model.Round, step: tuple[str, Callable[..., Round], str]) -> None:
        before, verb, after = step
        if self.attempt(chosen.refuses_step(before), verb, chosen.id) is not None:
            chosen.state = after

    @rule(chosen=a_round)
    def decide_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_deciding(), rounds.decide_round, chosen.id) is not None:
            chosen.state = "decided"

    @rule(chosen=a_round)
    def complete_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_completing(), rounds.complete_round, chosen.id) is not None:
            chosen.completed()

    @rule(chosen=a_round)
    def cancel_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_cancelling(), rounds.cancel_round, chosen.id, "Gone") is not None:
            chosen.cancelled()

    @rule(target=an_application, chosen=a_round, amount=AMOUNT)
    def submit_application(self, chosen: model.Round, amount: int) -> MultipleResults[model.Application]:
        refusal = chosen.refuses_asking(amount)
        made = self.attempt(refusal, applications.submit_application, asking(chosen, amount), "machine")
        if made is None:
            return multiple()
        chosen.applications.append(model.Application(made.id, chosen))
        return multiple(chosen.applications[-1])

    def submit(self, chosen: model.Round, amount: int) -> model.Application:
        """An application that is taken."""
        made = self.attempt(None, applications.submit_application, asking(chosen, amount), "machine")
        assert made is not None
        chosen.applications.append(model.Application(made.id, chosen))
        return chosen.applications[-1]

    @rule(application=an_application)
    def withdraw_application(self, application: model.Application) -> None:
        refusal = application.refuses_withdrawal()
        if self.attempt(refusal, applications.withdraw_application, application.id) is not None:
            application.state = "withdrawn"

    @rule(target=an_award, application=an_application, amount=AMOUNT)
    def offer_award(self, application: model.Application, amount: int) -> MultipleResults[model.Award]:
        refusal = application.refuses_award(amount)
        made = self.attempt(refusal, awards.offer_award, self.principal, application.id, Money.of(amount, "GBP"))
        if made is None:
            return multiple()
        application.awarded(amount)
        return multiple(model.Award(made.id, application, amount))

    @rule(award=an_award)
    def accept_award(self, award: model.Award) -> None:
        if self.attempt(award.refuses_answer(), awards.accept_award, award.id) is not None:
            award.state = "accepted"

    @rule(award=an_award, step=st.sampled_from([awards.lapse_award, awards.refuse_award]))
    def end_offer(self, award: model.Award, step: Callable[..., Award]) -> None:
        if self.attempt(award.refuses_answer(), step, award.id) is not None:
            award.ended()

    @rule(award=an_award)
    def cancel_award(self, award: model.Award) -> None:
        if self.attempt(award.refuses_cancelling(), awards.cancel_award, award.id, "Gone") is not None:
            award.ended()

    @rule(award=an_award)
    def close_award(self, award: model.Award) -> None:
        if self.attempt(award.refuses_closing(), awards.close_award, award.id) is not None:
            award.closed()

    @rule(award=an_award)
    def agree(self, award: model.Award) -> None:
        if self.attempt(award.refuses_agreement(), agreed, award.id) is not None:
            award.agreed = True
            award.state = "accepted" if award.state == "offered" else award.state

    @rule(target=a_payment, award=an_award, pence=AMOUNT)
    def pay(self, award: model.Award, pence: int) -> MultipleResults[model.Payment]:
        payment = new_id("payment")
        fund = award.application.round.fund
        if self.attempt(award.refuses_payment(pence), paid, fund.id, award.id, payment, pence) is None:
            return multiple()
        award.was_paid(model.Payment(payment, award, pence, fund.pays(pence)))
        return multiple(award.payments[-1])

    @rule(payment=a_payment)
    def send_back(self, payment: model.Payment) -> None:
        award, refusal = payment.award, "already_reversed" if payment.returned else None
        if self.attempt(refusal, sent_back, award.id, payment.id, payment.pence) is not None:
            payment.came_back()

    @rule(award=an_award)
    def let_award_go(self, award: model.Award) -> None:
        if self.attempt(award.refuses_letting_go(), awards.let_go, award.id, "Gone") is not None:
            award.let_go()

    @rule(chosen=a_round, amount=AMOUNT, actors=st.integers(2, 6))
    def race_for_a_round(self, chosen: model.Round, amount: int, actors: int) -> None:
        """Several offer what a round has left at once: as many get it as it reaches for, whoever they are."""
        if chosen.refuses_asking(amount) is not None:
            return
        asked = [self.submit(chosen, amount) for _ in range(actors)]
        offers = [(awards.offer_award, self.principal, each.id, Money.of(amount, "GBP")) for each in asked]
        answers = self.at_once(*offers)
        reaches = min(actors, (chosen.budget - chosen.committed) // amount)
        assert sorted(answers) == sorted(["over_budget"] * (actors - reaches) + [""] * reaches)
        for application, answer in zip(asked, answers, strict=True):
            if not answer:
                application.awarded(amount)

    @rule(award=an_award, pence=AMOUNT, actors=st.integers(2, 4))
    def race_for_an_award(self, award: model.Award, pence: int, actors: int) -> None:
        """Several pay of an award at once: never more than it is, and each pound is somebody's."""
        if award.refuses_payment(pence) is not None:
            return
        fund, payments = award.application.round.fund, [new_id("payment") for _ in range(actors)]
        answers = self.at_once(*((paid, fund.id, award.id, each, pence) for each in payments))
        reaches = min(actors, award.payable // pence)
        none_left = award.state == "ended" and award.back == reaches * pence
        refused = "award_not_payable" if none_left else "over_award"
        assert sorted(answers) == sorted([refused] * (actors - reaches) + [""] * reaches)
        for _ in range(reaches):
            award.was_paid(model.Payment("", award, pence, fund.pays(pence)))

    @invariant()
    def the_money_is_right(self) -> None:
        kept, replayed = self.runner.run(self.database.read(sums, self.movement))
        assert kept == replayed
        foretold: Sums = {fund.id: (fund.cleared, fund.reserved) for fund in self.funds}
        foretold |= {each.id: (each.committed,) for each in self.rounds}
        assert kept == foretold
        assert all(0 <= each.committed <= each.budget for each in self.rounds)
        assert all(0 <= fund.reserved <= fund.cleared for fund in self.funds)

    @invariant()
    def the_ledger_is_right(self) -> None:
        held, owed = self.runner.run(self.database.read(books, self.movement))
        assert sum(held.values()) == 0
        assert held.get("bank", 0) == sum(each.bank for fund in self.funds for each in fund.contributions)
        assert held.get("promised", 0) == 0
        assert -held.get("grants_payable", 0) == owed

    def teardown(self) -> None:
        text = self.runner.run(written(self.database, self.movement))
        assert loader.load_string(text)[1] == []


def test_every_sequence_of_steps_keeps_the_money_right(service_url: str) -> None:
    with asyncio.Runner() as runner:
        database = open_database(service_url, pool=2)
        runner.run(database.open())
        MoneyMachine.runner, MoneyMachine.database = runner, database
        run_state_machine_as_test(
            MoneyMachine,
            settings=settings(
                max_examples=scale(5),
                stateful_step_count=40,
                suppress_health_check=list(HealthCheck),
            ),
        )
        runner.run(database.close())
