"""How what happened is shown."""

from datetime import date, datetime

from pydantic import Field

from services.members.directory.timeline.store import Entry
from shared.fields import View


class Happened(View):
    """One thing that happened: of what kind, in plain words, and the id of the record that knows the rest."""

    at: datetime = Field(description="Where only the day is known, its beginning on the movement's clock.")
    on: date | None = Field(description="The day, where only the day is known.")
    kind: str = Field(examples=["activity.done"])
    record: str
    words: str = Field(examples=["Took part: walk."])

    @classmethod
    def of(cls, entry: Entry) -> "Happened":
        """An entry as the API shows it."""
        return cls.model_construct(at=entry.at, on=entry.on, kind=entry.kind, record=entry.record, words=entry.words)
