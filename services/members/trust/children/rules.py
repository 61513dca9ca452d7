"""Which ages hold for children where: what the law of each jurisdiction says, until a movement enters its own.

Pure. The ages and their sources are what every movement begins with; those that it goes by are rows
(:class:`~services.members.trust.children.models.ChildRule`) that it edits when the law, or its own care, asks for more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.members.directory.people.ages import age_on, bands_under
from services.members.directory.people.models import AgeBand
from services.members.trust.children.models import ChildProgramme, ChildRecord, ChildRule, Lack
from services.members.trust.jurisdictions import Jurisdiction


@dataclass(frozen=True, slots=True)
class Ages:
    """The ages that hold in a jurisdiction, in years, and how many days ahead a review may be.

    ``version`` is 0 until the movement changes them.
    """

    jurisdiction: Jurisdiction
    child_under: int
    permission_under: int
    review_days: int
    source: str
    version: int = 0
    updated_at: datetime | None = None


_YEARLY = 365
"""A choice of ours: a child's yes is asked anew every year, as children grow out of what they agreed to."""

AT_FIRST: Mapping[Jurisdiction, Ages] = {
    ages.jurisdiction: ages
    for ages in (
        Ages(
            Jurisdiction.ENGLAND, 18, 16, _YEARLY,
            "Children Act 1989, s. 105(1): under 18. Family Law Reform Act 1969, s. 8, and Mental Capacity Act 2005, "
            "s. 2(5): from 16 somebody decides for themself.",
        ),
        Ages(
            Jurisdiction.SCOTLAND, 18, 12, _YEARLY,
            "Children and Young People (Scotland) Act 2014, s. 97(1): under 18. Age of Legal Capacity (Scotland) Act "
            "1991, s. 2(4A), and Data Protection Act 2018, s. 208: from 12 a child is presumed to understand.",
        ),
        Ages(
            Jurisdiction.WALES, 18, 16, _YEARLY,
            "Social Services and Well-being (Wales) Act 2014, s. 3(3): under 18. Family Law Reform Act 1969, s. 8, and "
            "Mental Capacity Act 2005, s. 2(5): from 16 somebody decides for themself.",
        ),
        Ages(
            Jurisdiction.NORTHERN_IRELAND, 18, 16, _YEARLY,
            "Children (Northern Ireland) Order 1995, art. 2(2): under 18. Age of Majority Act (Northern Ireland) 1969, "
            "s. 4: from 16 somebody consents for themself.",
        ),
    )
}  # fmt: skip


def in_force(rows: Iterable[ChildRule]) -> Mapping[Jurisdiction, Ages]:
    """The ages that a movement goes by: its own rows, and what the law says where it has none."""
    own = (
        Ages(
            Jurisdiction(row.jurisdiction),
            row.child_under,
            row.permission_under,
            row.review_days,
            row.source,
            row.version,
            row.updated_at,
        )
        for row in rows
    )
    return {**AT_FIRST, **{ages.jurisdiction: ages for ages in own}}


def strictest(rules: Mapping[Jurisdiction, Ages]) -> int:
    """The age under which somebody is a child as long as it is not known where."""
    return max(ages.child_under for ages in rules.values())


def younger_than(age: int, band: str, born: date | None, today: date) -> bool:
    """Whether somebody may be younger: by their date of birth where it is known, else by the whole of their band."""
    if born is not None:
        return age_on(born, today) < age
    return AgeBand(band) in bands_under(age)


def lacks(
    record: ChildRecord | None,
    programme: ChildProgramme | None,
    rules: Mapping[Jurisdiction, Ages],
    *,
    band: str,
    born: date | None,
    today: date,
) -> Sequence[Lack]:
    """What the record of somebody lacks on a day; nothing where they are no child.

    ``programme`` is the one that the record names.
    """
    if record is None or programme is None:
        return [Lack.RECORD] if younger_than(strictest(rules), band, born, today) else []
    ages = rules[Jurisdiction(programme.jurisdiction)]
    if not younger_than(ages.child_under, band, born, today):
        return []
    needs_permission = younger_than(ages.permission_under, band, born, today)
    found = {
        Lack.OWN_YES: record.withdrawn_on is not None,
        Lack.PARENTAL_PERMISSION: needs_permission and record.permission_given_on is None,
        Lack.PROGRAMME: programme.ended_on is not None and programme.ended_on <= today,
        Lack.IMPACT_ASSESSMENT: programme.review_on < today,
        Lack.REVIEW: record.review_on < today,
    }
    return [lack for lack, so in found.items() if so]
