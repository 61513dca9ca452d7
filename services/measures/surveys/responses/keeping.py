"""How long answers are kept: a wave's are deleted so many days after it closed. Figures made of them stay."""

import asyncio
from datetime import timedelta

from services.measures.surveys.responses import store
from shared import clock
from shared.parts import Parts

EVERY_SECONDS = 600.0


async def answers_deleted(parts: Parts) -> None:
    """The worker: looks now and then for answers that were kept long enough."""
    while True:
        await delete_old(parts)
        await asyncio.sleep(EVERY_SECONDS)


async def delete_old(parts: Parts) -> int:
    """Delete the answers of waves that closed long enough ago, a few at a time; answers how many there were."""
    before = (clock.now().date() - timedelta(days=parts.settings.survey_answers_kept_days)).isoformat()
    deleted = 0
    while gone := await parts.db.write(store.delete_closed_before, before):
        deleted += gone
    return deleted
