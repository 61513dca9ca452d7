"""What the fields of requests are made of in every service: bounded, trimmed, and free of control characters."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

# PostgreSQL refuses NUL in a text, and no name holds a line break.
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
GSS = r"^[A-Z][0-9]{8}$"


def line(longest: int) -> StringConstraints:
    """One line of text, trimmed, of at least one character."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=ONE_LINE)


def lines(longest: int, *, needed: bool = True) -> StringConstraints:
    """Text that may have line breaks, of either kind, and tabs; trimmed, and empty only where it is not needed."""
    least = 1 if needed else None
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=longest, pattern=_LINES)


Name = Annotated[str, line(200)]
Purpose = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
"""What personal data is used for, in a word of the movement's own."""
GssCode = Annotated[str, StringConstraints(pattern=GSS)]
"""A code of the Office for National Statistics: a letter and eight digits, such as `E07000080`."""


class View(BaseModel):
    """What a route answers, or a part of it.

    Its validator is made when it is first used: a start needs few of five hundred.
    """

    model_config = ConfigDict(defer_build=True)


class Body(BaseModel):
    """A request's body, a part of one, or its query. A field that it does not know is a fault: it may be misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True)
