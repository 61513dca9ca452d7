"""The routes of this room."""

from services.members.life.agenda.api import router as agenda
from services.members.life.alignments.api import router as alignments

routers = (agenda, alignments)
