"""Sealing again, with the newest key, what an older one sealed: after a rotation the old key can be taken away.

A slice finds by itself what is left, so a process that is killed goes on with the next. It is looked for again and
again, for a replica that has not started since the rotation still seals with the old key.
"""

import asyncio

import structlog
from sqlalchemy.orm import Session

from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.tables import SEALED_KINDS
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 3600.0
_ROWS_A_SLICE = 50
_log = structlog.get_logger(__name__)


async def reseal_old_records(parts: Parts) -> None:
    """Look again and again, until cancelled."""
    while True:
        await reseal(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def reseal(parts: Parts) -> int:
    """Seal again whatever an older key sealed. Answers how many records that was, and says so in the log."""
    resealed = 0
    while some := await parts.db.write(reseal_some):
        resealed += some
    if resealed:
        _log.info("safeguarding_resealed", records=resealed)
    return resealed


def reseal_some(session: Session) -> int:
    """Seal the next slice again, of every movement: housekeeping. Answers how many records it was."""
    for kind in SEALED_KINDS:
        old = store.sealed_by_older_keys(session, kind.table, _ROWS_A_SLICE)
        for movement, id_ in old:
            store.reseal(session, movement, kind.table, kind.record, id_)
        if old:
            return len(old)
    return 0
