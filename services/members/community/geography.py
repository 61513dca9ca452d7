"""Where things are from one another: distances on the ground, and the districts of postcodes."""

import math
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of the Earth's mean radius of 6,371 km."""

FAR = 2**62
"""Farther than anything is, squared: where something of unknown place stands in an order by distance."""


class Point(NamedTuple):
    """A latitude and a longitude, in degrees."""

    latitude: float
    longitude: float

    def metres_to(self, other: "Point") -> int:
        """Metres to another point, as the crow flies.

        The equirectangular approximation around this point: within half a per cent over a county, and the same sum that
        :func:`squared_metres` has the database do, so that lists are in the order of what they say.
        """
        north, east = _scaled(self)
        return round(math.hypot((other.latitude - self.latitude) * north, (other.longitude - self.longitude) * east))


def squared_metres(
    point: Point, latitude: orm.InstrumentedAttribute[float | None], longitude: orm.InstrumentedAttribute[float | None]
) -> sa.ColumnElement[int]:
    """The square of the metres from a point, whole, for the database to sort by: it may have no root and no cosine."""
    scaled_north, scaled_east = _scaled(point)
    north = (latitude - point.latitude) * scaled_north
    east = (longitude - point.longitude) * scaled_east
    return sa.cast(north * north + east * east, sa.BigInteger)


def district(postcode: str) -> str:
    """The district of a British postcode: all but its last three characters, so `GL1` of `GL1 2AB` and of `GL12AB`.

    What is too short to be a whole postcode is taken for a district already.
    """
    together = postcode.upper().replace(" ", "")
    return together[:-3] if len(together) > 4 else together


def _scaled(point: Point) -> tuple[float, float]:
    """Metres a degree, to the north and to the east of a point."""
    return METRES_A_DEGREE, METRES_A_DEGREE * math.cos(math.radians(point.latitude))
