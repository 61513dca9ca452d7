"""The table of pledges and their legal steps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES, LEADS_NOWHERE
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class PledgeState(StrEnum):
    """Made, then kept, or released: whoever made it is freed from it. One that is overdue can still be either."""

    MADE = "made"
    OVERDUE = "overdue"
    KEPT = "kept"
    RELEASED = "released"


LIFECYCLE = Lifecycle(
    "a pledge",
    {
        PledgeState.MADE: {PledgeState.OVERDUE, PledgeState.KEPT, PledgeState.RELEASED},
        PledgeState.OVERDUE: {PledgeState.KEPT, PledgeState.RELEASED},
    },
)
DUE = "state = 'made' AND due_on IS NOT NULL"
"""The pledges that a day can make overdue."""


class NoLongerChanged(Conflict):
    """The words of a promise that is overdue, kept or released stay as they were; ``state`` says which it is."""

    code = "no_longer_changed"
    title = "Only a pledge that is still open can be changed"


class AlreadyPublished(Conflict):
    """The pledge is published already, by somebody's permission."""

    code = "already_published"
    title = "The pledge is published already"


class NotPublished(Conflict):
    """There is nothing to take back."""

    code = "not_published"
    title = "The pledge is not published"


class Pledge(Base):
    """What a person or an organisation promised to do, in their own words, perhaps for a campaign and by a day.

    ``campaign`` is the campaign's slug, for a pledge may come before its campaign. ``given_by`` is the person who made
    it on an organisation's behalf. ``settled_by`` is the caller, a user or a key, who said that it was kept or
    released, and ``settled_on`` the day on which it was. It is published from ``published_at`` on, by the permission of
    ``permitted_by``, for the words as they were then.
    """

    __tablename__ = "pledges"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="pledges_have_one_giver"),
        sa.CheckConstraint("(published_at IS NULL) = (permitted_by IS NULL)", name="pledges_published_by_permission"),
        sa.Index("pledges_by_person", "movement", "person"),
        sa.Index("pledges_by_organisation", "movement", "organisation"),
        sa.Index(
            "pledges_by_who_gave_them",
            "movement",
            "given_by",
            sqlite_where=sa.text("given_by IS NOT NULL"),
            postgresql_where=sa.text("given_by IS NOT NULL"),
        ),
        sa.Index("pledges_by_campaign", "movement", "campaign", "id"),
        sa.Index("pledges_due", "movement", "due_on", sqlite_where=sa.text(DUE), postgresql_where=sa.text(DUE)),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    given_by: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    text: Mapped[str]
    campaign: Mapped[str | None]
    due_on: Mapped[date | None]
    state: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    updated_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    settled_on: Mapped[date | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    note: Mapped[str | None]
    published_at: Mapped[datetime | None]
    permitted_by: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | LEADS_NOWHERE)

    @property
    def giver(self) -> str:
        """Whose promise it is: a person's id, or an organisation's."""
        return self.person or str(self.organisation)

    def edit(self, at: datetime) -> None:
        """Note that what is promised changed. Raises NoLongerChanged."""
        if self.state != PledgeState.MADE:
            raise NoLongerChanged(f"it is {self.state}", state=self.state)
        self._changed(at)

    def fall_due(self, at: datetime) -> None:
        """Made → overdue: its day has passed."""
        self.state, self.overdue_at = LIFECYCLE.step(self.state, PledgeState.OVERDUE), at
        self._changed(at)

    def keep(self, on: date, by: str, at: datetime, note: str | None) -> None:
        """Made or overdue → kept."""
        self._settle(PledgeState.KEPT, on, by, at, note)

    def release(self, on: date, by: str, at: datetime, note: str | None) -> None:
        """Made or overdue → released."""
        self._settle(PledgeState.RELEASED, on, by, at, note)

    def take_on(self, organisation: str, at: datetime) -> None:
        """Become the promise of an organisation that goes on in the place of the one that made it."""
        self.organisation = organisation
        self._changed(at)

    def stand_again(self, at: datetime) -> None:
        """Released → made or overdue, as it was: its organisation did not end after all."""
        self.state = PledgeState.MADE if self.overdue_at is None else PledgeState.OVERDUE
        self.settled_on = self.settled_at = self.settled_by = self.note = None
        self._changed(at)

    def publish(self, permitted_by: str, at: datetime) -> None:
        """Show it to everybody, by somebody's permission. Raises AlreadyPublished."""
        if self.published_at is not None:
            raise AlreadyPublished
        self.published_at, self.permitted_by = at, permitted_by
        self._changed(at)

    def unpublish(self, at: datetime) -> None:
        """Show it to nobody outside any more. Raises NotPublished."""
        if self.published_at is None:
            raise NotPublished
        self.published_at = self.permitted_by = None
        self._changed(at)

    def _settle(self, as_: PledgeState, on: date, by: str, at: datetime, note: str | None) -> None:
        self.state = LIFECYCLE.step(self.state, as_)
        self.settled_on, self.settled_by, self.settled_at, self.note = on, by, at, note
        self._changed(at)

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at
