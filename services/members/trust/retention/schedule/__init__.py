"""The retention schedule: every kind of record that tells of people, and the rule that each begins with.

A table that names people, or hangs on one that does, is in exactly one kind; a test fails on one that is in none: a new
table is entered in the module of its room. Periods are storage limitation (UK GDPR, article 5(1)(e)), which names no
figure: where no law gives one, the source says that it is our choice.
"""

from collections.abc import Mapping

from services.members.trust.retention.kinds import Kind
from services.members.trust.retention.schedule import community, directory, engagement, gatherings, life, trust

SCHEDULE: Mapping[str, Kind] = {
    kind.key: kind for room in (directory, engagement, gatherings, community, life, trust) for kind in room.KINDS
}
"""Every kind of record by its key, in the order in which they are listed and applied."""
