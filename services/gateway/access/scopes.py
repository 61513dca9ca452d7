"""Scopes: the vocabulary of what a principal may do, the roles made of them, and who may grant what.

A scope is ``resource:action``. ``*`` stands for everything, ``people:*`` for every action on people and ``*:read`` for
reading everything; how a scope is matched against what a route needs is :meth:`shared.auth.Principal.may`.
"""

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.auth import BY_NAME_ALONE, SEALED
from shared.coverage import CLASS_OF, DataClass
from shared.errors import Fault, Forbidden

ACTIONS = frozenset({"read", "write"})

OWN = frozenset({"ballots:write", "concerns:read", "concerns:write", "me:read", "me:write"})
"""What every caller may do without being granted it: see who they are, sign out, change their own password, raise a
concern about somebody's safety and see whether it was seen, and vote where they are on the roll."""

PLATFORM_RESOURCES = frozenset({"movements"})
"""What only a platform key reaches, whatever scopes another credential has."""

RESOURCES = frozenset(
    {
        *("erasures", "imports"),
        *("affiliations", "custom_fields", "memberships", "organisations", "people", "permissions", "segments"),
        *("activities", "campaigns", "commitments", "ladder", "nominations", "pledges"),
        *("assets", "connections", "conversations"),
        *("voice_words", "voices"),
        *("capacity", "circles", "knowledge", "programmes", "stewardships"),
        *("attendances", "bookings", "calendars", "gatherings", "shifts"),
        *("availability", "incidents", "pictures", "safety"),
        *("children", "equality_answers", "reach"),
        *("network", "ties"),
        *("agenda", "contact_log", "time_credits"),
        *("exchange", "learning", "recognitions", "wins"),
        *("mailing_tools", "mailings"),
        *("archives", "requests", "retention"),
        *("notices", "purposes"),
        *("instruments", "measures", "observations", "places", "submissions"),
        *("assessments", "frameworks"),
        *("adoptions", "definition_comments", "releases", "targets"),
        "kpis",
        *("decisions", "reviews"),
        *(
            "applications",
            "award_agreements",
            "awards",
            "checks_of_groups",
            "grant_reports",
            "delegations",
            "funds",
            "income",
            "investments",
            "payees",
            "payment_batches",
            "payments",
            "rounds",
            "support_contacts",
        ),
        *("applicants", "forms", "ledger"),
        "open_data_settings",
        *("external_grants", "grants_imports"),
        "agreements",
        "audit",
        "care",
        *("responses", "stories", "surveys"),
        *("crm_conflicts", "crm_connections", "events", "handovers", "jobs", "keys", "overview", "users", "webhooks"),
    }
)
"""What the scope of a key can name. A test holds it against the scopes that the routes of all services need.

What is sealed (:data:`shared.auth.SEALED`) is not among them: that takes a person, by the role that they have.
"""

Role = Literal["admin", "coordinator", "reader", "reviewer", "safeguarding"]

_NOT_A_COORDINATORS = frozenset(
    {
        "archives",
        "audit",
        "crm_connections",
        "equality_answers",
        "erasures",
        "handovers",
        "keys",
        "mailing_tools",
        "purposes",
        "retention",
    }
    | {"users", "webhooks"}
)
"""Who does the movement's work neither hands out nor ends access to it. On what basis data is used, and all that is
kept of one person, is for whoever answers for the movement; what people answered of themselves is theirs."""

ROLES: dict[Role, frozenset[str]] = {
    "admin": frozenset({"*"}),
    "coordinator": frozenset(f"{resource}:*" for resource in RESOURCES - _NOT_A_COORDINATORS)
    | {"equality_answers:write", "purposes:read"},
    "reader": frozenset({"*:read"}),
    # Who reads and scores the applications that were assigned to them, and sees no other.
    "reviewer": frozenset({"reviews:read", "reviews:write"}),
    # The designated lead and their deputies: they alone reach what is sealed, see what they need to judge it, and
    # appoint one another.
    "safeguarding": frozenset(
        {"safeguarding:read", "safeguarding:write", "incidents:*", "safety:read", "users:write", "*:read"}
    ),
}


def scopes_of(role: str) -> frozenset[str]:
    """The scopes of a stored role; a role that there no longer is has none."""
    return next((scopes for name, scopes in ROLES.items() if name == role), frozenset())


class ScopeNotHeld(Forbidden):
    """Somebody tried to hand out a scope that they do not hold themselves."""

    code = "scope_not_held"
    title = "You cannot grant what you do not hold"


def _known(scope: str) -> str:
    resource, _, action = scope.partition(":")
    if scope == "*" or (resource in RESOURCES and action in ACTIONS | {"*"}) or (resource == "*" and action in ACTIONS):
        return scope
    raise PydanticCustomError("unknown_scope", "is no scope; one is resource:action, such as people:read")


Scope = Annotated[str, Field(max_length=100, examples=["people:read"]), AfterValidator(_known)]


def covers(held: Collection[str], wanted: str) -> bool:
    """Whether somebody who holds these scopes may grant ``wanted``, which may be a wildcard itself.

    An admin may not do what is sealed, and appoints the first who may.
    """
    if wanted in held or "*" in held:
        return True
    resource, _, action = wanted.partition(":")
    if action == "*":
        return f"{resource}:*" in held or all(f"{resource}:{each}" in held for each in ACTIONS)
    return f"{resource}:*" in held or (f"*:{action}" in held and resource not in BY_NAME_ALONE | SEALED)


def refuse_ungrantable(held: Collection[str], wanted: Iterable[str], pointer: str) -> None:
    """Raise :class:`ScopeNotHeld`, naming each scope of ``wanted`` that is not covered by ``held``."""
    missing = sorted(scope for scope in wanted if not covers(held, scope))
    if missing:
        raise ScopeNotHeld(
            f"this credential does not hold {', '.join(missing)}",
            faults=[Fault(pointer, f"{scope} is not yours to grant", ScopeNotHeld.code) for scope in missing],
        )


def classes_of(wanted: Collection[str]) -> frozenset[DataClass]:
    """The classes of personal data that these scopes reach, wildcards included."""
    reached = {
        CLASS_OF.get(resource)
        for resource in RESOURCES
        if any(covers(wanted, f"{resource}:{action}") for action in ACTIONS)
    }
    return frozenset(found for found in reached if found is not None)
