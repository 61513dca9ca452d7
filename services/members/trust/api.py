"""The routes of this room."""

from services.members.trust.agreements.api import router as agreements
from services.members.trust.archives.api import router as archives
from services.members.trust.care.api import router as care
from services.members.trust.children.api import router as children
from services.members.trust.controllers.api import router as controllers
from services.members.trust.equality.api import router as equality
from services.members.trust.erasures.api import internal as internal_erasures
from services.members.trust.erasures.api import router as erasures
from services.members.trust.notices.api import router as notices
from services.members.trust.permissions.api import internal as internal_permissions
from services.members.trust.permissions.api import router as permissions
from services.members.trust.preferences.api import router as preferences
from services.members.trust.purposes.api import router as purposes
from services.members.trust.reach.api import router as reach
from services.members.trust.requests.api import router as requests
from services.members.trust.restrictions.api import router as restrictions
from services.members.trust.retention.api import router as retention
from services.members.trust.safeguarding import api as safeguarding
from services.members.trust.stops.api import router as stops

routers = (
    agreements,
    archives,
    care,
    children,
    controllers,
    equality,
    internal_erasures,
    erasures,
    notices,
    internal_permissions,
    permissions,
    preferences,
    purposes,
    reach,
    requests,
    restrictions,
    retention,
    *safeguarding.routers,
    stops,
)
