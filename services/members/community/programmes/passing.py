"""What becomes of the programmes that an organisation leads when it ends: another leads them, or they end with it.

And how they come back where that is undone.
"""

from datetime import date

from sqlalchemy.orm import Session

from services.members.community.programmes import store
from shared import clock


def pass_on(session: Session, movement: str, organisation: str, to: str | None, on: date) -> list[str]:
    """Let another organisation lead every programme that is not over, or (None) end each on a day; their ids."""
    at, led = clock.now(), store.led_by(session, movement, organisation, on)
    for programme in led:
        if to is None:
            programme.ended_on = on
        else:
            programme.lead = to
        programme.changed(at)
    return [programme.id for programme in led]


def come_back(session: Session, movement: str, programme: str, organisation: str, taker: str | None, on: date) -> None:
    """Undo `pass_on` for one programme, where nobody has said anything else about it since."""
    row = store.find(session, movement, programme, locked=True)
    if row is None:
        return
    if taker is not None and row.lead == taker:
        row.lead = organisation
    elif taker is None and row.lead == organisation and row.ended_on == on:
        row.ended_on = None
    else:
        return
    row.changed(clock.now())
