"""Assessments: what somebody judged a movement to be by a framework, and on what evidence; and how that spreads."""
