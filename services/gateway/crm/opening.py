"""The one place that knows which adapter speaks to a vendor's API."""

from services.gateway.crm import credentials
from services.gateway.crm.mapping import Mapping, mapping_of
from services.gateway.crm.models import Connection, Vendor
from services.gateway.crm.vendors.civicrm import CiviCrm
from services.gateway.crm.vendors.vendor import Crm, CrmRefuses
from shared.dialler import Dialler
from shared.secrets import Secrets, Unreadable


def mapping_for(connection: Connection) -> Mapping:
    """How people are kept in a CRM."""
    return mapping_of(connection.pack, connection.pack_version, connection.mapping)


def opened(connection: Connection, dialler: Dialler, secrets: Secrets) -> Crm:
    """The CRM of a connection, ready to be asked. Raises CrmRefuses where its credentials cannot be read."""
    try:
        keys = credentials.unseal(secrets, connection.movement, connection.id, connection.sealed)
    except Unreadable:
        raise CrmRefuses("credentials_unreadable") from None
    person = mapping_for(connection).person
    match Vendor(connection.vendor):
        case Vendor.CIVICRM:
            return CiviCrm(dialler, connection.url, keys.api_key, person)
    raise CrmRefuses("vendor_unknown")
