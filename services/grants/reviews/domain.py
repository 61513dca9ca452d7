"""What is done with reviews: assigned by hand or evenly, declared, scored, and shown to those who may see them.

An interest is declared before the answers can be seen; whoever has one never sees them, nor scores. Whoever still has
to score an application does not see what others gave it.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from services.grants.applications import store as applications
from services.grants.applications.models import Application, ApplicationState
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.people import store as people
from services.grants.reviews import store
from services.grants.reviews.models import (
    AssignedAlready,
    NotTheReviewer,
    Review,
    ReviewState,
    Score,
    Shown,
    Suggested,
)
from services.grants.reviews.schemas import Declaration, Evenly, NewReview, Scoring
from services.grants.reviews.sharing import shared_out
from services.grants.rounds import domain as rounds
from services.grants.rounds import store as round_rows
from services.grants.rounds.rules import StoredCriterion
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.reviews import ReviewAssigned, ReviewDeclared, ReviewReleased, ReviewScored
from shared.ids import new_id

ASSESSABLE = (ApplicationState.SUBMITTED, ApplicationState.SCREENED, ApplicationState.ASSESSING)
"""The states in which an application can be read and decided about."""


Affiliations = Mapping[str, frozenset[str] | None]
"""The organisations of each reviewer; None where members did not say."""


def assign(
    session: Session, movement: str, round_id: str, caller: Principal, said: NewReview, affiliations: Affiliations
) -> Shown:
    """Have one person read one application of the round. Raises AssignedAlready and Invalid."""
    _authorise(session, movement, round_id, caller)
    application = applications.find(session, movement, said.application)
    if application is None or application.round_id != round_id:
        raise Invalid(faults=[Fault("/application", "is no application to this round", "unknown_application")])
    if application.state not in ASSESSABLE:
        raise Invalid(faults=[Fault("/application", f"is {application.state}", "not_to_be_assessed")])
    ids = people.every_id(session, movement, said.reviewer)
    if store.of_people(session, movement, ids, [application.id]):
        raise AssignedAlready
    return Shown(_assigned(session, movement, application, said.reviewer, affiliations), None)


def assign_evenly(
    session: Session, movement: str, round_id: str, caller: Principal, said: Evenly, affiliations: Affiliations
) -> Sequence[Shown]:
    """Share the round's applications out: all of them or, where too few people are left for one, none."""
    _authorise(session, movement, round_id, caller)
    found = to_be_decided(session, movement, round_id)
    now = people.present_ids(session, movement, said.reviewers)
    if len(set(now.values())) < len(said.reviewers):
        raise Invalid(faults=[Fault("/reviewers", "somebody is named twice", "duplicate")])
    by_now = {present: named for named, present in now.items()}
    reading: dict[str, set[str]] = {}
    barred = {each.id: {who for who in said.reviewers if _interested(each, affiliations[who])} for each in found}
    for review in store.of_applications(session, movement, [each.id for each in found]):
        present = people.present_ids(session, movement, [review.reviewer])[review.reviewer]
        who = by_now.get(present, review.reviewer)
        taken = barred if review.state in (ReviewState.CONFLICTED, ReviewState.RELEASED) else reading
        taken.setdefault(review.application_id, set()).add(who)
    burdens = store.burdens(session, movement, round_id)
    sharing = shared_out(
        [each.id for each in found], said.reviewers, said.each, burdens=burdens, reading=reading, barred=barred
    )
    if sharing.short:
        reason = f"{len(sharing.short)} applications have too few reviewers without an interest"
        raise Invalid(faults=[Fault("/each", reason, "too_few_reviewers")])
    by_id = {each.id: each for each in found}
    return [Shown(_assigned(session, movement, by_id[one], who, affiliations), None) for one, who in sharing.pairs]


def to_be_decided(session: Session, movement: str, round_id: str) -> Sequence[Application]:
    """The applications of a round that can be read and decided about, by id."""
    return store.applications_of(session, movement, round_id, ASSESSABLE)


def declare(session: Session, movement: str, review_id: str, caller: Principal, said: Declaration) -> Shown:
    """Say whether one has an interest. One found out later may still be declared: what was scored counts no more."""
    review = _own(session, movement, review_id, caller)
    review.declare(said.interest, said.note, clock.now())
    if review.state == ReviewState.CONFLICTED:
        store.delete_scores(session, movement, review.id)
        review.comment = None
    outbox.record(session, ReviewDeclared(review=review.id, outcome=review.state))
    return Shown(review, None)


def score(session: Session, movement: str, review_id: str, caller: Principal, said: Scoring) -> Shown:
    """Give a score for each criterion of the rubric, once. Raises DeclareFirst, Conflicted and Invalid."""
    review = _own(session, movement, review_id, caller)
    review.scored(said.comment, clock.now())
    rubric = rounds.get_round(session, movement, review.round_id).rubric
    if faults := rubric_faults(rubric, said):
        raise Invalid(faults=faults)
    given = [
        Score(
            movement=movement,
            review_id=review.id,
            criterion=each.criterion,
            score=each.score,
            justification=each.justification,
        )
        for each in said.scores
    ]
    session.flush()
    session.add_all(given)
    outbox.record(session, ReviewScored(review=review.id))
    return Shown(review, given)


def release(session: Session, movement: str, round_id: str, caller: Principal, review_id: str) -> Shown:
    """Take an assignment of the round back that was not scored."""
    _authorise(session, movement, round_id, caller)
    review = _present(store.for_change(session, movement, review_id))
    if review.round_id != round_id:
        raise NotFound("there is no such review of this round")
    review.release(clock.now())
    outbox.record(session, ReviewReleased(review=review.id))
    return Shown(review, None)


def read(session: Session, movement: str, review_id: str, caller: Principal) -> Shown:
    """The review, as the caller may see it. Raises NotFound and NotTheReviewer."""
    review = _present(store.find(session, movement, review_id))
    if not caller.may("applications:read") and review.reviewer not in _ids(session, movement, caller):
        raise NotTheReviewer
    return shown(session, movement, [review], caller)[0]


def list_reviews(
    session: Session, movement: str, caller: Principal, chosen: store.Chosen, *, after: str, limit: int
) -> Sequence[Shown]:
    """Reviews in the order of their assignment; somebody who may not read applications sees their own alone."""
    if not caller.may("applications:read"):
        own = _ids(session, movement, caller)
        chosen = chosen._replace(reviewers=own if chosen.reviewers is None else own & set(chosen.reviewers))
    elif chosen.reviewers is not None:
        ids = (people.every_id(session, movement, each) for each in chosen.reviewers)
        chosen = chosen._replace(reviewers=set().union(*ids))
    return shown(session, movement, store.list_reviews(session, movement, chosen, after=after, limit=limit), caller)


def application_to_read(session: Session, movement: str, review_id: str, caller: Principal) -> Application:
    """The application that somebody is to review. Raises DeclareFirst, Conflicted and NotTheReviewer."""
    review = _present(store.find(session, movement, review_id))
    if review.reviewer not in _ids(session, movement, caller) or review.state == ReviewState.RELEASED:
        raise NotTheReviewer
    review.check_sight()
    application = applications.find(session, movement, review.application_id)
    if application is None:
        raise NotFound("there is no such application")
    return application


def shown(session: Session, movement: str, reviews: Sequence[Review], caller: Principal) -> list[Shown]:
    """The reviews with their scores, those hidden that the caller must not see before they have scored themselves."""
    blind = blind_to(session, movement, {each.application_id for each in reviews}, caller)
    scores = store.scores_of(session, movement, [each.id for each in reviews if each.state == ReviewState.SCORED])
    seen = {each.id for each in reviews if each.state == ReviewState.SCORED and each.application_id not in blind}
    assigns, own = caller.may("rounds:write"), _ids(session, movement, caller)
    return [
        Shown(each, scores.get(each.id, ()) if each.id in seen else None, assigns or each.reviewer in own)
        for each in reviews
    ]


def blind_to(session: Session, movement: str, concerned: Collection[str], caller: Principal) -> set[str]:
    """Those of these applications that the caller is to score and has not: what others gave is hidden from them."""
    own = _ids(session, movement, caller)
    theirs = store.of_people(session, movement, own, concerned) if own else ()
    return {each.application_id for each in theirs if each.state != ReviewState.SCORED}


def rubric_faults(rubric: Sequence[StoredCriterion], said: Scoring) -> list[Fault]:
    """What is wrong with scores: each criterion has one, within its bounds, and there is no other."""
    most = {each["key"]: each["most"] for each in rubric}
    faults, seen = [], set()
    for number, each in enumerate(said.scores):
        place = f"/scores/{number}"
        if each.criterion not in most:
            faults.append(Fault(f"{place}/criterion", "is no criterion of the round's rubric", "unknown_criterion"))
        elif each.criterion in seen:
            faults.append(Fault(f"{place}/criterion", "is scored twice", "duplicate"))
        elif each.score > most[each.criterion]:
            reason = f"must be from 0 to {most[each.criterion]}"
            faults.append(Fault(f"{place}/score", reason, "outside_limits"))
        seen.add(each.criterion)
    missing = [key for key in most if key not in seen]
    return faults + [Fault("/scores", f"there is no score for {key}", "missing_criterion") for key in missing]


def _assigned(
    session: Session, movement: str, application: Application, reviewer: str, affiliations: Affiliations
) -> Review:
    at, theirs = clock.now(), affiliations[reviewer]
    suggested = Suggested.NOT_KNOWN if theirs is None else Suggested.NONE_KNOWN
    suggested = Suggested.AFFILIATED if _interested(application, theirs) else suggested
    review = store.released(session, movement, application.id, reviewer)
    if review is not None:
        review.assign_again(suggested, at)
    else:
        review = Review(
            movement=movement,
            id=new_id("review"),
            round_id=application.round_id,
            application_id=application.id,
            reviewer=reviewer,
            suggested=suggested,
            state=ReviewState.ASSIGNED,
            assigned_at=at,
            updated_at=at,
            version=1,
        )
        store.add(session, review)
    outbox.record(session, ReviewAssigned(review=review.id, application=application.id, round=application.round_id))
    return review


def _interested(application: Application, organisations: frozenset[str] | None) -> bool:
    """Whether somebody's organisations suggest an interest: one of them applies, or holds the money for who applies."""
    return bool({application.organisation, application.host_organisation} & (organisations or frozenset()))


def _authorise(session: Session, movement: str, round_id: str, caller: Principal) -> None:
    """Hold whoever assigns to the power over the fund: who reads shapes who is awarded. Raises NotDelegated.

    The round is held: of two who assign the same at once the second finds the first one's assignment.
    """
    fund = rounds.fund_of(session, movement, round_id)
    round_rows.for_change(session, movement, round_id)
    delegations.authorise(session, movement, caller, fund, Power.ADMINISTER)


def _own(session: Session, movement: str, review_id: str, caller: Principal) -> Review:
    review = _present(store.for_change(session, movement, review_id))
    if review.reviewer not in _ids(session, movement, caller):
        raise NotTheReviewer
    return review


def _ids(session: Session, movement: str, caller: Principal) -> set[str]:
    """Who the caller is among the people, by every id that they had; nobody for a key."""
    return set() if caller.person is None else people.every_id(session, movement, caller.person)


def _present(found: Review | None) -> Review:
    if found is None:
        raise NotFound("there is no such review")
    return found
