"""What the money machine foretells by: the grants service's money in a few lines of memory. Amounts in pence."""

from dataclasses import dataclass

HOLDING = ("open", "closed", "assessing", "decided")
"""While a round holds its whole budget of the fund."""


@dataclass
class Fund:
    id: str
    cleared: int = 0
    reserved: int = 0


@dataclass
class Round:
    id: str
    fund: Fund
    minimum: int
    maximum: int
    budget: int
    committed: int = 0
    state: str = "draft"

    def refuses_opening(self) -> str | None:
        if self.state != "draft":
            return "illegal_transition"
        return "over_fund" if self.fund.reserved + self.budget > self.fund.cleared else None

    def opened(self) -> None:
        self.state = "open"
        self.fund.reserved += self.budget

    def refuses_step(self, before: str) -> str | None:
        return None if self.state == before else "illegal_transition"

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

    def refuses_answer(self) -> str | None:
        return None if self.state == "offered" else "illegal_transition"

    def refuses_cancelling(self) -> str | None:
        return None if self.state in ("offered", "accepted") else "illegal_transition"

    def ended(self) -> None:
        self.state = "ended"
        self.application.state = "submitted"
        spent = self.application.round
        spent.committed -= self.amount
        if spent.state not in HOLDING:
            spent.fund.reserved -= self.amount
