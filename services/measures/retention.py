"""How long measures keeps what tells of people: figures name nobody, but whoever imports them is a user."""

from shared.retention import Kept, router_of

KEPT = (
    Kept(
        kind="definition_comments",
        name="What partners said of definitions that they were asked about, and by which credential",
        tables=("definition_comments",),
        until="the movement ends: it is how a definition came about; names in it go when somebody is erased",
        source="UK GDPR, article 89(1): what figures mean, and why",
    ),
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
    Kept(
        kind="assessments",
        name="Who judged the movement by a framework, and on what evidence",
        tables=("assessments", "assessment_findings"),
        until="the movement ends: what comes after is compared with it; names in it go when somebody is erased",
        source="UK GDPR, article 89(1): how a movement went on",
    ),
    Kept(
        kind="survey_answers",
        name="What people answered in surveys, and the links by which they did",
        tables=("survey_responses", "survey_links"),
        until="BACKBONE_SURVEY_ANSWERS_KEPT_DAYS after the wave closed; sooner where somebody tells their code",
        source="UK GDPR, article 5(1)(e): no longer than the figures need that are made of them",
    ),
    Kept(
        kind="surveys",
        name="What surveys ask, when, and who had which part in them",
        tables=("surveys", "survey_waves", "survey_researchers"),
        until="the movement ends; somebody's part goes when they are erased",
        source="UK GDPR, article 89(1): figures, and how they came about",
    ),
    Kept(
        kind="instrument_licences",
        name="Licences to use instruments",
        tables=("instrument_licences",),
        until="the movement ends: it shows that answers were rightly asked for",
        source="the licence of each instrument",
    ),
    Kept(
        kind="waiting_grant_reports",
        name="Which accepted reports of awards wait to be taken",
        tables=("waiting_grant_reports",),
        until="their figures are taken: a moment; it has ids, and nothing that a report says",
        source="UK GDPR, article 5(1)(e)",
    ),
    Kept(
        kind="stories",
        name="What changed for people, in their words",
        tables=("stories", "story_people"),
        until="it is withdrawn or somebody in it is erased; it is shown no longer than everybody in it permits",
        source="UK GDPR, articles 5(1)(e) and 7(3): as long as consent holds",
    ),
)

router = router_of(KEPT)
