"""The gateway as an application: its own routes behind the dispatcher, its projections, the sending of webhooks."""

from datetime import timedelta
from functools import partial

from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.gateway import documents
from services.gateway.access import erasing
from services.gateway.access.api import routers as access
from services.gateway.access.api_keys.use import KeyUse
from services.gateway.access.users import handlers as people
from services.gateway.agreements import handlers as agreements
from services.gateway.composed.api import router as composed
from services.gateway.composed.lastly import LastAnswers
from services.gateway.crm import handlers as crm_handlers
from services.gateway.crm.api import router as crm
from services.gateway.crm.coverage import look_after_crms
from services.gateway.crm.dry_runs.api import router as crm_dry_runs
from services.gateway.crm.teller import Teller
from services.gateway.dispatch import Dispatcher
from services.gateway.feed.api import router as feed
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.handlers import subscribed
from services.gateway.feed.streams import Streams
from services.gateway.handovers.api import router as handovers
from services.gateway.handovers.delivery import hand_over_pending
from services.gateway.inbound.api import router as inbound
from services.gateway.inbound.conflicts.api import router as conflicts
from services.gateway.inbound.worker import Taker
from services.gateway.jobs import KINDS
from services.gateway.limits import Limits
from services.gateway.nouns import LARGE, SERVICES
from services.gateway.overview import handlers
from services.gateway.overview.api import router as overview
from services.gateway.overview.composition import Composition
from services.gateway.overview.domain import PROJECTION
from services.gateway.records import router as records
from services.gateway.retention import router as retention
from services.gateway.trace.api import router as trace
from services.gateway.webhooks.api import router as webhooks
from services.gateway.webhooks.completeness.api import router as completeness
from services.gateway.webhooks.dry_runs.api import router as dry_runs
from services.gateway.webhooks.keeping import forget_attempts
from services.gateway.webhooks.sender import Sender
from services.gateway.webhooks.stopping import watch_coverage
from shared import app
from shared.dialler import Dialler
from shared.jobs.api import router_of
from shared.jobs.worker import jobs_worker
from shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application. Every request under /v1 passes the dispatcher, and most get no further."""
    use, limits, arrivals = KeyUse(), Limits(settings.rate_limit), Arrivals()
    sender = Sender(Dialler(to_loopback=settings.webhooks_to_loopback))
    teller = Teller(Dialler(to_loopback=settings.webhooks_to_loopback))
    taker = Taker(teller.dialler, teller.wake)
    direct = [route for route in overview.routes if isinstance(route, APIRoute)]
    gateway = app.create_app(
        "gateway", settings,
        routers=[
            overview, composed, trace, feed, webhooks, completeness, dry_runs, crm, crm_dry_runs, inbound, conflicts,
            *access, handovers, documents.router, records, retention, router_of("gateway"),
        ],
        subscriptions=[
            app.Subscribed(handlers.CONSUMER, handlers.HANDLERS, projection=PROJECTION, prompt=True),
            subscribed(arrivals, sender),
            app.Subscribed(people.CONSUMER, people.HANDLERS | erasing.HANDLERS, prompt=True),
            agreements.subscribed(sender),
            crm_handlers.subscribed(teller),
        ],
        workers=[
            use.write_key_use, limits.settle, sender.send_webhooks, hand_over_pending, watch_coverage, forget_attempts,
            erasing.ERASING.worker(), teller.keep_crms_true, look_after_crms, taker.take_up_messages,
            jobs_worker(KINDS),
        ],
        upstreams=SERVICES,
        dispatcher=partial(Dispatcher, use=use, limits=limits, direct=direct),
        large=LARGE,
        title="Gateway",
        description="Access, composition, the event feed, webhooks and CRMs.",
    )  # fmt: skip
    lastly = LastAnswers(timedelta(seconds=settings.stale_if_error))
    gateway.state.key_use, gateway.state.last_answers = use, lastly
    gateway.state.overview = Composition(handlers.CONSUMER, lastly)
    gateway.state.streams, gateway.state.sender = Streams(arrivals), sender
    gateway.state.teller, gateway.state.taker = teller, taker
    return gateway
