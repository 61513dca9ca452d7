"""How applications stand by what reviewers gave them: exact fractions, so that equal is equal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from services.grants.people import store as people
from services.grants.reviews import store
from services.grants.reviews.models import ReviewState, Score, Standing
from services.grants.rounds.rules import StoredCriterion


def share(rubric: Sequence[StoredCriterion], scores: Sequence[Score]) -> Fraction:
    """What one reviewer gave as a share of all that could be given, each criterion counted by its weight."""
    most = sum(each["most"] * each["weight"] for each in rubric)
    weights = {each["key"]: each["weight"] for each in rubric}
    given = sum(weights[each.criterion] * each.score for each in scores)
    return Fraction(given, most) if most else Fraction(0)


def standings(
    session: Session, movement: str, rubric: Sequence[StoredCriterion], applications: Sequence[str]
) -> Mapping[str, Standing]:
    """How many people scored each application, and the mean of their shares; two records of one person are one."""
    reviews = [
        each for each in store.of_applications(session, movement, applications) if each.state == ReviewState.SCORED
    ]
    scores = store.scores_of(session, movement, [each.id for each in reviews])
    present = people.present_ids(session, movement, {each.reviewer for each in reviews})
    shares: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for each in reviews:
        shares[each.application_id].setdefault(present[each.reviewer], share(rubric, scores.get(each.id, ())))
    return {each: _mean(list(shares[each].values())) for each in applications}


def _mean(shares: Sequence[Fraction]) -> Standing:
    return Standing(len(shares), sum(shares, Fraction(0)) / len(shares) if shares else None)
