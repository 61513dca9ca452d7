"""The steps that tests of definitions begin with."""

from shared.testing.caller import Json

COUNT: Json = {"kind": "flow", "unit": "walks", "period_type": "month"}
