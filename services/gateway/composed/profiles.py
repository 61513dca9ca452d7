"""What is told together of somebody, of an organisation, of a place, of an award: which route each part is."""

from collections.abc import Mapping

from services.gateway.composed.asking import Ask

_FEW = "limit=20"

PERSON: Mapping[str, Ask] = {
    "person": Ask("members", "/v1/people/{id}"),
    "memberships": Ask("members", "/v1/memberships", f"person={{id}}&{_FEW}"),
    "ladder": Ask("members", "/v1/people/{id}/ladder"),
    "timeline": Ask("members", "/v1/people/{id}/timeline", _FEW),
    "preferences": Ask("members", "/v1/preferences/{id}"),
    "affiliations": Ask("members", "/v1/affiliations", f"person={{id}}&{_FEW}"),
    "pledges": Ask("members", "/v1/pledges", f"person={{id}}&{_FEW}"),
    "commitments": Ask("members", "/v1/commitments", f"person={{id}}&{_FEW}"),
    "stewardships": Ask("members", "/v1/stewardships", f"about={{id}}&{_FEW}"),
    "learning": Ask("members", "/v1/learning/places", f"person={{id}}&{_FEW}"),
    "recognitions": Ask("members", "/v1/recognitions", f"person={{id}}&{_FEW}"),
    "wins": Ask("members", "/v1/wins", f"person={{id}}&{_FEW}"),
}
"""Of somebody: who they are, what they do and allow, and who walks beside them."""

ORGANISATION: Mapping[str, Ask] = {
    "organisation": Ask("members", "/v1/organisations/{id}"),
    "affiliations": Ask("members", "/v1/affiliations", f"organisation={{id}}&{_FEW}"),
    "programmes": Ask("members", "/v1/programmes", f"partner={{id}}&{_FEW}"),
    "programmes_led": Ask("members", "/v1/programmes", f"lead={{id}}&{_FEW}"),
    "alignments": Ask("members", "/v1/alignments", f"organisation={{id}}&{_FEW}"),
    "commitments": Ask("members", "/v1/commitments", f"organisation={{id}}&{_FEW}"),
    "pledges": Ask("members", "/v1/pledges", f"organisation={{id}}&{_FEW}"),
    "agreements": Ask("members", "/v1/agreements", f"party={{id}}&{_FEW}", shows_nobody=True),
    "mandates": Ask("members", "/v1/mandates", f"organisation={{id}}&{_FEW}", shows_nobody=True),
    "stewardships": Ask("members", "/v1/stewardships", f"about={{id}}&{_FEW}"),
    "adoptions": Ask("measures", "/v1/adoptions", f"organisation={{id}}&{_FEW}", shows_nobody=True),
    "submissions": Ask("measures", "/v1/submissions", f"reporter={{id}}&{_FEW}", shows_nobody=True),
}
"""Of an organisation: its people, what it takes part in and is committed to, and what it reports."""

PLACE: Mapping[str, Ask] = {
    "place": Ask("measures", "/v1/places/{id}", shows_nobody=True),
    "within": Ask("measures", "/v1/places/{id}/ancestors", shows_nobody=True),
    "parts": Ask("measures", "/v1/places/{id}/children", shows_nobody=True),
    "scorecard": Ask("measures", "/v1/scorecard", "place={id}", shows_nobody=True),
    "targets": Ask("measures", "/v1/targets", f"place={{id}}&{_FEW}", shows_nobody=True),
    "assessments": Ask("measures", "/v1/assessments", f"place={{id}}&{_FEW}"),
    "stories": Ask("measures", "/v1/stories", f"place={{id}}&{_FEW}"),
}
"""Of a place: where it lies, how it fares, and what is told of it."""

IMPACT: Mapping[str, Ask] = {
    "award": Ask("grants", "/v1/awards/{id}", shows_nobody=True),
    "funders": Ask("grants", "/v1/awards/{id}/funders", shows_nobody=True),
    "payments": Ask("grants", "/v1/payments", f"award={{id}}&{_FEW}", shows_nobody=True),
    "reports": Ask("grants", "/v1/grant-reports", f"award={{id}}&{_FEW}"),
    "figures": Ask("measures", "/v1/observations", f"activity={{id}}&{_FEW}", shows_nobody=True),
    "measures": Ask("measures", "/v1/measures", f"activity={{id}}&{_FEW}", shows_nobody=True),
}
"""Of an award: whose pounds it was, what was paid, what its group reports, and which figures of which measures that is.

A report's figures are recorded with the award as their activity: that is how they are found again.
"""
