"""Every route of open data, and those that stand open."""

from services.grants.open_data.publishing.api import router as publishing
from services.grants.open_data.publishing.opened import router as opened

ROUTERS = (publishing, opened)
