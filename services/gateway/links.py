"""Where the record is that an event is about: the route that shows a subject, found by the kind of its id.

An event says that something changed; what it is now is asked for there, by whoever may read it. A test holds each path
against the OpenAPI document.
"""

_ROUTES = {
    "activity": "activities", "adoption": "adoptions", "affiliation": "affiliations", "agenda": "agenda",
    "agreement": "agreements", "alignment": "alignments", "app": "applications", "ask": "asks",
    "assessment": "assessments", "asset": "assets", "attendance": "attendances", "award": "awards",
    "batch": "payment-batches", "booking": "bookings", "campaign": "campaigns", "circle": "circles",
    "commitment": "commitments", "connection": "connections", "contact": "contact-log", "control": "control",
    "controller": "controllers", "course": "learning/courses", "crm": "crm-connections", "decision": "decisions",
    "delegation": "delegations",
    "entry": "ledger/entries", "erasure": "erasures", "extgrant": "external-grants", "form": "forms", "fund": "funds",
    "gathering": "gatherings", "grantagreement": "award-agreements", "grantreport": "grant-reports",
    "grants_job": "grants-imports", "groupcheck": "checks-of-groups", "handover": "stewardships/handovers",
    "hook": "webhook-endpoints", "imp": "observations/imports", "incident": "incidents", "income": "income",
    "investment": "investments", "knowledge": "knowledge", "kpi": "kpis", "lock": "submissions/period-locks",
    "mailing": "mailings", "mailreturn": "mailings/returns", "mandate": "mandates", "match": "asks/matches",
    "measure": "measures", "members_job": "imports", "membership": "memberships", "movement": "movements",
    "mver": "commons", "need": "learning/needs", "nextask": "ladder/asks", "nomination": "nominations",
    "obs": "observations", "offer": "offers", "org": "organisations", "payee": "payees", "payment": "payments",
    "person": "people", "place": "learning/places", "pledge": "pledges", "policy": "ladder/policies",
    "programme": "programmes", "reach": "reach", "recognition": "recognitions", "release": "releases",
    "request": "requests", "response": "responses", "retrun": "retention/runs", "review": "reviews",
    "round": "rounds", "rule": "validation-rules", "run": "ladder/runs", "scheme": "recognitions/schemes",
    "segment": "segments", "setting": "settings-of-care", "shift": "shifts", "stewardship": "stewardships",
    "story": "stories", "submission": "submissions", "support": "support-contacts", "survey": "surveys",
    "taper": "programmes/tapers", "target": "targets", "theme": "voices/themes", "tie": "ties",
    "time": "time-credits", "user": "users", "voice": "voices", "win": "wins", "word": "glossary",
    "year": "ledger/years",
}  # fmt: skip
"""By the prefix of an id: the route under `/v1/` that shows one. What is guarded by name alone has no link."""


def path_of(subject: str) -> str | None:
    """The path of the record with this id, `/v1/people/person_01j…`; None where no route shows it by itself."""
    route = _ROUTES.get(subject.rpartition("_")[0])
    return None if route is None else f"/v1/{route}/{subject}"


def kinds() -> frozenset[str]:
    """The kinds of id that have a path."""
    return frozenset(_ROUTES)
