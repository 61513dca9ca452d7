"""What the money machine foretells by: the grants service's money in a few lines of memory. Amounts in pence."""

from dataclasses import dataclass, field

HOLDING = ("open", "closed", "assessing", "decided")
"""While a round holds its whole budget of the fund."""


@dataclass(eq=False)
class Contribution:
    """What one funder gave: what of it counts as there to give, and what is in the bank."""

    id: str
    fund: "Fund"
    cleared: int
    restricted: bool
    bank: int

    def refuses_leaving(self, pence: int) -> str | None:
        """Why so much of it neither goes back to its funder nor is taken as a fee."""
        fund_lacks = self.fund.cleared - pence < self.fund.reserved
        if pence > self.cleared or fund_lacks:
            return "not_left"
        return "over_drawn" if pence > self.bank else None

    def left(self, pence: int) -> None:
        self.cleared -= pence
        self.bank -= pence
        self.fund.cleared -= pence


@dataclass
class Fund:
    id: str
    cleared: int = 0
    reserved: int = 0
    contributions: list[Contribution] = field(default_factory=list)

    def pays(self, pence: int) -> dict[Contribution, int]:
        """Whose money so much is: the restricted first, then by age, which on one day is the order of the ids."""
        parts = {}
        for each in sorted(self.contributions, key=lambda one: (not one.restricted, one.id)):
            if part := min(pence, each.bank):
                parts[each] = part
                pence -= part
        assert pence == 0, "a fund lacks what its awards may be paid"
        return parts


@dataclass
class Round:
    id: str
    fund: Fund
    minimum: int
    maximum: int
    budget: int
    committed: int = 0
    state: str = "draft"
    applications: "list[Application]" = field(default_factory=list)

    def refuses_opening(self) -> str | None:
        if self.state != "draft":
            return "illegal_transition"
        return "over_fund" if self.fund.reserved + self.budget > self.fund.cleared else None

    def opened(self) -> None:
        self.state = "open"
        self.fund.reserved += self.budget

    def refuses_step(self, before: str) -> str | None:
        return None if self.state == before else "illegal_transition"

    def refuses_deciding(self) -> str | None:
        return self.refuses_step("assessing") or self._refuses_unanswered()

    def refuses_completing(self) -> str | None:
        return self.refuses_step("decided") or self._refuses_unanswered()

    def _refuses_unanswered(self) -> str | None:
        waiting = any(application.state == "submitted" for application in self.applications)
        return "applications_unanswered" if waiting else None

    def completed(self) -> None:
        self.state = "complete"
        self.fund.reserved -= self.budget - self.committed

    def refuses_cancelling(self) -> str | None:
        if self.state not in ("draft", "open", "closed", "assessing"):
            return "illegal_transition"
        return "round_has_awards" if self.committed else None

    def cancelled(self) -> None:
        self.fund.reserved -= self.budget if self.state in HOLDING else 0
        self.state = "cancelled"

    def refuses_asking(self, amount: int) -> str | None:
        """Why an application for this amount is not taken."""
        return self._refuses(amount, ("open",))

    def refuses_spending(self, amount: int) -> str | None:
        """Why an award of this amount is not offered."""
        return self._refuses(amount, HOLDING)

    def _refuses(self, amount: int, states: tuple[str, ...]) -> str | None:
        if self.state not in states:
            return "round_not_open" if self.state == "draft" else "round_closed"
        return None if self.minimum <= amount <= self.maximum else "invalid"


@dataclass
class Application:
    id: str
    round: Round
    state: str = "submitted"

    def refuses_award(self, amount: int) -> str | None:
        if self.state != "submitted":
            return "already_awarded" if self.state == "awarded" else "illegal_transition"
        over = self.round.committed + amount > self.round.budget
        return self.round.refuses_spending(amount) or ("over_budget" if over else None)

    def awarded(self, amount: int) -> None:
        self.state = "awarded"
        self.round.committed += amount

    def refuses_withdrawal(self) -> str | None:
        return None if self.state == "submitted" else "illegal_transition"


@dataclass
class Award:
    id: str
    application: Application
    amount: int
    state: str = "offered"
    agreed: bool = False
    paid: int = 0
    asked: int = 0
    """What of it is asked back."""
    back: int = 0
    """What the bank sent back after its end, and is to be paid again or let go."""
    payments: list["Payment"] = field(default_factory=list)

    @property
    def owed(self) -> int:
        """What the group accepted and was not paid yet."""
        return self.amount - self.paid if self.state in ("accepted", "active") else 0

    def refuses_answer(self) -> str | None:
        return None if self.state == "offered" else "illegal_transition"

    def refuses_cancelling(self) -> str | None:
        return None if self.state in ("offered", "accepted", "active") else "illegal_transition"

    def refuses_closing(self) -> str | None:
        return None if self.state == "active" else "illegal_transition"

    def refuses_agreement(self) -> str | None:
        return None if self.state in ("offered", "accepted", "active") and not self.agreed else "nothing_to_agree"

    @property
    def payable(self) -> int:
        """How much more may be paid of it: of one that has ended, what the bank sent back since."""
        return self.back if self.state == "ended" else self.amount - self.paid

    def refuses_payment(self, pence: int) -> str | None:
        if self.state not in ("accepted", "active") and not self.back:
            return "award_not_payable"
        if not self.agreed:
            return "agreement_missing"
        return "over_award" if pence > self.payable else None

    def refuses_letting_go(self) -> str | None:
        return None if self.back else "nothing_owed"

    def let_go(self) -> None:
        self._give_back(self.back)
        self.back = 0

    def was_paid(self, payment: "Payment") -> None:
        if self.state == "ended":
            self.back -= payment.pence
        else:
            self.state = "active"
        self.paid += payment.pence
        self.payments.append(payment)
        for contribution, part in payment.parts.items():
            contribution.bank -= part

    def came_back(self, pence: int) -> None:
        """Of one that has ended: it is not asked back any more, or else owed."""
        self.paid -= pence
        if self.state == "ended":
            withdrawn = min(pence, self.asked)
            self.asked -= withdrawn
            self.back += pence - withdrawn
            self._give_back(withdrawn)

    def ended(self) -> None:
        """What was not paid goes back, and what was is asked back; where nothing was, it may be awarded again."""
        self.state, self.asked = "ended", self.paid
        if not self.paid:
            self.application.state = "submitted"
        self._give_back(self.amount - self.paid)

    def closed(self) -> None:
        self.state = "ended"
        self._give_back(self.amount - self.paid)

    def _give_back(self, pence: int) -> None:
        spent = self.application.round
        spent.committed -= pence
        if spent.state not in HOLDING:
            spent.fund.reserved -= pence


@dataclass
class Payment:
    id: str
    award: Award
    pence: int
    parts: dict["Contribution", int]
    returned: bool = False

    def came_back(self) -> None:
        self.returned = True
        self.award.came_back(self.pence)
        for contribution, part in self.parts.items():
            contribution.bank += part
