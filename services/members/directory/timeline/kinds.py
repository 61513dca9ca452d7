"""Every kind of thing that a timeline tells, from all rooms."""

from services.members.community.happenings import HAPPENINGS as COMMUNITY
from services.members.directory.happenings import HAPPENINGS as DIRECTORY
from services.members.engagement.happenings import HAPPENINGS as ENGAGEMENT
from services.members.life.happenings import HAPPENINGS as LIFE

HAPPENINGS = {each.kind: each for each in (*DIRECTORY, *ENGAGEMENT, *COMMUNITY, *LIFE)}
