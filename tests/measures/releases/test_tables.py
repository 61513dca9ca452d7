"""What figures lie in what: places in every hierarchy, categories in everybody, whoever reports which."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from services.measures.disclosure.tables import counts_of, table_of
from services.measures.measures.models import Kind, MeasureVersion
from services.measures.measures.schemes import Category, Dimension
from services.measures.observations.models import Amount, FigureStatus
from services.measures.series.store import Known
from shared.db.types import microseconds
from shared.disclosure import Counts, Role, ratio
from tests.shared.disclosure.published import BELOW_TEN

SEX = Dimension(
    key="sex", title="Sex", ordered=False, exhaustive=True,
    categories=[Category(key="female", title="Women"), Category(key="male", title="Men")],
)  # fmt: skip


class Lying:
    """A hierarchy in which places lie directly in these."""

    def __init__(self, **parents: str) -> None:
        self._parents = parents

    def around(self, place: str, day: date) -> Sequence[str]:
        found = []
        while (place := self._parents.get(place, "")) != "":
            found.append(place)
        return found

    def within(self, place: str, day: date) -> Collection[str]:
        return {child for child, parent in self._parents.items() if parent == place}


def version(kind: Kind = Kind.STOCK, unit: str = "people") -> MeasureVersion:
    return MeasureVersion(kind=kind.value, unit=unit, scheme=[SEX])


def known(place: str, count: int, cell: str = "all", reporter: str = "us") -> Known:
    amount = Amount(FigureStatus.REPORTED, str(count), None, None, None)
    at = microseconds(datetime(2026, 1, 1, tzinfo=UTC))
    return Known("obs", "mver", place, "2025", "2025-01-01", "2025-12-31", cell, reporter, "", "", 1, amount, at, None)


def nests(*figures: Known, hierarchies: Sequence[Lying] = ()) -> set[tuple[str, str, bool]]:
    """Each whole, its parts and whether they are all: by place and cell."""
    table = table_of(figures, version(), BELOW_TEN, hierarchies)
    return {
        (f"{whole[0]} {whole[2]}", ", ".join(f"{part[0]} {part[2]}" for part in parts), complete)
        for whole, parts, complete in table.nests
    }


def test_places_lie_in_the_nearest_that_has_a_figure_in_each_hierarchy() -> None:
    main, health = Lying(a="county", b="county", county="land"), Lying(a="trust", c="trust")
    found = nests(
        known("land", 60),
        known("a", 10),
        known("b", 20),
        known("trust", 30),
        known("c", 20),
        hierarchies=[main, health],
    )
    assert found == {("land all", "a all, b all", False), ("trust all", "a all, c all", True)}


def test_what_several_report_is_taken_together_where_each_reports_one_place() -> None:
    county = Lying(a="county", b="county")
    figures = [known("county", 30), known("a", 10, reporter="one"), known("b", 20, reporter="two")]
    assert nests(*figures, hierarchies=[county]) == {("county all", "a all, b all", True)}
    twice = [*figures, known("a", 5, reporter="two")]
    assert nests(*twice, hierarchies=[county]) == set(), "nobody knows which of two reports the county counts"


def test_categories_are_all_of_everybody_where_the_scheme_says_so_and_none_is_missing() -> None:
    both = [known("a", 30), known("a", 10, "sex=female"), known("a", 20, "sex=male")]
    assert nests(*both) == {("a all", "a sex=female, a sex=male", True)}
    assert nests(*both[:2]) == {("a all", "a sex=female", False)}
    age = known("a", 4, "age=old;sex=female")
    assert ("a sex=female", "a age=old;sex=female", False) in nests(*both, age)


def test_a_percentage_beside_its_base_tells_a_count() -> None:
    def counts(
        kind: Kind, unit: str, value: str | None = None, over: tuple[int, int] | None = None, n: int | None = None
    ) -> Counts | None:
        numerator, denominator = over or (None, None)
        return counts_of(Amount(FigureStatus.REPORTED, value, numerator, denominator, n), version(kind, unit))

    assert counts(Kind.RATIO, "percent", value="12.5", n=40) == ratio(5, 40)
    assert counts(Kind.RATIO, "percent", value="12.5") is None
    assert counts(Kind.RATIO, "percent", over=(5, 40)) == ratio(5, 40)
    assert counts(Kind.MEAN, "score", value="7.1", n=12) == {Role.BASE: 12}
    assert counts(Kind.FLOW, "people", value="17") == {Role.COUNT: 17}
    assert counts(Kind.FLOW, "hours", value="17.5") is None
