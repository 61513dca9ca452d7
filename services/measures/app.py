"""The measures service as an application: its routes on the house's app factory, and the worker that tidies imports."""

from fastapi import FastAPI

from services.measures import erasing
from services.measures.adoptions.api import router as adoptions
from services.measures.analysis.api import router as drill_down
from services.measures.analysis.refreshing import read_model
from services.measures.assessments.api import router as assessments
from services.measures.commons.api import router as commons
from services.measures.comparisons.api import router as comparisons
from services.measures.consultations.api import router as consultations
from services.measures.disclosure.api import router as profiles
from services.measures.equity.api import router as equity
from services.measures.formats.api import router as formats
from services.measures.frameworks.api import router as frameworks
from services.measures.geography.api import router as geography
from services.measures.glossary.api import router as glossary
from services.measures.grant_reports import handlers as grant_reports
from services.measures.grant_reports.taking import take_grant_reports
from services.measures.instruments.api import router as instruments
from services.measures.jobs import KINDS
from services.measures.kpis.api import router as kpis
from services.measures.measures.api import router as measures
from services.measures.observations.api import router as observations
from services.measures.observations.recovery import import_recovery
from services.measures.places.api import router as places
from services.measures.postcodes.api import router as postcodes
from services.measures.records import router as records
from services.measures.releases.api import router as releases
from services.measures.releases.opened import router as opened
from services.measures.retention import router as retention
from services.measures.rollups.api import router as rollups
from services.measures.scorecards.api import router as scorecards
from services.measures.series.api import router as series
from services.measures.stories.api import router as stories
from services.measures.submissions.api import router as submissions
from services.measures.surveys.api import ROUTERS as SURVEYS
from services.measures.surveys.responses.keeping import answers_deleted
from services.measures.targets.api import router as targets
from services.measures.validation.api import router as validation
from shared import app, tracing
from shared.jobs.api import router_of
from shared.jobs.worker import jobs_worker
from shared.partners import handlers as partners
from shared.settings import Settings

jobs = router_of("measures")


def create_app(settings: Settings) -> FastAPI:
    """The application; its lifespan opens the database and the bus and starts the relay and the recovery of imports."""
    return app.create_app(
        "measures",
        settings,
        routers=[
            *(validation, formats, observations, submissions),
            *(postcodes, geography, places, measures, consultations),
            *(commons, glossary),
            *(adoptions, targets, kpis),
            *(series, rollups, comparisons, equity, scorecards, drill_down),
            *(profiles, releases, opened),
            instruments,
            *(frameworks, assessments, stories),
            *(records, retention, jobs, tracing.router),
            *SURVEYS,
        ],
        subscriptions=[
            app.Subscribed(erasing.CONSUMER, erasing.HANDLERS),
            app.Subscribed("measures_partners", partners.HANDLERS, prompt=True),
            app.Subscribed(grant_reports.CONSUMER, grant_reports.HANDLERS),
        ],
        workers=[
            import_recovery,
            answers_deleted,
            read_model,
            take_grant_reports,
            erasing.ERASING.worker(),
            jobs_worker(KINDS),
        ],
        upstreams=["members", "grants"],
        title="Measures",
        description="Places, definitions and figures: what partners count together, and what was known when.",
    )
