"""Partners' CRMs: each connection keeps the people of the movement who permit it in one CRM, and true there.

What changed is noted by person (`handlers`, `queue`), asked for at the moment of telling (`asking`), put into the CRM's
words by a mapping (`mapping`, `packs/`) and told by whoever speaks its API (`vendors/`), for as long as an agreement
covers it.
"""
