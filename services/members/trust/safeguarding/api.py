"""The routes of safeguarding."""

from services.members.trust.safeguarding.checks.api import router as checks
from services.members.trust.safeguarding.concerns.api import router as concerns
from services.members.trust.safeguarding.keep_apart.api import router as keep_apart
from services.members.trust.safeguarding.protected.api import router as protected

routers = (concerns, checks, protected, keep_apart)
