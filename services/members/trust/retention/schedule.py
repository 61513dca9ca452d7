"""The retention schedule: every kind of record that tells of people, and the rule that each begins with.

A table that names people, or hangs on one that does, is in exactly one kind; a test fails on one that is in none: a new
table is entered here. Periods are storage limitation (UK GDPR, article 5(1)(e)), which names no figure: where no law
gives one, the source says that it is our choice.
"""

from collections.abc import Mapping

from services.members.trust.retention.kinds import Action, After, Kind, Standard, ending, ruled

_CHOICE = "UK GDPR, article 5(1)(e): no longer than needed; the period is our choice"
_FIGURES = "UK GDPR, articles 5(1)(e) and 89(1): as a figure it needs no name; the period is our choice"
_INJURY = "Limitation Act 1980, sections 11 and 14: three years for a claim about an injury, for a child from 18 on"
_DUTY = "Limitation Act 1980, section 9: six years for a claim about a statutory duty"

_DELETE, _EMPTY, _REVIEW = Action.DELETE, Action.EMPTY, Action.REVIEW
_DELETED, _EMPTIED = (_DELETE, _REVIEW), (_EMPTY, _DELETE, _REVIEW)

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

_PEOPLE = (
    ruled(
        "people",
        "Somebody's own record, and all that is kept as long as it: how to reach them, their membership, rungs,"
        " permissions, notices, stops, objections, ties to no end",
        "people person_emails person_phones person_external_ids person_labels person_custom_values person_name_words"
        " person_provenance merged_people memberships membership_changes match_keys duplicate_candidates"
        " duplicate_searches not_same_people affiliations availabilities capacities capacity_shares ladder_decisions"
        " rung_changes rung_confirmations agenda_shapers permissions given_notices stops stop_receipts objections"
        " restrictions",
        Standard(36, "last_heard", _REVIEW, _CHOICE),
        (_REVIEW, Action.ERASE),
        last_heard=After("created_at", unless=_HEARD_BY),
    ),
    ruled(
        "child_records",
        "By whose permission a child is named",
        "child_records",
        Standard(0, "review_due", _REVIEW, "Data Protection Act 2018, section 9; UK GDPR, recital 38: looked at anew"),
        (_REVIEW,),
        review_due=After("review_on"),
        withdrawn=After("withdrawn_on"),
    ),
    ruled(
        "care_aliases",
        "Somebody in a care home, school or ward, under an alias",
        "care_aliases",
        Standard(12, "last_changed", _REVIEW, _CHOICE),
        (_REVIEW,),
        last_changed=After("updated_at"),
    ),
    ruled(
        "merges",
        "What was kept to undo the merging of two records",
        "merges merge_steps merge_neighbours",
        Standard(12, "merged", _DELETE, f"{_CHOICE}: long enough to notice a mistake"),
        _DELETED,
        merged=After("merged_at"),
    ),
)

_ENGAGEMENT = (
    ruled(
        "activities",
        "What somebody did, for the ladder and the figures",
        "activities activity_voids",
        Standard(72, "happened", Action.PSEUDONYMISE, _FIGURES),
        (Action.PSEUDONYMISE, _DELETE, _REVIEW),
        happened=After("happened_on"),
    ),
    ruled(
        "pledges",
        "What somebody promised",
        "pledges",
        Standard(36, "settled", _DELETE, _CHOICE),
        _DELETED,
        settled=After("settled_on"),
        made=After("made_at"),
    ),
    ruled(
        "commitments",
        "What somebody took on for a campaign or a programme",
        "commitments commitment_notes",
        Standard(36, "settled", _DELETE, _CHOICE),
        _DELETED,
        settled=After("settled_at"),
    ),
    ruled(
        "nominations",
        "Who was nominated, by whom and why",
        "nominations",
        Standard(12, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("ended_at"),
    ),
    ruled(
        "next_asks",
        "What somebody was to be asked next",
        "next_asks",
        Standard(12, "answered", _DELETE, _CHOICE),
        _DELETED,
        answered=After("answered_on"),
        made=After("created_at"),
    ),
    ruled(
        "time_transfers",
        "Hours given and taken in the time bank",
        "time_transfers",
        Standard(72, "recorded", _REVIEW, "a balance is the sum of every transfer, so none goes by itself"),
        (_REVIEW,),
        recorded=After("recorded_at"),
    ),
)

_GATHERINGS = (
    ruled(
        "bookings",
        "Who booked a place, and who came along",
        "bookings booking_companions",
        Standard(24, "booked", _DELETE, _CHOICE),
        _DELETED,
        booked=After("booked_at"),
        cancelled=After("cancelled_at"),
    ),
    ruled(
        "attendances",
        "Who came; without a name it goes on counting",
        "attendances",
        Standard(36, "came", _EMPTY, f"{_FIGURES}, and covers {_INJURY}"),
        _EMPTIED,
        came=After("created_at"),
    ),
    ruled(
        "picture_permissions",
        "Whether pictures of somebody may be shown",
        "picture_permissions",
        Standard(36, "decided", _REVIEW, f"{_CHOICE}: first see which pictures are still shown"),
        _DELETED,
        decided=After("decided_at"),
    ),
    ruled(
        "safety_plans",
        "Who led a gathering, and who stood in",
        "safety_plans",
        Standard(36, "last_changed", _EMPTY, _INJURY),
        (_EMPTY, _REVIEW),
        last_changed=After("updated_at"),
    ),
    ruled(
        "incidents",
        "What went wrong or nearly did, in somebody's words",
        "incidents incident_follow_ups",
        Standard(36, "closed", _REVIEW, f"{_INJURY}; RIDDOR 2013, regulation 12: three years"),
        _DELETED,
        closed=After("closed_at"),
    ),
    ending(
        "emergency_contacts",
        "Who is called if something happens to somebody",
        "emergency_contacts",
        "BACKBONE_EMERGENCY_CONTACT_HOURS after the gathering",
    ),
    ruled(
        "calendar_feeds",
        "The secret address of somebody's calendar",
        "calendar_feeds",
        Standard(1, "revoked", _DELETE, _CHOICE),
        _DELETED,
        revoked=After("revoked_at"),
    ),
)

_COMMUNITY = (
    ruled(
        "connections",
        "Somebody whom a connector introduced: what they said in conversation, to what, and how it came out",
        "connections introductions conversations",
        Standard(24, "closed", _DELETE, f"{_CHOICE}; words about health are kept no longer than they help"),
        _DELETED,
        closed=After("state_since", ("state", ("settled", "not_for_me", "withdrawn"))),
    ),
    ruled(
        "assets",
        "What somebody offers on the map, once it is archived",
        "assets asset_terms asset_times asset_words",
        Standard(12, "archived", _EMPTY, _CHOICE),
        (_EMPTY, _REVIEW),
        archived=After("updated_at", ("state", ("archived",))),
    ),
    ruled(
        "stewardships",
        "Who kept in touch with whom",
        "stewardships",
        Standard(24, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("ended_on"),
    ),
    ruled(
        "handovers",
        "What somebody who was leaving handed over",
        "handovers handover_items",
        Standard(24, "closed", _DELETE, _CHOICE),
        _DELETED,
        closed=After("closed_at"),
    ),
    ruled(
        "caretakers",
        "Who looks after a circle's relationships for a while",
        "caretakers",
        Standard(24, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("ended_at"),
    ),
    ruled(
        "circle_terms",
        "Who had which part in a circle, and until when",
        "circle_terms",
        Standard(72, "ended", _REVIEW, f"{_CHOICE}: who decided what is the movement's history"),
        _DELETED,
        ended=After("ended_on"),
    ),
    ruled(
        "ties",
        "Who works with whom",
        "ties",
        Standard(24, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("ended_on"),
    ),
    ruled(
        "knowledge_uses",
        "Who made use of what others wrote down",
        "knowledge_uses",
        Standard(36, "used", _DELETE, _CHOICE),
        _DELETED,
        used=After("used_on"),
    ),
)

_LIFE = (
    ruled(
        "contact_log",
        "Calls, visits and letters, and what was to follow",
        "contact_log",
        Standard(24, "happened", _DELETE, _CHOICE),
        _DELETED,
        happened=After("on"),
    ),
    ruled(
        "mailing_recipients",
        "Which mailings went to whom, and who was left out and why",
        "mailing_recipients",
        Standard(24, "settled", _DELETE, _CHOICE),
        _DELETED,
        settled=After("at"),
    ),
    ruled(
        "mailing_quiet",
        "When somebody asked for no mailings",
        "mailing_quiet",
        Standard(12, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("ended_at"),
    ),
    ending(
        "mailing_entries",
        "How somebody's address stands on the lists of mailing tools",
        "mailing_entries",
        "with the person's record: a list is made true whenever what they permit changes",
    ),
    ending(
        "mailing_return_people",
        "Who unsubscribed or complained, and whose address is dead",
        "mailing_return_people",
        "with the person's record: until then nobody who left a list is to be put on again",
    ),
    ruled(
        "listings",
        "What somebody asked for or offered, with whom it was matched, and the thanks",
        "listings exchange_matches",
        Standard(24, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("updated_at", ("state", ("done", "thanked", "withdrawn"))),
        of_use=After("until"),
    ),
    ruled(
        "win_makers",
        "Who had a part in what went well; the win itself stays",
        "win_makers",
        Standard(72, "noted", _REVIEW, f"{_CHOICE}: who made what happen is the movement's history"),
        _DELETED,
        noted=After("created_at"),
    ),
    ruled(
        "recognitions",
        "By which scheme somebody was recognised, and how they met it",
        "recognitions",
        Standard(36, "expired", _DELETE, _CHOICE),
        _DELETED,
        expired=After("until"),
        ended=After("ended_on"),
    ),
    ruled(
        "learning_needs",
        "What somebody needed to learn",
        "learning_needs",
        Standard(24, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("updated_at", ("state", ("met", "dropped"))),
    ),
    ruled(
        "learning_places",
        "Who had a place on a course, completed it, and passed it on to whom",
        "learning_places learning_passed_on",
        Standard(36, "ended", _DELETE, _CHOICE),
        _DELETED,
        ended=After("updated_at", ("state", ("completed", "left"))),
    ),
    ruled(
        "voices",
        "What somebody said, in their words, what was answered, and who asked to hear it",
        "voices voice_uptakes voice_answers voice_listeners",
        Standard(36, "closed", _DELETE, f"{_CHOICE}: long enough to show that it was heard"),
        _DELETED,
        closed=After("state_since", ("state", ("answered", "told_back", "withdrawn"))),
    ),
    ruled(
        "voice_votes",
        "Who voted for a theme",
        "voice_votes",
        Standard(36, "voted", _DELETE, _CHOICE),
        _DELETED,
        voted=After("voted_at"),
    ),
)

_TRUST = (
    ruled(
        "requests",
        "What somebody asked for by right, and the answer; emptied, it still shows that they were answered",
        "requests request_waits",
        Standard(72, "closed", _EMPTY, _DUTY),
        _EMPTIED,
        closed=After("closed_on"),
    ),
    ruled(
        "erasures",
        "That somebody was erased, with the receipts",
        "erasures erasure_receipts erasure_held",
        Standard(72, "ended", _DELETE, f"UK GDPR, article 5(2); {_DUTY}"),
        _DELETED,
        ended=After("updated_at", ("state", ("completed", "refused"))),
    ),
    ending(
        "access_archives",
        "The archive of somebody's data",
        "access_archives archive_parts archive_passages archive_pieces",
        "BACKBONE_ARCHIVE_DAYS after it was begun, and then after it was released",
    ),
    ruled(
        "equality_answers",
        "What somebody answered about themselves, under a pseudonym",
        "equality_answers",
        Standard(36, "answered", _DELETE, "Data Protection Act 2018, schedule 1, paragraphs 8 and 39: our choice"),
        _DELETED,
        pseudonyms="pseudonym",
        answered=After("answered_on"),
    ),
    ending(
        "equality_stops",
        "That somebody wants no answers kept, under a pseudonym",
        "equality_stops",
        "erasing the person: a notice holds until it is withdrawn (Data Protection Act 2018, schedule 1, paragraph 8)",
    ),
    ending(
        "safeguarding",
        "What is kept to keep people safe, sealed",
        "concerns checks protected_people apart_pairs safeguarding_terms",
        "BACKBONE_SAFEGUARDING_KEPT_DAYS and BACKBONE_CHECK_KEPT_DAYS after it was over; safeguarding alone sees it",
    ),
    ending(
        "suppressions",
        "Digests that keep imports from bringing somebody back who was erased; they name nobody",
        "suppressions",
        "nothing: an import from an old file can come at any time",
    ),
)

_HERE = (
    ruled(
        "retention_holds",
        "What was held back although its period was over",
        "retention_holds",
        Standard(72, "lifted", _DELETE, _DUTY),
        _DELETED,
        lifted=After("lifted_at"),
    ),
    ending("retention_stand_ins", "Who stands in for whom", "retention_stand_ins", "the end of the run"),
)

SCHEDULE: Mapping[str, Kind] = {
    kind.key: kind for kind in (*_PEOPLE, *_ENGAGEMENT, *_GATHERINGS, *_COMMUNITY, *_LIFE, *_TRUST, *_HERE)
}
"""Every kind of record by its key, in the order in which they are listed and applied."""
