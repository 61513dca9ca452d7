"""What requests and answers about checks of groups look like."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from services.grants.checks import models
from services.grants.checks.models import CheckOutcome, CheckState
from services.grants.checks.rules import ASKED, CheckKind, StoredRule
from services.grants.fields import AwardId, Paragraph
from shared.fields import Body, View
from shared.money import Money


class NewCheck(Body):
    """What was made sure of about the group of an award, or why that is not needed for this one."""

    award: AwardId
    kind: CheckKind
    outcome: CheckOutcome = CheckOutcome.DONE
    reason: Annotated[Paragraph | None, Field(description="why it is waived, where it is")] = None
    seen: Annotated[Paragraph | None, Field(description="what was looked at: not what stands in it")] = None
    done_on: Annotated[date | None, Field(description="when; else today. It counts from then on")] = None


class Withdrawal(Body):
    """Why a check counts no more."""

    reason: Paragraph


class Check(View):
    """A check of a group. Done, it counts for every award of the group until the day that it expires on."""

    id: str
    award: str
    kind: CheckKind
    asked: Annotated[str, Field(description="what is made sure of, in words")]
    outcome: CheckOutcome
    reason: str | None
    seen: str | None
    by: Annotated[str, Field(description="the user who made sure of it")]
    done_on: date
    expires_on: date
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None

    @classmethod
    def of(cls, check: models.GroupCheck) -> "Check":
        """The answer for a check."""
        return cls(
            id=check.id,
            award=check.award_id,
            kind=CheckKind(check.kind),
            asked=ASKED[CheckKind(check.kind)],
            outcome=CheckOutcome(check.outcome),
            reason=check.reason,
            seen=check.seen,
            by=check.by,
            done_on=check.done_on,
            expires_on=check.expires_on,
            recorded_at=check.recorded_at,
            withdrawn_at=check.withdrawn_at,
            withdrawn_by=check.withdrawn_by,
            withdrawn_reason=check.withdrawn_reason,
        )


class NeededCheck(View):
    """A check that an award needs, and how it stands today."""

    kind: CheckKind
    asked: Annotated[str, Field(description="what is made sure of, in words")]
    state: CheckState
    check: Annotated[str | None, Field(description="the check that stands, or the newest that does not")]
    expires_on: date | None

    @classmethod
    def of(cls, needed: models.Needed) -> "NeededCheck":
        """The answer for a check that is needed."""
        made = needed.check
        return cls(
            kind=needed.kind,
            asked=ASKED[needed.kind],
            state=needed.state,
            check=None if made is None else made.id,
            expires_on=None if made is None else made.expires_on,
        )


class NeededChecks(View):
    """The checks that an award needs by its size. It is paid once each is done or waived."""

    checks: list[NeededCheck]

    @classmethod
    def of(cls, needed: Sequence[models.Needed]) -> "NeededChecks":
        """The answer for the checks of an award."""
        return cls(checks=[NeededCheck.of(each) for each in needed])


class Rule(Body):
    """One kind of check, and which awards need it."""

    kind: CheckKind
    from_amount: Annotated[Money, Field(description="awards of so much or more, in the fund's currency")]
    people_at_risk_only: Annotated[
        bool, Field(description="only where children or adults at risk take part, or where that is not said")
    ] = False


def _each_once(rules: list[Rule]) -> list[Rule]:
    if len({rule.kind for rule in rules}) < len(rules):
        raise PydanticCustomError("twice", "has one rule for each kind at most")
    return rules


class NewRules(Body):
    """The rules of a fund, all of them: a kind that none is about is not asked for."""

    rules: Annotated[list[Rule], AfterValidator(_each_once)]
    counts_for_days: Annotated[int, Field(ge=1, le=3660, description="days until a check has to be done again")] = 365

    def stored(self) -> list[StoredRule]:
        """As they are kept."""
        return [
            {"kind": rule.kind.value, "pence": rule.from_amount.pence, "people_at_risk_only": rule.people_at_risk_only}
            for rule in self.rules
        ]


class Rules(View):
    """By which rules a fund asks for checks. Version 0: the usual ones, for nobody has edited them."""

    rules: list[Rule]
    counts_for_days: int
    version: int

    @classmethod
    def of(cls, asked: models.Asked) -> "Rules":
        """The answer for the rules of a fund."""
        return cls(
            rules=[
                Rule(
                    kind=CheckKind(rule["kind"]),
                    from_amount=Money.of(rule["pence"], asked.currency),
                    people_at_risk_only=rule["people_at_risk_only"],
                )
                for rule in asked.rules
            ],
            counts_for_days=asked.days,
            version=asked.version,
        )
