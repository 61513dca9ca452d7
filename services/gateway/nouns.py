"""Which service owns which noun: the first segment of a path after `/v1/`, or after `/open/{movement}/`.

A test holds both against the services' OpenAPI.
"""

_OWNED = {
    "members": (
        "agreements controllers settings-of-care "  # between which organisations personal data may pass
        "imports "
        "sign-ups memberships people segments directory affiliations organisations custom-fields "  # the directory
        "erasures "  # and how they are forgotten
        "activities ladder pledges campaigns nominations commitments "  # what people do
        "gatherings bookings attendances calendars shifts incidents "  # when they meet
        "voices "  # what they say, and who hears it
        "children equality-answers reach "  # what they are trusted with, and who is reached
        "ties network "  # who works with whom
        "assets connections circles knowledge stewardships capacity programmes "  # what they make together
        "agenda alignments mandates control staff-time time-credits contact-log "  # what they say and decide together
        "asks offers wins recognitions learning "  # what they do for one another, and what comes of it
        "mailings "  # and whom they write to
        "notices preferences purposes "  # what data is used for, and what people are told and allow
        "requests retention "  # what they ask for by right, and how long what is theirs is kept
        "concerns checks keep-apart protected-people "  # who is kept safe
    ),
    "measures": (
        "surveys responses "  # what people are asked, and answer
        "places measures observations instruments "  # what is counted
        "scorecard "  # and where it stands
        "commons glossary "  # what partners agree on
        "adoptions targets kpis "  # by whom it is reported, and what it is to become
        "submissions validation-rules "  # when it is handed in, and what is asked of it
        "releases disclosure-profiles "  # what of it is published, and by which rule nobody is given away
        "frameworks assessments "  # what a movement looks at itself by, and how it is judged
        "stories "  # and what changed for whom
    ),
    "grants": (
        "grants-imports external-grants "  # what others gave, and how that was read in
        "funds delegations "  # whose money it is to give, and who decides
        "forms rounds applications "  # what it is offered for, and who asks
        "ballots decisions reviews "  # given by judgement, by vote or by lot
        "awards award-agreements checks-of-groups payees "  # who gets it, on what terms, and where it goes
        "payments payment-batches "  # and how it gets there
        "income investments support-contacts "  # what the backbone lives on, brings in, and who walks beside a group
        "contributions ledger "  # to the penny
        "grant-reports "  # what came of it
        "open-data-settings "  # and what is told to the world
    ),
}

SERVICES = tuple(_OWNED)
"""The services that the gateway forwards to."""

SERVICE_OF = {noun: service for service, nouns in _OWNED.items() for noun in nouns.split()}
"""The service that answers paths of this noun; the gateway's own nouns are not in it."""

JOBS = "jobs"
"""The noun that several services answer: the id of a job, `members_job_01j…`, begins with the name of its service."""

LARGE = frozenset(
    ("POST", path)
    for path in (
        "/v1/imports",
        "/v1/observations/imports/background",
        "/v1/places/postcodes/directories",
        "/v1/grants-imports",
    )
)
"""The routes of the services that take large files, by method and path: the same test holds them to `large_body`."""

SEALED = frozenset({"checks", "concerns", "keep-apart", "protected-people"})
"""The nouns of which not even calls are counted: the same test holds them to the routes that are `sealed`."""

_OPENED = {
    "members": "calendar openactive referral",
    "measures": "measures",
    "grants": "360giving decisions opportunities",
}

HOOKED_BY = {"award-agreements": "grants", "mailings": "members", "surveys": "measures"}
"""The service that answers tools, and whoever answers a survey or accepts an award, at `/hooks/{movement}/<noun>/…`."""

OPENED_BY = {noun: service for service, nouns in _OPENED.items() for noun in nouns.split()}
"""The service that answers anybody's `/open/{movement}/<noun>/…`."""


COMPOSED = ("/impact", "/profile")
"""How the paths end that the gateway composes, whichever service's noun they begin with."""


def service_of(noun: str, path: str) -> str | None:
    """The service that answers a path under `/v1/`; None for the gateway itself."""
    if path.endswith(COMPOSED):
        return None
    if noun != JOBS:
        return SERVICE_OF.get(noun)
    service = path.removeprefix(f"/v1/{JOBS}/").partition("_")[0]
    return service if service in SERVICES else None
