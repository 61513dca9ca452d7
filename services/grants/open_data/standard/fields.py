"""Every field of the standard: what it holds, and what spreadsheets call it.

One table, which the rules, the spreadsheets that we write and those that we read all go by. A field without a title in
the standard's schema goes by its name there.
"""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import NamedTuple

from services.grants.open_data.standard import codelists


class Kind(Enum):
    """What a field may hold."""

    TEXT = auto()
    NUMBER = auto()
    DAY = auto()  # a calendar day, or an instant
    PERIOD = auto()  # the same, or a month, or a year
    INSTANT = auto()
    ADDRESS = auto()  # of a page on the web
    CODE = auto()  # one of a list
    CODES = auto()  # several of one
    TEXTS = auto()
    PART = auto()  # fields of its own
    PARTS = auto()  # a list of such


_NO_PARTS: "Mapping[str, Field]" = MappingProxyType({})


class Field(NamedTuple):
    """One field. ``empty``: it may be there and null; ``needed``: it may not be missing from what it is a part of."""

    kind: Kind
    title: str
    empty: bool = False
    needed: bool = False
    codes: frozenset[str] = frozenset()
    parts: "Mapping[str, Field]" = _NO_PARTS
    least: int | None = None


_CHANGED = Field(Kind.INSTANT, "Last Modified")
_CURRENCY = Field(Kind.CODE, "Currency", codes=codelists.CURRENCIES)

_LOCATION = {
    "id": Field(Kind.TEXT, "Identifier"),
    "name": Field(Kind.TEXT, "Name", empty=True),
    "countryCode": Field(Kind.CODE, "Country Code", codes=codelists.COUNTRIES),
    "latitude": Field(Kind.NUMBER, "Latitude", empty=True),
    "longitude": Field(Kind.NUMBER, "Longitude", empty=True),
    "description": Field(Kind.TEXT, "Description", empty=True),
    "geoCode": Field(Kind.TEXT, "Geographic Code", empty=True),
    "geoCodeType": Field(Kind.CODE, "Geographic Code Type", empty=True, codes=codelists.GEO_CODE_TYPES),
    "dateModified": _CHANGED,
}
_ORGANISATION = {
    "id": Field(Kind.TEXT, "Identifier", needed=True),
    "name": Field(Kind.TEXT, "Name", needed=True),
    "department": Field(Kind.TEXT, "Department"),
    "contactName": Field(Kind.TEXT, "Contact Name"),
    "charityNumber": Field(Kind.TEXT, "Charity Number"),
    "companyNumber": Field(Kind.TEXT, "Company Number"),
    "streetAddress": Field(Kind.TEXT, "Street Address"),
    "addressLocality": Field(Kind.TEXT, "City"),
    "addressRegion": Field(Kind.TEXT, "County"),
    "addressCountry": Field(Kind.TEXT, "Country"),
    "postalCode": Field(Kind.TEXT, "Postal Code"),
    "telephone": Field(Kind.TEXT, "Phone Number"),
    "alternateName": Field(Kind.TEXT, "Alternate Name"),
    "email": Field(Kind.TEXT, "Email"),
    "description": Field(Kind.TEXT, "Description"),
    "organisationType": Field(Kind.TEXT, "Organisation Type", empty=True),
    "url": Field(Kind.ADDRESS, "Web Address"),
    "location": Field(Kind.PARTS, "Location", parts=_LOCATION),
    "dateModified": _CHANGED,
}
_PERSON = {
    "id": Field(Kind.TEXT, "Identifier", needed=True),
    "name": Field(Kind.TEXT, "Name", needed=True),
}
_INDIVIDUALS = {
    "primaryGrantReason": Field(Kind.CODE, "Primary Grant Reason", codes=codelists.INDIVIDUALS_REASONS),
    "secondaryGrantReason": Field(Kind.CODE, "Secondary Grant Reason", codes=codelists.INDIVIDUALS_REASONS),
    "grantPurpose": Field(Kind.CODES, "Grant Purpose", codes=codelists.INDIVIDUALS_PURPOSES),
}
_EVENT = {
    "title": Field(Kind.TEXT, "Title"),
    "startDate": Field(Kind.PERIOD, "Start Date"),
    "endDate": Field(Kind.PERIOD, "End Date"),
    "duration": Field(Kind.NUMBER, "Duration (months)", least=0),
    "description": Field(Kind.TEXT, "Description"),
    "dateModified": _CHANGED,
}
_PROGRAMME = {
    "code": Field(Kind.TEXT, "Code"),
    "title": Field(Kind.TEXT, "Title", empty=True),
    "description": Field(Kind.TEXT, "Description", empty=True),
    "url": Field(Kind.ADDRESS, "URL", empty=True),
    "dateModified": _CHANGED,
}
_CLASSIFICATION = {"vocabulary": Field(Kind.TEXT, "Vocabulary"), **_PROGRAMME}
_DOCUMENT = {
    "id": Field(Kind.TEXT, "Identifier"),
    "title": Field(Kind.TEXT, "Title", empty=True),
    "url": Field(Kind.ADDRESS, "Web Address", empty=True),
    "description": Field(Kind.TEXT, "Description", empty=True),
    "documentType": Field(Kind.TEXT, "Document Type", empty=True),
    "dateModified": _CHANGED,
}
_TRANSACTION = {
    "id": Field(Kind.TEXT, "Identifier"),
    "transactionDate": Field(Kind.DAY, "Transaction Date"),
    "currency": _CURRENCY,
    "value": Field(Kind.NUMBER, "Value"),
    "valueDate": Field(Kind.DAY, "Value Date", empty=True),
    "description": Field(Kind.TEXT, "Description", empty=True),
    "provider": Field(Kind.TEXT, "Provider", empty=True),
    "recipient": Field(Kind.TEXT, "Recipient", empty=True),
    "dateModified": _CHANGED,
}

GRANT: Mapping[str, Field] = {
    "id": Field(Kind.TEXT, "Identifier", needed=True),
    "title": Field(Kind.TEXT, "Title", needed=True),
    "description": Field(Kind.TEXT, "Description", needed=True),
    "currency": _CURRENCY._replace(needed=True),
    "amountAppliedFor": Field(Kind.NUMBER, "Amount Applied For"),
    "amountAwarded": Field(Kind.NUMBER, "Amount Awarded", needed=True),
    "amountDisbursed": Field(Kind.NUMBER, "Amount Disbursed"),
    "awardDate": Field(Kind.DAY, "Award Date", needed=True),
    "url": Field(Kind.ADDRESS, "URL"),
    "plannedDates": Field(Kind.PARTS, "Planned Dates", parts=_EVENT),
    "actualDates": Field(Kind.PARTS, "Actual Dates", parts=_EVENT),
    "recipientIndividual": Field(Kind.PART, "Recipient Ind", parts=_PERSON),
    "toIndividualsDetails": Field(Kind.PART, "To Individuals Details", parts=_INDIVIDUALS),
    "recipientOrganization": Field(Kind.PARTS, "Recipient Org", parts=_ORGANISATION, least=1),
    "beneficiaryLocation": Field(Kind.PARTS, "Beneficiary Location", parts=_LOCATION),
    "fundingOrganization": Field(Kind.PARTS, "Funding Org", needed=True, parts=_ORGANISATION, least=1),
    "grantProgramme": Field(Kind.PARTS, "Grant Programme", parts=_PROGRAMME),
    "fromOpenCall": Field(Kind.CODE, "From An Open Call?", codes=codelists.YES_OR_NO),
    "fundingType": Field(Kind.PARTS, "Funding Type", parts=_CLASSIFICATION),
    "classifications": Field(Kind.PARTS, "Classifications", parts=_CLASSIFICATION),
    "relatedDocument": Field(Kind.PARTS, "Related Document", parts=_DOCUMENT),
    "applicationTransaction": Field(Kind.PARTS, "applicationTransaction", parts=_TRANSACTION),
    "commitmentTransaction": Field(Kind.PARTS, "commitmentTransaction", parts=_TRANSACTION),
    "disbursementTransaction": Field(Kind.PARTS, "disbursementTransaction", parts=_TRANSACTION),
    "relatedActivity": Field(Kind.TEXTS, "Related Activity"),
    "dateModified": _CHANGED,
    "dataSource": Field(Kind.ADDRESS, "Data Source", empty=True),
    "regrantType": Field(Kind.CODE, "For Regrant Type", codes=codelists.REGRANT_TYPES),
    "locationScope": Field(Kind.CODE, "Location Scope", codes=codelists.LOCATION_SCOPES),
}
"""The fields of a grant, in the order in which a spreadsheet has them. Of the two recipients it has exactly one."""

RECIPIENTS = ("recipientOrganization", "recipientIndividual")
