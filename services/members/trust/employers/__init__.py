"""What no employer sees by name: whether its own staff came, what they did, what they answered.

A list that names who came or what somebody did keeps the caller's own staff out by `not_own_staff`, a route about one
person refuses by `refuse_own_staff`; numbers stay whole. Whoever has a place in an organisation, or in one that is a
part of it, is its staff here, whatever the role: a membership by which somebody may be held to account looks the same.
"""
