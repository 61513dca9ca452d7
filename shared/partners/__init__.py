"""What a service keeps of its neighbours' subjects: which organisations there are, and each movement's time zone.

A service that wants it makes the tables in a migration (:mod:`shared.partners.tables`) and subscribes to what members
and the gateway announce (:mod:`shared.partners.handlers`).
"""
