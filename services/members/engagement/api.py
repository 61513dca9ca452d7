"""The routes of this room, the ones that are called most first."""

from services.members.engagement.activities.api import router as activities
from services.members.engagement.campaigns.api import router as campaigns
from services.members.engagement.commitments.api import router as commitments
from services.members.engagement.gatherings import routes as gatherings
from services.members.engagement.ladder.api import router as ladder
from services.members.engagement.ladder.moves_api import router as moves
from services.members.engagement.memberships.api import router as memberships
from services.members.engagement.next_asks.api import router as next_asks
from services.members.engagement.nominations.api import router as nominations
from services.members.engagement.pledges.api import router as pledges

routers = (
    *(activities, memberships, ladder, moves, next_asks, pledges, campaigns, nominations, commitments),
    *gatherings.routers,
)
