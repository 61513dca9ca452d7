"""What no table names somebody in, and is kept of them all the same: found by the part of the service that keeps it."""

from sqlalchemy.orm import Session

from services.members.trust.equality import domain as equality
from services.members.trust.purposes import domain as purposes
from shared.access.sections import Column, Section, Value


def sections(session: Session, movement: str, person: str) -> list[Section]:
    """What stands under the person's pseudonym: equality answers, and a notice that none are to be kept."""
    kept = equality.own(session, movement, person)
    rows: list[list[Value]] = [[each.wording, each.words, each.answered_on.isoformat()] for each in kept.answers]
    if kept.stopped_on is not None:
        rows.append(["You gave notice that we keep no answers of yours.", None, kept.stopped_on.isoformat()])
    if not rows:
        return [_uses(session, movement)]
    columns = [Column("wording", "Question"), Column("words", "Your answer"), Column("answered_on", "On", "day")]
    about = "Answers about yourself. They stand apart from your record, and nothing is decided by them."
    answers = Section("equality_answers", "Equality answers", about, columns, rows, provided=True)
    return [answers, _uses(session, movement)]


def _uses(session: Session, movement: str) -> Section:
    """What data is used for and on what lawful basis: UK GDPR, article 15(1)(a)."""
    found = purposes.every(session, movement)
    rows: list[list[Value]] = [[each.name, each.rule.basis, each.rule.marketing] for each in found]
    columns = [
        Column("name", "Purpose"),
        Column("basis", "Lawful basis"),
        Column("marketing", "Direct marketing", "yes_no"),
    ]
    about = "What people's data is used for here, and what makes that lawful."
    return Section("purposes", "What your data is used for", about, columns, rows)
