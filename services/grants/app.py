"""The grants service as an application: its routes on the house's app factory."""

from fastapi import FastAPI

from services.grants import erasing, handlers
from services.grants.agreements.api import router as agreements
from services.grants.agreements.door import router as agreements_door
from services.grants.applications.keeping import unsuccessful_forgotten
from services.grants.applications.routes import ROUTERS as APPLICATIONS
from services.grants.awards.api import router as awards
from services.grants.awards.keeping import old_awards_forgotten
from services.grants.awards.lapsing import lapse_offers
from services.grants.batches.api import router as batches
from services.grants.checks.api import router as checks
from services.grants.decisions.api import router as decisions
from services.grants.decisions.reserve import offer_from_reserve
from services.grants.decisions.voting.api import router as voting
from services.grants.delegations.api import router as delegations
from services.grants.finances.api import router as finances
from services.grants.forms.api import router as forms
from services.grants.funds.api import router as funds
from services.grants.jobs import KINDS
from services.grants.ledger.api import router as ledger
from services.grants.ledger.years.api import router as years
from services.grants.letters.api import router as letters
from services.grants.measures import handlers as measures
from services.grants.open_data.api import ROUTERS as OPEN_DATA
from services.grants.oversight.api import router as oversight
from services.grants.payees.api import router as payees
from services.grants.payees.entering import table_of
from services.grants.payments.api import router as payments
from services.grants.places.learning import learn_places
from services.grants.recipients import handlers as recipients
from services.grants.recipients.api import router as award_recipients
from services.grants.records import router as records
from services.grants.repayments.api import router as repayments
from services.grants.reports.api import router as reports
from services.grants.reports.due import ask_for_reports
from services.grants.retention import router as retention
from services.grants.reviews.api import router as reviews
from services.grants.rounds.amendments.api import router as amendments
from services.grants.rounds.api import router as rounds
from services.grants.rounds.due import open_and_close_rounds
from services.grants.shares.api import router as shares
from services.grants.suggestions.api import router as suggestions
from services.grants.suggestions.drafting import draft_suggested_rounds
from services.grants.support.api import router as support
from services.grants.timings.api import router as timings
from shared import app, tracing
from shared.jobs.api import router_of
from shared.jobs.worker import jobs_worker
from shared.partners import handlers as partners
from shared.settings import Settings

jobs = router_of("grants")


ROUTERS = (
    *(funds, delegations, shares, finances, oversight),  # /v1/income/shares before /v1/income/{income_id}
    *(suggestions, rounds, forms, amendments, timings),  # /v1/rounds/suggestions before /v1/rounds/{round_id}
    *APPLICATIONS,
    *(reviews, decisions, voting),
    *(checks, awards, award_recipients, agreements, agreements_door, repayments, reports, support, letters),
    *(payees, payments, batches, ledger, years),
    *OPEN_DATA,
    *(records, retention, tracing.router, jobs),
)
WORKERS = (
    *(erasing.ERASING.worker(), unsuccessful_forgotten, old_awards_forgotten),
    *(draft_suggested_rounds, open_and_close_rounds, learn_places),
    *(lapse_offers, offer_from_reserve, ask_for_reports),
    jobs_worker(KINDS),
)


def create_app(settings: Settings) -> FastAPI:
    """The application; its lifespan opens the database and the bus and starts the relay.

    Raises SettingsError where the banks' table that is set cannot be read: nothing is checked by half.
    """
    table_of(settings)
    return app.create_app(
        "grants",
        settings,
        routers=ROUTERS,
        subscriptions=[
            app.Subscribed(handlers.CONSUMER, handlers.HANDLERS),
            app.Subscribed("grants_partners", partners.HANDLERS, prompt=True),
            app.Subscribed(measures.CONSUMER, measures.HANDLERS, prompt=True),
            app.Subscribed(recipients.CONSUMER, recipients.HANDLERS, prompt=True),
        ],
        workers=WORKERS,
        upstreams=["members", "measures"],
        title="Grants",
        description="Funds, rounds, applications and awards. No fund and no round is ever overspent.",
    )
