"""Each kind of rule finds what does not hold, and nothing else."""

from services.measures.measures.models import Kind
from services.measures.observations.models import Amount, FigureStatus
from services.measures.validation.checking import Period, Subject, found_by
from services.measures.validation.kinds import Between, Change, Outlier, Part, Required, Sum, Test
from services.measures.validation.outliers import Against, Method

FOREST, TEWKESBURY = "E07000080", "E07000083"


def counted(numerator: int, denominator: int = 100) -> Amount:
    return Amount(FigureStatus.REPORTED, None, numerator, denominator, None)


SUPPRESSED = Amount(FigureStatus.SUPPRESSED, None, None, None, None)


def found(
    rule: Test,
    now: dict[Subject, Amount],
    before: dict[Subject, Amount] | None = None,
    earlier: dict[Subject, list[Amount]] | None = None,
) -> list[tuple[str, str]]:
    period = Period(Kind.RATIO, "percent", now, before or {}, earlier or {})
    return [(one.subject.place, one.subject.cell) for one in found_by(rule, period)]


def test_bounds_hold_the_value_that_counts_make() -> None:
    now = {Subject(FOREST, "all"): counted(51), Subject(TEWKESBURY, "all"): counted(50)}
    assert found(Between(kind="between", most=50), now) == [(FOREST, "all")]
    assert found(Between(kind="between", of=Part.NUMERATOR, least=51), now) == [(TEWKESBURY, "all")]
    assert found(Between(kind="between", least=1), {Subject(FOREST, "all"): SUPPRESSED}) == []


def test_a_change_is_from_the_period_before_and_none_is_known_without_one() -> None:
    now = {Subject(FOREST, "all"): counted(26), Subject(TEWKESBURY, "all"): counted(90)}
    before = {Subject(FOREST, "all"): counted(20)}
    assert found(Change(kind="change", most_percent=29.9), now, before) == [(FOREST, "all")]
    assert found(Change(kind="change", most_percent=30), now, before) == []


def test_categories_add_up_to_the_figure_without_their_dimension() -> None:
    rule = Sum(kind="sum", dimension="sex")
    now = {
        Subject(FOREST, "all"): counted(30),
        Subject(FOREST, "sex=female"): counted(12),
        Subject(FOREST, "sex=male"): counted(17),
        Subject(FOREST, "age=old"): counted(9),
        Subject(FOREST, "age=old;sex=female"): counted(5),
        Subject(FOREST, "age=old;sex=male"): counted(4),
    }
    assert found(rule, now) == [(FOREST, "all")]
    assert found(rule, now | {Subject(FOREST, "sex=male"): SUPPRESSED}) == [], "an unknown part makes no wrong sum"
    assert found(Sum(kind="sum", dimension="sex", tolerance=1), now) == []


def test_required_cells_are_there_or_say_why_not() -> None:
    now = {Subject(FOREST, "all"): counted(3), Subject(FOREST, "sex=female"): SUPPRESSED}
    assert found(Required(kind="required", cells=["all", "sex=female"]), now) == []
    wanted = Required(kind="required", cells=["all", "sex=male"], places=[FOREST, TEWKESBURY])
    assert found(wanted, now) == [(FOREST, "sex=male"), (TEWKESBURY, "all"), (TEWKESBURY, "sex=male")]


def test_an_outlier_is_one_against_what_the_rule_names() -> None:
    here = Subject(FOREST, "all")
    earlier = {here: [counted(numerator) for numerator in (20, 21, 19, 20, 22, 18)]}
    assert found(Outlier(kind="outlier"), {here: counted(40)}, earlier=earlier) == [(FOREST, "all")]
    assert found(Outlier(kind="outlier"), {here: counted(22)}, earlier=earlier) == []
    places = {Subject(f"E0700008{n}", "all"): counted(20 + n) for n in range(7)} | {
        Subject("E07000078", "all"): counted(60)
    }
    far = Outlier(kind="outlier", against=Against.PLACES, method=Method.IQR)
    assert found(far, places) == [("E07000078", "all")]
