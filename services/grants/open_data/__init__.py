"""Open data: what a movement gave, for the whole world to read; what others gave, read in; and which rounds are open.

``standard`` knows 360Giving 1.4 and nothing of us, ``settings`` who publishes under which identifiers, ``publications``
what is told of an award whose group would be at risk, ``publishing`` the open files, ``imports`` other funders' files
(kept apart from our money), and ``opportunities`` the feed of open rounds in the shape of CommonGrants.
"""
