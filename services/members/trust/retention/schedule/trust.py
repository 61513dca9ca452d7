"""How long is kept what people are trusted with, and the proof that they were."""

from services.members.trust.retention.kinds import Action, After, Standard, ending, ruled
from services.members.trust.retention.schedule.sources import DELETED, DUTY, EMPTIED

KINDS = (
    ruled(
        "requests",
        "What somebody asked for by right, and the answer; emptied, it still shows that they were answered",
        "requests request_waits",
        Standard(72, "closed", Action.EMPTY, DUTY),
        EMPTIED,
        closed=After("closed_on"),
    ),
    ruled(
        "erasures",
        "That somebody was erased, with the receipts",
        "erasures erasure_receipts erasure_held",
        Standard(72, "ended", Action.DELETE, f"UK GDPR, article 5(2); {DUTY}"),
        DELETED,
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
        Standard(36, "answered", Action.DELETE, "Data Protection Act 2018, schedule 1, paragraph 8; our choice"),
        DELETED,
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
    ruled(
        "retention_holds",
        "What was held back although its period was over",
        "retention_holds",
        Standard(72, "lifted", Action.DELETE, DUTY),
        DELETED,
        lifted=After("lifted_at"),
    ),
    ending("retention_stand_ins", "Who stands in for whom", "retention_stand_ins", "the end of the run"),
)
