"""Money that is noted and goes through no account of ours: the same verbs for each sort of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from services.grants.finances import store
from services.grants.finances.models import Income, Investment
from services.grants.finances.schemas import IncomeChanges, InvestmentChanges, NewIncome, NewInvestment
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.base import Event
from shared.ids import new_id

R = TypeVar("R", Income, Investment)
_COLUMNS = {"fund": "fund_id"}
"""The columns of fields that are called otherwise."""


@dataclass(frozen=True)
class Noting(Generic[R]):
    """The verbs of one table. ``faults`` says what is wrong with a row; the three last make the events."""

    table: type[R]
    called: str
    faults: Callable[[Session, R], Iterator[Fault]]
    noted: Callable[[R], Event]
    changed: Callable[[R], Event]
    dropped: Callable[[R], Event]

    def note(self, session: Session, movement: str, said: NewIncome | NewInvestment) -> R:
        """Note it. Raises Invalid."""
        at, amount = clock.now(), said.amount
        fields = [name for name in type(said).model_fields if name != "amount"]
        row = self.table(
            movement=movement, id=new_id(self.called), amount=amount.pence, currency=amount.currency, version=1,
            created_at=at, updated_at=at, **{_COLUMNS.get(name, name): getattr(said, name) for name in fields},
        )  # fmt: skip
        self._check(session, row)
        session.add(row)
        outbox.record(session, self.noted(row))
        return row

    def get(self, session: Session, movement: str, id_: str) -> R:
        """One of them, or NotFound."""
        return self._present(store.find(session, self.table, movement, id_))

    def change(
        self, session: Session, movement: str, id_: str, said: IncomeChanges | InvestmentChanges, expected: int | None
    ) -> R:
        """Change what is said of it. Raises NotFound, PreconditionFailed, Invalid."""
        row = self._held(session, movement, id_, expected)
        with session.no_autoflush:
            said.apply(row, *(name for name in type(said).model_fields if name != "amount"))
            if said.amount is not None:
                row.amount, row.currency = said.amount.pence, said.amount.currency
            self._check(session, row)
        row.changed(clock.now())
        outbox.record(session, self.changed(row))
        return row

    def drop(self, session: Session, movement: str, id_: str, expected: int | None) -> None:
        """Take out what was noted by mistake. Raises NotFound, PreconditionFailed."""
        row = self._held(session, movement, id_, expected)
        session.delete(row)
        outbox.record(session, self.dropped(row))

    def _check(self, session: Session, row: R) -> None:
        faults = list(self.faults(session, row))
        if row.amount <= 0:
            faults.append(Fault("/amount/amount", "must be more than zero", "not_positive"))
        if faults:
            raise Invalid(faults=faults)

    def _held(self, session: Session, movement: str, id_: str, expected: int | None) -> R:
        row = self._present(store.for_change(session, self.table, movement, id_))
        hold_to(row.version, expected)
        return row

    def _present(self, found: R | None) -> R:
        if found is None:
            raise NotFound(f"there is no such {self.called}")
        return found
