"""The routes of this room, the ones that are called most first."""

from services.gateway.access.api_keys.api import router as api_keys
from services.gateway.access.audit.api import router as audit
from services.gateway.access.me.api import router as me
from services.gateway.access.movements.api import router as movements
from services.gateway.access.oauth.api import router as oauth
from services.gateway.access.sessions.api import router as sessions
from services.gateway.access.users.api import router as users

routers = (me, sessions, oauth, users, api_keys, movements, audit)
