"""The roles that every movement begins with: what each may lawfully ask. A movement edits them, with its own source.

They are starting points, gathered second-hand: whoever asks for a check confirms that the role is eligible for it.
A check that a role is not eligible for is an offence to ask for knowingly (Police Act 1997, section 123).
"""

from collections.abc import Iterator

from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.safeguarding.checks.models import Act, Level, Rule

_YEARS_3, _YEARS_5 = 3 * 365, 5 * 365
_OPEN = "Meets people in the open, with others there: nobody's care, teaching or health depends on them."
_ANYBODY = "Anybody may be asked for a basic one: Police Act 1997, section 112; Disclosure (Scotland) Act 2020, part 1"
_ADULTS = "Visits adults who are cared for, again and again, where they live."
_CHILDREN = "Teaches, trains or looks after children, again and again, and not under somebody's eye."
_OPEN_TO = {"community_host": {Act.HOST}, "group_volunteer": {Act.VOLUNTEER}, "walk_leader": {Act.LEADER, Act.DEPUTY}}


def rules() -> Iterator[Rule]:
    """Every role in every jurisdiction."""
    for jurisdiction in Jurisdiction:
        yield from _rules(jurisdiction, scotland=jurisdiction is Jurisdiction.SCOTLAND)


def _rules(jurisdiction: Jurisdiction, *, scotland: bool) -> Iterator[Rule]:
    least = Level.LEVEL_1 if scotland else Level.BASIC
    for role, acts in _OPEN_TO.items():
        yield Rule(role, jurisdiction, frozenset(acts), None, least, _OPEN, _ANYBODY, _YEARS_3)
    adults = Level.LEVEL_2 if scotland else Level.ENHANCED
    yield Rule("care_home_visitor", jurisdiction, frozenset(), adults, adults, _ADULTS, _of_adults(scotland), _YEARS_3)
    children = Level.PVG if scotland else Level.ENHANCED_BARRED
    renewed = _YEARS_5 if scotland else _YEARS_3  # a membership of the scheme lasts five years; the rest is our choice
    source = _of_children(jurisdiction)
    yield Rule("children_leader", jurisdiction, frozenset(), children, children, _CHILDREN, source, renewed)


def _of_adults(scotland: bool) -> str:
    if scotland:
        return "Disclosure (Scotland) Act 2020, part 1 (Level 2)"
    return "Police Act 1997, section 113B, and its Criminal Records Regulations (work with adults)"


def _of_children(jurisdiction: Jurisdiction) -> str:
    if jurisdiction is Jurisdiction.SCOTLAND:
        return "Protection of Vulnerable Groups (Scotland) Act 2007; Disclosure (Scotland) Act 2020 (regulated roles)"
    if jurisdiction is Jurisdiction.NORTHERN_IRELAND:
        return "Safeguarding Vulnerable Groups (Northern Ireland) Order 2007, schedule 2"
    return "Safeguarding Vulnerable Groups Act 2006, schedule 4, part 1; Police Act 1997, section 113B"
