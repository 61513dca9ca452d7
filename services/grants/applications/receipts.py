"""What a group can show for its application: a number to name it by, and a digest of what it submitted."""

import hashlib

import msgspec

from services.grants.applications.models import Application

_NUMBER_SIGNS = 8


def number_of(application_id: str) -> str:
    """The number that a group is told, `K3T7-9QPX`: of the random part of the id, so that it tells no order."""
    last = application_id[-_NUMBER_SIGNS:].upper()
    return f"{last[:4]}-{last[4:]}"


def digest_of(document: dict[str, object]) -> str:
    """The SHA-256 of a document, as JSON with sorted keys."""
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()


def submitted(application: Application) -> dict[str, object]:
    """What a receipt stands for: all that the group submitted, but for whom to reach."""
    return {
        "application": application.id,
        "round": application.round_id,
        "group_name": application.group_name,
        "group_kind": application.group_kind,
        "organisation": application.organisation,
        "summary": application.summary,
        "amount_pence": application.amount,
        "currency": application.currency,
        "place": application.place,
        "theme": application.theme,
        "form_version": application.form_version,
        "answers": application.answers,
        "has_account": application.has_account,
        "host": application.host_name,
        "host_organisation": application.host_organisation,
        "submitted_at": application.submitted_at.isoformat(),
    }
