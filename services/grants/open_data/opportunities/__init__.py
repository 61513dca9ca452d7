"""Rounds as funding opportunities: an open feed in the shape of CommonGrants, for whoever looks for a grant.

The protocol is the US Department of Health and Human Services', https://commongrants.org: `GET /opportunities` and
`GET /opportunities/{oppId}`, the models `OpportunityBase` and `OpportunityDetails`. Its search by POST is not offered:
open addresses are only read.
"""
