"""What time it is while tests run, and that they ask for it in one place."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared import clock
from tests import noon

TESTS = Path(__file__).parents[1]
BY_THE_MACHINE = ("bench", "cli", "noon.py", "shared/dialling.py")
"""Who go by its clock, because processes and certificates do that are not ours."""
ASKED = r"\b(?:datetime\.(?:now|utcnow|today)|date\.today)\("


def test_a_run_that_begins_before_midnight_is_hours_away_from_it() -> None:
    begun = datetime(2026, 3, 1, 23, 59, 58, tzinfo=UTC)
    assert begun + noon.away_from(begun) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_present_of_this_run_is_noon_and_goes_on() -> None:
    one, other = clock.now(), datetime.fromtimestamp(clock.timestamp(), UTC) + noon.AWAY
    assert one.hour >= 12
    assert other - one < timedelta(minutes=1)


def test_what_day_it_is_is_asked_of_the_clock_that_began_at_noon() -> None:
    asking = {}
    for file in TESTS.rglob("*.py"):
        path = file.relative_to(TESTS).as_posix()
        when_imported = r"(?m)^\S.*" if path.startswith(BY_THE_MACHINE) and path != "noon.py" else ""
        if found := re.findall(when_imported + ASKED, file.read_text("utf-8")):
            asking[path] = found
    assert list(asking) == ["noon.py"]
