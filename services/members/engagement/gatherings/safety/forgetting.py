"""The worker that deletes emergency contacts once their slot has been over for as long as the setting says."""

import asyncio
from datetime import timedelta

from services.members.engagement.gatherings.safety import domain
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 600.0


async def forget_emergency_contacts(parts: Parts) -> None:
    """Look again and again. Killed, it goes on with the next look."""
    while True:
        await forget(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def forget(parts: Parts) -> None:
    """Delete whatever has been kept long enough, in slices that let other writers in between."""
    kept = timedelta(hours=parts.settings.emergency_contact_hours)
    while await parts.db.write(domain.forget_contacts, kept):
        continue
