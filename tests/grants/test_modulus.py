"""The modulus check: each method and exception by weights of our own, and the published cases by the operator's table.

The banks' table is its publisher's and is not kept here. Where `BACKBONE_TEST_MODULUS_TABLE` names a folder that has it
(`valacdos.txt` and `scsubtab.txt`), the cases of Vocalink's *Validating account numbers* are held to it.
"""

import os
from pathlib import Path

import pytest

from services.grants.app import create_app
from services.grants.payees.modulus import BadTable, Check, Table, load
from shared.settings import Settings, SettingsError

NONE = "0 0 0 0 0 0 "
ALL = NONE + "1 1 1 1 1 1 1 1"
H = NONE + "0 0 0 0 0 0 0 1"
B = NONE + "0 1 0 0 0 0 0 0"
C = NONE + "0 0 1 0 0 0 0 0"
F = NONE + "0 0 0 0 0 2 0 0"
U = "1 0 0 0 0 0 0 0 0 0 0 0 0 0"
U_AND_H = "1 0 0 0 0 0 0 0 0 0 0 0 0 8"
V_AND_H = "0 1 0 0 0 0 0 0 0 0 0 0 0 1"
ALTERNATE = NONE + "2 1 2 1 2 1 2 1"
SORT_CODE = "100000"
STANDS_IN = "900000"

CASES = {
    "ten": ([f"MOD10 {ALL}"], "12340000", "12340001"),
    "eleven": ([f"MOD11 {ALL}"], "12340001", "12340000"),
    "double alternate adds the digits of products": ([f"DBLAL {ALTERNATE}"], "70000070", "60000070"),
    "both of two lines": ([f"MOD10 {ALL}", f"MOD10 {H}"], "12340000", "12300004"),
    "1: 27 more": ([f"DBLAL {ALTERNATE} 1"], "60000000", "70000070"),
    "2: a is not 0": ([f"MOD11 {H} 2", f"MOD11 {U_AND_H} 9"], "10000005", "10000004"),
    "2: and g is 9": ([f"MOD11 {H} 2", f"MOD11 {U_AND_H} 9"], "10000096", "10000095"),
    "9: by another sort code": ([f"MOD11 {H} 2", f"MOD11 {U_AND_H} 9"], "00000001", "00000002"),
    "3: c is 6": ([f"MOD11 {H}", f"DBLAL {C} 3"], "00600000", "00500000"),
    "3: c is 9": ([f"MOD11 {H}", f"DBLAL {C} 3"], "00900000", "00800000"),
    "4: the rest is g and h": ([f"MOD11 {F} 4"], "00000510", "00000500"),
    "4: a rest of one digit": ([f"MOD11 {F} 4"], "00000204", "00000240"),
    "5: g is the first check digit": ([f"MOD11 {U} 5", f"DBLAL {U} 5"], "00000021", "00000031"),
    "5: h is the second": ([f"MOD11 {U} 5", f"DBLAL {U} 5"], "00000021", "00000022"),
    "6: a foreign currency": ([f"MOD11 {ALL} 6", f"DBLAL {ALL} 6"], "40000011", "40000012"),
    "7: g is 9": ([f"MOD11 {NONE}1 0 0 0 0 0 0 1 7"], "10000090", "10000080"),
    "8: by another sort code": ([f"MOD10 {V_AND_H} 8"], "00000001", "00000000"),
    "10: 09 and 9": ([f"MOD11 {B} 10", f"MOD11 {B} 11"], "09000090", "09000080"),
    "10: 99 and 9": ([f"MOD11 {B} 10", f"MOD11 {B} 11"], "99000090", "89000090"),
    "11: the second is enough": ([f"MOD11 {ALL} 10", f"MOD11 {H} 11"], "10000000", "10000001"),
    "12: the first is enough": ([f"MOD11 {H} 12", f"MOD10 {ALL} 13"], "12000000", "12000001"),
    "13: the second is enough": ([f"MOD11 {H} 12", f"MOD10 {ALL} 13"], "00000091", "00000092"),
    "14: without h": ([f"MOD11 {ALL} 14"], "60000051", "60000052"),
}  # fmt: skip

PUBLISHED = [
    "089999 66374958", "107999 88837491", "202959 63748472", "871427 46238510", "872427 46238510", "871427 09123496",
    "871427 99123496", "820000 73688637", "827999 73988638", "827101 28748352", "134020 63849203", "118765 64371389",
    "200915 41011166", "938611 07806039", "938600 42368003", "938063 55065200", "772798 99345694", "086090 06774744",
    "309070 02355688", "309070 12345668", "309070 12345677", "309070 99345694", "074456 12345112", "070116 34012583",
    "074456 11104102", "180002 00000190",
]  # fmt: skip
PUBLISHED_AS_INVALID = [
    "938063 15764273", "938063 15764264", "938063 15763217", "118765 64371388", "203099 66831036", "203099 58716970",
    "089999 66374959", "107999 88837493",
]  # fmt: skip


def table(*lines: str, sort_code: str = STANDS_IN) -> Table:
    """A table whose lines are all for the sort codes 10-00-00 to 10-99-99."""
    return Table([Check.parse(f"100000 109999 {line}") for line in lines], {SORT_CODE: sort_code})


@pytest.mark.parametrize("case", CASES)
def test_each_method_and_exception(case: str) -> None:
    lines, may_be, cannot_be = CASES[case]
    assert table(*lines).disproves(SORT_CODE, may_be) is False
    assert table(*lines).disproves(SORT_CODE, cannot_be) is True


@pytest.mark.parametrize("g", range(10))
def test_a_remainder_of_one_has_no_check_digit_under_exception_5(g: int) -> None:
    assert table(f"MOD11 {U} 5", sort_code=SORT_CODE).disproves(SORT_CODE, f"000000{g}0") is True


def test_a_sort_code_outside_the_table_is_neither_disproved_nor_not() -> None:
    assert table(f"MOD10 {ALL}").disproves("110000", "12340001") is None


def test_the_tables_are_read_as_they_are_published(tmp_path: Path) -> None:
    weights, stand_ins = tmp_path / "valacdos.txt", tmp_path / "scsubtab.txt"
    weights.write_text(f"100000 109999 MOD11    {U}  5 \r\n\r\n110000 110000 MOD10 {ALL}\r\n")
    stand_ins.write_text("100000 900000\n")
    read = load(weights, stand_ins, (1,))
    assert (read.disproves("100000", "00000020"), read.disproves("110000", "12340001")) == (False, True)


@pytest.mark.parametrize("line", ["100000 109999 MOD12 " + ALL, "100000 109999 MOD10 1 2 3", "1 2 MOD10 " + ALL, "x"])
def test_a_file_that_is_no_table_is_refused_by_its_line(tmp_path: Path, line: str) -> None:
    weights = tmp_path / "valacdos.txt"
    weights.write_text(f"100000 109999 MOD10 {ALL}\n{line}\n")
    with pytest.raises(BadTable, match=r"valacdos\.txt, line 2"):
        load(weights, None, (2,))


def test_a_table_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "valacdos.txt").write_text("nothing of the kind\n")
    for table in (tmp_path / "valacdos.txt", tmp_path / "missing.txt"):
        with pytest.raises(SettingsError, match="BACKBONE_BANK_MODULUS_TABLE"):
            create_app(Settings(bank_modulus_table=table))


def test_the_published_cases_come_out_by_the_banks_own_table() -> None:
    folder = os.environ.get("BACKBONE_TEST_MODULUS_TABLE")
    if folder is None:
        pytest.skip("BACKBONE_TEST_MODULUS_TABLE names no folder with the banks' table")
    banks = load(Path(folder) / "valacdos.txt", Path(folder) / "scsubtab.txt", (3,))
    assert [case for case in PUBLISHED if banks.disproves(*case.split()) is not False] == []
    assert [case for case in PUBLISHED_AS_INVALID if banks.disproves(*case.split()) is not True] == []
