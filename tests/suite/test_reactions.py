"""Whatever acts by itself, on an event or in the background, asks what is permitted, or shows and sends nobody.

Routes are walked in tests/members/trust/test_what_is_shown.py. A new reaction, worker or kind of job is entered here
where it does not ask, with why it need not.
"""

from collections.abc import Iterator

from services.cli import DATA_SERVICES
from services.cli.suite import application
from services.gateway.agreements.sharing import without_withheld
from services.gateway.jobs import KINDS as GATEWAY_KINDS
from services.grants.jobs import KINDS as GRANTS_KINDS
from services.measures.jobs import KINDS as MEASURES_KINDS
from services.members.jobs import KINDS as MEMBERS_KINDS
from services.members.trust.permissions import domain, leaving_out, verdicts
from shared.settings import Settings
from tests.suite.reaching import reached

ASKS = {
    domain.permitted,
    verdicts.verdict,
    verdicts.permitting,
    verdicts.among,
    without_withheld,
    leaving_out.shown_here,
}
"""What answers whether somebody's data may be used; the gateway goes by what members has told it."""

ERASES = "it takes somebody out, or says that this was done"
KEEPS = "it keeps what others told, for those who ask: nothing leaves by it"
COUNTS = "it counts, and names nobody"
DELETES = "it deletes what has been kept for long enough"
A_ROUND = "a round is of a theme and a place, and names nobody"
NEED_NOT = {
    "gateway: Erasing.worker.<locals>.erase": ERASES,
    "gateway: KeyUse.write_key_use": "it notes when a key was used",
    "gateway: Limits.settle": "it counts requests",
    "gateway: Taker.take_up_messages": "what a CRM told is written by members' routes, and shown to nobody",
    "gateway: Teller.keep_crms_true": "it asks members, who answers with nobody who does not permit it",
    "gateway: access on": "whose account is whose, and the end of access",
    "gateway: agreements on": KEEPS,
    "gateway: crm": "it notes ids, for the teller",
    "gateway: forget_attempts": "it deletes",
    "gateway: hand_over_pending": "it tells members, who own people, that somebody leaves",
    "gateway: job crm_removal": "nothing is told: it has a CRM delete what is there of ours",
    "gateway: overview on": COUNTS,
    "gateway: job crm_backfill": "it notes ids, for the teller",
    "gateway: jobs_worker.<locals>.do_jobs": "it does the jobs, each of which is here",
    "gateway: look_after_crms": "it ends what is told",
    "gateway: watch_coverage": "it ends what is sent",
    "grants: Erasing.worker.<locals>.erase": ERASES,
    "grants: grants on erasure.admitted": ERASES,
    "grants: grants_measures on": KEEPS,
    "grants: grants_partners on": KEEPS,
    "grants: grants_successions on": KEEPS,
    "grants: job grants_import": "other funders' grants are to groups; whoever is one person in them is left out",
    "grants: jobs_worker.<locals>.do_jobs": "it does the jobs, each of which is here",
    "grants: draft_suggested_rounds": A_ROUND,
    "grants: grants on person.": KEEPS,
    "grants: offer_from_reserve": "money for groups, by what was decided: it names nobody",
    "grants: grants on round_suggestion.made": A_ROUND,
    "grants: ask_for_reports": "a report is asked of a group, and names nobody",
    "grants: grants on grant_report.": "figures are of nobody",
    "grants: learn_places": "a place is of nobody",
    "grants: lapse_offers": "an offer is made to a group, and names nobody",
    "grants: unsuccessful_forgotten": DELETES,
    "measures: measures_grant_reports on grant_report.accepted": "it notes an id",
    "measures: take_grant_reports": "figures are of nobody, and a story is kept as a draft that names nobody",
    "grants: old_awards_forgotten": DELETES,
    "grants: open_and_close_rounds": "rounds are of groups, and told of by their ids",
    "measures: answers_deleted": DELETES,
    "measures: Erasing.worker.<locals>.erase": ERASES,
    "measures: measures on erasure.admitted": ERASES,
    "measures: measures_partners on": KEEPS,
    "measures: job postcode_directory": "areas of postcodes are of nobody",
    "measures: import_recovery": "figures are of nobody",
    "measures: job observations_import": "figures are of nobody",
    "measures: jobs_worker.<locals>.do_jobs": "it does the jobs, each of which is here",
    "measures: read_model": "figures are of nobody",
    "members: announce_overdue_requests": "a duty: a request by right is answered whatever somebody allows",
    "members: apply_retention": DELETES,
    "members: carry_out_erasures": ERASES,
    "members: delete_expired_archives": DELETES,
    "members: delete_what_is_over": DELETES,
    "members: follow_birthdays": "it keeps a record true",
    "members: forget_emergency_contacts": DELETES,
    "members: job access_archive": "what is kept of somebody is told to them by right",
    "members: job access_archive_release": "the same",
    "members: job people_import": "it takes in, and what it takes in is asked for by who shows it",
    "members: jobs_worker.<locals>.do_jobs": "it does the jobs, each of which is here",
    "members: look_for_due": "it says on the log, by id, that a day has passed",
    "members: look_for_duplicates": "it keeps records true; who looks at the pairs asks",
    "members: make_slots_ahead": "a slot is of nobody",
    "members: members on gateway_receipt.": ERASES,
    "members: members on grants_receipt.": ERASES,
    "members: members on measures_receipt.": ERASES,
    "members: members on movement.": KEEPS,
    "members: members on round.": A_ROUND,
    "members: readmit_former_clients": "it ends that somebody is kept off the ladder",
    "members: reseal_old_records": "it seals with another key what is sealed",
    "members: review_ladders": "whoever objects is kept off it by its own guard (ladder/guard.py)",
    "members: tell_the_lead": "a duty, and an id alone: whoever is in danger is not asked before",
    "members: watch_agreements": "agreements are of organisations",
    "members: watch_stops": "it says that a stop is not obeyed",
}
"""What need not ask, by the beginning of its name, and why."""


def what_acts() -> Iterator[tuple[str, object]]:
    """Every reaction to an event, every worker and every kind of job, with its name."""
    for service in DATA_SERVICES:
        app = application(service, Settings())
        for subscribed in app.state.subscriptions:
            for event, handler in subscribed.handlers.items():
                yield f"{service}: {subscribed.name} on {event.event_type}", handler
            if subscribed.apply is not None:
                yield f"{service}: {subscribed.name}", subscribed.apply
        for worker in app.state.background:
            yield f"{service}: {worker.__qualname__}", worker
    kinds_of = {"gateway": GATEWAY_KINDS, "members": MEMBERS_KINDS, "measures": MEASURES_KINDS, "grants": GRANTS_KINDS}
    for service, kinds in kinds_of.items():
        for kind in kinds:
            yield f"{service}: job {kind.name}", kind


def test_whatever_acts_by_itself_asks_or_says_why_it_need_not() -> None:
    acting = dict(what_acts())
    silent = {name for name, what in acting.items() if not ASKS & reached(what)}
    unsaid = {name for name in silent if not name.startswith(tuple(NEED_NOT))}
    assert not unsaid, "have these ask, or say here why they need not"
    idle = {said for said in NEED_NOT if not any(name.startswith(said) for name in silent)}
    assert not idle, "these ask, or are no more"


def test_a_reaction_that_sends_without_asking_is_found() -> None:
    """That it is found is no matter of luck: what is sent does ask, and what only counts does not."""
    acting = dict(what_acts())
    assert ASKS & reached(acting["gateway: feed"])
    assert ASKS & reached(acting["gateway: Sender.send_webhooks"])
    assert not ASKS & reached(acting["gateway: overview on person.created"])


def test_none_rests_whose_knowledge_the_next_request_is_held_to() -> None:
    """An organisation that was just made may be named at once; an agreement that ended is over at once."""
    resting = {
        subscribed.name
        for service in DATA_SERVICES
        for subscribed in application(service, Settings()).state.subscriptions
        if not subscribed.prompt
    }
    assert resting == {"crm", "grants", "measures", "measures_grant_reports", "members"}
