"""The progress bars of a run, on standard error: one a part."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bars(Progress):
    """The bars, shown while it is entered."""

    def __init__(self) -> None:
        columns = (TextColumn("  {task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        super().__init__(*columns, console=Console(stderr=True))

    def bar(self, name: str) -> "Bar":
        """A bar for a part that begins now; how long it gets is not known yet."""
        return Bar(self, self.add_task(name, total=None))


class Bar:
    """One bar."""

    def __init__(self, bars: Bars, task: TaskID) -> None:
        self._bars = bars
        self._task = task

    def expect(self, total: int) -> None:
        """It will be so many."""
        self._bars.update(self._task, total=total)

    def advance(self, more: int = 1) -> None:
        """So many more are done."""
        self._bars.advance(self._task, more)
