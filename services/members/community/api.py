"""The routes of this room, the ones that are called most first."""

from services.members.community.assets.api import router as assets
from services.members.community.capacity.api import router as capacity
from services.members.community.circles.api import router as circles
from services.members.community.connections.api import router as connections
from services.members.community.handovers.api import internal as internal_handovers
from services.members.community.handovers.api import router as handovers
from services.members.community.knowledge.api import router as knowledge
from services.members.community.network.api import router as network
from services.members.community.programmes.api import router as programmes
from services.members.community.referral.api import router as referral
from services.members.community.stewardships.api import router as stewardships
from services.members.community.tapers.api import router as tapers
from services.members.community.ties.api import router as ties

routers = (
    assets,
    connections,
    circles,
    capacity,
    knowledge,
    handovers,
    internal_handovers,
    stewardships,
    ties,
    network,
    referral,
    tapers,
    programmes,
)
