"""Looking at a CRM's records before it is told anything of them: what was edited there meanwhile is taken up first.

Else what we tell would go over it, and nobody would ever have seen it. A CRM whose records cannot be read, or that
tells us nothing, is told without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import orm

from services.gateway.crm.mapping import PersonMapping, Record, digest, owners
from services.gateway.crm.models import Connection, Link
from services.gateway.crm.vendors.vendor import Crm, Readable, Told
from services.gateway.inbound import merging, receiving, store
from services.gateway.inbound.messages import by_what_it_says
from services.gateway.inbound.models import Kind
from shared.db import Bound
from shared.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Looking:
    """A CRM that is about to be told of people."""

    db: Bound
    connection: Connection
    mapping: PersonMapping
    crm: Crm
    secrets: Secrets

    async def first(
        self, told: Sequence[Told], ours: Mapping[str, Record], links: Mapping[str, Link]
    ) -> set[str] | None:
        """Those of the people whose records were edited there: that is kept, to be taken up. Raises CrmFailed.

        None where it cannot be looked, or nothing is taken up for want of a hook. Who was refused when it was taken up
        is told all the same: what the movement does not let in does not hold.
        """
        if not isinstance(self.crm, Readable):
            return None
        if await self.db.read(store.hook, self.connection.movement, self.connection.id) is None:
            return None
        # Of whom nothing was agreed on, two became one, and the survivor is told of whole.
        agreed = {person for person, link in links.items() if link.agreed and person in ours}
        known = {one.external_id: one.subject for one in told if one.external_id is not None and one.subject in agreed}
        if not known:
            return set()
        records = await self.crm.read(sorted(known))
        edited = {
            name: record
            for name, record in records.items()
            if name in known and self._is_edited(record, ours[known[name]], links[known[name]])
        }
        kept = await self.db.write(_keep, self.connection, edited, self.secrets) if edited else set()
        return {known[name] for name in kept}

    def _is_edited(self, record: Record, ours: Record, link: Link) -> bool:
        by = partial(digest, self.secrets.pepper, self.connection.id, link.subject)
        wins = owners(self.mapping, self.connection.owners)
        merged = merging.merge(self.mapping, ours, record, link.agreed, wins, by)
        return bool(merged.take) or any(each.field not in link.held for each in merged.ask)


def _keep(session: orm.Session, connection: Connection, edited: Mapping[str, Record], secrets: Secrets) -> set[str]:
    """Keep what is found in records as if the CRM had told it; which of them are to be taken up now."""
    movement, waiting = connection.movement, set()
    for name, record in sorted(edited.items()):
        heard = by_what_it_says(name, Kind.CHANGED, msgspec.json.encode(record, order="sorted"))
        new = receiving.keep(session, movement, connection.id, [heard], secrets)
        if new or store.is_pending(session, movement, connection.id, name):
            waiting.add(name)
    return waiting
