"""The admin application: its pages, its one style sheet, and the gateway that it asks."""

from services.admin.faults import told_on_a_page
from services.admin.overview.pages import router as overview
from services.admin.sign_in.pages import router as sign_in
from services.admin.static_files import router as static_files
from shared.app import Service, create_frontend
from shared.settings import Settings


def create_app(settings: Settings) -> Service:
    """The admin frontend. Its lifespan opens the connection to the gateway."""
    return create_frontend(
        "admin",
        settings,
        routers=[sign_in, overview, static_files],
        upstreams=["gateway"],
        around=told_on_a_page,
        title="Backbone admin",
        description=__doc__,
    )
