"""What keeps somebody out whatever they decided: one module for each reason, of one small function each.

    def barred(session: Session, movement: str, asked: Asked) -> Barred

answers everybody whom it keeps out of what is asked, as a query of people's ids (the first column) or as a set of them;
an empty set where it concerns nobody. The ids are present ones. :mod:`services.members.trust.permissions.barring` asks
them all.
"""
