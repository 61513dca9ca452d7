"""What becomes of the staff time that an organisation gives when it ends: another gives it, or it ends with it.

And how it comes back where that is undone.
"""

from datetime import date

from sqlalchemy.orm import Session

from services.members.life.staff_time import store
from shared import clock, outbox
from shared.events.members.life import StaffTimeEnded


def pass_on(session: Session, movement: str, organisation: str, to: str | None, on: date) -> list[str]:
    """Let another organisation give what is given on a day and later, or (None) end it then; the ids."""
    at, given = clock.now(), store.open_of(session, movement, organisation, on)
    for time in given:
        if to is not None:
            time.organisation = to
            time.changed(at)
            continue
        time.ended_on = on
        time.changed(at)
        outbox.record(session, StaffTimeEnded(stafftime=time.id, work=time.work))
    return [time.id for time in given]


def come_back(session: Session, movement: str, time: str, organisation: str, taker: str | None, on: date) -> None:
    """Undo `pass_on` for one, where nobody has said anything else about it since."""
    row = store.find(session, movement, time, locked=True)
    if row is None:
        return
    if taker is not None and row.organisation == taker:
        row.organisation = organisation
    elif taker is None and row.organisation == organisation and row.ended_on == on:
        row.ended_on = None
    else:
        return
    row.changed(clock.now())
