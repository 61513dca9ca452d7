"""What bodies must say that the document cannot: which of two fields, a day to come, figures that agree.

``<org>`` stands for the id of an organisation that is there, and so on; ``<day to come>`` for a day in most of a year.
"""

from typing import Any

DAY_TO_COME = "<day to come>"
SAID: dict[str, dict[str, Any]] = {
    "/v1/agenda": {"shaped_by": [{"organisation": "<org>", "how": "A meeting of all."}], "review_on": "<day to come>"},
    "/v1/agreements": {"kind": "sharing", "parties": ["<org>", "<org>"], "starts_on": "2026-01-01",
                       "review_on": "<day to come>"},
    "/v1/applications": {"summary": "a bench"},
    "/v1/asks": {"person": "<person>"},
    "/v1/assessments": {"framework": "our_values"},
    "/v1/commitments": {"person": "<person>", "ends_on": "<day to come>", "programme": "<programme>"},
    "/v1/connections": {"person": "<person>", "connector": "<person>"},
    "/v1/contact-log": {"person": "<person>"},
    "/v1/control": {"from": {"words": "the council"}, "to": {"organisation": "<org>"}},
    "/v1/controllers": {"fund": "<fund>"},
    "/v1/crm-connections": {"credentials": {"api_key": "0123456789abcdef"}},
    "/v1/erasures": {"person": "<person>"},
    "/v1/forms": {"preset": "one_question"},
    "/v1/frameworks": {"scale": [{"key": "beginning", "title": "Beginning"}]},
    "/v1/gatherings": {"online_url": "https://meet.example.org/walks"},
    "/v1/gatherings/{gathering}/attendances": {"nameless": 3},
    "/v1/gatherings/{gathering}/slots": {"starts": "<day to come>T12:00:00"},
    "/v1/handovers": {"person": "<person>"},
    "/v1/kpis": {"source": "people_on_ladder"},
    "/v1/ladder/policies": {
        "rules": {
            "follower": [{"activities": 1}], "active_participant": [{"distinct_days": 2}],
            "champion": [{"distinct_days": 3}], "co_owner": [{"distinct_days": 4}],
        },
    },
    "/v1/learning/courses": {"starts_on": "<day to come>", "ends_on": "<day to come>"},
    "/v1/learning/needs": {"person": "<person>"},
    "/v1/mailings/returns": {"address": "nobody@example.org"},
    "/v1/mailings/tools": {"purpose": "introductions", "api_key": "0123456789abcdef0123456789abcdef-us19"},
    "/v1/mandates": {"ends_on": "<day to come>", "way": "self_appointed"},
    "/v1/measures/{measure}/versions/{version}/consult": {"until": "<day to come>"},
    "/v1/memberships": {"organisation": "<org>"},
    "/v1/nominations": {"giver": "<person>", "nominee": "<person>"},
    "/v1/offers": {"organisation": "<org>"},
    "/v1/organisations": {"name": "Another group of walkers"},
    "/v1/pledges": {"person": "<person>"},
    "/v1/reach": {"period": "2026-Q1"},
    "/v1/reach/populations": {
        "dimension": "pay_band", "as_of": "2026-03-31",
        "people": [{"option": "band_1", "people": 200}, {"option": "band_2", "people": 500}],
    },
    "/v1/recognitions": {"organisation": "<org>"},
    "/v1/requests": {"person": "<person>", "kind": "access"},
    "/v1/responses": {"age_band": "adult", "answers": {"ons4_happiness": 7}},
    "/v1/retention/holds": {"person": "<person>"},
    "/v1/stewardships": {"about": "<org>"},
    "/v1/submissions": {"period": "2023/24"},
    "/v1/surveys": {
        "asks": [{"instrument": "ons4"}],
        "texts": {"en": {"title": "Walks", "introduction": "About walks.", "thanks": "Thank you."}},
    },
    "/v1/surveys/{survey}/waves": {"closes_on": "<day to come>"},
    "/v1/targets": {"value": "10"},
    "/v1/ties": {"first": "<org>", "second": "<org>", "since": "2026-01-01", "told_us_on": "2026-01-02"},
    "/v1/time-credits": {"helper": {"person": "<person>"}, "helped": {"person": "<person>"}},
    "/v1/validation-rules": {"test": {"kind": "between", "most": 50}},
    "/v1/webhook-endpoints": {"types": ["person.created"]},
    "/v1/wins": {"made_by": [{"person": "<person>"}]},
}  # fmt: skip
