"""What is wrong with a round's rules: what they name that is not there, and what does not go together."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.grants.forms import store as forms
from services.grants.rounds.schemas import NewRound, RoundChanges
from shared.errors import Fault, Invalid
from shared.money import Money


def check_words(session: Session, movement: str, said: NewRound | RoundChanges) -> None:
    """Raise Invalid where rules name what is not there, or the same twice."""
    faults, seen = [], set[str]()
    if said.form_version is not None and forms.find_version(session, movement, said.form_version) is None:
        faults.append(Fault("/form_version", "there is no such version of a form", "unknown_form_version"))
    for number, criterion in enumerate(said.rubric or ()):
        if criterion.key in seen:
            faults.append(Fault(f"/rubric/{number}/key", "is another criterion's too", "not_unique"))
        seen.add(criterion.key)
    if faults:
        raise Invalid(faults=faults)


def rule_faults(
    minimum: Money, maximum: Money, budget: Money, opens_at: datetime | None, closes_at: datetime | None
) -> list[Fault]:
    """What is wrong between rules that are each well-formed."""
    faults = []
    if minimum.pence > maximum.pence:
        faults.append(Fault("/maximum/amount", "must not be less than the minimum", "less_than_minimum"))
    if budget.pence < minimum.pence:
        faults.append(Fault("/budget/amount", "must reach for one award of the minimum", "less_than_minimum"))
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        faults.append(Fault("/closes_at", "must be after the round opens", "before_opening"))
    return faults
