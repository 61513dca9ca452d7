"""The table of applications, their legal steps, and the rule that what was submitted stays as it is."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.grants.base import Base
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class ApplicationState(StrEnum):
    """Submitted, screened, assessed, perhaps asked for more, and then awarded, on the reserve list or declined.

    Or found ineligible by a rule of the round, or withdrawn by its group before an award. One whose award ends goes
    back to where it stood before. What is not submitted yet is a draft, which is kept apart.
    """

    SUBMITTED = "submitted"
    SCREENED = "screened"
    ASSESSING = "assessing"
    INFORMATION_REQUESTED = "information_requested"
    RESERVE = "reserve"
    AWARDED = "awarded"
    DECLINED = "declined"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class HostState(StrEnum):
    """Whether the accountable body, asked to hold the money for a group, has agreed to."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


_S = ApplicationState
_OUTCOMES = {_S.AWARDED, _S.RESERVE, _S.DECLINED, _S.WITHDRAWN}
LIFECYCLE = Lifecycle(
    "an application",
    {
        _S.SUBMITTED: {_S.SCREENED, _S.INELIGIBLE, *_OUTCOMES},
        _S.SCREENED: {_S.ASSESSING, _S.INELIGIBLE, *_OUTCOMES},
        _S.ASSESSING: {_S.INFORMATION_REQUESTED, *_OUTCOMES},
        _S.INFORMATION_REQUESTED: {_S.ASSESSING, _S.DECLINED, _S.WITHDRAWN},
        _S.RESERVE: {_S.AWARDED, _S.DECLINED, _S.WITHDRAWN},
        _S.AWARDED: set(),
        _S.DECLINED: set(),
        _S.INELIGIBLE: set(),
        _S.WITHDRAWN: set(),
    },
)

_BACK = Lifecycle("an application", {_S.AWARDED: {_S.SUBMITTED, _S.SCREENED, _S.ASSESSING, _S.RESERVE}})
"""Where one goes whose award has ended: by no other way does it come back from there."""

UNDECIDED = (_S.SUBMITTED, _S.SCREENED, _S.ASSESSING, _S.INFORMATION_REQUESTED)
"""The states of what still waits for an answer."""

UNANSWERED = (*UNDECIDED, _S.RESERVE)
"""Those, and what waits for money to come free."""

OVER = (_S.DECLINED, _S.INELIGIBLE, _S.WITHDRAWN)
"""The states of what nothing is awarded to any more."""


class AlreadyAwarded(Conflict):
    """The application has a live award, and an application has one at most."""

    code = "already_awarded"
    title = "The application has an award"


class NotScreened(Conflict):
    """Whether the round is for this group is to be looked at first."""

    code = "not_screened"
    title = "The application has to be screened first"


class HostNotAgreed(Conflict):
    """The accountable body that is to hold the money has not said that it will."""

    code = "host_not_agreed"
    title = "The accountable body has not agreed"


class HostAnswered(Conflict):
    """The application names no accountable body, or the one that it names has answered."""

    code = "host_answered"
    title = "No accountable body is asked"


class SubmittedContentFrozen(Conflict):
    """What a group submitted is not rewritten."""

    code = "submitted_content_frozen"
    title = "What was submitted does not change"


class Application(Base):
    """What a group asked of a round, as it submitted it, and where it stands.

    ``amount`` is in pence. ``name_key`` is the group's name as two spellings of it agree. ``number`` is read out to the
    group, ``digest`` is the SHA-256 of what it submitted (None: from before there were receipts). ``taken_by``: who
    took it down by telephone, when, and whether it was read back. ``to_screen``: rules of the round are not plainly
    met. ``stood_as`` is the state before an award of it was offered.
    """

    __tablename__ = "applications"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.ForeignKeyConstraint(["movement", "form_version"], ["form_versions.movement", "form_versions.id"]),
        sa.CheckConstraint("amount > 0", name="applications_ask_for_something"),
        sa.CheckConstraint(
            "state IN ('submitted', 'screened', 'assessing', 'information_requested', 'reserve', 'awarded', 'declined',"
            " 'ineligible', 'withdrawn')",
            name="applications_known_state",
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)", name="applications_declined_for_a_reason"
        ),
        sa.CheckConstraint(
            "(state = 'ineligible') = (ineligible_rule IS NOT NULL)", name="applications_ineligible_by_a_rule"
        ),
        sa.CheckConstraint("(host_name IS NULL) = (host_state IS NULL)", name="applications_host_is_asked"),
        sa.CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="applications_taken_down_then"),
        sa.Index("applications_by_round", "movement", "round_id", "id"),
        sa.Index("applications_by_name", "movement", "round_id", "name_key"),
        sa.Index("applications_by_number", "movement", "number"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    group_name: Mapped[str]
    name_key: Mapped[str]
    summary: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    place: Mapped[str | None]
    theme: Mapped[str | None]
    group_kind: Mapped[str | None]
    organisation: Mapped[str | None]
    form_version: Mapped[str | None]
    answers: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    has_account: Mapped[bool | None]
    host_organisation: Mapped[str | None]
    host_name: Mapped[str | None]
    host_state: Mapped[str | None]
    host_answered_at: Mapped[datetime | None]
    host_answered_by: Mapped[str | None]
    taken_by: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    number: Mapped[str]
    digest: Mapped[str | None]
    state: Mapped[str]
    to_screen: Mapped[bool]
    stood_as: Mapped[str | None]
    screened_by: Mapped[str | None]
    screened_despite: Mapped[str | None]
    ineligible_rule: Mapped[str | None]
    ineligible_reason: Mapped[str | None]
    decline_reason: Mapped[str | None]
    help_offered: Mapped[str | None]
    submitted_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]
    """When who asked was forgotten, for it came to nothing: what was asked for, where and why not stays."""

    def check_award(self) -> None:
        """Whether an award of it may be offered: it has none, and is screened and hosted where it has to be."""
        if self.state == ApplicationState.AWARDED:
            raise AlreadyAwarded("an application has one live award at most")
        LIFECYCLE.step(self.state, ApplicationState.AWARDED)
        if self.state == ApplicationState.SUBMITTED and self.to_screen:
            raise NotScreened("whether the round is for this group is not plain from what it says")
        if self.host_state not in (None, HostState.AGREED):
            raise HostNotAgreed("the money of this group is to be held by an accountable body, which has to agree")

    def screen(self, by: str, despite: str | None) -> None:
        """The round is for this group: by its rules or, for a reason, despite one."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.SCREENED)
        self.screened_by, self.screened_despite = by, despite

    def find_ineligible(self, by: str, rule: str, reason: str) -> None:
        """The round is not for this group, by a rule that it is told."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.INELIGIBLE)
        self.screened_by, self.ineligible_rule, self.ineligible_reason = by, rule, reason

    def assess(self) -> None:
        """It is being weighed, for the first time or with what was asked for."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.ASSESSING)

    def request_information(self) -> None:
        """Something has to be asked before it can be weighed on."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.INFORMATION_REQUESTED)

    def reserve(self) -> None:
        """It is awarded if money comes free."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.RESERVE)

    def decline(self, reason: str, help_offered: str) -> None:
        """Say no, for a reason the group is told, with one offer of help."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.DECLINED)
        self.decline_reason, self.help_offered = reason, help_offered

    def withdraw(self) -> None:
        """The group takes its application back, which it may until an award is offered."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.WITHDRAWN)

    def stand_again(self) -> None:
        """Its award ended: it stands where it stood before, and may be offered one again."""
        self.state = _BACK.step(self.state, ApplicationState(self.stood_as or ApplicationState.SUBMITTED))
        self.stood_as = None

    def answer_as_host(self, answer: HostState, by: str, at: datetime) -> None:
        """The accountable body says whether it will hold the money; once."""
        if self.host_state != HostState.ASKED:
            raise HostAnswered
        self.host_state, self.host_answered_by, self.host_answered_at = answer, by, at

    @validates(
        "round_id", "group_name", "name_key", "summary", "amount", "currency", "place", "theme", "group_kind",
        "organisation", "form_version", "answers", "has_account", "host_organisation", "host_name", "taken_by",
        "taken_at", "number", "digest", "submitted_at",
    )  # fmt: skip
    def _written_once(self, field: str, value: object) -> object:
        if field in self.__dict__:
            raise SubmittedContentFrozen(f"{field} was submitted")
        return value


class ApplicationContact(Base):
    """Whom to reach about an application or its draft: in a table of its own, which is emptied when it is over."""

    __tablename__ = "application_contacts"

    movement: Mapped[str] = mapped_column(primary_key=True)
    application: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    updated_at: Mapped[datetime]
