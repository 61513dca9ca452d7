"""The members service as an application: its routes on the house's app factory."""

from fastapi import FastAPI

from services.members import handlers
from services.members.community import api as community
from services.members.community.assets.upkeep import keep_the_map
from services.members.community.connections.upkeep import readmit_former_clients
from services.members.directory import api as directory
from services.members.directory.duplicates.looking import look_for_duplicates
from services.members.directory.people.birthdays import follow_birthdays
from services.members.engagement import api as engagement
from services.members.engagement.due import look_for_due
from services.members.engagement.gatherings.safety.forgetting import forget_emergency_contacts
from services.members.engagement.gatherings.slots.ahead import make_slots_ahead
from services.members.engagement.ladder.review import review_ladders
from services.members.jobs import KINDS
from services.members.life import api as life
from services.members.life.mailings.syncing import keep_lists_true
from services.members.trust import api as trust
from services.members.trust.agreements.expiry import watch_agreements
from services.members.trust.archives.elsewhere import SERVICES
from services.members.trust.archives.expiry import delete_expired_archives
from services.members.trust.erasures.carrying_out import carry_out_erasures
from services.members.trust.requests.overdue import announce_overdue_requests
from services.members.trust.retention.carrying_out import apply_retention
from services.members.trust.safeguarding.concerns.telling import tell_the_lead
from services.members.trust.safeguarding.ending import delete_what_is_over
from services.members.trust.safeguarding.resealing import reseal_old_records
from services.members.trust.safeguarding.veil import Veil
from services.members.trust.stops.late import watch_stops
from shared import app, tracing
from shared.jobs.api import router_of
from shared.jobs.worker import jobs_worker
from shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application; its lifespan opens the database and the bus, and starts the relay and the ladder's review."""
    return app.create_app(
        "members",
        settings,
        routers=[
            *directory.routers,
            *engagement.routers,
            *community.routers,
            *life.routers,
            *trust.routers,
            router_of("members"),
            tracing.router,
        ],
        subscriptions=[app.Subscribed(handlers.CONSUMER, handlers.HANDLERS)],
        workers=[
            look_for_duplicates,
            review_ladders,
            keep_the_map,
            readmit_former_clients,
            look_for_due,
            follow_birthdays,
            make_slots_ahead,
            forget_emergency_contacts,
            announce_overdue_requests,
            delete_expired_archives,
            delete_what_is_over,
            reseal_old_records,
            watch_agreements,
            carry_out_erasures,
            apply_retention,
            watch_stops,
            tell_the_lead,
            keep_lists_true,
            jobs_worker(KINDS),
        ],
        upstreams=SERVICES,
        around=Veil,
        title="Members",
        description="People who join a movement, what they allow, pledge and do, and the ladder that they climb.",
    )
