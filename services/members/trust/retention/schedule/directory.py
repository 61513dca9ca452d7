"""How long people's own records are kept, and what was kept to undo the joining of two."""

from services.members.trust.retention.kinds import Action, After, Standard, ruled
from services.members.trust.retention.schedule.sources import CHOICE, DELETED

_HEARD_BY = (
    ("activities", "person", "happened_on"),
    ("attendances", "person", "created_at"),
    ("bookings", "person", "booked_at"),
    ("connections", "person", "state_since"),
    ("memberships", "person", "joined_at"),
    ("permissions", "person", "decided_at"),
    ("pledges", "person", "made_at"),
    ("requests", "person", "created_at"),
)

KINDS = (
    ruled(
        "people",
        "Somebody's own record, and all that is kept as long as it: how to reach them, their membership, rungs,"
        " permissions, notices, stops, objections, ties to no end",
        "people person_emails person_phones person_external_ids person_labels person_custom_values person_name_words"
        " person_provenance merged_people memberships membership_changes match_keys duplicate_candidates"
        " duplicate_searches not_same_people affiliations availabilities capacities capacity_shares ladder_decisions"
        " rung_changes rung_confirmations agenda_shapers permissions given_notices stops stop_receipts objections"
        " restrictions",
        Standard(36, "last_heard", Action.REVIEW, CHOICE),
        (Action.REVIEW, Action.ERASE),
        last_heard=After("created_at", unless=_HEARD_BY),
    ),
    ruled(
        "child_records",
        "By whose permission a child is named",
        "child_records",
        Standard(0, "review_due", Action.REVIEW, "UK GDPR, recital 38; Data Protection Act 2018, section 9"),
        (Action.REVIEW,),
        review_due=After("review_on"),
        withdrawn=After("withdrawn_on"),
    ),
    ruled(
        "care_aliases",
        "Somebody in a care home, school or ward, under an alias",
        "care_aliases",
        Standard(12, "last_changed", Action.REVIEW, CHOICE),
        (Action.REVIEW,),
        last_changed=After("updated_at"),
    ),
    ruled(
        "merges",
        "What was kept to undo the merging of two records",
        "merges merge_steps merge_neighbours",
        Standard(12, "merged", Action.DELETE, f"{CHOICE}: long enough to notice a mistake"),
        DELETED,
        merged=After("merged_at"),
    ),
)
