"""The internal frontend: server-rendered pages for the people of a backbone organisation.

Owns no data, publishes nothing and consumes nothing: it is a client of the gateway's API and of nothing else. What a
person may see here is what their own sign-in may see there.
"""
