"""Every table of gateway that tells of people says until when it is kept."""

import services.gateway.app  # noqa: F401 - it brings every table
from services.gateway.base import Base
from services.gateway.retention import KEPT
from shared.retention import undeclared


def test_no_table_that_tells_of_people_is_missed() -> None:
    assert undeclared(Base.metadata, KEPT) == set(), "declare it in services/gateway/retention.py"
    known = set(Base.metadata.tables)
    assert all(table in known for each in KEPT for table in each.tables)
