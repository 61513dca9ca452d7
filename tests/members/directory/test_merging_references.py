"""No table is missed: every column that sounds like somebody's id is one by which merging finds the row."""

import pytest
import sqlalchemy as sa

import services.members.app  # noqa: F401 - it brings every table
from services.members.directory.merging import references

SOUNDS_LIKE = {
    "people": {"person", "brought_by", "counterpart", "host", "leader", "deputy", "holder", "carer", "guest", "client"},
    "organisations": {"organisation", "parent", "employer", "venue_organisation", "successor"},
}
AS_IT_WAS = {
    ("merges", "merged"),
    ("merges", "survivor"),
    ("merged_people", "merged"),
    ("duplicate_candidates", "other"),
}
"""What names a record by the id that it had then, and is left alone for good; and what is derived, and made again."""


OF_ANYTHING = {"record"}
"""The name of columns that hold ids of several kinds, and so says of no other column what it holds."""


def every_column() -> list["sa.Column[object]"]:
    return [column for table in references.tables() for column in table.columns if isinstance(column.type, sa.Text)]


@pytest.mark.parametrize("kind", ["people", "organisations"])
def test_a_column_named_like_one_that_holds_an_id_holds_one_too(kind: str) -> None:
    held = {
        each: {(table.name, name) for table in references.tables() for name in references.naming(table.name, each)}
        for each in references.RECORDS
    }
    names = {name for _, name in held[kind]} - OF_ANYTHING | SOUNDS_LIKE[kind]
    missed = {
        (column.table.name, column.name)
        for column in every_column()
        if column.name in names
        and not column.foreign_keys  # which say what it holds
        and (column.table.name, column.name) not in AS_IT_WAS.union(*held.values())
    }
    assert not missed, "give these the foreign key of_person() or of_organisation(), or info=HOLDS_PERSON and so on"


def test_every_row_that_names_somebody_can_be_found_again_by_a_key_within_its_movement() -> None:
    for table in references.tables():
        assert references.MOVEMENT in [column.name for column in table.primary_key], table.name
        assert references.key_columns(table) or not references.references_from(table.name), table.name


def test_a_key_that_others_refer_to_and_that_names_somebody_is_the_whole_key_of_its_row() -> None:
    """Such a row is copied under its new key, and only a key that is all new leaves no second row of the same id."""
    for reference in (each for table in references.tables() for each in references.references_to(table.name)):
        parent = references.table(reference.parent)
        named = {name for kind in ("people", "organisations") for name in references.naming(parent.name, kind)}
        if named & set(reference.columns.values()):
            assert set(reference.columns.values()) == set(references.key_columns(parent)), reference
