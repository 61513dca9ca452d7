"""How long measures keeps what tells of people: figures name nobody, but whoever imports them is a user."""

from shared.retention import Kept, router_of

KEPT = (
    Kept(
        kind="imports",
        name="Who imported figures, and from where these are",
        tables=("imports", "import_faults"),
        until="the movement ends: it is where figures come from; names in it go when somebody is erased",
        source="UK GDPR, article 89(1): figures, and where they are from",
    ),
    Kept(
        kind="submissions",
        name="Who submitted, returned, accepted and reopened figures, and why",
        tables=("submission_steps", "period_locks"),
        until="the movement ends: it is who answers for figures; names in it go when somebody is erased",
        source="UK GDPR, article 89(1): figures, and who answered for them",
    ),
    Kept(
        kind="frameworks",
        name="Who changed which framework, and what it said before",
        tables=("framework_versions",),
        until="the movement ends: assessments are against a version; names in it go when somebody is erased",
        source="UK GDPR, article 89(1): what a judgement was made by",
    ),
)

router = router_of(KEPT)
