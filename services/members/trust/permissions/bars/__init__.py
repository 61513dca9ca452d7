"""What keeps somebody out whatever they decided: one module for each reason, of one small function each.

    def barred(session: Session, movement: str, asked: Asked) -> Barred
    def ever_barred(session: Session, movement: str, day: date) -> Barred

The first answers everybody whom it keeps out of what is asked, as a query of people's ids (the first column) or as a
set of them; an empty set where it concerns nobody. The second answers everybody whom it keeps out of anything at all,
or more: about others it is not asked. The ids are present ones. :mod:`services.members.trust.permissions.barring` asks
them all.
"""
