"""Erasing a person: asked for, verified, carried out by every service, and answered for with a receipt from each.

What happens to the rows that name somebody is said beside the columns (:mod:`services.members.erasing`); nothing here
lists tables.
"""
