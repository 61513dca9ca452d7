"""The six functions of a backbone organisation, and what is alive under each: which routes answer it."""

from collections.abc import Mapping

from services.gateway.composed.asking import Ask

_FEW = "limit=20"


def _programmes(function: str) -> Ask:
    return Ask("members", "/v1/programmes", f"function={function}&{_FEW}", shows_nobody=True)


FUNCTIONS: Mapping[str, Mapping[str, Ask]] = {
    "guide_vision_and_strategy": {
        "agenda": Ask("members", "/v1/agenda/current"),
        "mandates": Ask("members", "/v1/mandates", _FEW, shows_nobody=True),
        "assessments": Ask("measures", "/v1/assessments", _FEW),
    },
    "support_aligned_activities": {
        "alignments": Ask("members", "/v1/alignments", f"state=signed&{_FEW}"),
        "commitments": Ask("members", "/v1/commitments", f"state=under_way&{_FEW}"),
        "circles": Ask("members", "/v1/circles", _FEW),
    },
    "establish_shared_measurement": {
        "measures": Ask("measures", "/v1/measures", _FEW, shows_nobody=True),
        "adoptions": Ask("measures", "/v1/adoptions", _FEW, shows_nobody=True),
        "kpis": Ask("measures", "/v1/kpis", _FEW, shows_nobody=True),
    },
    "build_public_will": {
        "campaigns": Ask("members", "/v1/campaigns", _FEW, shows_nobody=True),
        "ladder": Ask("members", "/v1/ladder", shows_nobody=True),
        "wins": Ask("members", "/v1/wins", _FEW),
    },
    "advance_policy": {
        "control": Ask("members", "/v1/control/summary", shows_nobody=True),
        "voices": Ask("members", "/v1/voices/summary", shows_nobody=True),
    },
    "mobilise_funding": {
        "funds": Ask("grants", "/v1/funds", _FEW, shows_nobody=True),
        "rounds": Ask("grants", "/v1/rounds", _FEW, shows_nobody=True),
        "awards": Ask("grants", "/v1/awards", _FEW, shows_nobody=True),
    },
}
"""Beside what each has here, it has the programmes that are aligned to it."""

ASKS: Mapping[str, Ask] = {
    f"{function}.{name}": asked
    for function, parts in FUNCTIONS.items()
    for name, asked in ({"programmes": _programmes(function)} | dict(parts)).items()
}
"""The same as one list of sections, each named `function.part`."""
