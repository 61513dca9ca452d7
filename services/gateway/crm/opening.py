"""The one place that knows which adapter speaks to a vendor's API."""

from services.gateway.crm import credentials
from services.gateway.crm.mapping import Mapping, RecordMapping, mapping_of
from services.gateway.crm.models import Connection, Errand, Vendor
from services.gateway.crm.vendors.calling import Dials
from services.gateway.crm.vendors.civicrm import CiviCrm
from services.gateway.crm.vendors.generic import Generic
from services.gateway.crm.vendors.hubspot import HubSpot
from services.gateway.crm.vendors.salesforce import Salesforce
from services.gateway.crm.vendors.vendor import Crm, CrmRefuses
from shared.secrets import Secrets, Unreadable


def mapping_for(connection: Connection) -> Mapping:
    """How people and organisations are kept in a CRM."""
    return mapping_of(connection.pack, connection.pack_version, connection.mapping)


def records_of(mapping: Mapping, kind: Errand) -> RecordMapping | None:
    """How a CRM keeps people or organisations; None where it is not told of such."""
    return mapping.organisation if kind is Errand.ORGANISATION else mapping.person


class Opened:
    """A connection's CRM, opened for people and for organisations as each is needed."""

    def __init__(self, connection: Connection, dialler: Dials, secrets: Secrets) -> None:
        self._connection = connection
        self._dialler = dialler
        self._secrets = secrets
        self._crms: dict[Errand, Crm] = {}

    def of(self, kind: Errand) -> Crm:
        """The CRM, ready to be asked about such records. Raises CrmRefuses."""
        if kind not in self._crms:
            self._crms[kind] = opened(self._connection, self._dialler, self._secrets, kind)
        return self._crms[kind]


def opened(connection: Connection, dialler: Dials, secrets: Secrets, kind: Errand = Errand.PERSON) -> Crm:
    """The CRM of a connection, ready to be asked about people, or about organisations.

    Raises CrmRefuses where its credentials cannot be read, or its mapping does not say how.
    """
    try:
        keys = credentials.unseal(secrets, connection.movement, connection.id, connection.sealed)
    except Unreadable:
        raise CrmRefuses("credentials_unreadable") from None
    mapping, url = mapping_for(connection), connection.url
    records = records_of(mapping, kind)
    calls = mapping.organisation_calls if kind is Errand.ORGANISATION else mapping.calls
    if records is None:
        raise CrmRefuses("mapping_says_not_how")
    match Vendor(connection.vendor):
        case Vendor.CIVICRM:
            return CiviCrm(dialler, url, keys.api_key, records)
        case Vendor.SALESFORCE:
            return Salesforce(dialler, url, keys.client_id, keys.client_secret, records)
        case Vendor.HUBSPOT:
            return HubSpot(dialler, url, keys.token, records)
        case Vendor.GENERIC:
            if calls is None:
                raise CrmRefuses("mapping_says_not_how")
            return Generic(dialler, url, (keys.header, keys.value), records, calls)
