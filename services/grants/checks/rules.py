"""Which checks an award needs, as data: each fund edits its own, and begins with these.

What is asked of micro-grants is a choice of ours, after what funders of small groups commonly ask for: a governing
document (or a host that has one), an account of which two unrelated people dispose, in the group's own name, a
safeguarding statement where children or adults at risk take part, and that the purpose is within the grant-maker's
objects, which a charity owes by law (Charities Act 2011, section 35, and its own trusts).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypedDict

DAYS = 365
"""For how long a check of a group counts, unless its fund says otherwise: once a year a group."""


class CheckKind(StrEnum):
    """What is made sure of."""

    GOVERNING_DOCUMENT = "governing_document"
    ACCOUNT_SIGNATORIES = "account_signatories"
    ACCOUNT_NAME = "account_name"
    SAFEGUARDING = "safeguarding"
    OBJECTS = "objects"


ASKED: Mapping[CheckKind, str] = {
    CheckKind.GOVERNING_DOCUMENT: "the group has a governing document, or a host that has one holds the money",
    CheckKind.ACCOUNT_SIGNATORIES: "two people who are not related dispose of the account together",
    CheckKind.ACCOUNT_NAME: "the account is in the name of the group, or of its host",
    CheckKind.SAFEGUARDING: "there is a safeguarding statement, where children or adults at risk take part",
    CheckKind.OBJECTS: "the purpose is within the grant-maker's objects",
}


class StoredRule(TypedDict):
    """One rule: a kind of check, from which amount on (pence), and whether only where people at risk take part."""

    kind: str
    pence: int
    people_at_risk_only: bool


DEFAULT: Sequence[StoredRule] = tuple(
    {"kind": kind.value, "pence": 0, "people_at_risk_only": kind is CheckKind.SAFEGUARDING} for kind in CheckKind
)
"""The rules of a fund that has edited none: every check of every award."""


def kinds_for(rules: Sequence[StoredRule], pence: int, people_at_risk: bool | None) -> list[CheckKind]:
    """The checks that an award of so much needs. Whether people at risk take part may be unsaid (None): they may."""
    return [
        CheckKind(rule["kind"])
        for rule in rules
        if pence >= rule["pence"] and (people_at_risk is not False or not rule["people_at_risk_only"])
    ]
