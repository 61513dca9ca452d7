"""No table is missed: whatever names a person says beside it what erasing them does to the row."""

import pytest
import sqlalchemy as sa

import services.members.app  # noqa: F401 - it brings every table
from services.members.directory.merging import references
from services.members.erasing import Emptied, Goes, GoesWith
from services.members.trust.erasures import fates, sealed
from tests.members.directory.test_merging_references import AS_IT_WAS

NAMES = {table.name: references.naming(table.name, fates.PEOPLE) for table in references.tables()}

OPENED_OTHERWISE = {
    *("concerns", "checks", "protected_people", "apart_pairs"),  # under safeguarding's own keys: never by an erasure
    *("archive_parts", "archive_passages", "archive_pieces"),  # discarded whole
    "erasures",  # what to look for; forgotten as the erasure ends
    "mailing_tools",  # keys to accounts
    "mailing_forgettings",  # an address that the tool is to delete: forgotten once it has
}
"""Tables of what is sealed and no sealed words, and why."""


@pytest.mark.parametrize("table", [name for name, columns in NAMES.items() if columns])
def test_a_table_that_names_people_says_what_erasing_one_does_to_its_rows(table: str) -> None:
    says = {each.column.name for each in fates.said() if each.table.name == table}
    silent = set(NAMES[table]) - says
    assert not silent, f"say it beside {table}.{silent}: of_person(erased=…) or info=HOLDS_PERSON | …, see erasing.py"


def test_an_id_that_was_kept_as_it_was_then_says_it_too() -> None:
    says = {(each.table.name, each.column.name) for each in fates.said()}
    assert says >= AS_IT_WAS


def test_what_is_emptied_can_be_empty() -> None:
    """A column that must say something is emptied of what it said; an id that must be there has to lead nowhere."""
    for each in fates.of_kind(Emptied):
        assert isinstance(each.fate, Emptied)
        assert each.column.nullable, f"{each.table.name}.{each.column.name}"
        for name in each.fate.also:
            column = each.table.c[name]
            assert column.nullable or isinstance(column.type, sa.Text), f"{each.table.name}.{name}"


def test_what_goes_with_a_row_goes_before_it() -> None:
    order = [table.name for table in fates.children_first()]
    for each in fates.of_kind(GoesWith):
        assert isinstance(each.fate, GoesWith)
        assert order.index(each.table.name) < order.index(each.fate.table)
    for each in fates.of_kind(Goes):
        assert order.index(each.table.name) < order.index(fates.PEOPLE)


def test_sealed_words_say_what_erasing_somebody_does_to_them() -> None:
    """What is sealed can be found by nobody who does not know that it is there."""
    says = {(words.table.name, words.column.name) for words in sealed.columns()}
    columns = [column for table in references.tables() for column in table.columns if column.name.startswith("sealed")]
    held = {(column.table.name, column.name) for column in columns if isinstance(column.type, sa.LargeBinary)}
    assert {table for table, _ in held - says} == OPENED_OTHERWISE
