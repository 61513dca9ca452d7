"""The routes of this room."""

from services.members.trust.permissions.api import router as permissions

routers = (permissions,)
