"""The one place that knows which adapter speaks to a vendor's API."""

from services.gateway.crm import credentials
from services.gateway.crm.mapping import Mapping, mapping_of
from services.gateway.crm.models import Connection, Vendor
from services.gateway.crm.vendors.calling import Dials
from services.gateway.crm.vendors.civicrm import CiviCrm
from services.gateway.crm.vendors.generic import Generic
from services.gateway.crm.vendors.hubspot import HubSpot
from services.gateway.crm.vendors.salesforce import Salesforce
from services.gateway.crm.vendors.vendor import Crm, CrmRefuses
from shared.secrets import Secrets, Unreadable


def mapping_for(connection: Connection) -> Mapping:
    """How people are kept in a CRM."""
    return mapping_of(connection.pack, connection.pack_version, connection.mapping)


def opened(connection: Connection, dialler: Dials, secrets: Secrets) -> Crm:
    """The CRM of a connection, ready to be asked. Raises CrmRefuses where its credentials cannot be read."""
    try:
        keys = credentials.unseal(secrets, connection.movement, connection.id, connection.sealed)
    except Unreadable:
        raise CrmRefuses("credentials_unreadable") from None
    mapping, url = mapping_for(connection), connection.url
    match Vendor(connection.vendor):
        case Vendor.CIVICRM:
            return CiviCrm(dialler, url, keys.api_key, mapping.person)
        case Vendor.SALESFORCE:
            return Salesforce(dialler, url, keys.client_id, keys.client_secret, mapping.person)
        case Vendor.HUBSPOT:
            return HubSpot(dialler, url, keys.token, mapping.person)
        case Vendor.GENERIC:
            if mapping.calls is None:
                raise CrmRefuses("mapping_says_not_how")
            return Generic(dialler, url, (keys.header, keys.value), mapping.person, mapping.calls)
