"""Erasing somebody in a service that knows them only by what others wrote: what every service has in common.

Members decides and says what to look for; each service then takes it out of its own texts and off its own disk, and
answers with a receipt on the log.
"""
