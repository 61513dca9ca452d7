"""Every route of open data, and those that stand open."""

from services.grants.open_data.imports.api import router as imports
from services.grants.open_data.opportunities.api import router as opportunities
from services.grants.open_data.publishing.api import router as publishing
from services.grants.open_data.publishing.opened import router as opened

ROUTERS = (publishing, imports, opened, opportunities)
