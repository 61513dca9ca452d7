"""The tables of agreements: the texts they are made of, the page of each award, and who put their name to it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class Way(StrEnum):
    """How a group accepted: by a click on the page it was sent, on paper, or in a call that was recorded."""

    CLICK = "click"
    SIGNATURE = "signature"
    CALL = "call"


class AgreementState(StrEnum):
    """Open until the group accepts, or another page takes its place; what was accepted stays so."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REPLACED = "replaced"


LIFECYCLE = Lifecycle(
    "an agreement",
    {
        AgreementState.OPEN: {AgreementState.ACCEPTED, AgreementState.REPLACED},
        AgreementState.ACCEPTED: set(),
        AgreementState.REPLACED: set(),
    },
)


class AgreementMissing(Conflict):
    """The group has not accepted an agreement of the award as it stands now."""

    code = "agreement_missing"
    title = "The agreement is not accepted yet"


class NothingToAgree(Conflict):
    """The award has ended, or its agreement stands as it is."""

    code = "nothing_to_agree"
    title = "There is nothing to agree"


class AgreementText(Base):
    """A version of the text that agreements are made of, numbered from 1. It never changes: another one follows it."""

    __tablename__ = "agreement_texts"

    movement: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    published_by: Mapped[str]
    published_at: Mapped[datetime]


class Agreement(Base):
    """The page of one award in the words that the group has before it. Neither it nor its ``digest`` ever changes.

    ``terms`` are those of the award that it was made for: once that is amended, it is for the new ones that a group has
    to accept. ``text_number`` 0 is the usual text. ``link_digest`` tells the link by which it is accepted with a click.
    ``recorded_by`` is the user who noted a signature or a call, and ``evidence`` where that is kept.
    """

    __tablename__ = "award_agreements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("state IN ('open', 'accepted', 'replaced')", name="award_agreements_known_state"),
        sa.CheckConstraint("way IN ('click', 'signature', 'call')", name="award_agreements_known_way"),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL) AND (state = 'accepted') = (way IS NOT NULL)",
            name="award_agreements_accepted_in_a_way",
        ),
        sa.CheckConstraint(
            "way IS NULL OR (way = 'click') = (recorded_by IS NULL)", name="award_agreements_noted_by_somebody"
        ),
        sa.Index(
            "award_agreements_one_stands",
            "movement",
            "award_id",
            "terms",
            unique=True,
            sqlite_where=sa.text("state <> 'replaced'"),
            postgresql_where=sa.text("state <> 'replaced'"),
        ),
        sa.Index("award_agreements_by_award", "movement", "award_id", "id"),
        sa.Index("award_agreements_by_link", "movement", "link_digest", unique=True),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    terms: Mapped[int]
    text_number: Mapped[int]
    words: Mapped[str]
    digest: Mapped[str]
    link_digest: Mapped[str]
    state: Mapped[str]
    way: Mapped[str | None]
    recorded_by: Mapped[str | None]
    evidence: Mapped[str | None]
    made_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]

    def accept(self, way: Way, at: datetime, *, recorded_by: str | None = None, evidence: str | None = None) -> None:
        """The group says yes to this page."""
        self.state = LIFECYCLE.step(self.state, AgreementState.ACCEPTED)
        self.way, self.accepted_at, self.recorded_by, self.evidence = way, at, recorded_by, evidence

    def replace(self) -> None:
        """Another page takes its place."""
        self.state = LIFECYCLE.step(self.state, AgreementState.REPLACED)


class Signatory(Base):
    """By what name somebody accepted for the group. In a table of its own: what was agreed stays when the name goes."""

    __tablename__ = "agreement_signatories"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "agreement_id"], ["award_agreements.movement", "award_agreements.id"]),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    agreement_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
