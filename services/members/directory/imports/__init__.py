"""Imports of people: a file of theirs is checked as a whole, written where nobody sees it, and revealed at once.

A job does it (:mod:`shared.jobs`), in this order: *check* every row in the CPU process; *compare* with who is known;
*stage* the new people, hidden; *reveal* them by one update; then *settle*: tell of them, let them join, add what they
allow, and change those who were known before. Until the reveal everything can be undone, and after it only finished.
"""
