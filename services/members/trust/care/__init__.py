"""Settings of care, and the aliases under which the movement knows the people there.

A care home, a school or a ward is the controller of its own people. The movement sees an alias, interests and good
times, until they, or whoever may decide for them, ask to join. Nothing of it is on the log or a timeline: that somebody
lives in a home is theirs to tell.
"""
