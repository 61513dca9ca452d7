"""How long grants keeps what tells of people: it knows groups, and people only by what groups wrote of them."""

from shared.retention import Kept, router_of

_YEARS = "BACKBONE_GRANT_RECORDS_KEPT_YEARS after the end of the financial year in which the award ended"

KEPT = (
    Kept(
        kind="applications",
        name="What groups applied for, in their words",
        tables=("applications", "application_questions", "awards", "award_changes", "repayments"),
        until="the movement ends; who applied in vain is forgotten BACKBONE_UNSUCCESSFUL_APPLICATIONS_KEPT_DAYS after"
        f" the round ended, words go {_YEARS}, and names when somebody is erased",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="agreements",
        name="What groups agreed to, and by what name somebody accepted it for them",
        tables=("agreement_texts", "award_agreements", "agreement_signatories"),
        until=f"the movement ends; names go {_YEARS} and when somebody is erased, and what was agreed stays",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="checks_of_groups",
        name="What users made sure of about groups before they were paid, and which user it was",
        tables=("group_checks", "check_rules"),
        until="the movement ends; names in it go when somebody is erased",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="applicants",
        name="Whom to reach about an application, and applications that were begun",
        tables=("application_contacts", "application_drafts"),
        until=f"{_YEARS}, or BACKBONE_UNSUCCESSFUL_APPLICATIONS_KEPT_DAYS after the round ended where nothing"
        " came of it; who is erased goes from it",
        source="UK GDPR, article 6(1)(b): a grant is asked for",
    ),
    Kept(
        kind="application_documents",
        name="Documents and photographs that groups sent with an application, sealed",
        tables=("application_documents",),
        until=f"{_YEARS}, the draft is dropped that they were sent with, who stands in them is erased, or"
        " BACKBONE_UNSUCCESSFUL_APPLICATIONS_KEPT_DAYS after the round ended where nothing came of it",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="decisions",
        name="Who reviewed, sat on a panel and was on the roll of a vote, and what was decided; ballots name nobody",
        tables=(
            *("reviews", "review_scores", "decisions", "decision_candidates", "draw_seeds", "merged_people"),
            *("decision_meetings", "decision_panellists", "decision_departures"),
            *("decision_voters", "decision_ballots", "decision_tallies"),
        ),
        until="the movement ends; whoever is erased is replaced by nobody's name, and out of what was written",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="grant_reports",
        name="What groups told of their awards, in their words or with a photograph",
        tables=("grant_reports", "grant_report_figures", "grant_report_photos", "award_measures"),
        until=f"words and photographs: {_YEARS}; names in it go when somebody is erased, a photograph whenever somebody"
        " in it says so",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="amendments",
        name="Which user changed the rules of an open round, and why",
        tables=("round_amendments",),
        until="the movement ends; names in it go when somebody is erased",
        source="UK GDPR, article 5(2): who decided what",
    ),
    Kept(
        kind="payees",
        name="Into whose account awards are paid, and which users entered, made sure of, proposed and approved it",
        tables=("payees", "payee_accounts", "payments", "payment_batches", "payment_batch_exports"),
        until=f"the movement ends; bank details go {_YEARS}, those that no payment needs when they are replaced, all"
        " when somebody whose"
        " account it is is erased",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="oversight",
        name="Which user agreed to an award that others made",
        tables=("countersignatures",),
        until="the movement ends: it names a user by an id, and nobody else",
        source="records of money: six years after the end of the financial year (Companies Act 2006, section 388;"
        " Charities Act 2011, section 131)",
    ),
    Kept(
        kind="support_contacts",
        name="Who walks beside a group, and their log of it",
        tables=("support_contacts", "support_notes"),
        until=f"the movement ends, the log of it {_YEARS}; whoever is erased goes out of both at once",
        source="UK GDPR, article 5(1)(e): as long as it helps the group",
    ),
    Kept(
        kind="round_suggestions",
        name="Which user's step led to the draft of a round",
        tables=("round_suggestions",),
        until="the movement ends: it names a user by an id, and nobody else",
        source="UK GDPR, article 5(2): who decided what",
    ),
)

router = router_of(KEPT)
