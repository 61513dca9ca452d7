"""The ledger: entries and lines that nobody changes, balances, and what was promised, cleared and accepted so far."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

from shared.db.types import from_microseconds
from shared.ids import new_id

revision = "0006"
down_revision = "0005"

_ACCOUNTS = (
    "'bank', 'promised', 'repayments_due', 'grants_payable', 'carried_forward', 'transfers', 'contributions', 'grants',"
    " 'management_fee', 'written_off'"
)
_KINDS = (
    "'contribution_promised', 'promise_reduced', 'contribution_cleared', 'contribution_returned',"
    " 'management_fee_taken', 'award_accepted', 'award_increased', 'award_reduced', 'award_cancelled', 'award_lapsed',"
    " 'award_underspent', 'payment_paid', 'payment_returned', 'repayment_requested', 'repayment_received',"
    " 'repayment_written_off', 'moved_between_funds', 'year_closed', 'reversal'"
)
_STAYS = {
    "ledger_entries": "movement, id, kind, day, about, currency, reverses, posted_at",
    "ledger_lines": "movement, entry_id, number, account, fund_id, contribution_id, award_id, restriction, pence",
}
_REFUSAL = "what was posted to the ledger stays as it is"


def upgrade() -> None:
    _create_entries()
    _create_lines()
    _create_balances()
    _forbid_changes()
    _post_what_was()


def _create_entries() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("reverses", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("posted_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="ledger_entries_known_kind"),
        sa.CheckConstraint("reverses IS NULL OR reason IS NOT NULL", name="ledger_entries_reversed_for_a_reason"),
        sa.ForeignKeyConstraint(["movement", "reverses"], ["ledger_entries.movement", "ledger_entries.id"]),
    )
    op.create_index("ledger_entries_by_day", "ledger_entries", ["movement", "day", "id"])
    op.create_index("ledger_entries_by_subject", "ledger_entries", ["movement", "about", "id"])
    op.create_index("ledger_entries_reversed_once", "ledger_entries", ["movement", "reverses"], unique=True)


def _create_lines() -> None:
    op.create_table(
        "ledger_lines",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("fund_id", sa.Text, nullable=False),
        sa.Column("contribution_id", sa.Text),
        sa.Column("award_id", sa.Text),
        sa.Column("restriction", sa.Text, nullable=False),
        sa.Column("pence", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "entry_id"], ["ledger_entries.movement", "ledger_entries.id"]),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "contribution_id"], ["contributions.movement", "contributions.id"]),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("pence <> 0", name="ledger_lines_move_something"),
        sa.CheckConstraint(f"account IN ({_ACCOUNTS})", name="ledger_lines_known_account"),
    )
    op.create_index("ledger_lines_by_award", "ledger_lines", ["movement", "award_id", "account"])
    op.create_index("ledger_lines_by_contribution", "ledger_lines", ["movement", "contribution_id", "account"])


def _create_balances() -> None:
    op.create_table(
        "ledger_balances",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("contribution_id", sa.Text, primary_key=True),
        sa.Column("restriction", sa.Text, primary_key=True),
        sa.Column("balance", sa.BigInteger, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.CheckConstraint(
            "balance >= 0 OR NOT account IN ('bank', 'promised', 'repayments_due')",
            name="ledger_balances_never_overdrawn",
        ),
        sa.CheckConstraint("balance <= 0 OR NOT account IN ('grants_payable')", name="ledger_balances_never_overpaid"),
        sa.CheckConstraint(
            "restriction IN ('restricted', 'unrestricted', 'unallocated')", name="ledger_balances_known_restriction"
        ),
    )


def _forbid_changes() -> None:
    """Only the words of a reason may change, when somebody whom they name is erased."""
    if op.get_bind().dialect.name == "sqlite":
        for table, columns in _STAYS.items():
            for name, event in (("changed", f"UPDATE OF {columns}"), ("deleted", "DELETE")):
                op.execute(
                    f"CREATE TRIGGER {table}_never_{name} BEFORE {event} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table, columns in _STAYS.items():
        op.execute(
            f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OF {columns} OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION ledger_stays()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays()"
        )


class _Posted(NamedTuple):
    movement: str
    kind: str
    at: int
    about: str
    currency: str
    fund: str
    contribution: str | None
    award: str | None
    restriction: str
    debit: str
    credit: str
    pence: int

    @property
    def day(self) -> date:
        return from_microseconds(self.at).date()


def _post_what_was() -> None:
    """Post the promises, clearings and accepted awards that there are, and the balances they come to."""
    balances: Counter[tuple[str, str, str, str, str]] = Counter()
    since: dict[tuple[str, str, str, str, str], date] = {}
    for posted in sorted(_facts(), key=lambda each: each.at):
        entry = new_id("entry")
        _insert(
            "ledger_entries", movement=posted.movement, id=entry, kind=posted.kind, day=posted.day,
            about=posted.about, currency=posted.currency, posted_at=posted.at,
        )  # fmt: skip
        for number, (account, pence) in enumerate(((posted.debit, posted.pence), (posted.credit, -posted.pence)), 1):
            _insert(
                "ledger_lines", movement=posted.movement, entry_id=entry, number=number, account=account,
                fund_id=posted.fund, contribution_id=posted.contribution, award_id=posted.award,
                restriction=posted.restriction, pence=pence,
            )  # fmt: skip
            key = (posted.movement, posted.fund, account, posted.contribution or "", posted.restriction)
            balances[key] += pence
            since.setdefault(key, posted.day)
    for key, balance in balances.items():
        named = dict(zip(("movement", "fund_id", "account", "contribution_id", "restriction"), key, strict=True))
        _insert("ledger_balances", **named, balance=balance, first_day=since[key])


def _facts() -> Iterator[_Posted]:
    bind = op.get_bind()
    given = sa.text(
        "SELECT movement, id, fund_id, currency, restriction, promised, cleared, created_at FROM contributions"
    )
    for row in bind.execute(given):
        bound = "unrestricted" if row.restriction is None else "restricted"
        of = (row.movement, row.created_at, row.id, row.currency, row.fund_id, bound)
        yield _contribution("contribution_promised", of, "promised", "contributions", row.promised)
        if row.cleared:
            yield _contribution("contribution_cleared", of, "bank", "promised", row.cleared)
    accepted = sa.text(
        "SELECT awards.movement, awards.id, awards.currency, awards.committed, awards.accepted_at, rounds.fund_id"
        " FROM awards JOIN rounds ON rounds.movement = awards.movement AND rounds.id = awards.round_id"
        " WHERE awards.state IN ('accepted', 'active')"
    )
    for row in bind.execute(accepted):
        yield _Posted(
            row.movement, "award_accepted", row.accepted_at, row.id, row.currency, row.fund_id, None, row.id,
            "unallocated", "grants", "grants_payable", row.committed,
        )  # fmt: skip


def _contribution(kind: str, of: tuple[str, int, str, str, str, str], debit: str, credit: str, pence: int) -> _Posted:
    movement, at, contribution, currency, fund, bound = of
    return _Posted(
        movement, kind, at, contribution, currency, fund, contribution, None, bound, debit, credit, pence
    )  # fmt: skip


def _insert(table: str, **values: str | int | date | None) -> None:
    columns = [
        sa.column(name, sa.Date()) if isinstance(value, date) else sa.column(name) for name, value in values.items()
    ]
    op.get_bind().execute(sa.insert(sa.table(table, *columns)).values(**values))
