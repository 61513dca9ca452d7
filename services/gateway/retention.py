"""How long the gateway keeps what tells of people: accounts and what was done with them, and the log of deliveries."""

from shared.retention import Kept, router_of

_CHOICE = "UK GDPR, article 5(1)(e): our choice"

KEPT = (
    Kept(
        kind="accounts",
        name="With what somebody signs in, and for whom they work",
        tables=("user_account", "staff_place", "api_key", "merged_person", "merged_organisation"),
        until="the person is erased; access ends when they leave (`POST /v1/handovers`)",
        source=_CHOICE,
    ),
    Kept(
        kind="audit",
        name="Who let whom in, and who ended it, by their ids",
        tables=("audit_entry", "audit_head"),
        until="the movement ends: a chain from which something is taken proves nothing",
        source="UK GDPR, articles 5(2) and 32: accountability and security",
    ),
    Kept(
        kind="sign_ins",
        name="When somebody signed in, and from where it failed",
        tables=("user_session", "sign_in_attempt"),
        until="it has expired: a session twelve hours after signing in",
        source=_CHOICE,
    ),
    Kept(
        kind="stops",
        name="That somebody said stop, or what else keeps their data from being handed on",
        tables=("stopped_person", "sharing_bar"),
        until="the person is erased: until then it holds",
        source="UK GDPR, articles 7(3) and 21",
    ),
    Kept(
        kind="leavings",
        name="That somebody's access ended because they left",
        tables=("handover",),
        until="the person is erased",
        source=_CHOICE,
    ),
    Kept(
        kind="deliveries",
        name="Which partners' tools were told that something changed",
        tables=("feed_item", "webhook_delivery"),
        until="the movement ends: it is ids",
        source="UK GDPR, article 15(1)(c): to whom data was disclosed",
    ),
    Kept(
        kind="crm_links",
        name="What partners' CRMs call people and organisations, of whom they are still to be told, and how that went",
        tables=("crm_call", "crm_link", "crm_waiting"),
        until="the connection ends, or the CRM has deleted the person who is erased",
        source="UK GDPR, article 15(1)(c): to whom data was disclosed",
    ),
    Kept(
        kind="delivery_attempts",
        name="What partners' tools answered as they were told",
        tables=("webhook_attempt",),
        until="it is `BACKBONE_WEBHOOK_LOG_DAYS` old; before that it loses whatever names somebody who is erased",
        source=_CHOICE,
    ),
    Kept(
        kind="crm_messages",
        name="What partners' CRMs told of people, and what of it somebody has to settle",
        tables=("crm_conflict", "crm_message"),
        until="the movement ends: it is ids; what was said is sealed, and goes with who is erased and after "
        "`BACKBONE_CRM_WORDS_KEPT_DAYS`",
        source=_CHOICE,
    ),
)

router = router_of(KEPT)
