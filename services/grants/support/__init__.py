"""Support contacts: the grant buddy who walks beside a group, and the log of how they kept in touch."""
