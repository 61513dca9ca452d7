"""The archive of all that is kept of somebody, for themself: gathered, reviewed, released, and deleted again.

A job gathers it from every table that names them and from the other services. What others wrote, and what their own
words say of others, is held back until somebody has looked at it. What is released is one zip, with a page that a
reader needs nothing else for. It stands here sealed, and is deleted when its days are over.
"""
