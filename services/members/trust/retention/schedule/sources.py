"""The sources of the periods, and what may be done with most kinds of record."""

from services.members.trust.retention.kinds import Action

CHOICE = "UK GDPR, article 5(1)(e): no longer than needed; the period is our choice"
FIGURES = "UK GDPR, articles 5(1)(e) and 89(1): as a figure it needs no name; the period is our choice"
INJURY = "Limitation Act 1980, sections 11 and 14: three years for a claim about an injury, for a child from 18 on"
DUTY = "Limitation Act 1980, section 9: six years for a claim about a statutory duty"

DELETED = (Action.DELETE, Action.REVIEW)
EMPTIED = (Action.EMPTY, Action.DELETE, Action.REVIEW)
