"""The routes of safeguarding."""

from services.members.trust.safeguarding.keep_apart.api import router as keep_apart
from services.members.trust.safeguarding.protected.api import router as protected

routers = (protected, keep_apart)
