"""What a row says of its figure, by the kind of its measure."""

import pytest

from services.measures.measures.models import Kind
from services.measures.observations.amounts import AmountFault, read_amount
from services.measures.observations.models import Amount, FigureStatus


def ratio(**cells: str) -> Amount:
    return read_amount(cells, Kind.RATIO, "percent")


def reported(value: str | None = None, numerator: int | None = None, denominator: int | None = None) -> Amount:
    return Amount(FigureStatus.REPORTED, value, numerator, denominator, None)


def test_a_published_percentage_is_kept_as_such() -> None:
    assert ratio(value="21.2") == reported("21.2")
    assert ratio(value="21.2", n="512") == Amount(FigureStatus.REPORTED, "21.2", None, None, 512)


def test_counts_are_kept_as_counts() -> None:
    assert ratio(numerator="20", denominator="100") == reported(None, 20, 100)
    assert ratio(numerator="0", denominator="0") == reported(None, 0, 0)


@pytest.mark.parametrize("text", ["21.20", "021.2", "21.200000"])
def test_the_same_number_written_otherwise_is_the_same_figure(text: str) -> None:
    assert ratio(value=text) == reported("21.2")


@pytest.mark.parametrize(("text", "kept"), [("-0", "0"), ("0.00", "0"), ("100", "100"), ("0.05", "0.05")])
def test_zero_and_round_numbers_keep_their_digits(text: str, kept: str) -> None:
    assert ratio(value=text) == reported(kept)


def test_null_is_not_zero_and_says_why() -> None:
    for why in (FigureStatus.SUPPRESSED, FigureStatus.NOT_COLLECTED, FigureStatus.NOT_APPLICABLE):
        assert ratio(value="", status=why.value) == Amount(why, None, None, None, None)
    assert ratio(value="0") == reported("0")


def test_a_value_beside_its_counts_agrees_with_them_to_its_own_decimals() -> None:
    assert ratio(value="33.3", numerator="1", denominator="3") == reported("33.3", 1, 3)
    with pytest.raises(AmountFault, match="is not numerator divided by denominator"):
        ratio(value="33.4", numerator="1", denominator="3")


FAULTS = [
    ({"value": "110"}, "value", "out_of_range"),
    ({"value": "100.1"}, "value", "out_of_range"),
    ({"value": "-1"}, "value", "out_of_range"),
    ({"value": "n/a"}, "value", "not_a_number"),
    ({"value": "21.2%"}, "value", "not_a_number"),
    ({"value": "1,000"}, "value", "not_a_number"),
    ({"value": "1e3"}, "value", "not_a_number"),
    ({"value": "NaN"}, "value", "not_a_number"),
    ({"value": "Infinity"}, "value", "not_a_number"),
    ({"value": "٢١"}, "value", "not_a_number"),
    ({"value": "1" * 17}, "value", "not_a_number"),
    ({"value": ""}, "value", "no_figure"),
    ({"numerator": "-3", "denominator": "10"}, "numerator", "out_of_range"),
    ({"numerator": "2.5", "denominator": "10"}, "numerator", "not_a_count"),
    ({"numerator": "3"}, "denominator", "missing_count"),
    ({"denominator": "3"}, "numerator", "missing_count"),
    ({"numerator": "11", "denominator": "10"}, "numerator", "out_of_range"),
    ({"value": "21.2", "n": "-5"}, "n", "out_of_range"),
    ({"value": "21.2", "status": "guessed"}, "status", "invalid_status"),
    ({"value": "21.2", "status": "suppressed"}, "status", "figure_and_reason"),
]


@pytest.mark.parametrize(("cells", "meaning", "code"), FAULTS)
def test_a_wrong_cell_is_named_and_never_repeated(cells: dict[str, str], meaning: str, code: str) -> None:
    with pytest.raises(AmountFault) as caught:
        ratio(**cells)
    assert (caught.value.meaning, caught.value.code) == (meaning, code)
    sent = cells.get(meaning, "")
    assert not sent or len(sent) < 3 or sent not in str(caught.value)


@pytest.mark.parametrize("kind", [Kind.STOCK, Kind.FLOW])
def test_a_count_of_things_is_not_below_zero_and_may_be_over_a_hundred(kind: Kind) -> None:
    assert read_amount({"value": "1234"}, kind, "people") == reported("1234")
    with pytest.raises(AmountFault, match="is below 0"):
        read_amount({"value": "-1"}, kind, "people")


def test_a_mean_may_be_below_zero() -> None:
    assert read_amount({"value": "-0.4", "n": "30"}, Kind.MEAN, "points").value == "-0.4"


def test_only_a_ratio_has_a_numerator() -> None:
    with pytest.raises(AmountFault, match="belongs to a ratio"):
        read_amount({"value": "5", "numerator": "5", "denominator": "9"}, Kind.STOCK, "people")


def test_a_mean_is_kept_as_n_and_its_sums() -> None:
    kept = read_amount({"n": "3", "sum_x": "21.50", "sum_x2": "160.25"}, Kind.MEAN, "points")
    assert (kept.value, kept.n, kept.sum_x, kept.sum_x2) == (None, 3, "21.5", "160.25")
    alike = read_amount({"n": "30", "sum_x": "0.3", "sum_x2": "0.003"}, Kind.MEAN, "points")
    assert alike.sum_x2 == "0.003", "thirty times 0.01: no variance at all, and none invented by rounding"


@pytest.mark.parametrize(
    ("cells", "meaning", "code"),
    [
        ({"n": "3", "sum_x": "21"}, "sum_x2", "missing_count"),
        ({"sum_x": "21", "sum_x2": "160"}, "n", "missing_count"),
        ({"n": "0", "sum_x": "0", "sum_x2": "0"}, "n", "no_figure"),
        ({"n": "3", "sum_x": "21", "sum_x2": "146.99"}, "sum_x2", "out_of_range"),
        ({"n": "3", "sum_x": "21", "sum_x2": "160", "value": "7.1"}, "value", "inconsistent"),
        ({"value": "7", "numerator": "7"}, "numerator", "not_a_ratio"),
        ({"value": "7", "bound": "about"}, "bound", "invalid_bound"),
    ],
)
def test_sums_that_no_values_can_have_are_refused(cells: dict[str, str], meaning: str, code: str) -> None:
    with pytest.raises(AmountFault) as caught:
        read_amount(cells, Kind.MEAN, "points")
    assert (caught.value.meaning, caught.value.code) == (meaning, code)


def test_a_distribution_is_counted_category_by_category() -> None:
    counted = read_amount({"numerator": "3", "denominator": "9"}, Kind.DISTRIBUTION, "people")
    assert (counted.numerator, counted.denominator) == (3, 9)
    with pytest.raises(AmountFault, match="is one number"):
        read_amount({"value": "5"}, Kind.ORDINAL, "people")
