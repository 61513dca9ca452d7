"""What the overview keeps of the events: each handler moves running totals, once an event, as the inbox sees to."""

from sqlalchemy import orm

from services.gateway.overview import domain
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.grants.applications import ApplicationEnded, ApplicationSubmitted
from shared.events.grants.awards import AwardAccepted, AwardAmended, AwardEnded, AwardOffered
from shared.events.grants.rounds import RoundClosed, RoundOpened
from shared.events.measures.figures import ObservationRecorded
from shared.events.members.directory import MembershipJoined, PersonCreated
from shared.events.members.engagement import ActivityRecorded, MembershipRungChanged, MembershipRungRemoved
from shared.events.members.erasures import MembershipErased, PersonErased
from shared.events.members.merging import PersonMerged, PersonUnmerged
from shared.events.members.pledges import OrganisationPledged, PledgeMade

CONSUMER = "overview"
"""The consumer's name: its rows in the inbox tell how far the projection has come."""

LOWEST_RUNG = "observer"


def on_person_created(session: orm.Session, received: Received, event: PersonCreated) -> None:
    """One more person."""
    domain.add(session, received, {"people": 1})


def on_person_merged(session: orm.Session, received: Received, event: PersonMerged) -> None:
    """One person fewer: two records turned out to be of one."""
    domain.add(session, received, {"people": -1})


def on_person_unmerged(session: orm.Session, received: Received, event: PersonUnmerged) -> None:
    """One person more: they were two after all."""
    domain.add(session, received, {"people": 1})


def on_person_erased(session: orm.Session, received: Received, event: PersonErased) -> None:
    """One person fewer."""
    domain.add(session, received, {"people": -1})


def on_membership_erased(session: orm.Session, received: Received, event: MembershipErased) -> None:
    """One membership fewer. A rung that it had was told to be removed before."""
    domain.add(session, received, {"memberships": -1})


def on_membership_joined(session: orm.Session, received: Received, event: MembershipJoined) -> None:
    """One more membership. Whether it has a rung the event does not say: a child's has none."""
    domain.add(session, received, {"memberships": 1})


def on_rung_changed(session: orm.Session, received: Received, event: MembershipRungChanged) -> None:
    """One fewer on the rung they left, one more on the rung they reached; of the lowest rung no count is kept."""
    changes = {event.from_rung: -1, event.to_rung: 1}
    domain.add(session, received, {domain.on_rung(rung): by for rung, by in changes.items() if rung != LOWEST_RUNG})


def on_rung_removed(session: orm.Session, received: Received, event: MembershipRungRemoved) -> None:
    """One fewer on the rung they had."""
    if event.from_rung != LOWEST_RUNG:
        domain.add(session, received, {domain.on_rung(event.from_rung): -1})


def on_pledge_made(session: orm.Session, received: Received, event: PledgeMade | OrganisationPledged) -> None:
    """One more pledge."""
    domain.add(session, received, {"pledges": 1})


def on_activity_recorded(session: orm.Session, received: Received, event: ActivityRecorded) -> None:
    """One more activity."""
    domain.add(session, received, {"activities": 1})


def on_observation_recorded(session: orm.Session, received: Received, event: ObservationRecorded) -> None:
    """One more figure, new or revised."""
    domain.add(session, received, {"figures": 1})


def on_round_opened(session: orm.Session, received: Received, event: RoundOpened) -> None:
    """One more open round."""
    domain.add(session, received, {"rounds_open": 1})


def on_round_closed(session: orm.Session, received: Received, event: RoundClosed) -> None:
    """One fewer open round."""
    domain.add(session, received, {"rounds_open": -1})


def on_application_submitted(session: orm.Session, received: Received, event: ApplicationSubmitted) -> None:
    """One more application."""
    domain.add(session, received, {"applications": 1})


def on_application_ended(session: orm.Session, received: Received, event: ApplicationEnded) -> None:
    """One application fewer that waits for an answer: it was declined or withdrawn."""
    domain.add(session, received, {"applications_ended": 1})


def on_award_offered(session: orm.Session, received: Received, event: AwardOffered) -> None:
    """One more award, and its amount in its own currency."""
    domain.add(session, received, {"awards_offered": 1, domain.offered_in(event.currency): event.amount_pence})


def on_award_accepted(session: orm.Session, received: Received, event: AwardAccepted) -> None:
    """One more award that its group accepted."""
    domain.add(session, received, {"awards_accepted": 1})


def on_award_ended(session: orm.Session, received: Received, event: AwardEnded) -> None:
    """One award fewer on offer: it lapsed or was cancelled, and its amount is the round's again."""
    domain.add(session, received, {"awards_offered": -1, domain.offered_in(event.currency): -event.amount_pence})


def on_award_amended(session: orm.Session, received: Received, event: AwardAmended) -> None:
    """An award is of another amount now."""
    domain.add(session, received, {domain.offered_in(event.currency): event.amount_pence - event.before_pence})


HANDLERS: dict[type[Event], Handler] = {
    PersonCreated: on_person_created,
    PersonMerged: on_person_merged,
    PersonUnmerged: on_person_unmerged,
    PersonErased: on_person_erased,
    MembershipJoined: on_membership_joined,
    MembershipErased: on_membership_erased,
    MembershipRungChanged: on_rung_changed,
    MembershipRungRemoved: on_rung_removed,
    PledgeMade: on_pledge_made,
    OrganisationPledged: on_pledge_made,
    ActivityRecorded: on_activity_recorded,
    ObservationRecorded: on_observation_recorded,
    RoundOpened: on_round_opened,
    RoundClosed: on_round_closed,
    ApplicationSubmitted: on_application_submitted,
    ApplicationEnded: on_application_ended,
    AwardOffered: on_award_offered,
    AwardAccepted: on_award_accepted,
    AwardEnded: on_award_ended,
    AwardAmended: on_award_amended,
}
