"""People whom a partner's CRM tells of: whether they are known, and entered under the movement's own rules if not.

Only the gateway asks, which verified the call, maps it and settles what differs. A CRM is held to what an import is
held to: nobody who was erased comes back by it, no child is named by it, and somebody who may be known already is not
entered a second time before a person has looked.
"""
