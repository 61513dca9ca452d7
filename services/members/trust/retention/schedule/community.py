"""How long is kept who was introduced, who holds what together, and who made use of it."""

from services.members.trust.retention.kinds import Action, After, Standard, ruled
from services.members.trust.retention.schedule.sources import CHOICE, DELETED

KINDS = (
    ruled(
        "connections",
        "Somebody whom a connector introduced: what they said in conversation, to what, and how it came out",
        "connections introductions conversations",
        Standard(24, "closed", Action.DELETE, f"{CHOICE}; words about health are kept no longer than they help"),
        DELETED,
        closed=After("state_since", ("state", ("settled", "not_for_me", "withdrawn"))),
    ),
    ruled(
        "assets",
        "What somebody offers on the map, once it is archived",
        "assets asset_terms asset_times asset_words",
        Standard(12, "archived", Action.EMPTY, CHOICE),
        (Action.EMPTY, Action.REVIEW),
        archived=After("updated_at", ("state", ("archived",))),
    ),
    ruled(
        "stewardships",
        "Who kept in touch with whom",
        "stewardships",
        Standard(24, "ended", Action.DELETE, CHOICE),
        DELETED,
        ended=After("ended_on"),
    ),
    ruled(
        "handovers",
        "What somebody who was leaving handed over",
        "handovers handover_items",
        Standard(24, "closed", Action.DELETE, CHOICE),
        DELETED,
        closed=After("closed_at"),
    ),
    ruled(
        "caretakers",
        "Who looks after a circle's relationships for a while",
        "caretakers",
        Standard(24, "ended", Action.DELETE, CHOICE),
        DELETED,
        ended=After("ended_at"),
    ),
    ruled(
        "circle_terms",
        "Who had which part in a circle, and until when",
        "circle_terms",
        Standard(72, "ended", Action.REVIEW, f"{CHOICE}: who decided what is the movement's history"),
        DELETED,
        ended=After("ended_on"),
    ),
    ruled(
        "ties",
        "Who works with whom",
        "ties",
        Standard(24, "ended", Action.DELETE, CHOICE),
        DELETED,
        ended=After("ended_on"),
    ),
    ruled(
        "knowledge_uses",
        "Who made use of what others wrote down",
        "knowledge_uses",
        Standard(36, "used", Action.DELETE, CHOICE),
        DELETED,
        used=After("used_on"),
    ),
)
