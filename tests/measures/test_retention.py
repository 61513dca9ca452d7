"""Every table of measures that tells of people says until when it is kept."""

import services.measures.app  # noqa: F401 - it brings every table
from services.measures.base import Base
from services.measures.retention import KEPT
from shared.retention import undeclared


def test_no_table_that_tells_of_people_is_missed() -> None:
    assert undeclared(Base.metadata, KEPT) == set(), "declare it in services/measures/retention.py"
    known = set(Base.metadata.tables)
    assert all(table in known for each in KEPT for table in each.tables)
