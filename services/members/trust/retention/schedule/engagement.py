"""How long is kept what people promised and did."""

from services.members.trust.retention.kinds import Action, After, Standard, ruled
from services.members.trust.retention.schedule.sources import CHOICE, DELETED, FIGURES

KINDS = (
    ruled(
        "activities",
        "What somebody did, for the ladder and the figures",
        "activities activity_voids",
        Standard(72, "happened", Action.PSEUDONYMISE, FIGURES),
        (Action.PSEUDONYMISE, Action.DELETE, Action.REVIEW),
        happened=After("happened_on"),
    ),
    ruled(
        "pledges",
        "What somebody promised",
        "pledges",
        Standard(36, "settled", Action.DELETE, CHOICE),
        DELETED,
        settled=After("settled_on"),
        made=After("made_at"),
    ),
    ruled(
        "commitments",
        "What somebody took on for a campaign or a programme",
        "commitments commitment_notes",
        Standard(36, "settled", Action.DELETE, CHOICE),
        DELETED,
        settled=After("settled_at"),
    ),
    ruled(
        "nominations",
        "Who was nominated, by whom and why",
        "nominations",
        Standard(12, "ended", Action.DELETE, CHOICE),
        DELETED,
        ended=After("ended_at"),
    ),
    ruled(
        "next_asks",
        "What somebody was to be asked next",
        "next_asks",
        Standard(12, "answered", Action.DELETE, CHOICE),
        DELETED,
        answered=After("answered_on"),
        made=After("created_at"),
    ),
    ruled(
        "time_transfers",
        "Hours given and taken in the time bank",
        "time_transfers",
        Standard(72, "recorded", Action.REVIEW, "a balance is the sum of every transfer, so none goes by itself"),
        (Action.REVIEW,),
        recorded=After("recorded_at"),
    ),
)
