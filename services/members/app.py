"""The members service as an application: its routes on the house's app factory."""

from fastapi import FastAPI

from services.members.activities.api import router as activities
from services.members.ladder.api import router as ladder
from services.members.ladder.review import review_ladders
from services.members.people.api import router as people
from services.members.pledges.api import router as pledges
from services.members.signups.api import router as signups
from shared import app
from shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application; its lifespan opens the database and the bus, and starts the relay and the ladder's review."""
    return app.create_app(
        "members",
        settings,
        routers=[signups, activities, people, ladder, pledges],  # the hot ones first: routes are matched in order
        workers=[review_ladders],
        title="Members",
        description="People who join a movement, what they allow, pledge and do, and the ladder that they climb.",
    )
