"""The table of accepted reports whose figures and story wait to be taken."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class WaitingReport(Base):
    """A report that grants accepted. The row goes in the transaction that tells grants what became of it.

    ``causation`` and ``traceparent`` are of the event that told of it: what is taken is taken under the same.
    """

    __tablename__ = "waiting_grant_reports"

    movement: Mapped[str] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(primary_key=True)
    award: Mapped[str]
    causation: Mapped[str]
    traceparent: Mapped[str | None]
    accepted_at: Mapped[datetime]
