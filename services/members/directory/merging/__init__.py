"""Two records of one person, or of one organisation, become one, and can become two again.

Nothing here lists tables. Which columns name a person or an organisation is read off the metadata, so that a noun that
is added tomorrow is merged as well: see :mod:`services.members.directory.merging.references`.
"""
