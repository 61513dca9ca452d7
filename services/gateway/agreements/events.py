"""Which class of personal data an event is about: the feed and the webhooks of organisations are held to it."""

from collections.abc import Iterable, Mapping

from shared.coverage import DataClass

_TYPES: Mapping[DataClass, str] = {
    DataClass.CONTACT: "affiliation contact_log mailing people person",
    DataClass.ENGAGEMENT: (
        "activity ask commitment knowledge learning membership next_ask nomination offer pledge recognition "
        "response rung_confirmation story time time_credit voice win"
    ),
    DataClass.ATTENDANCE: "attendance booking",
    DataClass.INTRODUCTIONS: "connection introduction wish",
    DataClass.RELATIONSHIPS: "access circle handover stewardship support_contact tie",
    DataClass.PERMISSIONS: "notice permission preference stop",
    DataClass.RIGHTS: (
        "archive erasure gateway_receipt grants_receipt measures_receipt objection processing request retention"
    ),
    DataClass.APPLICATIONS: "application award_agreement grant_report group_check payee review",
}
_NOT_PERSONAL = (
    "external_grants "
    "adoption agenda agreement alignment assessment asset award campaign contribution control controller "
    "crm_connection decision definition_comment draw delegation framework fund gathering kpi ladder_policy ladder_run "
    "mandate measure measure_version movement observation observations organisation organisation_membership payment "
    "payment_batch period programme "
    "purpose reach release round round_suggestion slot staff_time submission survey taper target "
    "voice_theme webhook_endpoint "
    "income investment ledger_year repayment"
)
_CLASS_OF: Mapping[str, DataClass | None] = {
    **{prefix: data_class for data_class, prefixes in _TYPES.items() for prefix in prefixes.split()},
    **dict.fromkeys(_NOT_PERSONAL.split()),
}


def is_classed(event_type: str) -> bool:
    """Whether it is said here what an event of this type is about; a test holds every published one to it."""
    return event_type.partition(".")[0] in _CLASS_OF


def class_of(event_type: str) -> DataClass | None:
    """The class of data that an event of this type is about; None where it is about nobody.

    What is not said is taken for the most guarded class, which no agreement is signed about by accident.
    """
    return _CLASS_OF.get(event_type.partition(".")[0], DataClass.SAFEGUARDING)


def classes_of(event_types: Iterable[str]) -> frozenset[DataClass]:
    """The classes of data that events of these types are about."""
    return frozenset(found for found in map(class_of, event_types) if found is not None)
