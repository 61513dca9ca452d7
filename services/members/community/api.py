"""The routes of this room, the ones that are called most first."""

from services.members.community.assets.api import router as assets
from services.members.community.circles.api import router as circles
from services.members.community.knowledge.api import router as knowledge
from services.members.community.referral.api import router as referral

routers = (assets, circles, knowledge, referral)
