"""Putting one person on a tool's list, and keeping what the tool says to it: for the lists and for a mailing alike."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.members.life.mailings.held_back import domain as held_back
from services.members.life.mailings.held_back.models import ReturnKind, Via
from services.members.life.mailings.tools import domain as tools
from services.members.life.mailings.tools.models import MailingTool
from services.members.life.mailings.vendors import tool as vendor
from services.members.life.mailings.vendors.hooks import CameBack
from services.members.life.mailings.vendors.tool import AtTool, Contact
from shared import clock
from shared.db import Bound
from shared.secrets import Secrets


async def add(
    db: Bound, tool: MailingTool, there: vendor.MailingTool, person: str, contact: Contact, secrets: Secrets
) -> AtTool:
    """Have somebody on the list whom the tool does not know, and keep how they stand there."""
    how = await there.add(contact)
    await db.write(_keep, tool, person, contact.address, how, clock.now(), secrets)
    return how


def _keep(
    session: Session, tool: MailingTool, person: str, address: str, how: AtTool, at: datetime, secrets: Secrets
) -> None:
    """What the tool answers is no word of theirs that we know the day of: they said yes to us, and perhaps since. So
    they are held back, and refuse nothing."""
    tools.stands(session, tool.movement, tool.id, address, person, how)
    if how not in (AtTool.ON, AtTool.REFUSED):
        kind = ReturnKind.BOUNCED if how is AtTool.BOUNCED else ReturnKind.BLOCKED
        held_back.take(session, tool.movement, tool, CameBack(address, kind, at), Via.LOOK, secrets)
