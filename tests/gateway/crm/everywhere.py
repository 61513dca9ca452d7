"""A CRM of each kind at once, each connected to the movement."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import Connected
from tests.gateway.crm.generic_server import MAPPING, GenericServer
from tests.gateway.crm.hubspot_server import HubSpotServer
from tests.gateway.crm.salesforce_server import SalesforceServer
from tests.gateway.crm.servers import CrmServer, Json


class There(NamedTuple):
    """A CRM and our connection to it; what it calls our id, and a field about which a person is asked, with values."""

    server: CrmServer
    connection: Json
    key: str
    name: str
    asked: str

    @property
    def held(self) -> dict[str, str]:
        """Whom it has: our ids of them, and how they are called there."""
        return {record[self.key]: record[self.name].split()[0] for record in self.server.records.values()}


FIELDS = (
    (CiviCrmServer, "external_identifier", "first_name", "first_name"),
    (SalesforceServer, "Backbone_Id__c", "FirstName", "FirstName"),
    (HubSpotServer, "backbone_id", "firstname", "firstname"),
    (GenericServer, "ref", "name", "groups"),
)


@asynccontextmanager
async def connected_everywhere(crm: Connected) -> AsyncIterator[list[There]]:
    """A CRM of each kind, while the block lasts."""
    await crm.cover(data_class="engagement")
    async with AsyncExitStack() as stack:
        made = []
        for kind, key, name, asked in FIELDS:
            server = kind()
            own = {"mapping": MAPPING} if kind is GenericServer else {}
            made.append(There(server, await stack.enter_async_context(crm.to(server, **own)), key, name, asked))
        yield made
