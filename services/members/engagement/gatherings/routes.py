"""The routes of everything about gatherings, the ones that are called most first."""

from services.members.engagement.gatherings.api import router as gatherings
from services.members.engagement.gatherings.attendances.api import router as attendances
from services.members.engagement.gatherings.bookings.api import router as bookings
from services.members.engagement.gatherings.feeds.api import router as feeds
from services.members.engagement.gatherings.safety.api import router as safety
from services.members.engagement.gatherings.shifts.api import router as shifts
from services.members.engagement.gatherings.slots.api import router as slots

routers = (attendances, bookings, gatherings, slots, feeds, shifts, safety)
