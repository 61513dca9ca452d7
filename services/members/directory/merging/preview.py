"""What a merge would do, as it is worked out without doing it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.members.directory.merging.people import Together
from services.members.directory.merging.steps import Row, Step
from services.members.directory.merging.winning import Field


@dataclass(frozen=True, slots=True)
class Preview:
    """Both rows, whose value stands in each field, the steps, and what people would allow together."""

    survivor: Row
    merged: Row
    fields: Sequence[Field]
    steps: Sequence[Step]
    permissions: Sequence[Together]
