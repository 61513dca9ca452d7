"""The routes of this room."""

from services.members.life.agenda.api import router as agenda
from services.members.life.alignments.api import router as alignments
from services.members.life.contact_log.api import router as contact_log
from services.members.life.control.api import router as control
from services.members.life.exchange.api import router as exchange
from services.members.life.learning.api import router as learning
from services.members.life.mailings.api import router as mailings
from services.members.life.mailings.held_back.api import router as held_back
from services.members.life.mailings.hooks import router as mail_hooks
from services.members.life.mailings.tools.api import router as mailing_tools
from services.members.life.mandates.api import router as mandates
from services.members.life.recognitions.api import router as recognitions
from services.members.life.shares.api import router as shares
from services.members.life.staff_time.api import router as staff_time
from services.members.life.themes.api import internal as round_suggestions
from services.members.life.themes.api import router as themes
from services.members.life.time_credits.api import router as time_credits
from services.members.life.voices.api import router as voices
from services.members.life.wins.api import router as wins

routers = (
    *(time_credits, agenda, alignments, mandates, shares, control, staff_time, contact_log),
    *(exchange, wins, recognitions, learning),
    *(themes, voices, round_suggestions),
    *(mailing_tools, held_back, mailings, mail_hooks),
)
