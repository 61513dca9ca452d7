"""Safeguarding: what worries somebody, who may do what with whom, who is protected and who is kept apart.

It has tables, keys and a role of its own. No row can be read without the ring of keys called ``safeguarding``, nothing
of it goes onto the log, and for every other role its routes are not there.
"""
