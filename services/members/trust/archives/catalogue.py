"""What the tables are called in an archive, what they are for, and who wrote the words in them.

Nothing is left out by being forgotten here: a table without an entry is called by its own name and described by its
own docstring, and its words count as somebody else's, so that they are looked at before they are handed out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

ALL = frozenset({"*"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a table is called, what it is for, and the columns that the person themself filled with words.

    ``reckoned`` are columns that nobody wrote: they were worked out.
    ``provided``: the person gave it or caused it. ``by`` is the column that says who wrote the words, where it may be
    anybody: they are the person's own only where it names them.
    """

    title: str
    about: str
    own: Collection[str] = NONE
    provided: bool = False
    by: str | None = None
    reckoned: Collection[str] = NONE


CATALOGUE: Mapping[str, Entry] = {
    "people": Entry("Who you are", "The record that everything else belongs to.", ALL, provided=True),
    "person_emails": Entry("E-mail addresses", "Where you can be written to.", ALL, provided=True),
    "person_phones": Entry("Telephone numbers", "Where you can be called.", ALL, provided=True),
    "person_external_ids": Entry(
        "What other systems call you", "Numbers by which other systems, such as a mailing tool, know you.", ALL, True
    ),
    "person_labels": Entry("Interests, skills and tags", "Words by which you are found.", provided=True),
    "person_custom_values": Entry("Further fields", "Fields that the movement added to its records.", ALL, True),
    "person_provenance": Entry(
        "Where your data came from", "From whom we had it, on what lawful basis, and what you were told about it."
    ),
    "permissions": Entry(
        "What you allowed and refused", "Each decision, for one purpose over one channel; the latest holds.", ALL, True
    ),
    "stops": Entry("When you said stop", "From then on we used your data for nothing that needs your yes.", ALL, True),
    "requests": Entry(
        "What you asked for by right", "Requests such as the one that this archive answers, and our answers.", ALL
    ),
    "request_waits": Entry("What we asked you back", "Questions of ours about a request, and when you answered.", ALL),
    "restrictions": Entry("When your data rested", "Times in which we kept your data and did not use it."),
    "objections": Entry("What you objected to", "Purposes that you objected to, and what became of it.", ("words",)),
    "memberships": Entry(
        "Your membership", "Whether you are active, paused or quiet, and where you stand on the ladder.", provided=True
    ),
    "membership_changes": Entry("How your membership went", "Each time that it began, paused, went quiet or ended."),
    "rung_changes": Entry(
        "Your way on the ladder",
        "Each step on the ladder, worked out by rules from what you did. Nothing else is decided by it, and you may"
        " object to it.",
        reckoned=("evidence",),
    ),
    "rung_confirmations": Entry("Steps that somebody confirmed", "Champion and co-owner need your own yes."),
    "ladder_decisions": Entry("Decisions about your place on the ladder", "Locks, floors, steps back and objections."),
    "activities": Entry("What you did", "What was recorded that you took part in, led or helped with.", provided=True),
    "activity_voids": Entry("What was taken back", "Activities that were recorded wrongly, and why."),
    "next_asks": Entry(
        "What you were to be asked", "What somebody meant to invite you to next, and what you said.", ("note",)
    ),
    "nominations": Entry("Nominations", "Who was affirmed as a champion, by you or of you.", ("words",), by="giver"),
    "pledges": Entry("Your pledges", "What you said that you would do.", ("text",), provided=True),
    "commitments": Entry("What you took on", "Things that you agreed to do over a time.", ("what", "unit"), True),
    "commitment_notes": Entry("How what you took on went", "Notes on the way."),
    "bookings": Entry("Your bookings", "Places that you booked at gatherings.", provided=True),
    "booking_companions": Entry("Whom you came with", "Who was to come along with a booking."),
    "attendances": Entry("Where you were", "Gatherings at which somebody noted that you came.", provided=True),
    "availabilities": Entry("When you have time", "The hours that you said suit you.", ALL, provided=True),
    "calendar_feeds": Entry("Your calendar addresses", "Calendars that you subscribed to; the secret is not shown."),
    "picture_permissions": Entry("Pictures of you", "Whether you may be pictured, where and for what use.", ALL, True),
    "emergency_contacts": Entry("Whom to call for you", "Deleted soon after each gathering.", ("name",), True),
    "safety_plans": Entry("Gatherings that you answer for", "Where you are named as leader or deputy for safety."),
    "assets": Entry("What you offer", "Entries on the asset map that belong to you.", ALL, provided=True),
    "listings": Entry("What you ask for and offer", "Asks and offers of yours.", ALL, provided=True),
    "exchange_matches": Entry(
        "Who met what you asked for",
        "Asks and offers that were brought together, and how it went.",
        reckoned=("reasons",),
    ),
    "win_makers": Entry("What you made happen", "Wins that you had a part in."),
    "recognitions": Entry("What you were recognised for", "By which scheme, how you met it, and until when."),
    "learning_needs": Entry("What you need to learn", "Needs that you named.", ("topic", "words"), True),
    "learning_places": Entry("What you learnt", "Places on courses that you had, and whether you completed them."),
    "learning_passed_on": Entry("What was passed on", "To whom what was learnt was passed on, by you or to you."),
    "connections": Entry("Introductions", "Who helps you to find your way to people and places, and how it went."),
    "introductions": Entry("Who you were introduced to", "Each introduction, what permitted it, and how it went."),
    "conversations": Entry("What matters to you", "What you told the person who helps you.", ("words",), True),
    "stewardships": Entry("Who keeps in touch", "Who looks after the relationship with you, or you with others."),
    "handovers": Entry("Moving on", "When you left or took something over, and what was handed on."),
    "handover_items": Entry("What was handed over", "Each thing that passed from one person to another."),
    "caretakers": Entry("What you look after for now", "What you keep until somebody takes it over."),
    "capacities": Entry("How much room you have", "What you said about how stretched you are.", ALL, provided=True),
    "capacity_shares": Entry("Who told you how much room they have", "Others who let you see it."),
    "circle_terms": Entry("Your roles in circles", "Circles that you belong to or belonged to.", ALL, provided=True),
    "ties": Entry("Who you work with", "Ties that you or others declared, if both sides know."),
    "knowledge_uses": Entry("What you used", "Guides and tools, and what you did with them.", ("did",), True),
    "affiliations": Entry("Organisations that you belong to", "With your role and dates.", ALL, provided=True),
    "child_records": Entry(
        "What lets you be named as a child", "The programme, your own yes, your parents' permission and the review."
    ),
    "mailing_entries": Entry(
        "Mailing lists", "Lists in mailing tools that your address was put on, and how it stands."
    ),
    "mailing_recipients": Entry("Mailings", "Each mailing that went to you, or why it did not."),
    "mailing_return_people": Entry("Mail that came back", "When you unsubscribed, or mail to your address came back."),
    "mailing_quiet": Entry("When you asked for quiet", "Times in which no mailing goes to you.", provided=True),
    "contact_log": Entry("When we spoke or wrote", "Calls, visits and letters, and what was to follow them."),
    "agenda_shapers": Entry("What you helped to shape", "Versions of the common agenda that you had a part in."),
    "voices": Entry("What you said", "What you named as an issue, an idea, a barrier or a wish.", ("words", "place")),
    "voice_listeners": Entry("What you asked to hear", "Voices of which you wanted to hear what became of them."),
    "voice_votes": Entry("Your votes", "The themes that you gave your vote."),
    "retention_holds": Entry("What is kept longer", "Records of you that are kept although their time is over."),
    "merged_people": Entry("Records that were joined", "Other records of you that are one with yours now."),
}

LEFT_OUT: Mapping[str, str] = {
    "retention_stand_ins": "who stands in for you in figures while they are made nameless; it is forgotten at once",
    "person_name_words": "the words of your names, kept a second time for searching",
    "match_keys": "keys worked out from your record, by which two records of one person are found",
    "duplicate_candidates": "pairs of records that may be one person's: they tell of somebody else",
    "duplicate_searches": "when such pairs were last looked for",
    "not_same_people": "pairs of records that are not one person's: they tell of somebody else",
    "merges": "the bookkeeping of records that were joined; what they said stands in the other parts",
    "merge_steps": "the same",
    "merge_neighbours": "the same",
    "access_archives": "this archive, and others that were made for you",
    "archive_parts": "the same",
    "archive_passages": "the same",
    "archive_pieces": "the same",
}
"""Tables that are no part of an archive, and why: an archive says so. What is kept for safeguarding is no part either,
and is not named anywhere (Data Protection Act 2018, schedule 3, part 5)."""
