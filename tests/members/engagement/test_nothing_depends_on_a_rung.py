"""No grant, vote or service depends on a rung: nothing but the ladder itself reads one, except to show it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services

ROOT = Path(services.__file__).parent
LADDER = "members/engagement/ladder/"
SHOWN_BY = {
    "admin/overview/reading.py": "the admin's overview shows the funnel",
    "cli/demo/people.py": "the demo has its people confirmed as a coordinator would",
    "cli/demo/report.py": "the demo's report shows the funnel",
    "gateway/overview/composition.py": "the overview counts people by rung",
    "gateway/overview/domain.py": "the same",
    "gateway/overview/handlers.py": "the same",
    "gateway/overview/schemas.py": "the same",
    "members/directory/exports/api.py": "the export of people has a column of it, and can be of one rung",
    "members/directory/exports/rows.py": "the same",
    "members/directory/handing_on/schemas.py": "a partner's CRM keeps the rung of who permits it, under an agreement",
    "members/directory/people/api.py": "people are listed by rung, for those who support them",
    "members/directory/people/domain.py": "the same",
    "members/directory/people/shown.py": "a person is shown with their rung",
    "members/directory/people/store.py": "people are listed by rung",
    "members/directory/segments/conditions.py": "a segment names people to support by their rung",
    "members/directory/segments/schemas.py": "the same",
    "members/directory/segments/statement.py": "the same",
    "members/directory/signups/domain.py": "a sign-up puts somebody on the lowest rung and answers it",
    "members/directory/signups/models.py": "the answer to a sign-up",
    "members/directory/signups/schemas.py": "the answer to a sign-up",
    "members/engagement/happenings.py": "the timeline tells the steps of whoever has a place on the ladder",
    "members/engagement/memberships/models.py": "the column that the ladder writes",
    "members/engagement/memberships/schemas.py": "a membership is shown with the person's rung",
    "measures/kpis/counting.py": "a KPI may be how many people stand on a rung or above, counted by members",
}
"""The modules outside the ladder that may name a rung, and what for. One that decides by it has no place here."""

NAMES = {"rung", "from_rung", "to_rung", "computed_rung", "confirmed_rung", "rungs", "Rung"}


def names_in(module: ast.Module) -> Iterator[str]:
    """Every name, attribute, argument and keyword of a module."""
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield name
            case ast.keyword(arg=str(name)):
                yield name
            case _:
                continue


def test_only_the_ladder_and_what_shows_it_name_a_rung() -> None:
    naming = set()
    for path in ROOT.rglob("*.py"):
        where = path.relative_to(ROOT).as_posix()
        if where.startswith(LADDER) or "/migrations/" in where:
            continue
        if NAMES & set(names_in(ast.parse(path.read_text(encoding="utf-8")))):
            naming.add(where)
    assert naming <= set(SHOWN_BY), f"decides by a rung, or shows it unlisted: {sorted(naming - set(SHOWN_BY))}"
